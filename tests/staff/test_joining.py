"""The first owner, invitations, and the first thing an account does: choose what it signs in with."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from tests import crew
from university import clock
from university.accounts import invitations
from university.cli import main
from university.commands.serving import prepare
from university.database import Database
from university.models import OWNER, ROLES, AuditEntry, StaffInvitation, StaffMember, StaffSession
from university.settings import Settings


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    crew.hash_quickly(monkeypatch)


@pytest.fixture
def link(database: Database) -> str:
    """For Olga, as an owner."""
    with database.writing() as session:
        return f"/staff/invitations/{invitations.make(session, 'olga@example.org', [OWNER])}"


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def choose_password(client: TestClient, password: str = "four lighthouses on a rock") -> int:
    """Fills in the page with an authenticator as it was shown."""
    page = client.get("/staff/account/password")
    fields = crew.hidden_fields(page, "/staff/account/password")
    found = re.search(r'class="code letters">([A-Z2-7 ]+)<', page.text)
    assert found
    code = crew.code_of_letters(found[1])
    answer = client.post("/staff/account/password", data={**fields, "password": password, "code": code})
    return answer.status_code


def test_olga_follows_her_link_and_chooses_what_she_signs_in_with(
    client: TestClient, database: Database, link: str
) -> None:
    page = client.get(link)
    assert "olga@example.org" in page.text
    assert (page.headers["cache-control"], page.headers.get("set-cookie")) == ("no-store", None)
    joined = client.post(link, data={"name": "Olga"})
    assert (joined.status_code, joined.headers["location"]) == (303, "/staff/welcome")
    assert client.get("/staff/accounts").headers["location"] == "/staff/welcome"
    before = client.cookies["s"]
    assert choose_password(client) == 303
    assert client.cookies["s"] != before
    assert client.get("/staff/accounts").status_code == 200
    assert client.get("/staff/welcome").headers["location"] == "/staff/account"
    with database.reading() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert actions == ["invite", "join", "change_factors"]


def test_looking_uses_no_link_up_and_the_second_press_comes_too_late(client: TestClient, link: str) -> None:
    assert {client.get(link).status_code for _look in range(3)} == {client.head(link).status_code} == {200}
    assert client.post(link, data={"name": "1"}).status_code == 422
    assert client.post(link, data={"name": "Olga"}).status_code == 303
    for answer in (client.post(link, data={"name": "Eve"}), client.get(link)):
        assert answer.status_code == 410
        assert "olga@example.org" not in answer.text


def test_links_that_are_not_ours_or_have_expired(client: TestClient, database: Database, link: str) -> None:
    for wrong in (link[:-1] + ("A" if link[-1] != "A" else "B"), link[:-1], link + "=", "/staff/invitations/x"):
        assert client.get(wrong).status_code == client.post(wrong, data={"name": "Eve"}).status_code == 404
    with database.writing() as session:
        session.execute(update(StaffInvitation).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert client.get(link).status_code == client.post(link, data={"name": "Eve"}).status_code == 410


def test_of_many_presses_at_once_one_makes_the_account(client: TestClient, database: Database, link: str) -> None:
    start, answers = threading.Barrier(6), []

    def press() -> None:
        start.wait()
        answers.append(client.post(link, data={"name": "Olga"}).status_code)

    tries = [threading.Thread(target=press) for _try in range(6)]
    for each in tries:
        each.start()
    for each in tries:
        each.join()
    assert sorted(answers) == [303] + [410] * 5
    assert (count(database, StaffMember), count(database, StaffSession)) == (1, 1)


def test_the_program_prints_a_link_for_the_first_owner_until_there_is_one(
    client: TestClient, database: Database, settings: Settings
) -> None:
    older, link = prepare(settings), prepare(settings)
    assert older
    assert link
    path = link.removeprefix(settings.base_url)
    assert client.get(older.removeprefix(settings.base_url)).status_code == 404
    assert client.post(path, data={"name": "Olga", "email": "nobody"}).status_code == 422
    assert client.post(path, data={"name": "Olga", "email": "Olga@Example.ORG"}).status_code == 303
    assert prepare(settings)
    assert choose_password(client) == 303
    assert prepare(settings) is None
    with database.reading() as session:
        olga = session.scalars(select(StaffMember)).one()
    assert (olga.email, olga.roles) == ("olga@example.org", list(ROLES))


def test_a_link_for_the_first_owner_is_worth_nothing_once_there_is_one(
    client: TestClient, database: Database, settings: Settings
) -> None:
    link = prepare(settings)
    assert link
    with database.writing() as session:
        crew.make_member(session, "olga", **crew.typed_factors(settings, "four lighthouses on a rock", b"0" * 20))
    path = link.removeprefix(settings.base_url)
    assert client.post(path, data={"name": "Eve", "email": "eve@example.org"}).status_code == 410


def test_the_command_invites_and_gives_a_known_account_its_factors_anew(
    client: TestClient, database: Database, settings: Settings
) -> None:
    here = crew.sign_in(client, database, "olga", **crew.typed_factors(settings, "four lighthouses", b"0" * 20))
    environment = {
        "UNIVERSITY_DATA": str(settings.data),
        "UNIVERSITY_DATABASE_URL": settings.database_url,
        "UNIVERSITY_BASE_URL": settings.base_url,
    }
    said = CliRunner(env=environment).invoke(
        main, ["staff", "invite", "Olga@example.org", "--role", "owner", "--role", "editor"]
    )
    path = said.output.strip().removeprefix(settings.base_url)
    assert client.get("/staff").status_code == 200
    assert client.post(path, data={"name": "Olga"}).status_code == 303
    with database.reading() as session:
        olga = session.get_one(StaffMember, here.id)
        assert (olga.roles, olga.password_hash, olga.totp_seed) == (["editor", "owner"], None, None)
    crew.be(client, here)
    assert client.get("/staff").status_code == 303
    assert CliRunner(env=environment).invoke(main, ["staff", "invite", "nobody", "--role", "owner"]).exit_code == 2


@pytest.mark.parametrize("password", ["too short", "password1234", "qwertyuiopasdf", "olga@example.org"])
def test_a_password_that_is_tried_first_is_refused_beside_the_field(
    client: TestClient, link: str, password: str
) -> None:
    client.post(link, data={"name": "Olga"})
    assert choose_password(client, password) == 422
    assert client.get("/staff").headers["location"] == "/staff/welcome"


def test_a_seed_that_we_did_not_seal_for_this_member_is_none(client: TestClient, link: str) -> None:
    client.post(link, data={"name": "Olga"})
    fields = crew.hidden_fields(client.get("/staff/account/password"), "/staff/account/password")
    for sealed in ("", "x", "é", "AAAA" * 20, fields["authenticator"][:-4] + "AAAA"):
        typed = {**fields, "authenticator": sealed, "password": "four lighthouses on a rock", "code": "000000"}
        assert client.post("/staff/account/password", data=typed).status_code == 422
    del fields["authenticator"]
    typed = {**fields, "password": "four lighthouses on a rock"}
    assert client.post("/staff/account/password", data=typed).status_code == 409
