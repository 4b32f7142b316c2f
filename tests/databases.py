"""Databases for tests: on PostgreSQL made from a template, and used again by later tests while they are as new.

Making and dropping one takes longer than most tests, and the first connection to a new one is slow as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import Connection, create_engine, text

# Whatever changes a table, an index, a trigger or a function leaves another number of rows, or a younger one.
_SCHEMA = " UNION ALL ".join(
    f"SELECT count(*), max(xmin::text::bigint) FROM {catalogue}"
    for catalogue in ("pg_class", "pg_attribute", "pg_index", "pg_trigger", "pg_constraint", "pg_proc", "pg_namespace")
)
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
# As a replica would apply it: without the triggers that refuse it, and in any order of the tables.
_EMPTY = """DO $$
DECLARE one record; filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', one.name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', one.name); END IF;
    END LOOP;
    FOR one IN SELECT sequencename AS name, start_value FROM pg_sequences WHERE schemaname = 'public'
    LOOP
        PERFORM setval(format('%I', one.name)::regclass, one.start_value, false);
    END LOOP;
END $$"""


class Shelf:
    """The databases of one PostgreSQL server that no test uses at the moment, by the template they were made from."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.spare: dict[str, list[str]] = {}
        self.schemas: dict[str, str] = {}

    @contextmanager
    def database(self, template: str) -> Iterator[str]:
        """Address of a database of one test's own that equals `template`."""
        spare = self.spare.setdefault(template, [])
        address = spare.pop() if spare else self._made_from(template)
        yield address
        if self._as_new(address):
            spare.append(address)
        else:
            self._run(f"DROP DATABASE {address.split('?')[0].rsplit('/', 1)[1]} WITH (FORCE)")

    def _made_from(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        address = on_database(self.server, name)
        with connected(address) as connection:
            self.schemas[address] = _schema_of(connection)
        return address

    def _as_new(self, address: str) -> bool:
        """Empties it; no where somebody is still connected, or where a test changed more than rows."""
        with connected(address) as connection:
            if connection.scalar(text(_OTHERS)) or _schema_of(connection) != self.schemas[address]:
                return False
            connection.execute(text(_EMPTY))
            return True

    def _run(self, statement: str) -> None:
        with connected(self.server) as connection:
            connection.execute(text(statement))


@contextmanager
def connected(address: str) -> Iterator[Connection]:
    """A connection that commits every statement, and is closed at the end."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def on_database(address: str, name: str) -> str:
    """The same server, another database."""
    head, query = [*address.split("?", 1), ""][:2]
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _schema_of(connection: Connection) -> str:
    known = connection.scalar(text("SELECT to_regclass('alembic_version')"))
    revision = connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None
    return f"{revision} {connection.execute(text(_SCHEMA)).all()}"
