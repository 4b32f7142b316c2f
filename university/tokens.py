"""Links that work once: 256 random bits in a mail, known to the database by their hash only.

Opening such a link looks at it; only a POST uses it. Using is one statement, so that of any number of tries at the
same moment exactly one succeeds.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from university import clock
from university.errors import Gone, NotFound
from university.keys.secret_hashes import hashed
from university.language import gettext as _, marked
from university.models import Token

CLAIM = "claim"
SIGN_UP = "sign_up"
PORTAL = "portal"

_INSTEAD = {
    CLAIM: marked("If you pressed its button, your certificate is issued: the mail after this one has its address."),
    PORTAL: marked("Ask for a new one; that takes a minute."),
}

# A fixed form, prefix and 43 characters, lets a log scrubber recognise a token wherever it turns up.
_PREFIXES = {CLAIM: "unc_", SIGN_UP: "unc_", PORTAL: "unp_"}


def make(
    session: Session,
    purpose: str,
    *,
    claim_id: UUID | None = None,
    sign_up_id: UUID | None = None,
    person_id: UUID | None = None,
    lifetime: timedelta,
) -> str:
    """A new token for one claim, sign-up or person. The text goes into a mail and is kept nowhere."""
    text = _PREFIXES[purpose] + secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        Token(
            sha256=hashed(text),
            purpose=purpose,
            claim_id=claim_id,
            sign_up_id=sign_up_id,
            person_id=person_id,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return text


def look(session: Session, purpose: str, text: str) -> Token:
    """The token, unchanged. NotFound if there is none for this purpose, Gone if it was used or has expired."""
    found = session.scalar(
        select(Token)
        .where(Token.sha256 == hashed(text), Token.purpose == purpose)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(_("This link is not one of ours. Please copy it again from the mail."))
    if found.used_at is not None:
        raise already_used(purpose)
    if found.expires_at <= clock.now():
        raise Gone(_("This link has expired. Ask for a new one; that takes a minute."))
    return found


def use(session: Session, purpose: str, text: str) -> Token:
    """Uses the token up; of parallel tries one succeeds, the others meet Gone. Otherwise refuses like `look`."""
    now = clock.now()
    used = session.scalar(
        update(Token)
        .where(
            Token.sha256 == hashed(text),
            Token.purpose == purpose,
            Token.used_at.is_(None),
            Token.expires_at > now,
        )
        .values(used_at=now)
        .returning(Token)
        .execution_options(populate_existing=True)
    )
    if used is None:
        look(session, purpose, text)
        raise already_used(purpose)
    return used


def already_used(purpose: str) -> Gone:
    """Most who meet it open an old mail once more: the sentence says where what they look for is."""
    used = _("This link was already used, and it works only once.")
    return Gone(f"{used} {_(_INSTEAD[purpose])}" if purpose in _INSTEAD else used)
