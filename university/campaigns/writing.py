"""A campaign from its first draft to the moment it is sent off; after that it is read only, and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from university import clock
from university.accounts.signed_in import SignedIn
from university.campaigns.forms import Draft
from university.chains import audit
from university.database import after_commit
from university.errors import NotFound, Refused
from university.language import gettext as _
from university.mailing.mail import enqueue, something_to_send
from university.models import Campaign, CampaignText, Consent, Outbox, Person, Restriction, StaffMember

MAIL, TEST_MAIL = "campaign", "campaign_test"
_AT_ONCE = 1000


@dataclass(frozen=True)
class Figures:
    """What became of a campaign, as counts only; pages round them, see `small_numbers`."""

    recipients: int
    sent: int
    left_out: int
    given_up: int

    @property
    def waiting(self) -> int:
        return max(0, self.recipients - self.sent - self.left_out - self.given_up)

    @property
    def twentieths_done(self) -> int:
        """As far as a bar may tell it."""
        return 20 * (self.recipients - self.waiting) // (self.recipients or 1) if self.waiting else 20


def newest(session: Session) -> list[tuple[Campaign, str, Figures]]:
    """Every campaign with the subject it is known by, the newest first."""
    campaigns = session.scalars(select(Campaign).order_by(Campaign.created_at.desc())).all()
    return [(one, next((text.subject for text in texts_of(session, one)), ""), figures(one)) for one in campaigns]


def find(session: Session, campaign_id: str, *, locked: bool = False) -> Campaign:
    try:
        found = session.get(Campaign, UUID(campaign_id), with_for_update=locked)
    except ValueError:
        found = None
    if found is None:
        raise NotFound(_("There is no page at this address."))
    return found


def texts_of(session: Session, campaign: Campaign) -> Sequence[CampaignText]:
    of_this = select(CampaignText).where(CampaignText.campaign_id == campaign.id)
    return session.scalars(of_this.order_by(CampaignText.language)).all()


def figures(campaign: Campaign) -> Figures:
    return Figures(campaign.recipients, campaign.sent, campaign.left_out, campaign.given_up)


def begin(session: Session, topic: str) -> Campaign:
    campaign = Campaign(topic=topic, created_at=clock.now())
    session.add(campaign)
    session.flush()
    return campaign


def is_newer(campaign: Campaign, version: int) -> bool:
    """Whether it was changed since somebody saw it in this version. Refuses one that was sent off."""
    _must_be_open(campaign)
    return campaign.version != version


def write(session: Session, campaign: Campaign, draft: Draft) -> None:
    """Puts the draft in the place of what was written before."""
    _must_be_open(campaign)
    campaign.topic, campaign.version = draft.topic, campaign.version + 1
    session.execute(delete(CampaignText).where(CampaignText.campaign_id == campaign.id))
    for language, (subject, body) in draft.texts.items():
        session.add(CampaignText(campaign_id=campaign.id, language=language, subject=subject, body=body))
    session.flush()


def send_test(session: Session, campaign: Campaign, staff: SignedIn) -> None:
    """One mail in each language to whoever asked for it, and to nobody else."""
    address = session.get_one(StaffMember, staff.id).email
    for text in texts_of(session, campaign):
        enqueue(session, TEST_MAIL, language=text.language, campaign_id=campaign.id, address=address)


def count_recipients(session: Session, topic: str) -> int:
    return session.scalar(select(func.count()).select_from(_recipients(topic).subquery())) or 0


def send_off(session: Session, campaign: Campaign, staff: SignedIn) -> int:
    """Puts one mail for everybody who wants the topic now into the outbox; whether each still wants it is read again
    when it is sent. Returns how many."""
    _must_be_open(campaign)
    if not texts_of(session, campaign):
        raise Refused(_("Please write the mail first."))
    now = clock.now()
    rows = [
        {
            "kind": MAIL,
            "language": language,
            "person_id": person_id,
            "campaign_id": campaign.id,
            "created_at": now,
            "next_try_at": now,
            "tries": 0,
        }
        for person_id, language in session.execute(_recipients(campaign.topic))
    ]
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(insert(Outbox), rows[start : start + _AT_ONCE])
    campaign.sent_off_at, campaign.recipients = now, len(rows)
    after_commit(session, something_to_send.set)
    audit.record(
        session,
        actor="staff",
        staff_id=staff.id,
        action="send_campaign",
        object_kind="campaign",
        object_ref=campaign.id,
    )
    return len(rows)


def discard(session: Session, campaign: Campaign) -> None:
    _must_be_open(campaign)
    session.delete(campaign)


def _recipients(topic: str) -> Select[UUID, str]:
    wants = (Consent.topic == topic, Consent.withdrawn_at.is_(None))
    is_restricted = exists().where(Restriction.person_id == Person.id)
    return select(Person.id, Person.language).join(Consent).where(*wants, ~is_restricted)


def _must_be_open(campaign: Campaign) -> None:
    if campaign.sent_off_at:
        raise Refused(_("This mail was sent off already. What is in a mailbox cannot be changed any more."))
