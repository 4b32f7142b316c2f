"""`university revoke`: the issuer takes a certificate back."""

from __future__ import annotations

import click
from sqlalchemy import select

from certificates import read_number, show_number
from university.awarding import versions
from university.commands.environment import database_or_exit, settings_or_exit
from university.errors import Problem
from university.models import REASONS, Award


@click.command()
@click.argument("number")
@click.option("--reason", required=True, type=click.Choice(REASONS), help="What the public page will say.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def revoke(number: str, reason: str, yes: bool) -> None:
    """Take the certificate NUMBER back. Its page then says so, with the day and the kind of reason, without a name."""
    settings = settings_or_exit()
    if not yes:
        click.confirm(f"Take {number} back? Nobody can undo this.", abort=True)
    with database_or_exit(settings) as database, database.writing() as session:
        award = session.scalar(select(Award).where(Award.number == read_number(number)))
        if award is None:
            raise click.ClickException("there is no certificate with this number")
        try:
            versions.revoke(session, settings, award, reason, actor="operator")
        except Problem as problem:
            raise click.ClickException(problem.sentence) from None
    click.echo(f"{show_number(award.number)} was taken back")
