"""A database beside the real one, into which a backup is brought back, looked at, and swapped in or dropped."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from university.backups.copying import POSTGRESQL, SQLITE, Facts, facts_of_postgresql, facts_of_sqlite, server_version
from university.backups.faults import BackupFault
from university.backups.postgres_tools import address, run_tool
from university.database import Database
from university.settings import Settings


class Scratch(Protocol):
    """`settings` are those of the program, but on this database."""

    settings: Settings

    def load(self, plain: Path) -> Facts:
        """Brings a plain copy back and counts what is in it. BackupFault if it does not hold."""

    def is_there_another(self) -> bool:
        """Whether the real database exists."""

    def swap_in(self) -> None:
        """Takes the place of the real database, which is gone then. Nobody may use either at that moment."""

    def drop(self) -> None:
        """Leaves nothing behind, whether it was swapped in or not."""


def make_scratch(settings: Settings, folder: Path) -> Scratch:
    is_sqlite = make_url(settings.sqlalchemy_url).get_backend_name() == SQLITE
    return SqliteScratch(settings, folder) if is_sqlite else PostgresqlScratch(settings)


def engine_of(settings: Settings) -> str:
    return SQLITE if make_url(settings.sqlalchemy_url).get_backend_name() == SQLITE else POSTGRESQL


class SqliteScratch:
    def __init__(self, settings: Settings, folder: Path) -> None:
        self.path = folder / "restored.sqlite3"
        self.real = Path(str(make_url(settings.sqlalchemy_url).database))
        self.settings = settings.model_copy(update={"database_url": f"sqlite:///{self.path}"})

    def load(self, plain: Path) -> Facts:
        plain.rename(self.path)
        self.path.chmod(0o600)
        return facts_of_sqlite(self.path)

    def is_there_another(self) -> bool:
        return self.real.exists()

    def swap_in(self) -> None:
        # The journal belongs to the old file; beside the new one it would be read as a part of it.
        for ending in ("-wal", "-shm", "-journal"):
            self.real.with_name(self.real.name + ending).unlink(missing_ok=True)
        self.real.parent.mkdir(parents=True, exist_ok=True)
        self.path.rename(self.real)

    def drop(self) -> None:
        for path in self.path.parent.glob(f"{self.path.name}*"):
            path.unlink()


class PostgresqlScratch:
    """A database of its own on the same server; the role needs the right to make one."""

    def __init__(self, settings: Settings) -> None:
        self.url = make_url(settings.sqlalchemy_url)
        self.real = str(self.url.database)
        self.name = f"{self.real[:40]}_restored_{secrets.token_hex(4)}"
        beside = self.url.set(database=self.name).render_as_string(hide_password=False)
        self.settings = settings.model_copy(update={"database_url": beside})

    def load(self, plain: Path) -> Facts:
        with self._server() as server:
            server.execute(text(f'CREATE DATABASE "{self.name}" TEMPLATE template0'))
            version = server_version(server)
        to = address(self.settings)
        run_tool(self.settings, "pg_restore", version, "--no-owner", "--exit-on-error", f"--dbname={to}", str(plain))
        plain.unlink()
        database = Database(self.settings)
        try:
            with database.engine.connect() as connection:
                return facts_of_postgresql(connection)
        finally:
            database.close()

    def is_there_another(self) -> bool:
        with self._server() as server:
            found = server.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": self.real})
            return found.first() is not None

    def swap_in(self) -> None:
        old = f"{self.name}_old"
        with self._server() as server:
            if server.execute(
                text("SELECT 1 FROM pg_stat_activity WHERE datname = :name"), {"name": self.real}
            ).first():
                raise BackupFault("the database is in use by other connections: stop every program that uses it first")
            if server.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": self.real}).first():
                server.execute(text(f'ALTER DATABASE "{self.real}" RENAME TO "{old}"'))
            server.execute(text(f'ALTER DATABASE "{self.name}" RENAME TO "{self.real}"'))
            server.execute(text(f'DROP DATABASE IF EXISTS "{old}"'))

    def drop(self) -> None:
        with self._server() as server:
            server.execute(text(f'DROP DATABASE IF EXISTS "{self.name}"'))

    @contextmanager
    def _server(self) -> Iterator[Connection]:
        """A connection to the server's own database, for statements about databases."""
        engine = create_engine(self.url.set(database="postgres"), isolation_level="AUTOCOMMIT", hide_parameters=True)
        try:
            with engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            kind = type(error.orig).__name__
            raise BackupFault(f"the database server refuses: {kind} (the role needs CREATEDB)") from error
        finally:
            engine.dispose()
