"""Second factors that are typed: codes of an authenticator (RFC 6238), and ten recovery codes on paper."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from university import clock
from university.accounts import passwords
from university.keys.keyring import KeyRing
from university.models import StaffMember, StaffRecoveryCode

SEED_BYTES = 20
STEP_SECONDS = 30
STEPS_APART = 1
SEED_KEY = "totp-1"
NONCE_BYTES = 12

RECOVERY_CODES = 10
RECOVERY_LENGTH = 16
START = 2


@dataclass(frozen=True)
class Shown:
    """A code that was right: the step of the authenticator, or the start of a recovery code. Not yet used up."""

    step: int | None = None
    start: str | None = None


# ---- the authenticator


def new_seed() -> bytes:
    return secrets.token_bytes(SEED_BYTES)


def seal(keyring: KeyRing, member_id: UUID, seed: bytes) -> bytes:
    """The seed as it is kept: AES-256-GCM under a key of the ring, tied to its member."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(keyring.secret(SEED_KEY)).encrypt(nonce, seed, member_id.bytes)


def open_seed(keyring: KeyRing, member_id: UUID, sealed: bytes, key: str = SEED_KEY) -> bytes:
    """Raises InvalidTag, or ValueError for what is too short, for anything `seal` did not make for this member."""
    return AESGCM(keyring.secret(key)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], member_id.bytes)


def step_of(seed: bytes, code: str, now: datetime) -> int | None:
    """The step within one of the present one whose code this is, or None."""
    totp = pyotp.TOTP(base64.b32encode(seed).decode())
    present = int(now.timestamp()) // STEP_SECONDS
    typed = re.sub(r"\s", "", code)
    for step in range(present - STEPS_APART, present + STEPS_APART + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            return step
    return None


def address_for_authenticator(seed: bytes, email: str, site_name: str) -> str:
    """otpauth://…, for a QR code or to be opened on the same machine."""
    return pyotp.TOTP(base64.b32encode(seed).decode()).provisioning_uri(name=email, issuer_name=site_name)


def letters_of(seed: bytes) -> str:
    """The seed to be typed where no picture can be scanned: base32 in groups of four."""
    letters = base64.b32encode(seed).decode()
    return " ".join(letters[place : place + 4] for place in range(0, len(letters), 4))


# ---- recovery codes


def replace_recovery_codes(session: Session, member_id: UUID, hashed: dict[str, str]) -> None:
    """The whole set at once: the old codes are over."""
    session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.staff_id == member_id))
    session.add_all(StaffRecoveryCode(staff_id=member_id, start=start, hash=hash_) for start, hash_ in hashed.items())


def make_recovery_codes() -> tuple[list[str], dict[str, str]]:
    """Ten codes to be written down, and the hash of each by its start. Hashing takes about a second."""
    codes: dict[str, str] = {}
    while len(codes) < RECOVERY_CODES:
        code = base64.b32encode(secrets.token_bytes(10)).decode()
        codes.setdefault(code[:START], code)
    return [spaced(code) for code in codes.values()], {start: passwords.hash_of(code) for start, code in codes.items()}


def spaced(code: str) -> str:
    return "-".join(code[place : place + 4] for place in range(0, RECOVERY_LENGTH, 4))


def recovery_codes_left(session: Session, member_id: UUID) -> int:
    left = select(func.count()).where(StaffRecoveryCode.staff_id == member_id, StaffRecoveryCode.used_at.is_(None))
    return session.scalar(left) or 0


# ---- both


def look(session: Session, keyring: KeyRing, member: StaffMember | None, typed: str) -> Shown | None:
    """Which unused code of this member was typed. Changes nothing; the same work when there is no member."""
    code = re.sub(r"[\s-]", "", typed).upper()
    if len(code) == RECOVERY_LENGTH:
        row = session.get(StaffRecoveryCode, (member.id, code[:START])) if member else None
        known = row.hash if row and row.used_at is None else None
        return Shown(start=code[:START]) if passwords.fits(code, known) else None
    has_authenticator = member is not None and member.totp_confirmed_at is not None
    seed = _seed_of(keyring, member) if member and has_authenticator else new_seed()
    step = step_of(seed, code, clock.now())
    is_new = step is not None and member is not None and step > (member.totp_last_step or 0)
    return Shown(step=step) if has_authenticator and is_new else None


def _seed_of(keyring: KeyRing, member: StaffMember) -> bytes:
    """The member's seed; one nobody has where the key ring is not the one it was sealed with."""
    try:
        return open_seed(keyring, member.id, member.totp_seed or b"", member.totp_key or SEED_KEY)
    except (InvalidTag, ValueError):
        return new_seed()


def use_up(session: Session, member_id: UUID, shown: Shown) -> bool:
    """Of any number of tries with one code at the same moment one succeeds."""
    if shown.start is not None:
        used = (
            update(StaffRecoveryCode)
            .where(StaffRecoveryCode.staff_id == member_id, StaffRecoveryCode.start == shown.start)
            .where(StaffRecoveryCode.used_at.is_(None))
            .values(used_at=clock.now())
            .returning(StaffRecoveryCode.start)
        )
        return session.scalar(used) is not None
    last = StaffMember.totp_last_step
    stepped = (
        update(StaffMember)
        .where(StaffMember.id == member_id, or_(last.is_(None), last < shown.step))
        .values(totp_last_step=shown.step)
        .returning(StaffMember.id)
    )
    return session.scalar(stepped) is not None
