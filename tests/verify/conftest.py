"""Ada's certificate with everything a certificate can say, and every way it can stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from certificates import Certificate, Course as CourseFacts, Holder, IssuedBy, Skill, digest_of, make_number
from tests.cast import make_course, make_enrolment, make_person, make_revision
from university import clock
from university.database import Database
from university.models import Award, Course, ReplacedVersion, Revocation, Tombstone

OUTCOMES = (
    "Draw the trust boundaries of a system",
    "Rank threats and choose a measure for each",
    "Say what an attacker gains from a weak default",
)


@dataclass(frozen=True)
class Standings:
    """One number per standing."""

    valid: str
    expired: str
    replaced: str
    revoked: str
    withdrawn: str
    unknown: str

    def of(self, word: str) -> str:
        return str(getattr(self, word))


@pytest.fixture
def standings(database: Database) -> Standings:
    """Six numbers; `replaced` is the number of a certificate that is at version 2."""
    with database.writing() as session:
        course = make_course(session, "secure-design", "Secure design")
        today = clock.now().date()
        numbers = {
            "valid": award(session, course).number,
            "expired": award(session, course, expires_on=today - timedelta(days=1)).number,
            "replaced": replaced(session, course),
            "revoked": revoked(session, course),
            "withdrawn": withdrawn(session),
        }
        course.revision_id = make_revision(session, course, "Secure design", number=7).id
    return Standings(**numbers, unknown=make_number())


def award(
    session: Session, course: Course, *, version: int = 1, number: str | None = None, expires_on: date | None = None
) -> Award:
    """Ada's certificate for this course; the numbers of the cast's people never repeat."""
    certificate = full_certificate(number or make_number(), version, expires_on)
    enrolment = make_enrolment(session, course)
    row = Award(
        number=certificate.number,
        version=version,
        person_id=make_person(session, f"ada-{certificate.number.lower()}@example.org").id,
        course_id=course.id,
        revision_id=enrolment.started_revision_id,
        enrolment_id=enrolment.id,
        first_name=certificate.holder.first_name,
        last_name=certificate.holder.last_name,
        record=certificate.record(),
        issued_at=certificate.issued_at,
        expires_on=expires_on,
    )
    session.add(row)
    session.flush()
    return row


def replaced(session: Session, course: Course) -> str:
    row = award(session, course, version=2)
    earlier: dict[str, Any] = full_certificate(row.number, 1).record()
    day = clock.now().date()
    session.add(ReplacedVersion(number=row.number, version=1, person_id=row.person_id, record=earlier, replaced_on=day))
    return row.number


def revoked(session: Session, course: Course) -> str:
    row = award(session, course)
    session.add(Revocation(number=row.number, revoked_on=clock.now().date(), reason="dishonest_exam"))
    return row.number


def withdrawn(session: Session) -> str:
    number = make_number()
    session.add(Tombstone(number_sha256=digest_of(number), withdrawn_on=clock.now().date()))
    return number


def full_certificate(number: str, version: int = 1, expires_on: date | None = None) -> Certificate:
    now = clock.now().replace(microsecond=0)
    return Certificate(
        number=number,
        version=version,
        issued_at=now - timedelta(days=40),
        version_at=now - timedelta(days=1) if version > 1 else None,
        expires_on=expires_on,
        design="compass-1",
        holder=Holder("Ada", "van den Berg"),
        course=CourseFacts(
            slug="secure-design",
            title="Secure design",
            certificate_title="Secure design of software",
            revision=5,
            revision_sha256="0" * 64,
            language="en",
            hours=6.5,
            ects=0.25,
            level="introductory",
            eqf=4,
            summary="Find and remove weaknesses before code is written.",
            outcomes=OUTCOMES,
            skills=(Skill("Threat modelling", "https://skills.example.org/threats"), Skill("Least privilege")),
            pass_mark=70,
        ),
        issuer=IssuedBy(
            "Example University", "http://127.0.0.1:8000", signatory_name="Olga Owner", signatory_role="Dean"
        ),
    )
