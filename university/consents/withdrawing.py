"""Not wanting a topic any more: as easy as wanting it, at once, and remembered outside of the database as well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from university.chains import audit, ledger as ledgers
from university.chains.ledger import Ledger, Record
from university.consents.giving import live_topics
from university.models import TOPICS, Campaign, Consent, Outbox, Person
from university.rights.decisions import write_down

# The ledger's word for an end that somebody asked for through a mail, and for one in “My data”.
UNSUBSCRIBE, WITHDRAW = "unsubscribe", "withdraw"
_EVENTS = {"portal": WITHDRAW, "case": WITHDRAW}


def withdraw(
    session: Session,
    ledger: Ledger,
    person: Person,
    topics: Iterable[str] = TOPICS,
    *,
    through: str,
    actor: str = "holder",
) -> list[str]:
    """Ends these topics for this person; returns those that were live. Once more changes nothing and costs nothing.

    `through` is one of `WAYS_OUT`. Raises Unavailable if the rights ledger cannot be written.
    """
    ledgers.hold(session)
    live = live_topics(session, person.id)
    ended = [topic for topic in topics if topic in live]
    if not ended:
        return []
    event = _EVENTS.get(through, UNSUBSCRIBE)
    record = write_down(session, ledger, event, person=person.id.hex, topics=ended, through=through)
    end(session, person.id, ended, record.at, through)
    ref = person.audit_ref
    audit.record(session, actor=actor, action="withdraw_consent", object_kind="person", object_ref=ref)
    return ended


def end(session: Session, person_id: UUID, topics: Iterable[str], at: datetime, through: str) -> None:
    """The rows alone: consents that were live at that moment end, and mails that wait for a worker are taken back."""
    chosen = list(topics)
    session.execute(
        update(Consent)
        .where(
            Consent.person_id == person_id,
            Consent.topic.in_(chosen),
            Consent.withdrawn_at.is_(None),
            Consent.confirmed_at <= at,
        )
        .values(withdrawn_at=at, withdrawn_through=through)
        .execution_options(synchronize_session=False)
    )
    _take_back(session, person_id, chosen)
    session.expire_all()


def carry_out_end(session: Session, record: Record) -> None:
    """The same again, on a database that does not know it yet."""
    body: Any = record.body
    person = session.get(Person, UUID(body["person"]))
    if person:
        end(session, person.id, body["topics"], record.at, body["through"])


def _take_back(session: Session, person_id: UUID, topics: list[str]) -> None:
    """A row that a worker holds at this moment stays: that worker reads the consent again before it writes."""
    of_topics = select(Campaign.id).where(Campaign.topic.in_(topics))
    waiting = (
        Outbox.person_id == person_id,
        Outbox.campaign_id.in_(of_topics),
        Outbox.sent_at.is_(None),
        Outbox.parked_at.is_(None),
        Outbox.leased_until.is_(None),
    )
    taken = delete(Outbox).where(*waiting).returning(Outbox.campaign_id)
    for campaign_id in session.scalars(taken.execution_options(synchronize_session=False)).all():
        if campaign_id:
            count_one(session, campaign_id, "left_out")


def count_one(session: Session, campaign_id: UUID, what: str) -> None:
    """Adds one to a figure of a campaign: ``sent``, ``left_out`` or ``given_up``."""
    column = getattr(Campaign, what)
    session.execute(
        update(Campaign)
        .where(Campaign.id == campaign_id)
        .values({column: column + 1})
        .execution_options(synchronize_session=False)
    )
