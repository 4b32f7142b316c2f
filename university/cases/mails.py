"""Mails about a privacy case: to whoever asked, and to those who answer. Neither holds a word that anybody typed."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from university.language import gettext as _
from university.mailing.mail import Letter, Writer
from university.models import Outbox, Person, PrivacyCase
from university.rights.cases import TO_STAFF, TO_THE_ASKER, open_cases
from university.settings import Settings


def write_to_the_asker(session: Session, row: Outbox, _settings: Settings) -> Letter | None:
    """The number and the last day of the newest case that awaits its answer at this address."""
    own = select(Person.id).where(Person.email == row.address).scalar_subquery()
    cases = select(PrivacyCase).where(or_(PrivacyCase.contact == row.address, PrivacyCase.person_id == own))
    case = session.scalars(cases.order_by(PrivacyCase.opened_at.desc()).limit(1)).first()
    if case is None or row.address is None:
        return None
    return Letter(row.address, _("We have your request"), "cases/mail_asked", {"case": case})


def write_to_staff(session: Session, row: Outbox, settings: Settings) -> Letter | None:
    waiting, page = open_cases(session), settings.link("/registry/cases")
    if row.address is None or not waiting:
        return None
    return Letter(
        row.address, _("A privacy request awaits an answer"), "cases/mail_opened", {"cases": waiting, "page": page}
    )


MAILS: dict[str, Writer] = {TO_THE_ASKER: write_to_the_asker, TO_STAFF: write_to_staff}
