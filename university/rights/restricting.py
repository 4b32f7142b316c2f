"""Hiding a name and showing it again (GDPR, article 18), and objecting to one use of one's data (article 21).

While a name is hidden, certificates stay valid: only who holds them is not shown, counted or found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from university import clock
from university.chains import audit, ledger as ledgers
from university.chains.ledger import Ledger, Record
from university.consents.withdrawing import end
from university.models import TOPICS, Person, Restriction
from university.rights.decisions import write_down

# Mails that still go out while the name is hidden: what somebody must know for their safety or by law.
MAILED_ALL_THE_SAME = frozenset({"my_data", "confirm", "corrected", "reissued"})


def is_restricted(session: Session, person_id: UUID) -> bool:
    return session.get(Restriction, person_id) is not None


def may_be_mailed(session: Session, kind: str, person_id: UUID | None) -> bool:
    """Whether a mail of this kind may go to this person now."""
    return person_id is None or kind in MAILED_ALL_THE_SAME or not is_restricted(session, person_id)


def hide_name(session: Session, ledger: Ledger, person: Person, *, actor: str) -> None:
    """From the commit on nobody is shown the name; once more changes nothing."""
    ledgers.hold(session)
    if is_restricted(session, person.id):
        return
    _restrict(session, person, clock.now())
    audit.record(session, actor=actor, action="restrict", object_kind="person", object_ref=person.audit_ref)
    write_down(session, ledger, "restrict", person=person.id.hex)


def show_name(session: Session, ledger: Ledger, person: Person, *, actor: str) -> None:
    """The same the other way round."""
    ledgers.hold(session)
    if not is_restricted(session, person.id):
        return
    _unrestrict(session, person)
    audit.record(session, actor=actor, action="unrestrict", object_kind="person", object_ref=person.audit_ref)
    write_down(session, ledger, "unrestrict", person=person.id.hex)


def object_to(session: Session, ledger: Ledger, person: Person, purpose: str, *, actor: str) -> None:
    """Ends one use of this person's data at once; `purpose` is one of `OBJECTIONS`."""
    ledgers.hold(session)
    record = write_down(session, ledger, "object", person=person.id.hex, purpose=purpose)
    OBJECTIONS[purpose](session, person, record.at)
    audit.record(session, actor=actor, action="object", object_kind="person", object_ref=person.audit_ref)


def carry_out_restrict(session: Session, record: Record) -> None:
    if person := _person_of(session, record):
        _restrict(session, person, record.at)


def carry_out_unrestrict(session: Session, record: Record) -> None:
    if person := _person_of(session, record):
        _unrestrict(session, person)


def carry_out_object(session: Session, record: Record) -> None:
    """What was wanted after the objection stays: it ended the past, and forbids nobody to begin again."""
    if person := _person_of(session, record):
        OBJECTIONS[record.body["purpose"]](session, person, record.at)


def _restrict(session: Session, person: Person, at: datetime) -> None:
    if not is_restricted(session, person.id):
        session.add(Restriction(person_id=person.id, restricted_at=at))
        session.flush()


def _unrestrict(session: Session, person: Person) -> None:
    session.execute(delete(Restriction).where(Restriction.person_id == person.id))
    session.expire_all()


def _end_topics(session: Session, person: Person, at: datetime) -> None:
    end(session, person.id, TOPICS, at, "objection")


def _person_of(session: Session, record: Record) -> Person | None:
    """A person whom this database does not know, or no longer, needs nothing."""
    return session.get(Person, UUID(record.body["person"]))


# What an objection ends, per purpose, at which moment.
OBJECTIONS: Mapping[str, Callable[[Session, Person, datetime], None]] = {"publication": _restrict, "mail": _end_topics}
