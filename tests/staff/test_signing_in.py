"""Password and code, limits, recovery codes, and the same work for people who are not there."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from tests import crew
from university import clock
from university.accounts import admission, codes, passwords, signing_in
from university.database import Database
from university.keys.keyring import open_keyring
from university.models import AuditEntry, StaffMember, StaffRecoveryCode, StaffSession
from university.settings import Settings

PASSWORD = "four lighthouses on a rock"
SEED = b"grace's seed of twenty."[:20]
IN = "/staff/sign-in"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    crew.hash_quickly(monkeypatch)
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)  # no half minute passes between two lines of a test


@pytest.fixture
def grace_account(database: Database, settings: Settings) -> StaffMember:
    """Grace, with a password and an authenticator, signed in nowhere."""
    with database.writing() as session:
        return crew.make_member(session, "grace", **crew.typed_factors(settings, PASSWORD, SEED))


def form(**changes: str) -> dict[str, str]:
    return {"email": "grace@example.org", "password": PASSWORD, "code": crew.code_of(SEED), **changes}


def test_grace_signs_in_and_comes_where_she_wanted(
    client: TestClient, database: Database, grace_account: StaffMember
) -> None:
    answer = client.post(IN, data=form(email=" Grace@Example.ORG", next="/staff/account"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/account")
    cookie = answer.headers["set-cookie"].lower()
    assert {"httponly", "path=/", "samesite=strict"} <= {part.strip() for part in cookie.split(";")}
    assert "domain" not in cookie
    assert len(cookie) < 200
    assert "Grace" in client.get("/staff").text
    with database.reading() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in")).one()
        assert (line.actor, line.staff_id) == ("staff", grace_account.id)


def test_a_password_hashed_with_older_parameters_is_hashed_anew_when_its_owner_signs_in(
    client: TestClient, database: Database, grace_account: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> str:
        with database.reading() as session:
            return session.get_one(StaffMember, grace_account.id).password_hash or ""

    older = kept()
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    assert client.post(IN, data=form(code="000000")).status_code == 401
    assert kept() == older
    assert client.post(IN, data=form()).status_code == 303
    newer = kept()
    assert ("t=1," in older, "t=2," in newer, passwords.fits(PASSWORD, newer)) == (True, True, True)
    assert client.post(IN, data=form(code=crew.code_of(SEED, 1))).status_code == 303
    assert kept() == newer


def test_a_password_chosen_while_somebody_signs_in_is_not_replaced_by_the_one_before(
    database: Database, settings: Settings, grace_account: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    proven = signing_in.prove(
        database, open_keyring(settings), settings, "grace@example.org", PASSWORD, crew.code_of(SEED)
    )
    assert proven
    assert proven.newer_hash
    with database.writing() as session:
        session.get_one(StaffMember, grace_account.id).password_hash = "another"
    with database.writing() as session:
        signing_in.sign_in(session, proven, "")
        assert session.get_one(StaffMember, grace_account.id).password_hash == "another"


@pytest.mark.parametrize("wrong", [{"password": "x" * 20}, {"code": "000000"}, {"email": "nobody@example.org"}])
def test_a67_whatever_was_wrong_the_answer_is_the_same(
    client: TestClient, grace_account: StaffMember, wrong: dict[str, str]
) -> None:
    answer = client.post(IN, data=form(**wrong))
    assert answer.status_code == 401
    assert "These do not go together" in answer.text
    assert "set-cookie" not in answer.headers
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("email", ["grace@example.org", "nobody@example.org"])
def test_a67_unknown_people_cost_the_same_work(
    client: TestClient, grace_account: StaffMember, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []
    fits = passwords.fits

    def count(secret: str, known: str | None) -> bool:
        checked.append(known)
        return fits(secret, known)

    monkeypatch.setattr(passwords, "fits", count)
    client.post(IN, data=form(email=email, password="wrong for sure", code="ABCD-EFGH-IJKL-MNOP"))
    assert len(checked) == 2


def test_a67_there_is_a_hash_for_nobody_of_the_full_strength() -> None:
    assert passwords._NOBODYS.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not passwords.fits("", None)


@pytest.mark.usefixtures("still_limits")
def test_a67_a_thousand_wrong_passwords_meet_a_limit_and_leave_passkeys_alone(
    client: TestClient, grace_account: StaffMember
) -> None:
    answers = [client.post(IN, data=form(password="wrong for sure")) for _try in range(25)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 15
    assert int(answers[-1].headers["retry-after"]) <= 30
    assert client.post(f"{IN}/passkey/question").status_code == 200
    assert client.post(f"{IN}/passkey", data={"credential": "{}"}).status_code == 401


def test_a68_no_code_works_twice_and_none_from_another_minute(
    client: TestClient, database: Database, grace_account: StaffMember
) -> None:
    for steps in (-2, 2):
        assert client.post(IN, data=form(code=crew.code_of(SEED, steps))).status_code == 401
    code = crew.code_of(SEED)
    assert client.post(IN, data=form(code=code)).status_code == 303
    assert client.post(IN, data=form(code=code)).status_code == 401
    assert client.post(IN, data=form(code=crew.code_of(SEED, 1))).status_code == 303


def test_a68_of_many_tries_with_one_code_at_once_one_succeeds(
    client: TestClient, database: Database, grace_account: StaffMember
) -> None:
    shown = codes.Shown(step=int(clock.now().timestamp()) // 30)
    start, won = threading.Barrier(6), []

    def use() -> None:
        start.wait()
        with database.writing() as session:
            won.append(codes.use_up(session, grace_account.id, shown))

    tries = [threading.Thread(target=use) for _try in range(6)]
    for each in tries:
        each.start()
    for each in tries:
        each.join()
    assert sorted(won) == [False] * 5 + [True]


@pytest.mark.usefixtures("still_limits")
def test_a68_guessing_codes_meets_a_limit(client: TestClient, grace_account: StaffMember) -> None:
    answers = [client.post(IN, data=form(code=f"{guess:06}")).status_code for guess in range(100)]
    assert answers[10:] == [429] * 90


def test_a68_whoever_knows_the_password_guesses_five_codes_and_learns_of_no_limit(
    client: TestClient, grace_account: StaffMember
) -> None:
    assert [client.post(IN, data=form(code="000000")).status_code for _try in range(5)] == [401] * 5
    assert client.post(IN, data=form()).status_code == 401


def test_a62_a_cookie_that_somebody_chose_never_becomes_a_session(
    client: TestClient, database: Database, grace_account: StaffMember
) -> None:
    chosen = crew.Here(grace_account.id, "chosen-by-somebody-else", "")
    crew.be(client, chosen)
    assert client.post(IN, data=form()).status_code == 303
    [line] = client.post(IN, data=form(code=crew.code_of(SEED, 1))).headers.get_list("set-cookie")
    assert "chosen" not in line
    crew.be(client, chosen)
    assert client.get("/staff").status_code == 303


def test_a63_a_slow_request_brings_no_ended_session_back(
    client: TestClient, database: Database, grace: crew.Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session ends after a request was let in, and before that request notes that the browser is still there."""
    touch = admission._touch

    def end_first(into: Database, id_sha256: str) -> None:
        with into.writing() as session:
            session.execute(StaffSession.__table__.delete())
        touch(into, id_sha256)

    with database.writing() as session:
        session.execute(update(StaffSession).values(last_seen_at=clock.now() - timedelta(minutes=5)))
    monkeypatch.setattr(admission, "_touch", end_first)
    assert client.get("/staff").status_code == 200
    monkeypatch.undo()
    assert client.get("/staff").status_code == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 0


def test_a_recovery_code_stands_in_once_for_the_authenticator(
    client: TestClient, database: Database, grace_account: StaffMember
) -> None:
    shown, hashed = codes.make_recovery_codes()
    assert len(shown) == 10
    assert all(len(code.replace("-", "")) == 16 for code in shown)
    with database.writing() as session:
        codes.replace_recovery_codes(session, grace_account.id, hashed)
    assert client.post(IN, data=form(code=shown[3].lower())).status_code == 303
    assert client.post(IN, data=form(code=shown[3])).status_code == 401
    assert client.post(IN, data=form(code=shown[4].replace("-", " "))).status_code == 303
    with database.reading() as session:
        assert codes.recovery_codes_left(session, grace_account.id) == 8
        kept = session.scalars(select(StaffRecoveryCode.hash)).all()
    assert all(hash_.startswith("$argon2id$") for hash_ in kept)


def test_a_disabled_account_signs_in_no_more(
    client: TestClient, database: Database, grace_account: StaffMember
) -> None:
    with database.writing() as session:
        session.execute(update(StaffMember).values(state="disabled"))
    assert client.post(IN, data=form()).status_code == 401


def test_a_seed_is_sealed_and_opens_for_its_member_under_its_key_alone(
    client: TestClient, database: Database, settings: Settings, grace_account: StaffMember
) -> None:
    assert grace_account.totp_seed
    assert SEED not in grace_account.totp_seed
    with database.writing() as session:
        other = crew.make_member(session, "olga", **crew.typed_factors(settings, PASSWORD, SEED))
        other.totp_seed = grace_account.totp_seed
    assert client.post(IN, data=form(email="olga@example.org")).status_code == 401


@pytest.mark.parametrize("field", ["email", "password"])
def test_a_form_that_cannot_be_right_says_so_beside_the_field(client: TestClient, field: str) -> None:
    typed = {"email": "nobody", "password": "x"} if field == "email" else {"password": "x" * 2000}
    answer = client.post(IN, data=form(**typed))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_what_was_typed_waits_behind_the_sign_in_and_goes_where_it_was_going(
    client: TestClient, database: Database, settings: Settings, grace_account: StaffMember
) -> None:
    """The whole way: the session ends, the form comes back inside of the sign-in, one press sends it."""
    sent: dict[str, Any] = {"name": "Grace Hopper", "csrf_token": "of the old session"}
    kept = crew.hidden_fields(client.post("/staff/account/name", data=sent), "/staff/sign-in")
    wrong = client.post(IN, data={**kept, **form(password="mistyped this time")})
    kept = crew.hidden_fields(wrong, "/staff/sign-in")
    answer = client.post(IN, data={**kept, **form()})
    assert answer.status_code == 200
    fields = crew.hidden_fields(answer, "/staff/account/name")
    assert client.post("/staff/account/name", data=fields).status_code == 303
    assert "Grace Hopper" in client.get("/staff/account").text


def test_next_leads_nowhere_but_here(client: TestClient, grace_account: StaffMember) -> None:
    for place, (path, expected) in enumerate((("//evil", "/"), ("https://evil", "/"), ("", "/staff"))):
        answer = client.post(IN, data=form(next=path, code=crew.code_of(SEED, place - 1)))
        assert answer.headers["location"] == expected
