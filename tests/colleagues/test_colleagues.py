"""Accounts as an owner sees them: invite, roles, disable, reset; all of it in the audit log."""

from __future__ import annotations

import re

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests import crew
from tests.post_office import send_all
from university import clock
from university.chains import audit
from university.database import Database
from university.models import AuditEntry, Outbox, StaffMember, StaffPasskey, StaffSession
from university.retention import JOBS, STAFF_AFTER_DISABLING
from university.settings import Settings

LINK = re.compile(r"(/staff/invitations/uni_[A-Za-z0-9_-]{43})<")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    crew.hash_quickly(monkeypatch)


@pytest.fixture
def ben(client: TestClient, database: Database, settings: Settings) -> crew.Here:
    """Grace's account with all its factors, signed in on another browser than Olga, who is at `client`."""
    here = crew.sign_in(client, database, "grace", **crew.typed_factors(settings, "four lighthouses", b"0" * 20))
    crew.sign_out(client)
    crew.sign_in(client, database, "olga")
    return here


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        assert audit.check(session) is None
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def is_signed_in(client: TestClient, database: Database, here: crew.Here) -> bool:
    with database.reading() as session:
        return session.scalar(select(StaffSession).where(StaffSession.staff_id == here.id)) is not None


def test_olga_invites_and_hands_over_the_link(client: TestClient, database: Database, olga: crew.Here) -> None:
    answer = client.post("/staff/accounts", data={"email": "Pia@Example.org", "roles": ["publisher", "editor", "king"]})
    link = LINK.search(answer.text)
    assert link
    page = client.get("/staff/accounts").text
    assert "pia@example.org" in page
    assert link[1] not in page
    assert client.post(link[1], data={"name": "Pia"}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(StaffMember.roles).where(StaffMember.name == "Pia")).one() == [
            "editor",
            "publisher",
        ]


def mailed_link(database: Database, settings: Settings) -> str:
    [letter] = send_all(database, settings)
    found = re.search(r"/staff/invitations/uni_[A-Za-z0-9_-]{43}", letter)
    assert found, letter
    return found[0]


def test_the_invitation_is_mailed_too_and_the_first_of_its_two_links_that_is_used_counts(
    client: TestClient, database: Database, settings: Settings, olga: crew.Here
) -> None:
    shown = LINK.search(client.post("/staff/accounts", data={"email": "pia@example.org", "roles": "editor"}).text)
    assert shown
    mailed = mailed_link(database, settings)
    assert mailed != shown[1]
    assert client.get("/staff/accounts").text.count("the link works until") == 1, "one invitation, two links"
    crew.sign_out(client)
    assert client.post(mailed, data={"name": "Pia"}).status_code == 303
    crew.sign_out(client)
    for used in (mailed, shown[1]):
        assert client.post(used, data={"name": "Mallory"}).status_code == 410
    with database.reading() as session:
        assert session.scalars(select(StaffMember.name).where(StaffMember.email == "pia@example.org")).all() == ["Pia"]
        assert session.scalars(select(Outbox)).all() == [], "no row knows where it went"


def test_an_invitation_that_was_followed_or_has_ended_is_not_mailed_any_more(
    client: TestClient, database: Database, settings: Settings, olga: crew.Here
) -> None:
    shown = LINK.search(client.post("/staff/accounts", data={"email": "pia@example.org", "roles": "editor"}).text)
    assert shown
    crew.sign_out(client)
    client.post(shown[1], data={"name": "Pia"})
    assert send_all(database, settings) == []


def test_whoever_is_reset_gets_the_link_by_mail_in_the_language_of_the_owner(
    client: TestClient, database: Database, settings: Settings, ben: crew.Here
) -> None:
    client.post("/language", data={"language": "nl", "next": "/staff"})
    client.post(f"/staff/accounts/{ben.id}/reset")
    [letter] = send_all(database, settings)
    assert letter.startswith("Kies opnieuw hoe je inlogt")
    assert "Grace" not in letter


def test_what_is_missing_stands_beside_its_field(client: TestClient, olga: crew.Here) -> None:
    answer = client.post("/staff/accounts", data={"email": "pia at home"})
    assert answer.status_code == 422
    assert 'value="pia at home"' in answer.text
    assert "Tick at least one role" in answer.text
    known = client.post("/staff/accounts", data={"email": "olga@example.org", "roles": "owner"})
    assert known.status_code == 422
    assert "There is an account with this address already" in known.text
    assert 'value="olga@example.org"' in known.text


def test_other_roles_hold_from_the_next_sign_in_on(client: TestClient, database: Database, ben: crew.Here) -> None:
    assert client.post(f"/staff/accounts/{ben.id}/roles", data={"roles": ["privacy_officer"]}).status_code == 303
    assert not is_signed_in(client, database, ben)
    with database.reading() as session:
        assert session.get_one(StaffMember, ben.id).roles == ["privacy_officer"]
    refused = client.post(f"/staff/accounts/{ben.id}/roles", data={"roles": ["king"]})
    assert refused.status_code == 422
    assert "Tick at least one role" in refused.text
    assert actions(database)[-1] == "change_roles"


def test_a_disabled_account_is_out_at_once_and_gone_after_thirty_days(
    client: TestClient, database: Database, ben: crew.Here
) -> None:
    assert client.post(f"/staff/accounts/{ben.id}/disable").status_code == 303
    assert not is_signed_in(client, database, ben)
    [job] = [job for job in JOBS if job.name == "staff accounts"]
    for days, gone in ((-1, 0), (1, 1)):
        with database.writing() as session:
            later = clock.now() + STAFF_AFTER_DISABLING + days * STAFF_AFTER_DISABLING / 30
            assert job.run(session, later) == gone
    assert actions(database)[-1] == "disable"
    assert client.get(f"/staff/accounts/{ben.id}").status_code == 404


def test_a_disabled_account_can_be_enabled_again(client: TestClient, database: Database, ben: crew.Here) -> None:
    client.post(f"/staff/accounts/{ben.id}/disable")
    assert client.post(f"/staff/accounts/{ben.id}/reset").status_code == 409
    client.post(f"/staff/accounts/{ben.id}/enable")
    with database.reading() as session:
        found = session.get_one(StaffMember, ben.id)
        assert (found.state, found.disabled_at) == ("active", None)


def test_a_reset_takes_every_factor_away_and_makes_a_link(
    client: TestClient, database: Database, ben: crew.Here
) -> None:
    link = LINK.search(client.post(f"/staff/accounts/{ben.id}/reset").text)
    assert link
    assert not is_signed_in(client, database, ben)
    with database.reading() as session:
        assert session.get_one(StaffMember, ben.id).password_hash is None
    assert actions(database)[-2:] == ["reset", "invite"]
    assert client.post(link[1], data={"name": "Grace"}).status_code == 303


def test_nobody_disables_or_resets_oneself_and_the_last_owner_stays_one(
    client: TestClient, database: Database, olga: crew.Here
) -> None:
    for act in ("disable", "reset"):
        assert client.post(f"/staff/accounts/{olga.id}/{act}").status_code == 409
    assert client.post(f"/staff/accounts/{olga.id}/roles", data={"roles": ["editor"]}).status_code == 409
    assert client.post(f"/staff/accounts/{olga.id}/roles", data={"roles": ["editor", "owner"]}).status_code == 303


def test_an_owner_without_anything_to_sign_in_with_keeps_no_door_open(
    client: TestClient, database: Database, settings: Settings, olga: crew.Here
) -> None:
    """Else the one owner who can come in could leave, and nobody would be let in any more."""
    with database.writing() as session:
        invited = crew.make_member(session, "pia", roles=["owner"])
    assert client.post(f"/staff/accounts/{olga.id}/roles", data={"roles": ["editor"]}).status_code == 409
    with database.writing() as session:
        passkey = StaffPasskey(credential_id=b"1", public_key=b"", sign_count=0, label="?", created_at=clock.now())
        passkey.staff_id = invited.id
        session.add(passkey)
    assert client.post(f"/staff/accounts/{olga.id}/roles", data={"roles": ["editor"]}).status_code == 303


@pytest.mark.parametrize("who", ["grace", "pia", "priya"])
def test_a74_nobody_but_an_owner_lists_or_finds_the_people_who_work_here(
    client: TestClient, database: Database, who: str
) -> None:
    olga = crew.sign_in(client, database, "olga")
    crew.sign_in(client, database, who)
    for path in ("/staff/accounts", f"/staff/accounts/{olga.id}", "/staff/accounts?q=olga"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "olga" not in answer.text.lower()
    assert "olga" not in client.get("/staff").text.lower()
