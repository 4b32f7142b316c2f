"""`university keys`: the keys that sign certificates, from the first to the last day of their lives."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import click

from certificates import PublicKey, UnusableKey
from university import clock
from university.awarding.credentialing import sign_anew
from university.chains import audit
from university.commands.environment import database_or_exit, settings_or_exit
from university.keys.key_making import CREDENTIAL, USES
from university.keys.keyring import PUBLIC, KeyRing, open_keyring
from university.settings import Settings

# Whoever keeps our list of keys has this long to fetch it again before the next key signs.
PUBLISHED_AHEAD = timedelta(days=30)


@click.group()
def keys() -> None:
    """The keys that sign certificates and credentials."""


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="The public list, as the site serves it.")
def list_keys(as_json: bool) -> None:
    """Show every key there ever was, with its life."""
    settings = settings_or_exit()
    public = _ring(settings).public_keys(settings)
    if as_json:
        click.echo(json.dumps(public.to_json(), indent=1, ensure_ascii=False))
        return
    for key in public.keys:
        click.echo(f"{key.id:<16} {key.use:<11} from {key.valid_from:%Y-%m-%d}  {_state(key)}")


@keys.command()
@click.option("--use", type=click.Choice(USES), help="Only the key for this use; default: both.")
@click.option("--now", "at_once", is_flag=True, help="The new key signs at once, not in 30 days.")
def rotate(use: str | None, at_once: bool) -> None:
    """Make the next key. It is published now and signs in 30 days; the present one then retires and verifies for ever.

    Save the key ring afterwards: it is in no backup of the database.
    """
    settings = settings_or_exit()
    ring, now = _ring(settings), clock.now().replace(microsecond=0)
    begins_at = now if at_once else now + PUBLISHED_AHEAD
    for one in (use,) if use else USES:
        key = ring.rotate(one, now, begins_at)
        _note(settings, "rotate_key", key.id)
        click.echo(f"{key.id} signs from {key.valid_from:%Y-%m-%d} on")


@keys.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--password", prompt=True, hide_input=True, default="", help="Asked for when it is not given.")
def import_key(file: Path, password: str) -> None:
    """Sign PDFs with your own key from now on: FILE is PKCS#12 with a P-256, P-384 or RSA key and its certificates.

    The present key retires. Credentials go on with their own key.
    """
    settings = settings_or_exit()
    now = clock.now().replace(microsecond=0)
    try:
        key = _ring(settings).bring(file.read_bytes(), password.encode() or None, now)
    except UnusableKey as error:
        raise click.ClickException(str(error)) from None
    _note(settings, "import_key", key.id)
    click.echo(f"{key.id} signs certificates from now on")


@keys.command()
@click.argument("key_id")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def compromise(key_id: str, yes: bool) -> None:
    """Declare KEY_ID stolen: from now on it proves nothing, a new key signs at once, credentials are signed anew.

    Certificates keep their standing: that is the record's to say. PDFs under the stolen key ask to be downloaded anew.
    """
    settings = settings_or_exit()
    ring = _ring(settings)
    if not yes:
        click.confirm(f"Declare {key_id} stolen? Nobody can undo this.", abort=True)
    try:
        new = ring.compromise(key_id, clock.now().replace(microsecond=0))
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from None
    _note(settings, "compromise_key", key_id)
    click.echo(f"{key_id} proves nothing any more; {new.id} signs from now on")
    if new.use == CREDENTIAL:
        with database_or_exit(settings) as database, database.writing() as session:
            click.echo(f"{sign_anew(session, ring, settings)} credentials were signed anew")


def _state(key: PublicKey) -> str:
    now = clock.now()
    if key.compromised_at:
        return f"compromised {key.compromised_at:%Y-%m-%d}"
    if key.retired_at and key.retired_at <= now:
        return f"retired {key.retired_at:%Y-%m-%d}"
    if key.valid_from > now:
        return "published, does not sign yet"
    return f"signs until {key.retired_at:%Y-%m-%d}" if key.retired_at else "signs"


def _ring(settings: Settings) -> KeyRing:
    ring = open_keyring(settings)
    if not (ring.folder / PUBLIC).exists():
        raise click.ClickException("there are no keys yet: the first start makes them")
    return ring


def _note(settings: Settings, action: str, key_id: str) -> None:
    with database_or_exit(settings) as database, database.writing() as session:
        audit.record(session, actor="operator", action=action, object_kind="key", object_ref=key_id)
