"""`university staff`: accounts from the command line, for the first owner and for whoever lost everything."""

from __future__ import annotations

import click

from university.accounts import invitations
from university.addresses import AddressProblem, clean_email
from university.commands.environment import database_or_exit, settings_or_exit
from university.models import ROLES


@click.group()
def staff() -> None:
    """Accounts of the people who work here."""


@staff.command()
@click.argument("email")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="May be given again.")
def invite(email: str, roles: tuple[str, ...]) -> None:
    """Print a link that makes an account for EMAIL, once, within 72 hours.

    For somebody who has an account: following it takes away all they signed in with, to choose anew.
    """
    settings = settings_or_exit()
    try:
        address = clean_email(email)
    except AddressProblem as problem:
        raise click.UsageError(str(problem)) from None
    with database_or_exit(settings) as database, database.writing() as session:
        token = invitations.make(session, address, roles)
    click.echo(settings.link(f"/staff/invitations/{token}"))
