"""The people who work here: Grace writes courses, Pia publishes them, Priya answers for personal data, Olga owns all.

def test_grace_may_write(client, grace): ...          # `grace` has signed `client` in, see tests/conftest.py
crew.sign_in(client, database, "olga")               # the same by hand, also one after another
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest
from argon2 import PasswordHasher
from bs4 import BeautifulSoup
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from university import clock
from university.accounts import codes, passwords, sessions
from university.database import Database
from university.keys.keyring import open_keyring
from university.models import EDITOR, FULL, OWNER, PRIVACY_OFFICER, PUBLISHER, StaffMember
from university.settings import Settings

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
    here = Here(member.id, begun.secret, begun.csrf)
    be(client, here)
    return here


def be(client: TestClient[Any], here: Here) -> None:
    """The browser of somebody who signed in before."""
    sign_out(client)
    host = client.base_url.host
    # As the jar itself files what the server sets.
    client.cookies.set("s", here.secret, domain=host if "." in host else f"{host}.local", path="/")
    client.headers["x-csrf-token"] = here.csrf


def sign_out(client: TestClient[Any]) -> None:
    """Forgets the cookie and the token, as another browser would not have them."""
    for cookie in [cookie for cookie in client.cookies.jar if cookie.name == "s"]:
        client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    client.headers.pop("x-csrf-token", None)


def typed_factors(settings: Settings, password: str, seed: bytes) -> dict[str, Any]:
    """Columns of a member with a password and an authenticator."""
    identity, keyring = uuid4(), open_keyring(settings)
    return {
        "id": identity,
        "password_hash": passwords.hash_of(password),
        "totp_seed": codes.seal(keyring, identity, seed),
        "totp_key": codes.SEED_KEY,
        "totp_confirmed_at": clock.now(),
    }


def code_of(seed: bytes, steps: int = 0) -> str:
    """What an authenticator shows now, or so many half minutes from now."""
    return pyotp.TOTP(base64.b32encode(seed).decode()).generate_otp(int(clock.now().timestamp()) // 30 + steps)


def hidden_fields(page: Response, action: str) -> dict[str, str]:
    """What the form on this page would send by itself."""
    found = BeautifulSoup(page.text, "html.parser").select_one(f'main form[action="{action}"]')
    assert found, f"no form to {action}"
    return {str(one["name"]): str(one["value"]) for one in found.select("input[type=hidden]")}


def hash_quickly(patch: pytest.MonkeyPatch) -> None:
    """For tests that hash much and are about something else: argon2id still, with the least memory it takes."""
    patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def code_of_letters(letters: str) -> str:
    """What an authenticator shows now whose seed was typed in letters."""
    return pyotp.TOTP(letters.replace(" ", "")).at(clock.now())
