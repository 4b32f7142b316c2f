"""What a database leaves in its files after a row is deleted, and how it goes.

SQLite overwrites deleted content in its main file (`secure_delete`), but the journal still holds the pages as they
were. PostgreSQL keeps deleted rows in its files until a table is written anew.
"""

from __future__ import annotations

import time
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from certificates import forget_names
from university.chains import ledger as ledgers
from university.database import after_commit
from university.rights.register import personal

PATIENCE_SECONDS = 5.0
# UTC; a table that is written anew cannot be read for that moment.
QUIET_HOUR = 3
LOCK_SECONDS = 1


def wipe(engine: Engine, patience: float = PATIENCE_SECONDS) -> bool:
    """Moves SQLite's journal into the main file and empties it. False if a reader was in the way all the time."""
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    cursor = connection.cursor()
    try:
        # Waiting inside of SQLite would keep every writer waiting as well.
        cursor.execute("PRAGMA busy_timeout=0")
        return _empty_journal(cursor, time.monotonic() + patience)
    finally:
        cursor.execute("PRAGMA busy_timeout=5000")
        connection.close()


def _empty_journal(cursor: Any, deadline: float) -> bool:
    while True:
        row = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if tuple(row) == (0, 0, 0):
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)


class Forgetting:
    """Empties the caches of this process once any process has carried out a decision of a person."""

    def __init__(self) -> None:
        self._seen: int | None = None

    def look(self, session: Session, _now: datetime) -> int:
        """1 if there was something to forget."""
        newest = ledgers.newest_carried_out(session)
        if newest == self._seen:
            return 0
        forget_names()
        self._seen = newest
        return 1


def rewrite_nightly(session: Session, now: datetime) -> int:
    """The job of the quiet hour: on PostgreSQL, every table with personal columns is written anew."""
    engine = session.get_bind().engine
    if engine.dialect.name != "postgresql" or now.hour != QUIET_HOUR:
        return 0
    # While the job's own transaction is open nothing of what was deleted since can go, and its locks would wait.
    after_commit(session, partial(rewrite_tables, engine))
    return len(_tables())


def rewrite_tables(engine: Engine) -> int:
    """Writes each table with personal columns into a new file without its deleted rows. Returns how many.

    Raises OperationalError when somebody reads one of them for longer than a moment. Whoever waits for a table has
    everybody who comes later wait behind: visitors, and the tool of the very backup that is being waited for.
    """
    tables = _tables()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # closed at the end: nobody else is to have as little patience
        connection.execute(text(f"SET lock_timeout = '{LOCK_SECONDS}s'"))
        for table in tables:
            connection.execute(text(f"VACUUM (FULL) {table}"))
    return len(tables)


def _tables() -> list[str]:
    return sorted({entry.where.partition(".")[0] for entry in personal() if ":" not in entry.where})
