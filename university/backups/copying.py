"""A plain copy of the database as of one moment, looked at before it counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from university.backups.faults import BackupFault
from university.backups.postgres_tools import address, run_tool
from university.database import Database
from university.settings import Settings

SQLITE, POSTGRESQL = "sqlite", "postgresql"
SCHEMA = "SELECT version_num FROM alembic_version"
# As the copy has them: it may be of another version of the program.
TABLES_OF_SQLITE = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
)
TABLES_OF_POSTGRESQL = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
NEWEST_CARRIED_OUT = "SELECT COALESCE(MAX(seq), 0) FROM ledger_applied"


@dataclass(frozen=True)
class Facts:
    """What stood in the copy itself: not what the database says a moment later."""

    engine: str
    schema: str
    ledger_seq: int
    rows: Mapping[str, int]


def copy_database(database: Database, settings: Settings, target: Path) -> Facts:
    """Writes the whole database to the file `target` while it is in use. BackupFault if the copy does not hold."""
    return _copy_sqlite(database, target) if database.is_sqlite else _copy_postgresql(database, settings, target)


def facts_of_sqlite(path: Path) -> Facts:
    """Reads a copy from end to end. BackupFault if it is damaged."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        try:
            if (said := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise BackupFault(f"the copy is damaged: {said[:100]}")
            if lost := copy.execute("PRAGMA foreign_key_check").fetchall():
                raise BackupFault(f"{len(lost)} rows of the copy point nowhere")
            tables = [name for (name,) in copy.execute(TABLES_OF_SQLITE)]
            return _facts(SQLITE, lambda sql: copy.execute(sql).fetchone()[0], tables)
        except sqlite3.DatabaseError as error:
            raise BackupFault(f"the copy cannot be read: {type(error).__name__}") from error


def facts_of_postgresql(connection: Connection) -> Facts:
    tables = list(connection.execute(text(TABLES_OF_POSTGRESQL)).scalars())
    return _facts(POSTGRESQL, lambda sql: connection.execute(text(sql)).scalar_one(), tables)


def server_version(connection: Connection) -> int:
    return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10000


def _facts(engine: str, ask: Any, tables: list[str]) -> Facts:
    rows = {name: ask(f'SELECT COUNT(*) FROM "{name}"') for name in tables}  # noqa: S608
    return Facts(engine, ask(SCHEMA), ask(NEWEST_CARRIED_OUT), rows)


def _copy_sqlite(database: Database, target: Path) -> Facts:
    """VACUUM INTO leaves behind what was deleted; the engine's online backup would copy it."""
    connection = database.engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    return facts_of_sqlite(target)


def _copy_postgresql(database: Database, settings: Settings, target: Path) -> Facts:
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        server, facts = server_version(connection), facts_of_postgresql(connection)
        words = ("--format=custom", f"--file={target}", f"--snapshot={snapshot}", "--no-owner", "--no-privileges")
        run_tool(settings, "pg_dump", server, *words, address(settings))
    listed = run_tool(settings, "pg_restore", server, "--list", str(target))
    missing = [name for name in facts.rows if f" TABLE DATA public {name} " not in listed]
    if missing:
        raise BackupFault(f"the copy lacks {', '.join(missing)}")
    return facts
