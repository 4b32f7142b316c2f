"""The audit log: who did what to which thing, as a chain of hashes that shows any later change.

Every word in a line comes from the closed lists below (the database checks them too), and whoever it is about is
named by a random reference that leads nowhere once that person or certificate is gone. No name, no address, no
certificate number, no free text.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from university import clock
from university.models import AUDIT_ACTIONS, AUDIT_ACTORS, AUDIT_OBJECTS, AUDIT_OUTCOMES, AuditEntry
from university.serving.request_id import current_request
from university.turns import take_turn

KEPT_FOR = timedelta(days=730)
START = "0" * 64

_REFERENCE = re.compile(r"[a-z0-9][a-z0-9._:-]{0,63}")


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    object_kind: str,
    object_ref: UUID | str,
    staff_id: UUID | None = None,
    outcome: str = "done",
) -> AuditEntry:
    """Adds one line at the end of the chain, in the caller's transaction.

    Writers of the chain wait for each other until they commit (on SQLite every writer does anyway), so this
    belongs near the end of a transaction. A person is named by `Person.audit_ref`, a certificate by `Award.id`, and
    whoever of the staff did it by the id of the account. Raises ValueError for a word outside of the closed lists or
    a reference that might be personal.
    """
    _refuse_free_text(actor, action, object_kind, str(object_ref), outcome)
    if (actor == "staff") != (staff_id is not None):
        raise ValueError("a line about what staff did says who, and no other line does")
    session.flush()
    take_turn(session, "audit log")
    last = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).one_or_none()
    entry = AuditEntry(
        seq=last.seq + 1 if last else 1,
        at=clock.now(),
        actor=actor,
        staff_id=staff_id,
        action=action,
        object_kind=object_kind,
        object_ref=str(object_ref),
        outcome=outcome,
        request_id=current_request(),
        previous=last.hash if last else START,
    )
    entry.hash = _hash(entry)
    session.add(entry)
    session.flush()
    return entry


def check(session: Session) -> int | None:
    """The first `seq` at which the chain is broken (a line altered, missing or inserted), or None if it is whole.

    Lines past their retention may be gone from the front if a later line vouches for the cut.
    """
    cuts = set(session.scalars(select(AuditEntry.object_ref).where(AuditEntry.action == "prune")))
    previous: AuditEntry | None = None
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000)):
        if previous is None:
            in_place = entry.previous in cuts or (entry.seq == 1 and entry.previous == START)
        else:
            in_place = entry.seq == previous.seq + 1 and entry.previous == previous.hash
        if not in_place:
            return previous.seq + 1 if previous else max(entry.seq - 1, 1)
        if entry.hash != _hash(entry):
            return entry.seq
        previous = entry
    return None


def prune(session: Session, *, now: datetime) -> int:
    """Deletes the lines that are past their retention; a new line keeps the hash at the cut. Returns how many went."""
    last_old = session.execute(
        select(AuditEntry.seq, AuditEntry.hash)
        .where(AuditEntry.at < now - KEPT_FOR)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).one_or_none()
    if last_old is None:
        return 0
    record(session, actor="worker", action="prune", object_kind="audit", object_ref=last_old.hash)
    gone = session.execute(delete(AuditEntry).where(AuditEntry.seq <= last_old.seq))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _hash(entry: AuditEntry) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of everything in the line, the previous line's hash included."""
    line: dict[str, Any] = {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "object_kind": entry.object_kind,
        "object_ref": entry.object_ref,
        "outcome": entry.outcome,
        "previous": entry.previous,
    }
    # What an entry does not have is left out: the lines of earlier times have the hashes they always had.
    if entry.staff_id:
        line["staff_id"] = str(entry.staff_id)
    if entry.request_id:
        line["request_id"] = entry.request_id
    return hashlib.sha256(rfc8785.dumps(line)).hexdigest()


def _refuse_free_text(actor: str, action: str, object_kind: str, object_ref: str, outcome: str) -> None:
    lists = ((actor, AUDIT_ACTORS), (action, AUDIT_ACTIONS), (object_kind, AUDIT_OBJECTS), (outcome, AUDIT_OUTCOMES))
    for word, allowed in lists:
        if word not in allowed:
            raise ValueError(f"{word!r} is not a word of the audit log")
    # Upper case and @ are refused: a certificate number or an address must never get here.
    if not _REFERENCE.fullmatch(object_ref):
        raise ValueError("the reference of an audit line is a random id or a slug")
