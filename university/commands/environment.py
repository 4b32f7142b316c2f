"""The settings and the database of a command, or a sentence for whoever typed it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from university.database import Database
from university.migrating import schema_problem
from university.settings import Settings, SettingsError, read_settings


def settings_or_exit(**given: Any) -> Settings:
    """The settings, or exit status 2 with a sentence per wrong one."""
    try:
        return read_settings(**given)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


@contextmanager
def database_or_exit(settings: Settings) -> Iterator[Database]:
    """The database on the present schema, closed at the end."""
    database = Database(settings)
    try:
        problem = schema_problem(database)
        if problem:
            raise click.ClickException(problem)
        yield database
    finally:
        database.close()
