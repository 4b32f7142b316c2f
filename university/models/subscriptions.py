"""What people subscribed to, with the proof of it, and mail that came back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from university.models.tables import Table, cascading, new_id, one_of

TOPICS = ("product_updates", "subprocessor_changes", "status_updates", "newsletter")
CONSENT_METHODS = ("claim", "sign_up", "portal")
WAYS_OUT = ("link", "one_click", "mail", "portal", "objection", "never_mail", "case", "bounce", "complaint")


class Consent(Table):
    """The proof that somebody wanted one topic: which words were agreed to, when, how, and when that ended.

    Only ever added to (a trigger sees to it): the one thing that may still be written is the end, once.
    """

    __tablename__ = "consent"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = cascading("person.id")
    topic: Mapped[str] = mapped_column(String(24))
    wording_version: Mapped[str] = mapped_column(String(10))
    wording_sha256: Mapped[str] = mapped_column(String(64))
    # Of the privacy statement in force when it was given; older proofs have none.
    statement_sha256: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    given_at: Mapped[datetime]
    method: Mapped[str] = mapped_column(String(10))
    confirmed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(index=True)
    withdrawn_through: Mapped[str | None] = mapped_column(String(12))

    __table_args__ = (
        one_of("topic", TOPICS),
        one_of("method", CONSENT_METHODS),
        # One live consent per topic; any number that ended.
        Index(
            "ix_consent_live",
            "person_id",
            "topic",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class SignUp(Table):
    """An address that wants topics only, until it is confirmed or 24 hours have passed."""

    __tablename__ = "sign_up"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    # consents.giving.Given: topics, words, moment.
    wishes: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Suppression(Table):
    """An address that asked never to be mailed again, as a keyed hash of it."""

    __tablename__ = "suppression"

    address_hmac: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_on: Mapped[date]


class Bounce(Table):
    """A mail to this person came back for good, or was called unwanted."""

    __tablename__ = "bounce"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = cascading("person.id", index=True)
    kind: Mapped[str] = mapped_column(String(10))
    # The three digits of the answer, or the three numbers of the enhanced code.
    code: Mapped[str | None] = mapped_column(String(12))
    received_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (one_of("kind", ("bounce", "complaint")),)


class Campaign(Table):
    """One mail about one topic to everybody who wants that topic. What became of it is kept as counts only."""

    __tablename__ = "campaign"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    topic: Mapped[str] = mapped_column(String(24))
    created_at: Mapped[datetime]
    # From this moment on nothing of it changes any more.
    sent_off_at: Mapped[datetime | None]
    recipients: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
    # Left out at the last moment: no consent any more.
    left_out: Mapped[int] = mapped_column(default=0)
    given_up: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (one_of("topic", TOPICS),)


class CampaignText(Table):
    """The words of a campaign in one language, as Markdown."""

    __tablename__ = "campaign_text"

    campaign_id: Mapped[UUID] = cascading("campaign.id", primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    subject: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
