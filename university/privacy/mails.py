"""The mails of this slice: the link to “My data”, the answer that nothing is held, and the receipt."""

from __future__ import annotations

import json
import logging
from uuid import uuid4

from jinja2 import Environment
from sqlalchemy.orm import Session

from university import limits, tokens
from university.language import gettext as _
from university.mail import Later, Letter, Undelivered, UnsafeLetter, Writer, compose, deliver
from university.models import Outbox
from university.privacy import held
from university.privacy.portal import LINK_LIFETIME, MAIL
from university.settings import Settings

log = logging.getLogger("university.mail")


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
    owner = {"person_id": subject.person.id} if subject.person else {"claim_id": subject.claims[0].id}
    token = tokens.make(session, tokens.PORTAL, lifetime=LINK_LIFETIME, **owner)
    values = {"link": settings.link(f"/privacy/my-data/{token}"), "minutes": LINK_LIFETIME.seconds // 60}
    return Letter(row.address, _("Your link to see your data"), "privacy/mail_link", values)


def send_receipt(email: str, receipt: str, receipt_id: str, settings: Settings, templates: Environment) -> None:
    """Mails the receipt once, from memory: the address is in no table any more. If it fails, it fails."""
    values = {"receipt": receipt, "page": settings.link(f"/privacy/receipt/{receipt_id}")}
    letter = Letter(email, _("Your data is deleted"), "privacy/mail_receipt", values)
    try:
        deliver(compose(letter, settings, templates, message_id=uuid4()), email, settings)
    except (Undelivered, UnsafeLetter) as failure:
        log.warning(json.dumps({"mail": "receipt", "fault": [type(failure).__name__]}))


MAILS: dict[str, Writer] = {MAIL: write_my_data}
