"""What the worker does for this slice: finish erasures, forget in time, and rewrite tables at night."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from university.chains import audit, audit_head, ledger as ledgers
from university.chains.ledger import CarryOut, Ledger, LedgerFault, open_ledger
from university.database import after_commit
from university.retention import Job
from university.rights import cases, receipts, sealed_names, traces
from university.rights.erasure import finish
from university.rights.events import events
from university.settings import Settings

log = logging.getLogger("university.privacy")


def jobs(settings: Settings) -> tuple[Job, ...]:
    """The scheduled jobs around the ledger of this installation."""
    ledger = open_ledger(settings)

    def finish_decisions(session: Session, _now: datetime) -> int:
        return replay(session, ledger, events(settings))

    def copy_ledger(_session: Session, _now: datetime) -> int:
        if not ledger.bring_copy_up_to_date():
            raise OSError("the second copy of the rights ledger is late")
        return 0

    def sign_audit_log(session: Session, _now: datetime) -> int:
        audit_head.sign_head(session, settings)
        return 0

    def compact_ledger(session: Session, now: datetime) -> int:
        ledgers.hold(session)
        return ledger.compact(now=now, carried_out=ledgers.newest_carried_out(session))

    def forget_names(_session: Session, _now: datetime) -> int:
        return sealed_names.forget_what_is_over(ledger)

    def prune_audit_log(session: Session, now: datetime) -> int:
        return audit.prune(session, now=now)

    return (
        Job("rights ledger", timedelta(minutes=1), finish_decisions),
        Job("ledger copy", timedelta(minutes=1), copy_ledger),
        Job("audit head", timedelta(days=1), sign_audit_log),
        Job("ledger compaction", timedelta(days=1), compact_ledger),
        Job("sealed names", timedelta(hours=1), forget_names),
        Job("audit log", timedelta(days=1), prune_audit_log),
        Job("receipts", timedelta(days=1), receipts.delete_old),
        Job("privacy cases", timedelta(days=1), cases.delete_old),
        Job("names in memory", timedelta(minutes=1), traces.Forgetting().look, in_each_process=True),
        Job("rewrite tables", timedelta(hours=1), traces.rewrite_nightly),
    )


def replay(session: Session, ledger: Ledger, carry_out: Mapping[str, CarryOut]) -> int:
    """Carries out what a failed commit left undone. A ledger that does not hold is for people to look at."""
    try:
        count = ledgers.replay(session, ledger, carry_out)
    except LedgerFault as fault:
        log.error("%s", fault)
        return 0
    if count:
        after_commit(session, partial(finish, session.get_bind().engine, ledger))
    return count
