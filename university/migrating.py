"""Bringing the database to the schema this program knows: once, locked, before anything is served."""

from __future__ import annotations

from functools import lru_cache

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
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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
