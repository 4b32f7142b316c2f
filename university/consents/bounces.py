"""Mail that came back for good, or that its reader called unwanted: it ends topic mail to that person, nothing else."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from university import clock
from university.chains.ledger import Ledger
from university.consents.withdrawing import withdraw
from university.models import Bounce, Person

BOUNCE, COMPLAINT = "bounce", "complaint"


def note_bounce(session: Session, ledger: Ledger, person: Person, kind: str, code: str | None = None) -> None:
    """Keeps one row per person and kind, the newest, and ends every topic.

    `code` is three digits or an enhanced status code (RFC 3463).
    """
    withdraw(session, ledger, person, through=kind, actor="worker")
    kept = session.scalar(select(Bounce).where(Bounce.person_id == person.id, Bounce.kind == kind))
    if kept is None:
        kept = Bounce(person_id=person.id, kind=kind)
        session.add(kept)
    kept.code, kept.received_at = code, clock.now()
    session.flush()
