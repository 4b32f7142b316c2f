"""Privacy cases: what a machine must not decide alone, with a month to answer and two people who agree.

Whoever lost their mailbox, objects to something else, or corrected a name twice already, opens one. What they want
to tell us they tell us by mail; here stands only which request it is, and when it is due.
"""

from __future__ import annotations

import calendar
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from certificates import read_number
from university import clock
from university.chains import audit
from university.errors import Refused
from university.language import gettext as _
from university.mailing.mail import enqueue
from university.models import Award, Person, PrivacyCase
from university.settings import Settings

KEPT_AFTER_CLOSING = timedelta(days=730)
# As in certificate numbers: no I, L, O, U.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TO_THE_ASKER, TO_STAFF = "case", "case_opened"


def open_case(
    session: Session,
    settings: Settings,
    kind: str,
    *,
    language: str,
    contact: str | None = None,
    person: Person | None = None,
    certificate: str = "",
) -> PrivacyCase:
    """Starts the month. The asker gets a mail with the case's number, and staff one that names nobody.

    `contact` is a clean address nobody has confirmed, `person` somebody who came by the link in their own mailbox.
    """
    now = clock.now()
    case = PrivacyCase(
        number=_free_number(session),
        kind=kind,
        language=language,
        contact=contact,
        certificate=read_number(certificate),
        person_id=person.id if person else None,
        opened_at=now,
        due_on=a_month_after(now.date()),
    )
    session.add(case)
    session.flush()
    audit.record(session, actor="holder", action="open_case", object_kind="case", object_ref=case.id)
    enqueue(session, TO_THE_ASKER, language=language, address=contact or (person.email if person else None))
    enqueue(session, TO_STAFF, language="en", address=settings.organisation_email)
    return case


def decide(session: Session, case: PrivacyCase, staff_id: UUID, outcome: str) -> None:
    """One member of staff's decision. It counts once another one has decided the same; until then it may change."""
    if case.closed_at:
        raise Refused(_("This case is closed already."))
    if (case.proposed, case.first_staff_id) == (outcome, staff_id):
        return  # sent twice, perhaps after the second one had agreed
    if case.proposed == outcome:
        case.second_staff_id = staff_id
    else:
        case.proposed, case.first_staff_id, case.second_staff_id = outcome, staff_id, None
    audit.record(session, actor="staff", staff_id=staff_id, action="decide", object_kind="case", object_ref=case.id)


def close(session: Session, case: PrivacyCase, staff_id: UUID) -> None:
    """Ends it as two people decided, after the answer was sent; whom it was about is forgotten."""
    if case.closed_at:
        raise Refused(_("This case is closed already."))
    if case.second_staff_id is None:
        raise Refused(_("Two members of staff have to decide the same first."))
    case.closed_at, case.outcome = clock.now(), case.proposed
    _forget_whom(case)
    audit.record(session, actor="staff", staff_id=staff_id, action="close_case", object_kind="case", object_ref=case.id)


def open_cases(session: Session) -> Sequence[PrivacyCase]:
    """Those that wait for an answer, the most urgent first."""
    waiting = select(PrivacyCase).where(PrivacyCase.closed_at.is_(None))
    return session.scalars(waiting.order_by(PrivacyCase.due_on, PrivacyCase.opened_at)).all()


def is_case_of(email: str, people: Sequence[UUID]) -> ColumnElement[bool]:
    """Whether this person opened a case, or it awaits its answer at this address."""
    return or_(PrivacyCase.contact == email, PrivacyCase.person_id.in_(people))


def reduce(session: Session, email: str, people: Sequence[UUID]) -> int:
    """For an erasure: number, kind, days and outcome remain, also of what others asked about these certificates."""
    theirs = PrivacyCase.certificate.in_(select(Award.number).where(Award.person_id.in_(people)))
    cases = session.scalars(select(PrivacyCase).where(or_(is_case_of(email, people), theirs))).all()
    for case in cases:
        if case.closed_at is None:
            case.closed_at, case.outcome = clock.now(), "erased"
        _forget_whom(case)
    session.flush()
    return len(cases)


def delete_old(session: Session, now: datetime) -> int:
    """The job of the retention rule."""
    old = delete(PrivacyCase).where(PrivacyCase.closed_at <= now - KEPT_AFTER_CLOSING)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


def a_month_after(day: date) -> date:
    """The same day of the next month, or its last one where it is shorter (GDPR, article 12 (3))."""
    year, month = day.year + day.month // 12, day.month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _forget_whom(case: PrivacyCase) -> None:
    case.contact = case.certificate = case.person_id = case.language = None


def _free_number(session: Session) -> str:
    while True:
        text = "".join(secrets.choice(LETTERS) for _letter in range(8))
        number = f"{text[:4]}-{text[4:]}"
        if session.scalar(select(PrivacyCase.id).where(PrivacyCase.number == number)) is None:
            return number
