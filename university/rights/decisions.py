"""What somebody decided about their data, on the disk in the rights ledger before the database says the same.

Every verb that changes somebody's rights takes its turn first (`ledger.hold`), changes rows, and ends with
`write_down` in the same transaction. Should the commit fail after that, the worker carries the record out.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy.orm import Session

from university.chains import ledger as ledgers
from university.chains.ledger import Ledger, LedgerFault, Record
from university.database import after_commit
from university.errors import Unavailable

log = logging.getLogger("university.privacy")


def write_down(session: Session, ledger: Ledger, event: str, **fields: Any) -> Record:
    """Appends the record, and notes in the caller's transaction that it is carried out.

    Raises Unavailable if the ledger cannot be written; then nothing may be changed either.
    """
    ledgers.hold(session)
    try:
        record = ledger.append(event, after=ledgers.newest_carried_out(session), **fields)
    except (OSError, LedgerFault) as error:
        log.error("a decision was put off: %s", type(error).__name__)
        raise Unavailable from error
    ledgers.mark_carried_out(session, record)
    after_commit(session, ledger.bring_copy_up_to_date)
    return record
