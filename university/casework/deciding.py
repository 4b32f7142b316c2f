"""One case as the member of staff in front of it sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import show_number
from university.accounts.signed_in import SignedIn
from university.chains import audit
from university.errors import NotFound
from university.language import gettext as _
from university.models import Person, PrivacyCase, StaffMember

MOST_CLOSED = 50


@dataclass(frozen=True)
class CaseInHand:
    """`first` and `second` are the names of those who decided."""

    case: PrivacyCase
    certificate: str | None
    first: str | None
    second: str | None

    @property
    def may_be_closed(self) -> bool:
        return self.case.second_staff_id is not None and self.case.closed_at is None


def find_case(session: Session, number: str, *, lock: bool = False) -> PrivacyCase:
    asked = select(PrivacyCase).where(PrivacyCase.number == number.strip().upper())
    case = session.scalar(asked.with_for_update() if lock else asked)
    if case is None:
        raise NotFound(_("There is no case with this number."))
    return case


def case_in_hand(session: Session, number: str) -> CaseInHand:
    case = find_case(session, number)
    return CaseInHand(
        case=case,
        certificate=show_number(case.certificate) if case.certificate else None,
        first=_name_of(session, case.first_staff_id),
        second=_name_of(session, case.second_staff_id),
    )


def closed_cases(session: Session) -> Sequence[PrivacyCase]:
    closed = select(PrivacyCase).where(PrivacyCase.closed_at.is_not(None))
    return session.scalars(closed.order_by(PrivacyCase.closed_at.desc()).limit(MOST_CLOSED)).all()


def read_contact(session: Session, case: PrivacyCase, staff: SignedIn) -> str | None:
    """The address the answer goes to; None once the case is closed. The audit log says who looked."""
    person = session.get(Person, case.person_id) if case.person_id else None
    audit.record(session, actor="staff", staff_id=staff.id, action="read", object_kind="case", object_ref=case.id)
    return case.contact or (person.email if person else None)


def _name_of(session: Session, staff_id: UUID | None) -> str | None:
    member = session.get(StaffMember, staff_id) if staff_id else None
    return member.name if member else _("a former member") if staff_id else None
