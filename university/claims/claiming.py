"""From a passed course to a certificate: a claim that waits for its address, and the award once that is confirmed."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from certificates import DESIGN, Certificate, Course, Skill, digest_of, make_holder, make_number
from university import clock, limits, tokens
from university.awarding.claim_making import make_claim
from university.awarding.credentialing import issue_credential
from university.awarding.issuing import issued_by
from university.awarding.versions import is_renewable
from university.chains import audit
from university.claims.forms import ClaimForm
from university.consents.giving import Given, count_from_now
from university.errors import Refused
from university.keys.keyring import KeyRing
from university.language import gettext as _
from university.learning.enrolments import Passed
from university.mailing.mail import enqueue
from university.models import Award, Claim, Enrolment, Person, Revision, Tombstone
from university.retention import CLAIM_LIFETIME
from university.rights.persons import confirmed_person
from university.settings import Settings
from university.turns import take_turn


def award_of(session: Session, enrolment: Enrolment) -> Award | None:
    """The certificate that was issued for this progress already."""
    return session.scalar(select(Award).where(Award.enrolment_id == enrolment.id))


def request_certificate(
    session: Session, settings: Settings, passed: Passed, asked: ClaimForm, given: Given | None, language: str
) -> None:
    """Keeps the claim and asks its address for confirmation. Nothing in what this does tells whether the address is
    known, or whether it was asked too often; a corrected name counts even when no new mail is due. So do the topics
    `given`, which count once the address is confirmed."""
    may_be_mailed = limits.by_address(settings, session, "claim", asked.email)
    claim = session.scalar(
        select(Claim).where(Claim.enrolment_id == passed.enrolment.id, Claim.email == asked.email).with_for_update()
    )
    if claim is None and may_be_mailed:
        claim = make_claim(
            session,
            enrolment_id=passed.enrolment.id,
            attempt_id=passed.attempt.id if passed.attempt else None,
            revision_id=passed.revision.id,
            first_name=asked.first_name,
            last_name=asked.last_name,
            email=asked.email,
            language=language,
        )
    if claim is None:
        return
    claim.first_name, claim.last_name = asked.first_name, asked.last_name
    claim.wishes = given.to_json() if given else None
    if may_be_mailed:
        claim.expires_at = clock.now() + CLAIM_LIFETIME
        enqueue(session, "confirm", language=language, claim_id=claim.id)


def revision_of_claim(session: Session, token: str) -> Revision:
    """What the certificate behind a confirmation link will be about. Changes nothing; refuses like the link itself."""
    claim = _waiting_claim(session, tokens.look(session, tokens.CLAIM, token).claim_id)
    return session.get_one(Revision, claim.revision_id)


def claim_certificate(session: Session, keyring: KeyRing, settings: Settings, token: str) -> Award:
    """Uses the link up and issues: award, credential, audit line and mail in the caller's transaction, or nothing.

    Whoever has the certificate for this course and revision gets that one again. Of any number of confirmations at
    the same moment one issues; the others meet Gone.
    """
    claim = _waiting_claim(session, tokens.look(session, tokens.CLAIM, token).claim_id)
    # Erasing an address takes the same turn: whoever comes second sees what the first has left.
    take_turn(session, f"address {claim.email}")
    claim = _waiting_claim(session, tokens.use(session, tokens.CLAIM, token).claim_id)
    session.execute(select(Enrolment.id).where(Enrolment.id == claim.enrolment_id).with_for_update())
    person = confirmed_person(session, claim.email, claim.language)
    if claim.wishes:
        count_from_now(session, person, Given.from_json(claim.wishes), "claim")
    award = _awarded_before(session, person, claim)
    if award is None or _may_be_renewed_by(claim, award):
        award = _issue(session, keyring, settings, person, claim, renewal=award.renewal + 1 if award else 0)
    session.execute(delete(Claim).where(Claim.enrolment_id == claim.enrolment_id))
    return award


def _waiting_claim(session: Session, claim_id: UUID | None) -> Claim:
    """The claim as it is now; Gone when it was confirmed, withdrawn or given up meanwhile."""
    claim = session.scalar(select(Claim).where(Claim.id == claim_id).execution_options(populate_existing=True))
    if claim is None:
        raise tokens.already_used(tokens.CLAIM)
    return claim


def _awarded_before(session: Session, person: Person, claim: Claim) -> Award | None:
    """The award this person has for the same course and revision. One for the same progress but another person
    ends the matter: one exam passed makes one certificate."""
    same = (Award.person_id == person.id) & (Award.revision_id == claim.revision_id)
    asked = select(Award).where(or_(same, Award.enrolment_id == claim.enrolment_id))
    awards = session.scalars(asked.order_by(Award.renewal.desc())).all()
    if any(award.person_id != person.id for award in awards):
        raise Refused(_("A certificate was already issued for this progress, and there is one for each."))
    return next(iter(awards), None)


def _may_be_renewed_by(claim: Claim, award: Award) -> bool:
    """Whether the exam was passed once more for a certificate that is at its end, or soon will be."""
    return award.enrolment_id != claim.enrolment_id and is_renewable(award, clock.now().date())


def _issue(session: Session, keyring: KeyRing, settings: Settings, person: Person, claim: Claim, renewal: int) -> Award:
    revision = session.execute(select(Revision.course_id, Revision.facts).where(Revision.id == claim.revision_id)).one()
    certificate = certificate_for(claim, revision.facts, settings, _free_number(session))
    award = Award(
        number=certificate.number,
        version=certificate.version,
        person_id=person.id,
        course_id=revision.course_id,
        revision_id=claim.revision_id,
        enrolment_id=claim.enrolment_id,
        renewal=renewal,
        first_name=claim.first_name,
        last_name=claim.last_name,
        record=certificate.record(),
        issued_at=certificate.issued_at,
        expires_on=certificate.expires_on,
    )
    session.add(award)
    session.flush()
    issue_credential(session, keyring, settings, award, person.email)
    enqueue(session, "issued", language=claim.language, person_id=person.id, award_id=award.id)
    audit.record(session, actor="holder", action="issue", object_kind="award", object_ref=award.id)
    return award


def certificate_for(claim: Claim, facts: Mapping[str, Any], settings: Settings, number: str) -> Certificate:
    """The certificate as it will be frozen, from the facts of the claim's revision and this moment."""
    issued_at = clock.now().replace(microsecond=0)
    course = {
        **facts["course"],
        "outcomes": tuple(facts["course"]["outcomes"]),
        "skills": tuple(Skill(**skill) for skill in facts["course"]["skills"]),
    }
    months = facts["certificate"]["valid_months"]
    return Certificate(
        number=number,
        version=1,
        issued_at=issued_at,
        expires_on=months_after(issued_at.date(), months) if months else None,
        design=DESIGN,
        holder=make_holder(claim.first_name, claim.last_name, course["language"]),
        course=Course(**course),
        issuer=issued_by(settings),
    )


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _free_number(session: Session) -> str:
    """A number that no certificate has and none ever had."""
    while True:
        number = make_number()
        is_used = exists().where(Award.number == number)
        was_used = exists().where(Tombstone.number_sha256 == digest_of(number))
        if not session.scalar(select(or_(is_used, was_used))):
            return number
