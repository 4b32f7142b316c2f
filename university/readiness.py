"""May this process take traffic? Its database answers and fits, and the rights ledger is whole and not behind it."""

from __future__ import annotations

from functools import lru_cache

from university.database import Database
from university.ledger import LedgerFault, Record, open_ledger, refuse_older_ledger
from university.migrating import schema_problem
from university.settings import Settings


def not_ready(database: Database, settings: Settings) -> str | None:
    """The reason in a few words, without anything personal, or None. Raises what a silent database raises."""
    problem = schema_problem(database)
    if problem:
        return problem
    try:
        with database.reading() as session:
            refuse_older_ledger(session, _records(settings, _state_of_ledger(settings)))
    except LedgerFault as fault:
        return str(fault)
    return None


def _state_of_ledger(settings: Settings) -> tuple[int, int]:
    """Size and time of the file: while they stay, it need not be verified again."""
    path = open_ledger(settings).path
    if not path.exists():
        return (0, 0)
    found = path.stat()
    return (found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=1)
def _records(settings: Settings, _state: tuple[int, int]) -> list[Record]:
    return open_ledger(settings).records()
