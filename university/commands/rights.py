"""Commands about people's rights: erasing on request, and checking the two chains that prove what was done."""

from __future__ import annotations

import click

from university.addresses import AddressProblem, clean_email
from university.backups.faults import BackupFault
from university.backups.restoring import trusted_ledger
from university.chains import audit as audit_log, audit_head, ledger as ledgers
from university.chains.ledger import LedgerFault, open_ledger, own_file
from university.chains.ledger_moving import move
from university.commands.environment import database_or_exit, settings_or_exit
from university.database import Database
from university.errors import Problem
from university.keys.keyring import RECEIPT_KEY, open_keyring
from university.rights import erasure, receipts
from university.rights.events import events
from university.settings import Settings


@click.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def erase(email: str, yes: bool) -> None:
    """Delete everything about EMAIL, as the person could by themselves. Prints the signed receipt."""
    settings = settings_or_exit()
    try:
        address = clean_email(email)
    except AddressProblem as problem:
        raise click.UsageError(str(problem)) from None
    if not yes:
        click.confirm(f"Delete everything about {address}? Nobody can undo this.", abort=True)
    with database_or_exit(settings) as database:
        try:
            done = erasure.erase(database, open_ledger(settings), settings, address, actor="operator")
        except Problem as problem:
            raise click.ClickException(problem.sentence) from None
    tell(f"Deleted. Certificates withdrawn: {done.withdrawn}. Gone from backups: {done.backups_gone_on}.")
    if not done.is_finished:
        tell("A long reader keeps the last trace in the journal; the server removes it when it ends.")
    tell("This signed receipt is for the person; it names nobody, and we have no copy:")
    click.echo(receipts.sign(open_keyring(settings), done, settings))


def tell(sentence: str) -> None:
    """For whoever reads along; a receipt kept in a file or sent on stays the receipt alone."""
    click.echo(sentence, err=True)


@click.group()
def ledger() -> None:
    """The rights ledger."""


@ledger.command("check")
def check_ledger() -> None:
    """Verify chain, signatures, second copy, and that no database or backup is ahead. Exit 1 names the record."""
    settings = settings_or_exit()
    with database_or_exit(settings) as database, database.reading() as session:
        try:
            records = trusted_ledger(settings)
            ledgers.refuse_older_ledger(session, records)
        except (LedgerFault, BackupFault, OSError) as fault:
            raise click.ClickException(str(fault)) from None
    click.echo(f"The rights ledger is whole, up to record {records[-1].seq if records else 0}.")


@ledger.command("move")
def move_ledger() -> None:
    """Move the ledger of this machine onto the server of UNIVERSITY_LEDGER_URL, which must hold none yet."""
    settings = settings_or_exit()
    if not settings.ledger_url:
        raise click.UsageError("UNIVERSITY_LEDGER_URL is not set: there is nowhere to move the ledger to.")
    try:
        count = move(own_file(settings), open_ledger(settings))
    except (LedgerFault, OSError) as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"Moved {count} records of the rights ledger. Its file on this machine is gone.")


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command("check")
def check_audit() -> None:
    """Verify the chain of the audit log and its signed head. Exit 1 names the first line that does not hold."""
    settings = settings_or_exit()
    with database_or_exit(settings) as database, database.reading() as session:
        broken = audit_log.check(session)
        if broken is None:
            broken = audit_head.check_head(session, settings)
    if broken is not None:
        raise click.ClickException(f"audit log, line {broken}: altered or missing")
    click.echo("The audit log is whole.")


def carry_out_ledger(database: Database, settings: Settings) -> None:
    """Before anything is served: what the ledger says and this database does not know yet. Refuses to start, naming
    the record, when the ledger cannot be trusted."""
    try:
        trusted_ledger(settings)
        with database.writing() as session:
            count = ledgers.replay(session, open_ledger(settings), events(settings))
    except (LedgerFault, BackupFault, OSError) as fault:
        raise click.ClickException(f"{fault}. Nothing is served until this is put right.") from None
    # The key of the receipts is published before the first receipt is given.
    open_keyring(settings).ed25519(RECEIPT_KEY)
    # Also where nothing was left to carry out: a crash may have come just before this.
    erasure.finish(database.engine, open_ledger(settings))
    if count:
        click.echo(f"Carried out {count} records of the rights ledger.")
