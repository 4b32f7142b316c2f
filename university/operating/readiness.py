"""May this process take traffic? Its database answers and fits, and the rights ledger is whole and not behind it."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from university.chains.ledger import LedgerFault, Record, open_ledger, refuse_older_ledger
from university.database import Database
from university.migrating import schema_problem
from university.settings import Settings


def not_ready(database: Database, settings: Settings) -> str | None:
    """The reason in a few words, without anything personal, or None. Raises what a silent database raises."""
    problem = schema_problem(database)
    if problem:
        return problem
    try:
        with database.reading() as session:
            refuse_older_ledger(session, _records(settings, open_ledger(settings).book.state()))
    except LedgerFault as fault:
        return str(fault)
    except OSError:
        return "the rights ledger does not answer"
    return None


@lru_cache(maxsize=1)
def _records(settings: Settings, _state: Hashable) -> list[Record]:
    """While the state stays, the ledger need not be verified again."""
    return open_ledger(settings).records()
