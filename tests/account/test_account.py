"""One's own account: every change of a factor asks for one, and signs out every other browser."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlalchemy import select, update

from tests import crew
from tests.post_office import send_all
from university import clock
from university.accounts import invitations
from university.chains import audit
from university.database import Database
from university.keys.secret_hashes import hashed
from university.models import AuditEntry, StaffAddressChange, StaffMember, StaffPasskey, StaffSession
from university.retention import JOBS
from university.settings import Settings

SEED = b"0" * 20
PASSWORD = "four lighthouses on a rock"
CHANGE = {"current_password": PASSWORD, "password": "seven seas and one map"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    crew.hash_quickly(monkeypatch)


@pytest.fixture
def typing_grace(client: TestClient, database: Database, settings: Settings) -> crew.Here:
    """Grace, signed in, with a password and an authenticator."""
    return crew.sign_in(client, database, "grace", **crew.typed_factors(settings, PASSWORD, SEED))


def grow_old(database: Database) -> None:
    with database.writing() as session:
        session.execute(update(StaffSession).values(auth_at=clock.now() - timedelta(minutes=6)))


def test_a_name_is_changed_and_a_strange_one_refused(client: TestClient, grace: crew.Here) -> None:
    assert client.post("/staff/account/name", data={"name": "Grace Hopper"}).status_code == 303
    refused = client.post("/staff/account/name", data={"name": "http://evil"})
    assert refused.status_code == 422
    assert 'value="http://evil"' in refused.text
    assert "Grace Hopper" in client.get("/staff").text


def test_a_new_password_signs_out_every_other_browser_and_renews_this_one(
    client: TestClient, database: Database, typing_grace: crew.Here
) -> None:
    crew.sign_in(client, database, "grace")
    here = client.cookies["s"]
    changed = client.post("/staff/account/password", data=CHANGE)
    assert changed.status_code == 303
    assert client.cookies["s"] != here
    assert client.get("/staff").status_code == 200
    for secret in (here, typing_grace.secret):
        crew.be(client, replace(typing_grace, secret=secret))
        assert client.get("/staff").status_code == 303


def test_a_password_change_needs_a_factor_and_then_comes_back_word_for_word(
    client: TestClient, database: Database, typing_grace: crew.Here
) -> None:
    grow_old(database)
    assert client.get("/staff/account/password").headers["location"].startswith("/staff/step-up?next=%2Fstaff")
    asked = client.post("/staff/account/password", data=CHANGE)
    assert asked.status_code == 401
    fields = crew.hidden_fields(asked, "/staff/step-up")
    assert client.post("/staff/step-up", data={**fields, "code": "000000"}).status_code == 401
    shown = client.post("/staff/step-up", data={**fields, "code": crew.code_of(SEED)})
    del client.headers["x-csrf-token"]  # from here on the form's own
    again = crew.hidden_fields(shown, "/staff/account/password")
    assert shown.text.count('name="csrf_token"') == 2, "one in the form and one to sign out: two in one are refused"
    assert again["password"] == "seven seas and one map"
    assert client.post("/staff/account/password", data=again).status_code == 303


def test_whoever_has_a_password_must_know_it_to_choose_another(client: TestClient, typing_grace: crew.Here) -> None:
    assert 'name="current_password"' in client.get("/staff/account/password").text
    for typed in ({**CHANGE, "current_password": "four lighthouses on a"}, {"password": CHANGE["password"]}):
        refused = client.post("/staff/account/password", data=typed)
        assert (refused.status_code, "not the password you have now" in refused.text) == (422, True)
    tries = [client.post("/staff/account/password", data={"password": "x"}).status_code for _try in range(9)]
    assert tries == [422] * 8 + [429]


def test_codes_on_paper_are_offered_only_where_they_let_somebody_in(
    client: TestClient, grace: crew.Here, database: Database, settings: Settings
) -> None:
    page = client.get("/staff/account").text
    assert ("/staff/account/recovery-codes" in page, "lose this passkey" in page) == (False, True)
    crew.sign_in(client, database, "olga", **crew.typed_factors(settings, PASSWORD, SEED))
    page = client.get("/staff/account").text
    assert ("/staff/account/recovery-codes" in page, "lose this passkey" in page) == (True, False)


def test_stepping_up_gives_the_session_a_new_id(
    client: TestClient, database: Database, typing_grace: crew.Here
) -> None:
    grow_old(database)
    done = client.post("/staff/step-up", data={"code": crew.code_of(SEED), "next": "/staff/account"})
    assert (done.status_code, done.headers["location"]) == (303, "/staff/account")
    assert client.cookies["s"] != typing_grace.secret
    assert client.get("/staff/account/password").status_code == 200
    with database.reading() as session:
        assert len(session.scalars(select(StaffSession)).all()) == 1


def test_a68_a_factor_shown_again_is_limited_per_account(
    client: TestClient, database: Database, typing_grace: crew.Here
) -> None:
    answers = [client.post("/staff/step-up", data={"code": "000000"}).status_code for _try in range(7)]
    assert answers == [401] * 5 + [429] * 2


def test_a_new_authenticator_takes_the_place_of_the_old_one(
    client: TestClient, database: Database, typing_grace: crew.Here
) -> None:
    page = client.get("/staff/account/authenticator")
    assert 'name="password"' not in page.text
    found = re.search(r'class="code letters">([A-Z2-7 ]+)<', page.text)
    assert found
    fields = {**crew.hidden_fields(page, "/staff/account/password"), "code": crew.code_of_letters(found[1])}
    del client.headers["x-csrf-token"]
    assert client.post("/staff/account/password", data=fields).status_code == 303
    with database.reading() as session:
        assert session.get_one(StaffMember, typing_grace.id).totp_last_step


def make_codes(client: TestClient) -> str:
    """The page with ten new codes; from here on the browser goes on under its new sign-in."""
    page = client.post("/staff/account/recovery-codes")
    client.headers["x-csrf-token"] = re.findall(r'name="csrf_token" value="(\w+)"', page.text)[0]
    return page.text


def test_recovery_codes_are_shown_once_and_replaced_as_a_set(client: TestClient, typing_grace: crew.Here) -> None:
    sets = [re.findall(r"<code>([A-Z2-7-]{19})</code>", make_codes(client)) for _time in range(2)]
    assert [len(codes) for codes in sets] == [10, 10]
    assert not set(sets[0]) & set(sets[1])
    page = client.get("/staff/account").text
    assert "10 codes on paper are left" in page
    assert not any(code in page for code in sets[1])
    assert client.post("/staff/step-up", data={"code": sets[0][0]}).status_code == 401
    assert client.post("/staff/step-up", data={"code": sets[1][0]}).status_code == 303


def test_devices_are_listed_and_signed_out_one_by_one_or_all(
    client: TestClient, database: Database, grace: crew.Here
) -> None:
    for _device in range(3):
        here = crew.sign_in(client, database, "grace")
    olga = crew.sign_in(client, database, "olga")
    crew.be(client, here)
    page = client.get("/staff/account").text
    assert page.count("Firefox, Linux") == 4
    there = re.findall(r"/staff/account/devices/([0-9a-f-]{36})/sign-out", page)
    assert len(there) == 3
    assert client.post(f"/staff/account/devices/{there[0]}/sign-out").status_code == 303
    with database.reading() as session:
        assert session.scalar(select(StaffSession).where(StaffSession.public_id == UUID(there[0]))) is None
        theirs = session.scalars(select(StaffSession.public_id).where(StaffSession.staff_id == olga.id)).one()
    assert client.post(f"/staff/account/devices/{theirs}/sign-out").status_code == 303
    assert client.post("/staff/account/devices/sign-out").status_code == 303
    with database.reading() as session:
        assert len(session.scalars(select(StaffSession)).all()) == 2  # this one, and Olga's


def test_the_last_way_in_cannot_be_removed(client: TestClient, database: Database, grace: crew.Here) -> None:
    with database.writing() as session:
        passkey = StaffPasskey(
            staff_id=grace.id, credential_id=b"1", public_key=b"", sign_count=0, label="Firefox, Linux",
            created_at=clock.now(),
        )  # fmt: skip
        session.add(passkey)
    assert client.post(f"/staff/account/passkeys/{passkey.id}/remove").status_code == 409
    olga = crew.sign_in(client, database, "olga")
    assert client.post(f"/staff/account/passkeys/{passkey.id}/remove").status_code == 404
    assert olga.id != grace.id


# ---- address


def link_in_mail(database: Database, settings: Settings) -> str:
    found = re.findall(r"/staff/account/address/uni_[A-Za-z0-9_-]{43}", send_all(database, settings)[-1])
    return str(found[0])


def ask_for(client: TestClient, email: str) -> int:
    return int(client.post("/staff/account/address", data={"email": email}).status_code)


def test_a_new_address_counts_once_its_mailbox_said_so_and_the_old_one_is_told(
    client: TestClient, database: Database, settings: Settings, typing_grace: crew.Here
) -> None:
    elsewhere = crew.sign_in(client, database, "grace")
    crew.be(client, typing_grace)
    with database.writing() as session:
        old_link = invitations.make(session, "grace@example.org", ["owner"])
    assert ask_for(client, "Grace@Example.net") == 303
    link = link_in_mail(database, settings)
    with database.reading() as session:
        assert session.get_one(StaffMember, typing_grace.id).email == "grace@example.org", "asking changes nothing"
    assert "grace@example.net" in client.get(link).text
    assert client.post(link).headers["location"] == "/staff/account?done=changed"
    with database.reading() as session:
        assert audit.check(session) is None
        assert session.get_one(StaffMember, typing_grace.id).email == "grace@example.net"
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()[-1] == "change_address"
        assert session.scalars(select(StaffAddressChange)).all() == []
        where = session.scalars(select(StaffSession.id_sha256).where(StaffSession.staff_id == typing_grace.id)).all()
        assert len(where) == 1, "and nowhere else"
        assert where[0] not in {hashed(typing_grace.secret), hashed(elsewhere.secret)}
    told = send_all(database, settings)[-1]
    assert told.startswith("The address of your account was changed")
    assert "example.net" not in told
    crew.sign_out(client)
    assert client.get(f"/staff/invitations/{old_link}").status_code == 404, "nothing sent to the old mailbox opens it"


def test_the_link_of_a_new_address_is_for_its_own_account_and_for_one_day(
    client: TestClient, database: Database, settings: Settings, typing_grace: crew.Here
) -> None:
    ask_for(client, "grace@example.net")
    link = link_in_mail(database, settings)
    crew.sign_in(client, database, "olga")
    assert client.post(link).status_code == 404
    crew.be(client, typing_grace)
    with database.writing() as session:
        session.execute(update(StaffAddressChange).values(expires_at=clock.now()))
    assert client.post(link).status_code == 410
    with database.writing() as session:
        [job] = [job for job in JOBS if job.name == "staff addresses"]
        assert job.run(session, clock.now()) == 1
    assert client.get(link).status_code == 404


def test_an_address_that_somebody_here_has_gets_no_mail_and_the_page_does_not_tell(
    client: TestClient, database: Database, settings: Settings, typing_grace: crew.Here
) -> None:
    with database.writing() as session:
        crew.make_member(session, "olga")
    assert ask_for(client, "olga@example.org") == 303
    assert send_all(database, settings) == []
    assert ask_for(client, "grace@example.net") == 303
    link = link_in_mail(database, settings)
    with database.writing() as session:
        crew.make_member(session, "pia").email = "grace@example.net"
    assert client.post(link).status_code == 409


def test_a_strange_address_is_refused_beside_its_field_and_too_many_are_put_off(
    client: TestClient, typing_grace: crew.Here
) -> None:
    refused = client.post("/staff/account/address", data={"email": "grace at sea"})
    assert refused.status_code == 422
    assert 'value="grace at sea"' in refused.text
    assert [ask_for(client, f"grace{n}@example.net") for n in range(6)] == [303] * 5 + [429]
