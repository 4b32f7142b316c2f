"""Bringing the database to the schema this program knows: once, locked, before anything is served."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from university.database import Database

# Any number will do as long as every process of the installation asks for the same one.
MIGRATION_LOCK = 7_201_455


def migrate(database: Database) -> None:
    """Applies every missing migration in one transaction. Of two processes the second waits, then does nothing."""
    with changing_schema(database) as config:
        command.upgrade(config, "head")


@contextmanager
def changing_schema(database: Database) -> Iterator[Config]:
    """Alembic's configuration inside of one locked transaction; nothing is changed if it leaves a row that points
    nowhere."""
    config = _config()
    with database.engine.connect() as connection, _keeping_rows(database, connection), connection.begin():
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        yield config
        if database.is_sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("the migration would leave rows that point nowhere; nothing was changed")


@contextmanager
def _keeping_rows(database: Database, connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew. Dropping the old one must not delete what points to its rows."""
    if not database.is_sqlite:
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # before a transaction; inside of one it would do nothing
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def schema_problem(database: Database) -> str | None:
    """Why this program must not use the database, or None."""
    with database.reading() as session:
        present = _revision_of(session.connection())
    known = known_revision()
    return None if present == known else f"database schema {present or 'none'}, this program needs {known}"


@lru_cache
def known_revision() -> str | None:
    """The newest schema among our migrations."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "university:migrations")
    return config
