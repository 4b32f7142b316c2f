"""Whatever opens an account is changed: every other browser is out, and this one goes on under a new id."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import delete, select

from tests import crew
from tests.conftest import only_on
from tests.post_office import send_all
from tests.staff.soft_authenticator import SoftAuthenticator
from university import clock
from university.access import STAFF
from university.accounts import factors, passwords, sessions
from university.app import create_app
from university.database import Database
from university.models import FULL, RateLimit, StaffMember, StaffPasskey, StaffSession
from university.settings import Settings

MINE, THEIRS = "/staff/account", "/staff/accounts"
SEED = b"0" * 20
PASSWORD = "four lighthouses on a rock"
NEW_PASSWORD = {"current_password": PASSWORD, "password": "seven seas and one map"}


@dataclass
class Office:
    client: TestClient[Any]
    database: Database
    settings: Settings
    grace: crew.Here

    def post(self, path: str, **fields: str) -> Response:
        return self.client.post(path, data=fields)


def make_passkey(office: Office) -> Response:
    asked = office.post(f"{MINE}/passkeys/question").json()
    return office.post(f"{MINE}/passkeys", credential=SoftAuthenticator().make(asked))


def remove_passkey(office: Office) -> Response:
    with office.database.writing() as session:
        passkey = StaffPasskey(
            staff_id=office.grace.id,
            credential_id=b"1",
            public_key=b"",
            sign_count=0,
            label="?",
            created_at=clock.now(),
        )
        session.add(passkey)
    return office.post(f"{MINE}/passkeys/{passkey.id}/remove")


def set_authenticator(office: Office) -> Response:
    page = office.client.get(f"{MINE}/authenticator")
    letters = re.findall(r'class="code letters">([A-Z2-7 ]+)<', page.text)[0]
    fields = {**crew.hidden_fields(page, f"{MINE}/password"), "code": crew.code_of_letters(letters)}
    return office.client.post(f"{MINE}/password", data=fields, headers={"x-csrf-token": fields["csrf_token"]})


def change_address(office: Office) -> Response:
    office.post(f"{MINE}/address", email="grace@example.net")
    link = re.findall(r"/staff/account/address/uni_[A-Za-z0-9_-]{43}", send_all(office.database, office.settings)[-1])
    return office.post(link[0])


def joined_again(office: Office) -> Response:
    """The link that an owner made, followed: the account begins anew."""
    link = re.findall(r"/staff/invitations/uni_[A-Za-z0-9_-]{43}", send_all(office.database, office.settings)[-1])
    return office.post(link[0], name="Grace")


OWN: dict[str, Callable[[Office], Response]] = {
    f"POST {MINE}/passkeys": make_passkey,
    f"POST {MINE}/passkeys/{{passkey_id}}/remove": remove_passkey,
    f"POST {MINE}/password": lambda office: office.post(f"{MINE}/password", **NEW_PASSWORD),
    f"GET {MINE}/authenticator": set_authenticator,
    f"POST {MINE}/recovery-codes": lambda office: office.post(f"{MINE}/recovery-codes"),
    f"POST {MINE}/address/{{token}}": change_address,
}
OF_OWNERS: dict[str, Callable[[Office], Response]] = {
    f"POST {THEIRS}/{{staff_id}}/roles": lambda office: office.post(
        f"{THEIRS}/{office.grace.id}/roles", roles="publisher"
    ),
    f"POST {THEIRS}/{{staff_id}}/disable": lambda office: office.post(f"{THEIRS}/{office.grace.id}/disable"),
    f"POST {THEIRS}/{{staff_id}}/enable": lambda office: office.post(f"{THEIRS}/{office.grace.id}/enable"),
    f"POST {THEIRS}/{{staff_id}}/reset": lambda office: office.post(f"{THEIRS}/{office.grace.id}/reset"),
}
# These change nothing that opens an account.
HARMLESS = {
    *(f"POST {MINE}/name", f"POST {MINE}/address", f"POST {MINE}/passkeys/question", f"POST {THEIRS}"),
    *(f"POST {MINE}/devices/sign-out", f"POST {MINE}/devices/{{public_id}}/sign-out"),
}


@pytest.fixture
def office(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """At an address with a name: passkeys want one."""
    crew.hash_quickly(monkeypatch)
    named = settings.model_copy(update={"base_url": "http://localhost:8000"})
    with TestClient(create_app(named), base_url=named.base_url) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        client.follow_redirects = False
        grace = crew.sign_in(client, database, "grace", **crew.typed_factors(settings, PASSWORD, SEED))
        yield Office(client, database, named, grace)


def is_signed_in(office: Office, secret: str) -> bool:
    with office.database.reading() as session:
        return sessions.find(session, secret) is not None


def test_every_act_about_an_account_is_in_one_of_the_tables() -> None:
    acts = {route for route in STAFF if route.startswith((f"POST {MINE}", f"POST {THEIRS}"))}
    assert acts == {route for route in (*OWN, *OF_OWNERS) if route.startswith("POST")} | HARMLESS


@only_on("sqlite")
def test_whatever_opens_an_account_is_changed_and_all_other_sign_ins_end(office: Office) -> None:
    for route, act in OWN.items():
        elsewhere = crew.sign_in(office.client, office.database, "grace")
        olga = crew.sign_in(office.client, office.database, "olga")
        here = crew.sign_in(office.client, office.database, "grace")
        assert act(office).status_code in (200, 303), route
        renewed = office.client.cookies["s"]
        assert not is_signed_in(office, elsewhere.secret), route
        assert not is_signed_in(office, here.secret), f"{route} keeps the id of this browser"
        assert is_signed_in(office, renewed), route
        assert is_signed_in(office, olga.secret), f"{route} signs a colleague out"


@only_on("sqlite")
def test_whatever_an_owner_changes_about_an_account_ends_its_sign_ins(office: Office) -> None:
    for route, act in OF_OWNERS.items():
        with office.database.writing() as session:
            session.execute(delete(RateLimit))
            grace = sessions.begin(session, session.get_one(StaffMember, office.grace.id), level=FULL, device="?")
        olga = crew.sign_in(office.client, office.database, "olga")
        assert act(office).status_code in (200, 303), route
        assert not is_signed_in(office, grace.secret), route
        assert is_signed_in(office, olga.secret), route
    assert joined_again(office).status_code == 303
    with office.database.reading() as session:
        of_grace = select(StaffSession).where(StaffSession.staff_id == office.grace.id)
        assert len(session.scalars(of_grace).all()) == 1, "and the new one is the only one"


@only_on("sqlite")
def test_new_recovery_codes_stand_on_a_page_whose_forms_work(office: Office) -> None:
    office.client.headers.pop("x-csrf-token")
    shown = office.post(f"{MINE}/recovery-codes", csrf_token=office.grace.csrf)
    tokens = [str(one["value"]) for one in BeautifulSoup(shown.text, "html.parser").select("[name=csrf_token]")]
    assert office.post("/staff/sign-out", csrf_token=tokens[0]).headers["location"] == "/staff/sign-in"


def test_a63_an_act_under_a_sign_in_that_ends_meanwhile_is_undone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever took the browser over cannot be a moment faster than the sign-out."""

    def check_slowly(*values: Any, **named: Any) -> Any:
        with office.database.writing() as session:
            session.execute(delete(StaffSession))
        return check(*values, **named)

    check = factors.check
    monkeypatch.setattr(factors, "check", check_slowly)
    assert office.post(f"{MINE}/password", **NEW_PASSWORD).status_code == 409
    with office.database.reading() as session:
        kept = session.get_one(StaffMember, office.grace.id)
        assert session.scalars(select(StaffSession)).all() == []
    assert passwords.fits(PASSWORD, kept.password_hash)
