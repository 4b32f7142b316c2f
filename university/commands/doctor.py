"""`university doctor`: one page that says how this installation is, and what wants attention."""

from __future__ import annotations

import json
import platform
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import version

import click
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from university import clock
from university.accounts import members
from university.awarding.time_stamps import count_lacking
from university.commands.environment import settings_or_exit
from university.commands.lines import BAD, GOOD, LOOK, Line
from university.commands.safety import safety
from university.database import Database
from university.keys.keyring import PUBLIC, open_keyring
from university.mailing.mail import server_problem
from university.models import OWNER, StoredCredential
from university.operating import health
from university.operating.readiness import not_ready
from university.setting_checks import without_password
from university.settings import Settings

PACKAGES = ("university", "litestar", "granian", "sqlalchemy", "reportlab", "pyHanko", "cryptography")
LITTLE_SPACE, NO_SPACE = 2 * 1024**3, 200 * 1024**2
KEY_ENDS_SOON = timedelta(days=60)
KEY_SIGNS_FOR = timedelta(days=366)


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Say how this installation is. Exit status 1 if something is broken."""
    settings = settings_or_exit()
    database = Database(settings)
    try:
        lines = list(_everything(settings, database))
    finally:
        database.close()
    for line in lines:
        click.echo(f"{line.state:<5} {line.about:<11} {line.sentence}")
    context.exit(1 if any(line.state == BAD for line in lines) else 0)


def _everything(settings: Settings, database: Database) -> Iterator[Line]:
    yield Line(GOOD, "versions", ", ".join([f"Python {platform.python_version()}", *map(_version, PACKAGES)]))
    yield from _settings(settings)
    yield from _keys(settings)
    yield from _disk(settings)
    yield from _mail_server(settings)
    try:
        yield from _database(settings, database)
    except SQLAlchemyError as error:
        yield Line(BAD, "database", f"does not answer: {type(error).__name__}")


def _version(package: str) -> str:
    return f"{package} {version(package)}"


def _settings(settings: Settings) -> Iterator[Line]:
    for name in sorted(settings.model_fields_set):
        yield Line(GOOD, "setting", f"{name} = {_masked(name, str(getattr(settings, name)))}")
    if settings.limits_factor != 1:
        yield Line(LOOK, "limits", f"every rate limit is multiplied by {settings.limits_factor}")
    if settings.testing:
        yield Line(LOOK, "testing", "failpoints are allowed: never serve people like this")


def _masked(name: str, value: str) -> str:
    if name in {"recovery_key", "metrics", "bounce_secret"} and value:
        return "(given)"
    return without_password(value)


def _keys(settings: Settings) -> Iterator[Line]:
    keyring = open_keyring(settings)
    if not (keyring.folder / PUBLIC).exists():
        yield Line(LOOK, "keys", "none yet: the first start makes them")
        return
    if keyring.lacks():
        yield Line(BAD, "keys", "no key may sign certificates at this moment: the next start makes one")
        return
    present = [key for key in keyring.public_keys(settings).keys if not (key.retired_at or key.compromised_at)]
    for key in present:
        age = clock.now() - key.valid_from
        state = GOOD if age < KEY_SIGNS_FOR else LOOK
        yield Line(state, "keys", f"{key.id} signs certificates since {key.valid_from:%Y-%m-%d}")
        if key.valid_until and key.valid_until - clock.now() < KEY_ENDS_SOON:
            yield Line(LOOK, "keys", f"the certificate of {key.id} ends on {key.valid_until:%Y-%m-%d}: bring the next")
    open_files = [path.name for path in keyring.folder.glob("*.*") if _is_open(path.stat().st_mode)]
    if open_files:
        yield Line(BAD, "keys", f"others can read {', '.join(sorted(open_files))}: chmod 600")


def _is_open(mode: int) -> bool:
    return stat.S_ISREG(mode) and bool(mode & 0o077)


def _disk(settings: Settings) -> Iterator[Line]:
    folder, free = settings.data.resolve(), health.free_bytes(settings)
    state = BAD if free < NO_SPACE else LOOK if free < LITTLE_SPACE else GOOD
    yield Line(state, "disk", f"{free / 1024**3:.1f} GB free for {folder}")


def _mail_server(settings: Settings) -> Iterator[Line]:
    if not settings.smtp_url:
        yield Line(GOOD, "mail", "stays in the local mailbox: no mail server is set")
        return
    problem = server_problem(settings)
    yield Line(BAD if problem else GOOD, "mail", problem or f"the mail server answers; sender {settings.sender}")


def _database(settings: Settings, database: Database) -> Iterator[Line]:
    with database.reading() as session:
        yield Line(GOOD, "database", _engine(session))
        yield from _clock(session)
        yield from _dated_ahead(session)
    problem = not_ready(database, settings)
    yield Line(
        BAD if problem else GOOD, "schema", problem or "is the one this program knows; the rights ledger is whole"
    )
    if problem:
        return
    with database.reading() as session:
        yield from _outbox(session)
        yield from safety(session, settings)
        yield from _address(session, settings)
        yield from _time_stamps(session, settings)
        yield from _staff(session)


def _address(session: Session, settings: Settings) -> Iterator[Line]:
    """What was issued leads to the address of its day, in every wallet and on every print."""
    document = session.scalar(select(StoredCredential.document).limit(1))
    issued_at: str = json.loads(document)["id"].partition("/credentials/")[0] if document else settings.base_url
    if issued_at != settings.base_url:
        sentence = f"certificates were issued at {issued_at}: keep that address answering, with the same keys"
        yield Line(LOOK, "address", sentence)


def _time_stamps(session: Session, settings: Settings) -> Iterator[Line]:
    if settings.tsa_url:
        lacking = count_lacking(session, open_keyring(settings))
        yield Line(LOOK if lacking else GOOD, "time stamps", f"{lacking} new certificates wait for theirs")


def _dated_ahead(session: Session) -> Iterator[Line]:
    if count := health.dated_ahead(session):
        yield Line(LOOK, "clock", f"{count} certificates are dated ahead of this clock")


def _staff(session: Session) -> Iterator[Line]:
    active = [one for one in members.everybody(session) if one.state == "active"]
    if not members.can_anyone_sign_in(session):
        yield Line(GOOD, "staff", "nobody can sign in yet: the next start prints a link for the first owner")
        return
    owners = sum(OWNER in one.roles for one in active)
    lost = sum(not members.has_factors(session, one.id) for one in active)
    yield Line(GOOD, "staff", f"{len(active)} accounts, {owners} of them owners")
    if owners < 2:
        yield Line(LOOK, "staff", "nobody but the command line can reset an only owner: make a second one")
    if lost:
        yield Line(LOOK, "staff", f"{lost} accounts have nothing to sign in with yet")


def _engine(session: Session) -> str:
    if session.get_bind().dialect.name == "sqlite":
        return f"SQLite {session.scalar(text('SELECT sqlite_version()'))}, {session.scalar(text('PRAGMA quick_check'))}"
    return f"PostgreSQL {session.scalar(text('SHOW server_version'))}"


def _clock(session: Session) -> Iterator[Line]:
    now = clock.now()
    if session.get_bind().dialect.name == "sqlite":
        yield Line(GOOD, "clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")
        return
    theirs: datetime = session.scalars(text("SELECT clock_timestamp()")).one()
    difference = abs(theirs - now)
    state = LOOK if difference > health.CLOCKS_MAY_DIFFER else GOOD
    yield Line(state, "clock", f"{now:%Y-%m-%d %H:%M:%S} UTC, {difference.total_seconds():.1f} s from the database's")


def _outbox(session: Session) -> Iterator[Line]:
    found = health.outbox(session)
    is_late = found.oldest is not None and clock.now() - found.oldest > timedelta(hours=1)
    since = f", the oldest since {found.oldest:%Y-%m-%d %H:%M} UTC" if found.oldest else ""
    yield Line(LOOK if is_late else GOOD, "outbox", f"{found.waiting} mails waiting{since}")
    if found.postponed:
        yield Line(LOOK, "outbox", f"{found.postponed} of them wait because of a limit on mails")
    if found.pauses:
        yield Line(BAD, "outbox", f"the mail server failed again and again; left alone {found.pauses} times in a row")
    given_up = [f"{count} {reason}" for reason, count in found.parked.items() if count]
    if given_up:
        yield Line(LOOK, "outbox", f"mails that were given up: {', '.join(given_up)}")
