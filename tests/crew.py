"""The people who work here: Grace writes courses, Pia publishes them, Priya answers for personal data, Olga owns all.

def test_grace_may_write(client, grace): ...          # `grace` has signed `client` in, see tests/conftest.py
crew.sign_in(client, database, "olga")               # the same by hand, also one after another
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyotp
from litestar.testing import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from university import clock
from university.accounts import sessions
from university.database import Database
from university.models import EDITOR, FULL, OWNER, PRIVACY_OFFICER, PUBLISHER, StaffMember

CAST: dict[str, tuple[str, str]] = {
    "grace": ("Grace", EDITOR),
    "pia": ("Pia", PUBLISHER),
    "priya": ("Priya", PRIVACY_OFFICER),
    "olga": ("Olga", OWNER),
}


@dataclass(frozen=True)
class Here:
    """A member who is signed in: the id of the account, the secret in the cookie, the token for forms."""

    id: UUID
    secret: str
    csrf: str


def make_member(session: Session, who: str, **changes: Any) -> StaffMember:
    """The account of one of the cast, made if there is none."""
    name, role = CAST[who]
    email = f"{who}@example.org"
    found = session.scalar(select(StaffMember).where(StaffMember.email == email))
    if found:
        return found
    values: dict[str, Any] = {"name": name, "email": email, "roles": [role], "created_at": clock.now(), **changes}
    member = StaffMember(**values)
    session.add(member)
    session.flush()
    return member


def sign_in(client: TestClient[Any], database: Database, who: str, **changes: Any) -> Here:
    """Signs the browser in as one of the cast, with a factor shown this moment. Its POSTs bring the token by header;
    what a form of a page would bring in the field `csrf_token` is `Here.csrf`."""
    with database.writing() as session:
        member = make_member(session, who, **changes)
        begun = sessions.begin(session, member, level=FULL, device="Firefox, Linux")
    client.cookies.set("s", begun.secret)
    client.headers["x-csrf-token"] = begun.csrf
    return Here(member.id, begun.secret, begun.csrf)


def sign_out(client: TestClient[Any]) -> None:
    """Forgets the cookie and the token, as another browser would not have them."""
    client.cookies.delete("s")
    client.headers.pop("x-csrf-token", None)


def code_of(seed: bytes) -> str:
    """What an authenticator shows now."""
    return pyotp.TOTP(base64.b32encode(seed).decode()).at(clock.now())
