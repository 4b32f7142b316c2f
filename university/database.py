"""The database: one engine, and transactions that commit when the work returns and roll back when it raises."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from university.settings import Settings

log = logging.getLogger("university.database")

# Reasons: security depends on FULL (an acknowledged claim is on the disk) and on secure_delete (an erased
# name is overwritten); the rest is concurrency. They must run outside of a transaction, hence at connect.
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
)

_AFTER_COMMIT = "after_commit_actions"


class Database:
    """Engine plus the two ways to use it. Safe to share between threads.

    Parameters are hidden from the messages of errors: they are what people typed.
    """

    def __init__(self, settings: Settings) -> None:
        url = make_url(settings.sqlalchemy_url)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.engine = create_engine(
                url, connect_args={"check_same_thread": False}, pool_size=20, max_overflow=30, hide_parameters=True
            )
            _make_sqlite_strict(self.engine)
        else:
            self.engine = create_engine(
                url.update_query_dict({"connect_timeout": "5"} if "connect_timeout" not in url.query else {}),
                # No ping before use: it would double the cost of a look-up. After a restart of the server the first
                # failure empties the pool, and that visitor is told to try again.
                pool_size=10,
                max_overflow=20,
                hide_parameters=True,
            )
        self._reader = self.engine.execution_options(reading=True)
        # A single SELECT is its own snapshot: a transaction around it would be three messages instead of one.
        self._looker = self.engine.execution_options(**_without_transaction(self.is_sqlite))

    def session(self, *, reading: bool) -> Session:
        """A session that opens its transaction at the first statement; the caller closes it."""
        if reading:
            return Session(self._reader, expire_on_commit=False, autoflush=False)
        return Session(self.engine, expire_on_commit=False)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that may write: BEGIN IMMEDIATE on SQLite, committed when the block returns."""
        with self.session(reading=False) as session:
            yield session
            commit(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction for reading only; whatever it changed by mistake is rolled back."""
        with self.session(reading=True) as session:
            yield session

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """For the one look-up of a hot page: no session, no transaction. Each statement sees the present state."""
        with self._looker.connect() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def after_commit(session: Session, action: Callable[[], object]) -> None:
    """Runs `action` once, after this session's commit succeeded; never when it was rolled back."""
    session.info.setdefault(_AFTER_COMMIT, []).append(action)


def commit(session: Session) -> None:
    """Commits, then runs what waited for it. Only `Database` and the request's transaction call this."""
    session.commit()
    for action in session.info.pop(_AFTER_COMMIT, []):
        action()


def _without_transaction(is_sqlite: bool) -> dict[str, Any]:
    # SQLAlchemy's own AUTOCOMMIT would undo on SQLite what `configure` sets at connect.
    return {"looking": True} if is_sqlite else {"isolation_level": "AUTOCOMMIT"}


def _make_sqlite_strict(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # The driver's own transaction handling begins too late and never IMMEDIATE.
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("looking", False):
            return
        # Two writers that both read first and write later would either deadlock or write twice.
        connection.exec_driver_sql("BEGIN DEFERRED" if options.get("reading", False) else "BEGIN IMMEDIATE")
