"""Everything we hold about one address, in the words of data.json: what the page shows and the download holds."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from certificates import read_number, show_number
from university.awarding import awards
from university.awarding.credentialing import stored_credential
from university.consents import held as mail_held
from university.errors import NotFound
from university.language import gettext as _
from university.models import (
    Answer,
    Attempt,
    Award,
    Claim,
    Course,
    Enrolment,
    LessonDone,
    LocalMail,
    Outbox,
    Person,
    PortalSession,
    PrivacyCase,
    Quiz,
    ReplacedVersion,
    Restriction,
    Revision,
    Revocation,
    SignUp,
    TimeStamp,
    Token,
)
from university.rights.cases import is_case_of
from university.settings import Settings

Document = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """One address: the person who confirmed it, if somebody did, and the claims and sign-ups that wait for that."""

    email: str
    person: Person | None = None
    claims: Sequence[Claim] = field(default_factory=tuple)
    sign_ups: Sequence[SignUp] = field(default_factory=tuple)
    cases: Sequence[PrivacyCase] = field(default_factory=tuple)

    @property
    def person_ids(self) -> list[UUID]:
        """One or none: a list, because comparing with nothing would find what belongs to nobody."""
        return [self.person.id] if self.person else []

    @property
    def claim_ids(self) -> list[UUID]:
        return [claim.id for claim in self.claims]

    @property
    def sign_up_ids(self) -> list[UUID]:
        return [sign_up.id for sign_up in self.sign_ups]


def find(session: Session, email: str) -> Subject | None:
    """The subject behind a clean address, or None when nothing is held about it."""
    person = session.scalar(select(Person).where(Person.email == email))
    claims = session.scalars(select(Claim).where(Claim.email == email).order_by(Claim.created_at)).all()
    sign_ups = session.scalars(select(SignUp).where(SignUp.email == email)).all()
    asked = is_case_of(email, [person.id] if person else [])
    cases = session.scalars(select(PrivacyCase).where(asked).order_by(PrivacyCase.opened_at)).all()
    is_held = person or claims or sign_ups or cases
    return Subject(email, person, claims, sign_ups, cases) if is_held else None


def owner_of(subject: Subject) -> dict[str, UUID]:
    """What a link to “My data” belongs to: the person, or what waits for the address to be confirmed.

    Nothing where only an answer of ours is to go to the address: then the mail itself says all there is.
    """
    if subject.person:
        return {"person_id": subject.person.id}
    if subject.claims:
        return {"claim_id": subject.claim_ids[0]}
    return {"sign_up_id": subject.sign_up_ids[0]} if subject.sign_ups else {}


def document(session: Session, subject: Subject, settings: Settings) -> Document:
    """Everything about `subject`, as JSON types, with each entry of the register that has a place in it."""
    return {
        "holder": _holder(session, subject),
        "certificates": [_certificate(session, award, settings) for award in awards_of(session, subject)],
        "claims": [_claim(session, claim) for claim in subject.claims],
        "consents": mail_held.consents_of(session, subject.person_ids),
        "sign_ups": mail_held.sign_ups(subject.sign_ups),
        "bounces": mail_held.bounces_of(session, subject.person_ids),
        "cases": [_case(case) for case in subject.cases],
        "mails": [
            _mail(row) for row in session.scalars(select(Outbox).where(is_mail_of(subject)).order_by(Outbox.created_at))
        ],
        "local_mailbox": [
            {"received_at": _shown(row.received_at), "message": row.message.decode(errors="replace")}
            for row in session.scalars(select(LocalMail).where(LocalMail.recipient == subject.email))
        ],
        "links": [
            _columns(row, purpose="purpose", created_at="created_at", expires_at="expires_at", used_at="used_at")
            for row in session.scalars(select(Token).where(*_belongs(Token, subject)).order_by(Token.created_at))
        ],
        "visits": [
            _columns(row, opened_at="created_at", last_seen_at="last_seen_at")
            for row in session.scalars(select(PortalSession).where(*_belongs(PortalSession, subject)))
        ],
    }


def awards_of(session: Session, subject: Subject) -> Sequence[Award]:
    return session.scalars(select(Award).where(Award.person_id.in_(subject.person_ids)).order_by(Award.issued_at)).all()


def award_of(session: Session, subject: Subject, number: str) -> Award:
    """The certificate with this number, if it is this person's; NotFound for anybody else's."""
    mine = select(Award).where(Award.person_id.in_(subject.person_ids), Award.number == read_number(number))
    award = session.scalar(mine)
    if award is None:
        raise NotFound(_("There is no certificate with this number."))
    return award


def _holder(session: Session, subject: Subject) -> Document:
    person = subject.person
    hidden = session.get(Restriction, person.id) if person else None
    return {
        "email": subject.email,
        "language": person.language if person else None,
        "since": _shown(person.created_at) if person else None,
        "hidden_since": _shown(hidden.restricted_at) if hidden else None,
    }


def _certificate(session: Session, award: Award, settings: Settings) -> Document:
    course, revision = session.get_one(Course, award.course_id), session.get_one(Revision, award.revision_id)
    revoked = session.get(Revocation, award.number)
    page = settings.link(f"/verify/{show_number(award.number)}")
    return {
        **_columns(award, version="version", first_name="first_name", last_name="last_name"),
        **_columns(award, issued_at="issued_at", expires_on="expires_on", facts="record", renewal="renewal"),
        "number": show_number(award.number),
        "standing": str(awards.standing(session, award.number).word),
        "title": revision.title,
        "course": course.slug,
        "revision": revision.number,
        "revoked_on": _shown(revoked.revoked_on) if revoked else None,
        "reason": revoked.reason if revoked else None,
        "replaced_versions": [
            _columns(row, version="version", replaced_on="replaced_on", facts="record")
            for row in session.scalars(select(ReplacedVersion).where(ReplacedVersion.number == award.number))
        ],
        "links": {"page": page, "pdf": f"{page}.pdf"},
        "credential": json.loads(stored_credential(session, award.number) or "null"),
        **_stamp(session, award),
        "progress": _progress(session, award.enrolment_id),
    }


def _stamp(session: Session, award: Award) -> Document:
    stamp = session.get(TimeStamp, award.number)
    return {
        "time_stamp": b64encode(stamp.token).decode() if stamp else None,
        "stamped_at": _shown(stamp.stamped_at) if stamp else None,
    }


def _progress(session: Session, enrolment_id: UUID) -> Document | None:
    """The enrolment behind a certificate; None once it was deleted for its age."""
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None:
        return None
    lessons = session.scalars(select(LessonDone).where(LessonDone.enrolment_id == enrolment_id))
    attempts = session.scalars(select(Attempt).where(Attempt.enrolment_id == enrolment_id).order_by(Attempt.started_at))
    return {
        **_columns(enrolment, started_at="created_at", last_active_at="last_active_at", place="place"),
        **_columns(enrolment, extra_time="extra_time"),
        "requirements": enrolment.requirements,
        "started_with_revision": session.get_one(Revision, enrolment.started_revision_id).number,
        "lessons": [_columns(row, lesson="lesson_id", done_at="done_at") for row in lessons],
        "attempts": [_attempt(session, attempt) for attempt in attempts],
    }


def _attempt(session: Session, attempt: Attempt) -> Document:
    answers = session.scalars(
        select(Answer).where(Answer.attempt_id == attempt.id).order_by(Answer.answered_at, Answer.question_id)
    )
    quiz = session.get(Quiz, (attempt.revision_id, attempt.quiz_id))
    return {
        **_columns(attempt, quiz="quiz_id", started_at="started_at", ends_at="ends_at", handed_in_at="handed_in_at"),
        "title": quiz.title if quiz else None,
        **_columns(attempt, score="score", percent="percent", passed="passed"),
        "revision": session.get_one(Revision, attempt.revision_id).number,
        # Which questions, not the questions themselves: they hold the key, and belong to the course.
        "questions": [question.get("id") for question in attempt.questions],
        "answers": [
            _columns(row, question="question_id", given="given", share="share", answered_at="answered_at")
            for row in answers
        ],
    }


def _claim(session: Session, claim: Claim) -> Document:
    revision = session.get_one(Revision, claim.revision_id)
    return {
        **_columns(claim, first_name="first_name", last_name="last_name", email="email", language="language"),
        **_columns(claim, created_at="created_at", expires_at="expires_at"),
        **mail_held.wishes(claim),
        "course": session.get_one(Course, revision.course_id).slug,
        "title": revision.title,
    }


def _case(case: PrivacyCase) -> Document:
    return {
        **_columns(case, number="number", kind="kind", contact="contact", language="language"),
        **_columns(case, opened_at="opened_at", due_on="due_on", closed_at="closed_at", outcome="outcome"),
        "certificate": show_number(case.certificate) if case.certificate else None,
    }


def is_mail_of(subject: Subject) -> ColumnElement[bool]:
    """Whether an outbox row is a mail to this address."""
    return or_(
        Outbox.person_id.in_(subject.person_ids),
        Outbox.claim_id.in_(subject.claim_ids),
        Outbox.sign_up_id.in_(subject.sign_up_ids),
        Outbox.award_id.in_(select(Award.id).where(Award.person_id.in_(subject.person_ids))),
        Outbox.address == subject.email,
    )


def _mail(row: Outbox) -> Document:
    return {
        **_columns(row, kind="kind", language="language", address="address", created_at="created_at"),
        **_columns(row, sent_at="sent_at", next_try_at="next_try_at", given_up_at="parked_at"),
        **_columns(row, tries="tries", last_error="last_error"),
    }


def _belongs(table: type[Token] | type[PortalSession], subject: Subject) -> tuple[Any, ...]:
    return (
        or_(
            table.person_id.in_(subject.person_ids),
            table.claim_id.in_(subject.claim_ids),
            table.sign_up_id.in_(subject.sign_up_ids),
        ),
    )


def _columns(row: object, **names: str) -> Document:
    """Columns of `row` under the names they have in data.json."""
    return {name: _shown(getattr(row, column)) for name, column in names.items()}


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
