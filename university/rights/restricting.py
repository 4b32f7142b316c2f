"""Hiding a name and showing it again (GDPR, article 18), and objecting to one use of one's data (article 21).

While a name is hidden, certificates stay valid: only who holds them is not shown, counted or found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from university import audit, clock, ledger as ledgers
from university.consents.withdrawing import end
from university.ledger import Ledger, Record
from university.models import TOPICS, Person, Restriction
from university.rights.decisions import write_down

# Mails that still go out while the name is hidden: what somebody must know for their safety or by law.
MAILED_ALL_THE_SAME = frozenset({"my_data", "confirm", "corrected"})


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
    _restrict(session, person)
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
    OBJECTIONS[purpose](session, person)
    audit.record(session, actor=actor, action="object", object_kind="person", object_ref=person.audit_ref)
    write_down(session, ledger, "object", person=person.id.hex, purpose=purpose)


def carry_out_restrict(session: Session, record: Record) -> None:
    _with_person(session, record, _restrict)


def carry_out_unrestrict(session: Session, record: Record) -> None:
    _with_person(session, record, _unrestrict)


def carry_out_object(session: Session, record: Record) -> None:
    _with_person(session, record, OBJECTIONS[record.body["purpose"]])


def _restrict(session: Session, person: Person) -> None:
    if not is_restricted(session, person.id):
        session.add(Restriction(person_id=person.id, restricted_at=clock.now()))
        session.flush()


def _unrestrict(session: Session, person: Person) -> None:
    session.execute(delete(Restriction).where(Restriction.person_id == person.id))
    session.expire_all()


def _end_topics(session: Session, person: Person) -> None:
    end(session, person.id, TOPICS, clock.now(), "objection")


def _with_person(session: Session, record: Record, change: Callable[[Session, Person], None]) -> None:
    """A person whom this database does not know, or no longer, needs nothing."""
    person = session.get(Person, UUID(record.body["person"]))
    if person:
        change(session, person)


# What an objection ends, per purpose.
OBJECTIONS: Mapping[str, Callable[[Session, Person], None]] = {"publication": _restrict, "mail": _end_topics}
