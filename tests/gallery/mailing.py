"""Mail on topics for the gallery: a campaign under way, one being written, and every page behind a link in a mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy.orm import Session

from tests import cast
from university import clock, tokens
from university.keys.keyring import open_keyring
from university.mailing.links import never_token, topic_token
from university.mailing.mail import enqueue
from university.models import Campaign, CampaignText
from university.settings import Settings

READERS = 3
ENGLISH = """# Rivers in winter

A new course begins on Monday: **how ice shapes a river**, in five short lessons. It is free, as all of them are.

## What is in it

- why the middle of a river freezes last
- reading a bank like a diary
- what a thaw does to a village downstream

[See the course](https://example.org/courses/ice), or write to us: we read everything.

> “I will never look at a puddle the same way.” A learner of last year
"""
DUTCH = ENGLISH.replace("# Rivers in winter", "# Rivieren in de winter")


def prepare_mail(session: Session, settings: Settings) -> dict[str, str]:
    """Addresses of what was made, by what it shows."""
    ada = cast.make_person(session)
    for topic in ("newsletter", "status_updates"):
        cast.make_consent(session, ada, topic)
    cast.make_consent(session, ada, "product_updates", withdrawn_at=clock.now(), withdrawn_through="link")
    for n in range(READERS):
        cast.make_consent(session, cast.make_person(session, f"reader{n}@example.org"))
    sent, draft = _campaign(session), _campaign(session)
    enqueue(session, "campaign", language="en", person_id=ada.id, campaign_id=sent.id)
    sent.sent_off_at, sent.recipients, sent.sent, sent.left_out = clock.now(), 4210, 1730, 12
    waiting = cast.make_sign_up(session, "grace@example.org", "newsletter", "status_updates")
    enqueue(session, "confirm_topics", language="nl", sign_up_id=waiting.id)
    keyring = open_keyring(settings)
    token = tokens.make(session, tokens.SIGN_UP, sign_up_id=waiting.id, lifetime=timedelta(hours=1))
    return {
        "campaign sent": f"/campaigns/{sent.id}",
        "campaign draft": f"/campaigns/{draft.id}",
        "confirm topics": f"/subscriptions/confirm/{token}",
        "unsubscribe": f"/subscriptions/unsubscribe/{topic_token(keyring, ada.mail_ref, 'newsletter', ada.email)}",
        "never": f"/subscriptions/never/{never_token(keyring, 'nobody@example.org')}",
    }


def mail_scenes(pages: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Name, address, and who of the staff looks."""
    yield "subscriptions", "/subscriptions", ""
    yield "subscriptions-sent", "/subscriptions/sent", ""
    yield "subscriptions-confirm", pages["confirm topics"], ""
    yield "subscriptions-confirmed", "/subscriptions/confirmed", ""
    yield "unsubscribe", pages["unsubscribe"], ""
    yield "unsubscribe-damaged", pages["unsubscribe"][:-1], ""
    yield "never", pages["never"], ""
    yield "campaigns", "/campaigns", "olga"
    yield "campaign-draft", pages["campaign draft"], "olga"
    yield "campaign-last-question", f"{pages['campaign draft']}/send", "olga"
    yield "campaign-sent", pages["campaign sent"], "olga"


def _campaign(session: Session) -> Campaign:
    campaign = Campaign(topic="newsletter", created_at=clock.now())
    session.add(campaign)
    session.flush()
    for code, subject, body in (("en", "Rivers in winter", ENGLISH), ("nl", "Rivieren in de winter", DUTCH)):
        session.add(CampaignText(campaign_id=campaign.id, language=code, subject=subject, body=body))
    return campaign
