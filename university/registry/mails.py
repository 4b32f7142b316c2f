"""The mail about a certificate that was taken back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from certificates import show_number
from university.awarding.reasons import sentence_of
from university.language import gettext as _
from university.mailing.mail import Letter, Writer
from university.models import Award, Outbox, Person, Revocation
from university.settings import Settings


def write_revoked(session: Session, row: Outbox, settings: Settings) -> Letter | None:
    award = session.get(Award, row.award_id) if row.award_id else None
    person = session.get(Person, row.person_id) if row.person_id else None
    revocation = session.get(Revocation, award.number) if award else None
    if award is None or person is None or revocation is None:
        return None
    number = show_number(award.number)
    course = award.record["course"]
    return Letter(
        person.email,
        _("Your certificate was taken back"),
        "registry/mail_revoked",
        {
            "course": course["title"],
            "course_language": course["language"],
            "number": number,
            "page": settings.link(f"/verify/{number}"),
            "reason": sentence_of(revocation.reason),
            "contact": settings.organisation_email,
        },
    )


MAILS: dict[str, Writer] = {"revoked": write_revoked}
