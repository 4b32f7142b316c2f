"""The last mail a person gets: the receipt of the deletion."""

from __future__ import annotations

import json
import logging
from uuid import uuid4

from jinja2 import Environment

from university.language import gettext as _
from university.mailing.mail import Letter, Undelivered, UnsafeLetter, compose, deliver
from university.settings import Settings

log = logging.getLogger("university.mailing.mail")


def send_receipt(email: str, receipt: str, receipt_id: str, settings: Settings, templates: Environment) -> None:
    """Mails the receipt once, from memory: the address is in no table any more. If it fails, it fails."""
    values = {
        "receipt": receipt,
        "page": settings.link(f"/privacy/receipt/{receipt_id}"),
        "reader": settings.link("/privacy/receipt"),
    }
    letter = Letter(email, _("Your data is deleted"), "deletion/mail_receipt", values)
    try:
        deliver(compose(letter, settings, templates, message_id=uuid4()), email, settings)
    except (Undelivered, UnsafeLetter) as failure:
        log.warning(json.dumps({"mail": "receipt", "fault": [type(failure).__name__]}))
