"""What the worker does for this slice: finish erasures, forget in time, and rewrite tables at night."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from university import audit, ledger as ledgers
from university.database import after_commit
from university.ledger import Ledger, LedgerFault
from university.retention import Job
from university.rights import receipts, traces
from university.rights.erasure import EVENTS

log = logging.getLogger("university.privacy")


def jobs(ledger: Ledger) -> tuple[Job, ...]:
    """The scheduled jobs around this ledger."""

    def finish_erasures(session: Session, _now: datetime) -> int:
        return replay(session, ledger)

    def compact_ledger(session: Session, now: datetime) -> int:
        ledgers.hold(session)
        return ledger.compact(now=now, carried_out=ledgers.newest_carried_out(session))

    def prune_audit_log(session: Session, now: datetime) -> int:
        return audit.prune(session, now=now)

    return (
        Job("rights ledger", timedelta(minutes=1), finish_erasures),
        Job("ledger compaction", timedelta(days=1), compact_ledger),
        Job("audit log", timedelta(days=1), prune_audit_log),
        Job("receipts", timedelta(days=1), receipts.delete_old),
        Job("rewrite tables", timedelta(hours=1), traces.rewrite_nightly),
    )


def replay(session: Session, ledger: Ledger) -> int:
    """Carries out what a failed commit left undone. A ledger that does not hold is for people to look at."""
    try:
        count = ledgers.replay(session, ledger, EVENTS)
    except LedgerFault as fault:
        log.error("%s", fault)
        return 0
    if count:
        after_commit(session, partial(traces.wipe, session.get_bind().engine))
    return count
