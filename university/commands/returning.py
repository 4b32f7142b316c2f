"""`university mail bounce`: what comes back to the address of the sender, piped in by the mail server."""

from __future__ import annotations

from typing import BinaryIO

import click

from university.chains.ledger import open_ledger
from university.commands.environment import database_or_exit, settings_or_exit
from university.consents.returned_mail import act_on, read_returned
from university.keys.keyring import open_keyring

LARGEST = 10 * 1024 * 1024


@click.group()
def mail() -> None:
    """Mail that comes back."""


@mail.command()
@click.argument("file", type=click.File("rb"))
def bounce(file: BinaryIO) -> None:
    """Read one message from FILE (- for a pipe): a bounce, a complaint or an unsubscribe request ends topic mail.

    Always exit 0 for a readable message, also when it is none of these: a mail server would send an error back.
    """
    settings = settings_or_exit()
    returned = read_returned(file.read(LARGEST))
    if returned is None:
        click.echo("Neither a bounce, nor a complaint, nor a request to unsubscribe: nothing was changed.")
        return
    with database_or_exit(settings) as database, database.writing() as session:
        is_known = act_on(session, open_ledger(settings), open_keyring(settings), returned)
    click.echo(f"{returned.kind}: " + ("topic mail has ended." if is_known else "about no mail or person we know of."))
