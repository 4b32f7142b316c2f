"""`university backup` and `university restore`: a copy nobody can read without the recovery key, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from university.backups.accounts import Accounts
from university.backups.faults import BackupFault
from university.backups.making import FOLDER, back_up
from university.backups.restoring import Restored, drill, restore as restore_backup
from university.commands.environment import database_or_exit, settings_or_exit
from university.keys.day_keys import WrongRecoveryKey, open_day_keys
from university.operating import in_use
from university.operating.in_use import InUse
from university.setting_checks import without_password
from university.settings import Settings


@click.command()
def backup() -> None:
    """Make a backup now: checked, sealed, signed, and at the second place if one is set."""
    settings = settings_or_exit()
    with database_or_exit(settings) as database:
        try:
            manifest, _private = back_up(database, settings)
        except BackupFault as fault:
            raise click.ClickException(str(fault)) from None
        except OSError as error:
            raise click.ClickException(f"the backup is not complete at every place: {error}") from None
    click.echo(f"{settings.data / FOLDER / manifest.name}: {manifest.size:,} bytes, sealed for {manifest.key}")
    if settings.backup_copy:
        click.echo(f"The same at {without_password(settings.backup_copy).partition('?')[0]}")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--drill", "is_drill", is_flag=True, help="Do everything but the swap; the server may go on running.")
@click.option("--absent", multiple=True, metavar="TEXT", help="With --drill: fail if this text is anywhere in it.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def restore(file: Path, is_drill: bool, absent: tuple[str, ...], yes: bool) -> None:
    """Put the backup FILE in place of the database, without anybody who was erased since.

    The recovery key is read from UNIVERSITY_RECOVERY_KEY, or asked for if this machine does not have it.
    """
    settings = _with_recovery_key(settings_or_exit())
    if not is_drill and not yes:
        click.confirm(f"Replace the database by {file.name}? What happened since then is lost.", abort=True)
    try:
        if is_drill:
            click.echo(_report(drill(settings, file, absent), "The drill went well; nothing was changed."))
        else:
            with in_use.alone(settings):
                click.echo(_report(restore_backup(settings, file), "Restored. `university serve` may start."))
    except (BackupFault, InUse, WrongRecoveryKey) as fault:
        raise click.ClickException(f"{fault}. Nothing was replaced.") from None
    except OSError as error:
        raise click.ClickException(f"a place does not answer: {error}. Nothing was replaced.") from None


def _with_recovery_key(settings: Settings) -> Settings:
    try:
        if open_day_keys(settings).recovery_key():
            return settings
        typed = click.prompt("Recovery key", hide_input=True)
        return settings.model_copy(update={"recovery_key": typed})
    except WrongRecoveryKey as fault:
        raise click.ClickException(str(fault)) from None


def _accounts(found: Accounts) -> Iterator[str]:
    """Who of the staff may sign in now. A person is at the terminal, so here they have names."""
    if found.as_now:
        yield f"staff accounts: as they were before the restore; {len(found.active)} may sign in"
        if found.disabled:
            yield f"of the backup, but not known before it, so disabled: {', '.join(found.disabled)}"
    elif found.active or found.disabled:
        yield f"staff accounts: as of the backup. Owners may sign in: {', '.join(found.active) or 'none'}"
        yield f"disabled until an owner enables them: {', '.join(found.disabled) or 'none'}"


def _report(done: Restored, end: str) -> str:
    emptied = ", ".join(f"{count} {table}" for table, count in done.emptied.items() if count) or "nothing"
    return "\n".join(
        [
            f"{done.manifest.name}: made {done.manifest.made_at}, schema {done.manifest.schema}",
            f"ledger: {done.replayed} records carried out, {done.gone} erased people looked for and not found",
            f"emptied: {emptied}; {done.parked} waiting mails parked",
            f"rows: {done.rows['person']} persons, {done.rows['award']} certificates, {sum(done.rows.values())} in all",
            *_accounts(done.accounts),
            *([f"What was there before is kept as {done.kept}"] if done.kept else []),
            end,
        ]
    )
