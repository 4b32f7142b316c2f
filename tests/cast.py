"""The cast as rows: what the journeys would have made, for tests that are about something else."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import Certificate, Course as CourseFacts, Holder, IssuedBy, make_number
from tests.sample_course import sample_folder
from university import clock
from university.consents.giving import Given
from university.consents.wording import PRESENT, wording
from university.course_folders import Folder
from university.database import Database
from university.drafting.drafts import import_folder
from university.keys.keyring import KeyRing
from university.keys.secret_hashes import hashed
from university.models import (
    Answer,
    Attempt,
    Award,
    Bounce,
    Claim,
    Consent,
    Course,
    Enrolment,
    Lesson,
    LessonDone,
    Person,
    PrivacyCase,
    Quiz,
    ReplacedVersion,
    Revision,
    Revocation,
    SignUp,
)
from university.revisions.publishing import publish
from university.rights.statements import digest, in_force
from university.settings import Settings

ADA = ("Ada", "Lovelace", "ada@example.org")
NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)


def of_ada_in(text: str) -> list[str]:
    """What of Ada stands in this text. Her first name counts as a word only: some thousand random links have one that
    holds its three letters."""
    return [word for word in ADA if re.search(word if len(word) > 3 else rf"\b{word}\b", text)]


def make_course(session: Session, slug: str = "analytical-engines", title: str = "Analytical engines") -> Course:
    """A published course with one revision."""
    course = Course(slug=slug, status="published", created_at=NOON)
    session.add(course)
    session.flush()
    course.revision_id = make_revision(session, course, title).id
    session.flush()
    return course


def make_revision(session: Session, course: Course, title: str = "Analytical engines", number: int = 1) -> Revision:
    revision = Revision(
        course_id=course.id,
        number=number,
        sha256=hashlib.sha256(f"{course.slug} {number}".encode()).hexdigest(),
        published_at=NOON,
        title=title,
        summary="How a machine can weave algebra.",
        language="en",
        page={},
        facts={},
        search_text=title,
    )
    session.add(revision)
    session.flush()
    return revision


def make_enrolment(session: Session, course: Course, *, passed: bool = True) -> Enrolment:
    """A learner who did one lesson and one exam: passed like Ada, or not like Ben."""
    enrolment = Enrolment(
        secret_sha256=uuid4().hex * 2,
        course_id=course.id,
        started_revision_id=course.revision_id,
        requirements={},
        created_at=NOON,
        last_active_at=NOON,
    )
    session.add(enrolment)
    session.flush()
    session.add(LessonDone(enrolment_id=enrolment.id, lesson_id="engines", done_at=NOON))
    make_attempt(session, enrolment, passed=passed)
    return enrolment


def make_attempt(session: Session, enrolment: Enrolment, *, passed: bool = True) -> Attempt:
    attempt = Attempt(
        enrolment_id=enrolment.id,
        revision_id=enrolment.started_revision_id,
        quiz_id="exam",
        questions=[],
        started_at=NOON,
        ends_at=NOON + timedelta(hours=1),
        handed_in_at=NOON + timedelta(minutes=30),
        score="1/1" if passed else "0/1",
        percent=100 if passed else 0,
        passed=passed,
    )
    session.add(attempt)
    session.flush()
    session.add(Answer(attempt_id=attempt.id, question_id="q1", given={"option": "a"}, answered_at=NOON))
    session.flush()
    return attempt


def make_person(session: Session, email: str = ADA[2], language: str = "en") -> Person:
    """The person with this address, made if there is none."""
    found = session.scalar(select(Person).where(Person.email == email))
    if found:
        return found
    person = Person(email=email, language=language, created_at=NOON)
    session.add(person)
    session.flush()
    return person


def make_claim(session: Session, course: Course | None = None, **changes: Any) -> Claim:
    """Ada's claim, waiting for its address to be confirmed."""
    course = course or make_course(session, slug=f"course-{uuid4().hex[:8]}")
    return make_claim_of(session, make_enrolment(session, course), **changes)


def make_claim_of(session: Session, enrolment: Enrolment, email: str = ADA[2], **changes: Any) -> Claim:
    """A claim for the certificate of this very progress."""
    attempt = session.scalar(select(Attempt).where(Attempt.enrolment_id == enrolment.id))
    values: dict[str, Any] = {
        "first_name": ADA[0],
        "last_name": ADA[1],
        "email": email,
        "language": "en",
        "created_at": datetime.now(UTC),
        "expires_at": datetime.now(UTC) + timedelta(hours=24),
    }
    claim = Claim(
        enrolment_id=enrolment.id,
        attempt_id=attempt.id if attempt else None,
        revision_id=enrolment.started_revision_id,
        **{**values, **changes},
    )
    session.add(claim)
    session.flush()
    return claim


def make_award(
    session: Session,
    person: Person | None = None,
    course: Course | None = None,
    *,
    first_name: str = ADA[0],
    last_name: str = ADA[1],
    number: str | None = None,
    expires_on: date | None = None,
) -> Award:
    """Ada's certificate, or that of another person, with the enrolment behind it."""
    person = person or make_person(session)
    course = course or make_course(session, slug=f"course-{uuid4().hex[:8]}")
    enrolment = make_enrolment(session, course)
    certificate = make_certificate(course, number or make_number(), first_name, last_name, expires_on)
    award = Award(
        number=certificate.number,
        version=1,
        person_id=person.id,
        course_id=course.id,
        revision_id=enrolment.started_revision_id,
        enrolment_id=enrolment.id,
        first_name=first_name,
        last_name=last_name,
        record=certificate.record(),
        issued_at=certificate.issued_at,
        expires_on=expires_on,
    )
    session.add(award)
    session.flush()
    return award


def make_consent(session: Session, person: Person, topic: str = "newsletter", **changes: Any) -> Consent:
    """This person's wish for one topic, given and confirmed in the words of today."""
    words = wording(topic, person.language)
    values: dict[str, Any] = {
        "given_at": NOON,
        "confirmed_at": NOON,
        "method": "sign_up",
        "language": words.language,
        "wording_version": words.version,
        "wording_sha256": words.sha256,
        "statement_sha256": digest(in_force(), words.language),
    }
    consent = Consent(person_id=person.id, topic=topic, **{**values, **changes})
    session.add(consent)
    session.flush()
    return consent


def make_sign_up(session: Session, email: str = ADA[2], *topics: str) -> SignUp:
    """A wish for topics that waits for its address to be confirmed."""
    given = Given(topics or ("newsletter",), PRESENT, "en", NOON)
    now = datetime.now(UTC)
    waiting = SignUp(
        email=email,
        language="en",
        wishes=given.to_json(),
        created_at=now,
        expires_at=now + timedelta(hours=24),
    )
    session.add(waiting)
    session.flush()
    return waiting


def make_bounce(session: Session, person: Person, kind: str = "bounce") -> Bounce:
    bounce = Bounce(person_id=person.id, kind=kind, code="5.1.1", received_at=datetime.now(UTC))
    session.add(bounce)
    session.flush()
    return bounce


def make_keyring(settings: Settings) -> KeyRing:
    """The installation's keys, made if there are none."""
    keyring = KeyRing(settings.data / "keys")
    keyring.make_certificate_keys(settings)
    return keyring


def make_replaced_version(session: Session, person_id: UUID) -> ReplacedVersion:
    """An earlier version of this person's first certificate."""
    award = session.scalars(select(Award).where(Award.person_id == person_id)).first()
    assert award is not None
    older = ReplacedVersion(
        number=award.number, version=0, person_id=person_id, record=award.record, replaced_on=NOON.date()
    )
    session.add(older)
    session.flush()
    return older


def make_case(session: Session, person: Person, kind: str = "objection") -> PrivacyCase:
    """A request of this person's that waits for its answer."""
    case = PrivacyCase(
        number=uuid4().hex[:9], kind=kind, person_id=person.id, opened_at=NOON, due_on=NOON.date() + timedelta(days=30)
    )
    session.add(case)
    session.flush()
    return case


def make_revocation(session: Session, award: Award, reason: str = "issued_in_error") -> Revocation:
    revocation = Revocation(number=award.number, revoked_on=NOON.date(), reason=reason)
    session.add(revocation)
    session.flush()
    return revocation


def names_of_claims(session: Session) -> list[str]:
    return list(session.scalars(select(Claim.last_name).order_by(Claim.last_name)))


def make_certificate(
    course: Course, number: str, first_name: str, last_name: str, expires_on: date | None = None
) -> Certificate:
    return Certificate(
        number=number,
        version=1,
        issued_at=NOON,
        expires_on=expires_on,
        design="classic",
        holder=Holder(first_name, last_name),
        course=CourseFacts(
            slug=course.slug,
            title="Analytical engines",
            certificate_title="Analytical engines",
            revision=1,
            revision_sha256="0" * 64,
            language="en",
            hours=2.0,
            outcomes=("Explain how a machine can weave algebra.",),
            pass_mark=70,
        ),
        issuer=IssuedBy("SelfGuide B.V.", "http://127.0.0.1:8000"),
    )


# Learners of a course that was really published


def publish_folder(database: Database, folder: Folder) -> Course:
    """The folder, imported and published."""
    with database.writing() as session:
        course = import_folder(session, folder)
        publish(session, course)
        return course


def publish_sample(database: Database, slug: str = "rivers", title: str = "Rivers") -> Course:
    """The sample course, open to learners; its certificate is enabled and asks for lessons, quizzes and the exam."""
    return publish_folder(database, sample_folder(slug, title))


def import_sample(database: Database, slug: str, title: str) -> Course:
    """The sample course as a draft that nobody published yet."""
    with database.writing() as session:
        return import_folder(session, sample_folder(slug, title))


def make_begun_enrolment(database: Database, course: Course, secret: str | None = None) -> str:
    """Ben's: begun, nothing done. Answers the secret for his browser's cookie `e`."""
    secret = secret or secrets.token_urlsafe(16)
    with database.writing() as session:
        _begin(session, course, secret)
    return secret


def make_passed_enrolment(database: Database, course: Course, secret: str | None = None) -> str:
    """Ada's: everything done that the certificate asks for. Answers the secret for her browser's cookie `e`."""
    secret = make_begun_enrolment(database, course, secret)
    pass_everything(database, secret)
    return secret


def pass_everything(database: Database, secret: str) -> None:
    """Reads every lesson and passes every quiz of the one course begun under this secret."""
    with database.writing() as session:
        enrolment = session.scalars(select(Enrolment).where(Enrolment.secret_sha256 == hashed(secret))).one()
        of_revision = enrolment.started_revision_id
        read = set(session.scalars(select(LessonDone.lesson_id).where(LessonDone.enrolment_id == enrolment.id)))
        for lesson_id in session.scalars(select(Lesson.lesson_id).where(Lesson.revision_id == of_revision)):
            if lesson_id not in read:
                session.add(LessonDone(enrolment_id=enrolment.id, lesson_id=lesson_id, done_at=clock.now()))
        for quiz_id in session.scalars(select(Quiz.quiz_id).where(Quiz.revision_id == of_revision, Quiz.kind != "pre")):
            session.add(_passed_attempt(enrolment, quiz_id))


def _begin(session: Session, course: Course, secret: str) -> Enrolment:
    assert course.revision_id is not None
    revision = session.get_one(Revision, course.revision_id)
    enrolment = Enrolment(
        secret_sha256=hashed(secret),
        course_id=course.id,
        started_revision_id=course.revision_id,
        requirements=dict(revision.page["requirements"]),
        created_at=clock.now(),
        last_active_at=clock.now(),
    )
    session.add(enrolment)
    session.flush()
    return enrolment


def _passed_attempt(enrolment: Enrolment, quiz_id: str) -> Attempt:
    now = clock.now()
    return Attempt(
        enrolment_id=enrolment.id,
        revision_id=enrolment.started_revision_id,
        quiz_id=quiz_id,
        questions=[],
        started_at=now - timedelta(minutes=20),
        ends_at=now + timedelta(hours=1),
        handed_in_at=now,
        score="1/1",
        percent=100,
        passed=True,
    )
