"""Mails to be sent, and the mailbox of a development machine."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from university.models.tables import Table, cascading, new_id

_WAITING = text("sent_at IS NULL AND parked_at IS NULL")


class Outbox(Table):
    """A mail to be written and sent. It holds no text: subject, body, link and recipient are made when it is sent."""

    __tablename__ = "outbox"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[UUID | None] = cascading("person.id", index=True)
    claim_id: Mapped[UUID | None] = cascading("claim.id", index=True)
    award_id: Mapped[UUID | None] = cascading("award.id", index=True)
    sign_up_id: Mapped[UUID | None] = cascading("sign_up.id", index=True)
    campaign_id: Mapped[UUID | None] = cascading("campaign.id")
    # Only for an answer to an address about which nothing is held; the row is deleted when that mail leaves.
    address: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    # The three digits of the server's answer, or a word of a closed list; never its text.
    last_error: Mapped[str | None] = mapped_column(String(20))

    __table_args__ = (
        UniqueConstraint("kind", "award_id"),
        # A campaign reaches nobody twice.
        UniqueConstraint("campaign_id", "person_id"),
        # What was sent stays for a week; whoever looks for the next mail must not step over all of it.
        Index("ix_outbox_waiting", "next_try_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )


class LocalMail(Table):
    """A mail in the local mailbox of a development machine, where no mail server is set."""

    __tablename__ = "local_mail"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    received_at: Mapped[datetime]
    message: Mapped[bytes] = mapped_column(LargeBinary)
