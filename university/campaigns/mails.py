"""One mail of a campaign, written at the last moment: only to somebody who still wants its topic."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.campaigns.mail_markdown import as_html, as_text
from university.campaigns.writing import MAIL, TEST_MAIL
from university.consents.giving import wants
from university.consents.wording import label
from university.keys.keyring import KeyRing, open_keyring
from university.language import current_language, direction
from university.mailing.links import NOBODY, topic_token
from university.mailing.mail import Letter, Writer
from university.models import Campaign, CampaignText, Outbox, Person
from university.settings import Settings


def write_campaign(session: Session, row: Outbox, settings: Settings) -> Letter | None:
    """None when the consent was withdrawn since the campaign was sent off."""
    campaign = session.get(Campaign, row.campaign_id) if row.campaign_id else None
    person = session.get(Person, row.person_id) if row.person_id else None
    if campaign is None or person is None or not wants(session, person.id, campaign.topic):
        return None
    keyring = open_keyring(settings)
    token = topic_token(keyring, person.mail_ref, campaign.topic, person.email)
    return letter_of(_texts(session, campaign), campaign, person.email, token, settings)


def write_test(session: Session, row: Outbox, settings: Settings) -> Letter | None:
    """The same mail to a member of staff; its link ends no topic."""
    campaign = session.get(Campaign, row.campaign_id) if row.campaign_id else None
    texts = _texts(session, campaign) if campaign else []
    if campaign is None or row.address is None or not texts:
        return None
    token = token_of_nobody(open_keyring(settings), campaign.topic, row.address)
    return letter_of(texts, campaign, row.address, token, settings)


def token_of_nobody(keyring: KeyRing, topic: str, recipient: str) -> str:
    return topic_token(keyring, NOBODY, topic, recipient)


def letter_of(
    texts: Sequence[CampaignText], campaign: Campaign, recipient: str, token: str, settings: Settings
) -> Letter:
    """In the language spoken now, or in the first one there is."""
    spoken = current_language()
    text = next((text for text in texts if text.language == spoken), texts[0])
    values = {
        "topic": label(campaign.topic),
        "text_language": text.language,
        "text_direction": direction(text.language),
        "html": as_html(text.body, settings.base_url),
        "text": as_text(text.body, settings.base_url),
    }
    return Letter(recipient, text.subject, "campaigns/mail_topic", values, unsubscribe=token)


def _texts(session: Session, campaign: Campaign) -> Sequence[CampaignText]:
    of_this = select(CampaignText).where(CampaignText.campaign_id == campaign.id)
    return session.scalars(of_this.order_by(CampaignText.language)).all()


MAILS: dict[str, Writer] = {MAIL: write_campaign, TEST_MAIL: write_test}
