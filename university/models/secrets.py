"""Links that work once, browsers that may see somebody's data, rate limits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from university.models.tables import Table, cascading, one_of

ONE_SUBJECT = " + ".join(
    f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in ("person_id", "claim_id", "sign_up_id")
)
ONE_SUBJECT += " = 1"


class Token(Table):
    """A single-use secret sent by mail, known by its hash. Used up by one UPDATE; GET never touches it."""

    __tablename__ = "token"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    claim_id: Mapped[UUID | None] = mapped_column(index=True)
    sign_up_id: Mapped[UUID | None] = mapped_column(index=True)
    person_id: Mapped[UUID | None] = cascading("person.id", index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (one_of("purpose", ("claim", "sign_up", "portal")),)


class PortalSession(Table):
    """A browser that may see for a short while what is held about one address, known by the hash of its cookie.

    The address is that of a person, or of a claim or sign-up while nobody has confirmed it yet.
    """

    __tablename__ = "portal_session"

    secret_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID | None] = cascading("person.id", index=True)
    claim_id: Mapped[UUID | None] = cascading("claim.id", index=True)
    sign_up_id: Mapped[UUID | None] = cascading("sign_up.id", index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    __table_args__ = (CheckConstraint(ONE_SUBJECT, name="one_subject"),)


class RateLimit(Table):
    """Generic cell rate algorithm: the theoretical arrival time per keyed hash of who is limited."""

    __tablename__ = "rate_limit"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Seconds since 1970.
    arrival: Mapped[float]
