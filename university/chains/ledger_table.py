"""The rights ledger of many machines: a table on a database server of its own.

It must be another server than that of the university's database, and never be restored together with it: what makes
the ledger worth anything is that it remembers what a restored database has forgotten.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    Text,
    create_engine,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

_TABLES = MetaData()
_LINES = Table(
    "ledger_line",
    _TABLES,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("line", LargeBinary, nullable=False),
)
_BESIDE = Table(
    "ledger_beside",
    _TABLES,
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
# One writer at a time, on every machine; the number is ours and arbitrary. Should two writers meet all the same, the
# primary key lets one of them through and the other tries again as after any failure.
_TURN = text("SELECT pg_advisory_xact_lock(7042016)")
_DURABLE = text("SET LOCAL synchronous_commit = on")
_PATIENCE = text("SET LOCAL lock_timeout = '10s'")
CONNECT_SECONDS = 5


class LedgerTable:
    """Safe between machines. Raises OSError where the server does not answer, like a file on a broken disk."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.beside = Shelf(address)
        self._here = threading.local()

    @contextmanager
    def held(self) -> Iterator[None]:
        with _speaking(self.address) as connection:
            connection.execute(_PATIENCE)
            connection.execute(_TURN)
            self._here.connection = connection
            yield

    def lines(self) -> list[bytes]:
        found = self._here.connection.scalars(select(_LINES.c.line).order_by(_LINES.c.seq))
        return [bytes(line) for line in found]

    def add(self, seq: int, line: bytes) -> None:
        self._here.connection.execute(insert(_LINES).values(seq=seq, line=line))

    def rewrite(self, lines: Sequence[tuple[int, bytes]]) -> None:
        self._here.connection.execute(delete(_LINES))
        for seq, line in lines:
            self.add(seq, line)

    def state(self) -> Hashable:
        with _speaking(self.address) as connection:
            return tuple(connection.execute(select(func.count(), func.max(_LINES.c.seq))).one())


class Shelf:
    """What lies beside the ledger, as a place of small files."""

    def __init__(self, address: str) -> None:
        self.address = address

    def write(self, name: str, content: bytes) -> None:
        row = upsert(_BESIDE).values(name=name, content=content)
        with _speaking(self.address) as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"content": content}))

    def put(self, name: str, source: Path) -> None:
        self.write(name, source.read_bytes())

    def read(self, name: str) -> bytes | None:
        with _speaking(self.address) as connection:
            found = connection.scalar(select(_BESIDE.c.content).where(_BESIDE.c.name == name))
        return None if found is None else bytes(found)

    def fetch(self, name: str, target: Path) -> bool:
        content = self.read(name)
        if content is not None:
            target.write_bytes(content)
        return content is not None

    def names(self) -> list[str]:
        with _speaking(self.address) as connection:
            found = connection.scalars(select(_BESIDE.c.name).order_by(_BESIDE.c.name))
            return [name for name in found if not name.startswith(".")]

    def delete(self, name: str) -> None:
        with _speaking(self.address) as connection:
            connection.execute(delete(_BESIDE).where(_BESIDE.c.name == name))

    def forget_halves(self, folder: str) -> None:
        """A row is there as a whole or not at all."""

    def keeps_longer_than(self, days: int) -> str | None:
        del days
        return None


@contextmanager
def _speaking(address: str) -> Iterator[Connection]:
    """One transaction, on the disk of the server when it ends. OSError for whatever the server does not do."""
    try:
        with engine_of(address).begin() as connection:
            connection.execute(_DURABLE)
            yield connection
    except SQLAlchemyError as error:
        raise OSError(f"the server of the rights ledger: {type(error).__name__}") from error


@lru_cache(maxsize=8)
def engine_of(address: str) -> Engine:
    """One pool of connections per process; the tables are there once it is returned."""
    # Decisions are rare, so a connection may have been cut since the last one: it is tried before it is used.
    engine = create_engine(
        address,
        pool_pre_ping=True,
        pool_size=2,
        connect_args={"connect_timeout": CONNECT_SECONDS},
        hide_parameters=True,
    )
    with engine.begin() as connection:
        connection.execute(_TURN)  # two machines that start together would both make the tables
        _TABLES.create_all(connection)
    return engine
