"""Progress on another device: a link and a code that work once, and a recovery code to print.

Progress hangs on the secret in one cookie, and the database knows that secret by its hash only. So what leads another
browser to it must bring the secret along: it is kept sealed, with the link or the code as the key, and whoever holds
the database alone can open none of them.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from university import clock
from university.devices.codes import GROUP, make_code, show_code
from university.errors import Gone, NotFound
from university.keys.secret_hashes import hashed
from university.language import gettext as _
from university.models import Enrolment, HandOver

DEVICE, RECOVERY = "device", "recovery"
DEVICE_LIFETIME = timedelta(minutes=15)
RECOVERY_LIFETIME = timedelta(days=400)
DEVICE_GROUPS, RECOVERY_GROUPS = 4, 6
MOST_TRIES = 5
_PREFIX = "und_"


@dataclass(frozen=True)
class Made:
    """What the learner takes along. It is shown once and kept nowhere; `token` is empty for a recovery code."""

    token: str
    code: str
    expires_at: datetime


def make_device_link(session: Session, secret: str) -> Made:
    """A link and a code for the same purpose: the first to be used ends both. A new pair ends the one before."""
    _end_of(session, secret, DEVICE)
    token = _PREFIX + secrets.token_urlsafe(32)
    return _make(session, secret, DEVICE, DEVICE_GROUPS, DEVICE_LIFETIME, token)


def make_recovery_code(session: Session, secret: str) -> Made:
    """A code that works for as long as the cookie would, however often. A new one ends the one before."""
    _end_of(session, secret, RECOVERY)
    return _make(session, secret, RECOVERY, RECOVERY_GROUPS, RECOVERY_LIFETIME, "")


def recovery_made_at(session: Session, secret: str) -> datetime | None:
    """When the present recovery code of this progress was made, if there is one."""
    mine = select(HandOver.created_at).where(
        HandOver.secret_sha256 == hashed(secret), HandOver.purpose == RECOVERY, HandOver.expires_at > clock.now()
    )
    return session.scalar(mine)


def look(session: Session, token: str) -> HandOver:
    """What the link leads to, unchanged. NotFound if it is none of ours, Gone once used or expired."""
    found = session.scalar(select(HandOver).where(HandOver.token_sha256 == hashed(token)))
    if found is None:
        raise NotFound(_("This link is not one of ours. Please copy it again from your other device."))
    return _usable(found)


def take_by_link(session: Session, token: str) -> str:
    """Uses the link up; answers the secret of the progress it leads to. Refuses like `look`."""
    locked = select(HandOver).where(HandOver.token_sha256 == hashed(token)).with_for_update()
    found = session.scalar(locked.execution_options(populate_existing=True))
    return _secret(session, _usable(found), token, found.sealed_by_token) if found else _unknown()


def take_by_code(session: Session, code: str) -> str | None:
    """The secret of the progress that this canonical code leads to; None, and one try less, when it leads to none.

    Its first group finds it, the other ones prove it: so wrong tries can be counted against the right code.
    """
    locked = select(HandOver).where(HandOver.place == code[:GROUP], HandOver.expires_at > clock.now())
    for found in session.scalars(locked.with_for_update()):
        if found.used_at is None and found.tries < MOST_TRIES:
            if secrets.compare_digest(found.code_sha256, hashed(code)):
                return _secret(session, found, code, found.sealed_by_code)
            found.tries += 1
    return None


def progress_behind(session: Session, handed: HandOver) -> Sequence[Enrolment]:
    """The courses that come along, the one used last first."""
    mine = select(Enrolment).where(Enrolment.secret_sha256 == handed.secret_sha256)
    return session.scalars(mine.order_by(Enrolment.last_active_at.desc())).all()


def _make(session: Session, secret: str, purpose: str, groups: int, lifetime: timedelta, token: str) -> Made:
    code, now = make_code(groups), clock.now()
    row = HandOver(
        purpose=purpose,
        secret_sha256=hashed(secret),
        token_sha256=hashed(token) if token else None,
        place=code[:GROUP],
        code_sha256=hashed(code),
        sealed_by_token=_sealed(secret, token) if token else "",
        sealed_by_code=_sealed(secret, code),
        tries=0,
        created_at=now,
        expires_at=now + lifetime,
    )
    session.add(row)
    session.flush()
    return Made(token, show_code(code), row.expires_at)


def _end_of(session: Session, secret: str, purpose: str) -> None:
    session.execute(delete(HandOver).where(HandOver.secret_sha256 == hashed(secret), HandOver.purpose == purpose))


def _usable(found: HandOver) -> HandOver:
    if found.used_at is not None:
        raise Gone(_("This link was already used, and it works only once."))
    if found.expires_at <= clock.now():
        raise Gone(_("This link has expired. Make a new one on your other device; that takes a moment."))
    return found


def _unknown() -> str:
    raise NotFound(_("This link is not one of ours. Please copy it again from your other device."))


def _secret(session: Session, found: HandOver, key: str, sealed: str) -> str:
    """Opens the seal. A link and its code are used up by that, a recovery code is not."""
    secret = _unsealed(sealed, key)
    if not session.scalar(select(exists().where(Enrolment.secret_sha256 == found.secret_sha256))):
        raise Gone(_("The progress this leads to was deleted."))
    used = {"used_at": clock.now(), "sealed_by_token": "", "sealed_by_code": ""} if found.purpose == DEVICE else {}
    session.execute(update(HandOver).where(HandOver.id == found.id).values(tries=0, **used))
    return secret


def _key(text: str) -> bytes:
    """Of at least 100 random bits, so one round is enough; the prefix keeps it apart from the digest that is kept."""
    return hashlib.sha256(b"seal of a hand-over:" + text.encode()).digest()


def _sealed(secret: str, key: str) -> str:
    nonce = secrets.token_bytes(12)
    return urlsafe_b64encode(nonce + AESGCM(_key(key)).encrypt(nonce, secret.encode(), None)).decode()


def _unsealed(sealed: str, key: str) -> str:
    content = urlsafe_b64decode(sealed)
    return AESGCM(_key(key)).decrypt(content[:12], content[12:], None).decode()
