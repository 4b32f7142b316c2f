"""Mails about certificates. The one to an address nobody has confirmed yet holds no word that anybody typed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import show_number
from university import clock, limits, tokens
from university.awarding.versions import is_renewable
from university.consents.giving import Given, live_topics
from university.consents.wording import label
from university.language import gettext as _
from university.mailing.mail import Later, Letter, Writer, warn_of_flood
from university.models import Award, Claim, Outbox, Person, Revision
from university.settings import Settings

REISSUED = "reissued"


def write_confirmation(session: Session, row: Outbox, settings: Settings) -> Letter | None:
    """Asks whether the address is right. Whoever has this very certificate already is told where it is instead."""
    claim = session.get(Claim, row.claim_id) if row.claim_id else None
    if claim is None or claim.expires_at <= clock.now():
        return None
    same = select(Award).join(Person).where(Person.email == claim.email, Award.revision_id == claim.revision_id)
    known = session.scalar(same.order_by(Award.renewal.desc()).limit(1))
    if known and not is_renewable(known, clock.now().date()):
        values = {**_links(known, settings), **_lost_topics(session, claim, known, settings)}
        return Letter(claim.email, _("You have this certificate already"), "claims/mail_known", values)
    wait = limits.by_everybody(settings, session, "claim")
    if wait:
        warn_of_flood(wait)
        raise Later(wait)
    token = tokens.make(session, tokens.CLAIM, claim_id=claim.id, lifetime=claim.expires_at - clock.now())
    revision = session.get_one(Revision, claim.revision_id)
    return Letter(
        claim.email,
        _("Confirm your address for your certificate"),
        "claims/mail_confirm",
        {
            "course": revision.title,
            "course_language": revision.language,
            "link": settings.link(f"/claims/confirm/{token}"),
        },
    )


def _lost_topics(session: Session, claim: Claim, known: Award, settings: Settings) -> dict[str, object]:
    """What was ticked beside a claim that will never be confirmed, and is not wanted already: nothing comes of it, and
    its reader is told so and where to ask for it."""
    ticked = Given.from_json(claim.wishes).topics if claim.wishes else ()
    wanted = live_topics(session, known.person_id)
    topics = [label(topic) for topic in ticked if topic not in wanted]
    return {"topics": topics, "subscriptions": settings.link("/subscriptions")}


def write_issued(session: Session, row: Outbox, settings: Settings) -> Letter | None:
    award = session.get(Award, row.award_id) if row.award_id else None
    person = session.get(Person, row.person_id) if row.person_id else None
    if award is None or person is None:
        return None
    return Letter(person.email, _("Here is your certificate"), "claims/mail_issued", _links(award, settings))


def write_newer(session: Session, row: Outbox, settings: Settings) -> Letter | None:
    """About the next version of a certificate: with another name, or issued anew as it was."""
    award = session.get(Award, row.award_id) if row.award_id else None
    person = session.get(Person, row.person_id) if row.person_id else None
    if award is None or person is None:
        return None
    is_reissued = row.kind == REISSUED
    values = {**_links(award, settings), "my_data": settings.link("/privacy/my-data"), "is_reissued": is_reissued}
    if not award.first_name:
        return Letter(person.email, _("Please give your name again"), "claims/mail_nameless", values)
    subject = _("Your certificate is issued anew") if is_reissued else _("Your certificate is corrected")
    return Letter(person.email, subject, "claims/mail_corrected", values)


def _links(award: Award, settings: Settings) -> dict[str, object]:
    number = show_number(award.number)
    page = settings.link(f"/verify/{number}")
    return {
        "first_name": award.first_name,
        "course": award.record["course"]["title"],
        "course_language": award.record["course"]["language"],
        "number": number,
        "page": page,
        "pdf": f"{page}.pdf",
    }


MAILS: dict[str, Writer] = {
    "confirm": write_confirmation,
    "issued": write_issued,
    "corrected": write_newer,
    REISSUED: write_newer,
}
