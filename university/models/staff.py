"""Who works here: members of staff, the factors they sign in with, and the browsers they are signed in on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from university.models.tables import Table, cascading, new_id, one_of

EDITOR, PUBLISHER, PRIVACY_OFFICER, OWNER = ROLES = ("editor", "publisher", "privacy_officer", "owner")
STATES = ("active", "disabled")
CHALLENGES = ("register", "sign_in", "step_up")

# Strength of a session: at the beginning of an account nothing but setting up factors is open.
SETTING_UP, FULL = 1, 2


class StaffMember(Table):
    """An account. The id is random: it is what the audit log knows a member by, and leads nowhere once the row is
    gone, 30 days after disabling."""

    __tablename__ = "staff_member"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    # Words of ROLES.
    roles: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(10), default="active")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    # argon2id
    password_hash: Mapped[str | None] = mapped_column(String(160))
    # AES-256-GCM under the key of the ring that totp_key names; the seed counts once a code of it was shown.
    totp_seed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_key: Mapped[str | None] = mapped_column(String(20))
    # The step of the last code that was accepted: no code works twice.
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    totp_confirmed_at: Mapped[datetime | None]

    __table_args__ = (one_of("state", STATES),)


class StaffSession(Table):
    """A browser on which somebody is signed in, known by the hash of its cookie."""

    __tablename__ = "staff_session"

    id_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[UUID] = cascading("staff_member.id", index=True)
    # What lists and buttons call it: the hash stays out of pages.
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime] = mapped_column(index=True)
    auth_level: Mapped[int]
    auth_at: Mapped[datetime]
    csrf_secret: Mapped[str] = mapped_column(String(64))
    # Browser and system in words of a closed list.
    device: Mapped[str] = mapped_column(String(40))


class StaffPasskey(Table):
    __tablename__ = "staff_passkey"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = cascading("staff_member.id", index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class StaffRecoveryCode(Table):
    """One of ten codes on paper, as argon2id. The first two characters say which hash to check."""

    __tablename__ = "staff_recovery_code"

    staff_id: Mapped[UUID] = cascading("staff_member.id", primary_key=True)
    start: Mapped[str] = mapped_column(String(2), primary_key=True)
    hash: Mapped[str] = mapped_column(String(160))
    used_at: Mapped[datetime | None]


class StaffInvitation(Table):
    """A link that makes an account, or gives one its factors anew; known by its hash. No address: the first owner."""

    __tablename__ = "staff_invitation"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Of the same invitation's link in a mail, which is made when the mail is written: the first one is known to nobody.
    mailed_sha256: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    roles: Mapped[list[Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class StaffAddressChange(Table):
    """A new address that waits for a word from its mailbox. The link is known by its hash, once its mail is written."""

    __tablename__ = "staff_address_change"

    staff_id: Mapped[UUID] = cascading("staff_member.id", primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class StaffChallenge(Table):
    """What a passkey is asked to sign, once, within five minutes; known by its hash."""

    __tablename__ = "staff_challenge"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    staff_id: Mapped[UUID | None] = cascading("staff_member.id", index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (one_of("purpose", CHALLENGES),)
