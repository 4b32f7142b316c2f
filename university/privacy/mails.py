"""The mails of this slice: the link to “My data”, or that nothing is held."""

from __future__ import annotations

from sqlalchemy.orm import Session

from university import limits, tokens
from university.language import gettext as _
from university.mailing.mail import Later, Letter, Writer
from university.models import Outbox
from university.rights import held
from university.rights.portal import LINK_LIFETIME, MAIL
from university.settings import Settings


def write_my_data(session: Session, row: Outbox, settings: Settings) -> Letter | None:
    """The link, made now so that its minutes count from the sending; or that nothing is held about this address."""
    if row.address is None:
        return None
    wait = limits.by_everybody(settings, session, "portal")
    if wait:
        raise Later(wait)
    subject = held.find(session, row.address)
    if subject is None:
        return Letter(row.address, _("We hold nothing about your address"), "privacy/mail_nothing")
    if not held.owner_of(subject):
        values: dict[str, object] = {"cases": subject.cases}
        return Letter(row.address, _("What we hold about your address"), "privacy/mail_case", values)
    token = tokens.make(session, tokens.PORTAL, lifetime=LINK_LIFETIME, **held.owner_of(subject))
    values = {"link": settings.link(f"/privacy/my-data/{token}"), "minutes": LINK_LIFETIME.seconds // 60}
    return Letter(row.address, _("Your link to see your data"), "privacy/mail_link", values)


MAILS: dict[str, Writer] = {MAIL: write_my_data}
