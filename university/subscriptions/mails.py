"""The mail of this slice: is this address yours, and do you want these topics?"""

from __future__ import annotations

from sqlalchemy.orm import Session

from university import clock, limits, tokens
from university.consents.giving import Given
from university.consents.wording import label
from university.language import gettext as _
from university.mailing.mail import Later, Letter, Writer, warn_of_flood
from university.models import Outbox, SignUp
from university.settings import Settings
from university.subscriptions.signing_up import MAIL


def write_confirmation(session: Session, row: Outbox, settings: Settings) -> Letter | None:
    waiting = session.get(SignUp, row.sign_up_id) if row.sign_up_id else None
    if waiting is None or waiting.expires_at <= clock.now():
        return None
    wait = limits.by_everybody(settings, session, "subscribe")
    if wait:
        warn_of_flood(wait)
        raise Later(wait)
    lifetime = waiting.expires_at - clock.now()
    token = tokens.make(session, tokens.SIGN_UP, sign_up_id=waiting.id, lifetime=lifetime)
    values = {
        "topics": [label(topic) for topic in Given.from_json(waiting.wishes).topics],
        "link": settings.link(f"/subscriptions/confirm/{token}"),
    }
    return Letter(waiting.email, _("Confirm what you want to receive"), "subscriptions/mail_confirm", values)


MAILS: dict[str, Writer] = {MAIL: write_confirmation}
