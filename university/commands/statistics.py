"""`university statistics`: how often pages were shown to visitors who agreed to be counted."""

from __future__ import annotations

from datetime import timedelta

import click

from university import clock
from university.commands.environment import database_or_exit, settings_or_exit
from university.statistics import shown


@click.command()
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3660), help="How far back.")
def statistics(days: int) -> None:
    """Print day, page and count as CSV; only visitors who agreed are in it."""
    since = clock.now().date() - timedelta(days=days - 1)
    with database_or_exit(settings_or_exit()) as database, database.reading() as session:
        click.echo("day,page,shown")
        for day, page, count in shown(session, since):
            click.echo(f"{day},{page},{count}")
