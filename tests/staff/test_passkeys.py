"""A69: passkeys, and every answer that is not the one that was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from tests import crew
from tests.staff.soft_authenticator import PRESENT, SoftAuthenticator
from university import clock
from university.app import create_app
from university.database import Database
from university.models import StaffChallenge, StaffMember, StaffPasskey
from university.settings import Settings

IN = "/staff/sign-in/passkey"
MINE = "/staff/account/passkeys"


@pytest.fixture
def client(settings: Settings, database: Database) -> Iterator[TestClient]:
    """A browser at an address with a name: passkeys want one."""
    named = settings.model_copy(update={"base_url": "http://localhost:8000"})
    with TestClient(create_app(named), base_url=named.base_url) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        client.follow_redirects = False
        yield client


@pytest.fixture
def key(client: TestClient, database: Database) -> SoftAuthenticator:
    """Grace's passkey; she is signed in nowhere."""
    crew.sign_in(client, database, "grace")
    made = SoftAuthenticator()
    assert client.post(MINE, data={"credential": made.make(question(client, MINE))}).status_code == 303
    crew.sign_out(client)
    return made


def question(client: TestClient, place: str = IN) -> dict[str, Any]:
    asked: dict[str, Any] = client.post(f"{place}/question").json()
    return asked


def show(client: TestClient, answer: str, place: str = IN) -> int:
    return int(client.post(place, data={"credential": answer}).status_code)


def challenges(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(StaffChallenge)) or 0


def test_grace_signs_in_with_her_passkey_and_nothing_else(
    client: TestClient, database: Database, key: SoftAuthenticator
) -> None:
    asked = question(client)
    assert len(asked["challenge"]) == 43
    assert (asked["rpId"], asked["userVerification"], asked.get("allowCredentials", [])) == (
        "localhost",
        "required",
        [],
    )
    assert show(client, key.show(asked)) == 303
    assert "Grace" in client.get("/staff").text
    with database.reading() as session:
        kept = session.scalars(select(StaffPasskey)).one()
        assert (kept.sign_count, kept.last_used_at is not None) == (1, True)


Change = Callable[[SoftAuthenticator], SoftAuthenticator]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda key: replace(key, origin="http://localhost:9999"), id="another origin"),
        pytest.param(lambda key: replace(key, origin="https://evil.example"), id="another site"),
        pytest.param(lambda key: replace(key, rp_id="evil.example"), id="a key of another site"),
        pytest.param(lambda key: replace(key, flags=PRESENT), id="nobody verified the user"),
        pytest.param(lambda key: replace(key, flags=0), id="nobody there"),
        pytest.param(lambda key: replace(key, count=3), id="a lower count: a copy of the key"),
        pytest.param(lambda key: replace(key, user_handle=bytes(16)), id="for another user"),
        pytest.param(lambda key: replace(key, credential_id=bytes(16)), id="an unknown key"),
        pytest.param(lambda key: replace(key, key=SoftAuthenticator().key), id="signed by another key"),
    ],
)
def test_a69_an_answer_that_is_wrong_is_refused_and_uses_the_challenge_up(
    client: TestClient, database: Database, key: SoftAuthenticator, change: Change
) -> None:
    key.count = 8
    assert show(client, key.show(question(client))) == 303
    crew.sign_out(client)
    asked = question(client)
    assert show(client, change(key).show(asked)) == 401
    assert challenges(database) == 0
    assert show(client, key.show(asked)) == 401
    assert show(client, key.show(question(client))) == 303


def test_a69_no_answer_works_twice(client: TestClient, database: Database, key: SoftAuthenticator) -> None:
    answer = key.show(question(client))
    assert [show(client, answer) for _time in range(3)] == [303, 401, 401]
    assert challenges(database) == 0


def test_a69_a_challenge_lives_five_minutes_and_for_one_purpose(
    client: TestClient, database: Database, key: SoftAuthenticator
) -> None:
    asked = question(client)
    with database.writing() as session:
        session.execute(update(StaffChallenge).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert show(client, key.show(asked)) == 401
    crew.sign_in(client, database, "grace")
    for_step_up = question(client, "/staff/step-up/passkey")
    assert show(client, key.show(for_step_up)) == 401
    for_sign_in = question(client)
    assert show(client, key.show(for_sign_in), "/staff/step-up/passkey") == 401


def test_a69_the_passkey_of_another_member_steps_nobody_up(
    client: TestClient, database: Database, key: SoftAuthenticator
) -> None:
    crew.sign_in(client, database, "olga")
    asked = question(client, "/staff/step-up/passkey")
    assert asked.get("allowCredentials", []) == []
    assert show(client, key.show(asked), "/staff/step-up/passkey") == 401
    crew.sign_in(client, database, "grace")
    assert show(client, key.show(question(client, "/staff/step-up/passkey")), "/staff/step-up/passkey") == 303


def test_a69_a_new_passkey_is_bound_to_its_question_too(client: TestClient, database: Database) -> None:
    crew.sign_in(client, database, "grace")
    asked = question(client, MINE)
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    for wrong in (
        SoftAuthenticator(origin="https://evil.example"),
        SoftAuthenticator(rp_id="evil.example"),
        SoftAuthenticator(flags=PRESENT),
    ):
        assert show(client, wrong.make(question(client, MINE)), MINE) == 422
    crew.sign_in(client, database, "olga")
    assert show(client, SoftAuthenticator().make(asked), MINE) == 422
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StaffPasskey)) == 0


def test_one_key_belongs_to_one_member(client: TestClient, database: Database, key: SoftAuthenticator) -> None:
    crew.sign_in(client, database, "olga")
    assert show(client, key.make(question(client, MINE)), MINE) == 422


def test_the_passkey_of_a_disabled_account_opens_nothing(
    client: TestClient, database: Database, key: SoftAuthenticator
) -> None:
    with database.writing() as session:
        session.execute(update(StaffMember).values(state="disabled"))
    assert show(client, key.show(question(client))) == 401


@pytest.mark.parametrize(
    "answer",
    ["", "x", "[]", "null", "{}", '{"id": 1}', "[" * 5000, json.dumps({"id": "AA", "rawId": "AA", "response": {}})],
)
def test_a69_what_is_no_answer_is_refused_and_never_a_fault(client: TestClient, answer: str) -> None:
    assert show(client, answer) == 401


def test_at_an_address_in_figures_there_are_no_passkeys_to_ask_for(settings: Settings, database: Database) -> None:
    with TestClient(create_app(settings), base_url=settings.base_url) as client:
        assert "data-passkey" not in client.get("/staff/sign-in").text
