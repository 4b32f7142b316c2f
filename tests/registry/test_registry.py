"""Those who answer for certificates find them, take them back, correct and reissue them, and leave a trace."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select

from certificates import show_number
from tests import cast, crew, post_office
from university import clock
from university.chains import audit
from university.chains.ledger import open_ledger
from university.database import Database
from university.models import (
    AUDIT_ACTIONS,
    AUDIT_ACTORS,
    AUDIT_OBJECTS,
    AUDIT_OUTCOMES,
    AuditEntry,
    Award,
    Outbox,
    ReplacedVersion,
    Revocation,
)
from university.registry.log import WORDS
from university.rights import erasure
from university.settings import Settings

Client = TestClient[Any]


@pytest.fixture
def number(database: Database) -> str:
    with database.writing() as session:
        return show_number(cast.make_award(session).number)


@pytest.fixture
def priya(client: Client, database: Database) -> Client:
    crew.sign_in(client, database, "priya")
    return client


def trail(database: Database) -> list[str]:
    with database.reading() as session:
        assert audit.check(session) is None
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_a_certificate_is_found_by_its_number_as_people_type_it(priya: Client, number: str) -> None:
    found = priya.post("/registry/find", data={"number": f" {number.lower().replace('-', ' ')} "})
    assert (found.status_code, found.headers["location"]) == (303, f"/registry/{number}")
    page = priya.get(f"/registry/{number}").text
    assert "Ada Lovelace" in page
    assert "ada@example.org" not in page
    unknown = priya.post("/registry/find", data={"number": "7KQ2-nothing"})
    assert unknown.status_code == 422
    assert 'value="7KQ2-nothing"' in unknown.text


def test_a74_nobody_but_the_privacy_officer_sees_an_address(client: Client, database: Database, number: str) -> None:
    for who in ("grace", "pia", "olga"):
        crew.sign_in(client, database, who)
        assert client.post("/registry/people", data={"email": "ada@example.org"}).status_code in {403, 404}
        assert client.post(f"/registry/{number}/contact").status_code in {403, 404}
        if who != "olga":
            assert client.get(f"/registry/{number}").status_code in {403, 404}
            assert client.get("/registry").status_code in {403, 404}
    assert "E-mail address" not in client.get("/registry").text
    assert "read" not in trail(database)


def test_a_look_at_a_person_is_written_into_the_log(priya: Client, database: Database, number: str) -> None:
    page = priya.post("/registry/people", data={"email": "ADA@example.org"})
    assert f"/registry/{number}" in page.text
    assert "Lovelace" not in page.text
    assert trail(database) == ["read"]
    assert "ada@example.org" in priya.post(f"/registry/{number}/contact").text
    assert trail(database) == ["read", "read"]
    assert "No certificate belongs" in priya.post("/registry/people", data={"email": "ben@example.org"}).text
    assert priya.post("/registry/people", data={"email": "nonsense"}).status_code == 422


def test_taking_back_needs_a_reason_a_fresh_factor_and_tells_the_holder(
    priya: Client, database: Database, settings: Settings, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert priya.post(f"/registry/{number}/revoke", data={}).status_code == 422
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    asked = priya.post(f"/registry/{number}/revoke", data={"reason": "issued_in_error", "mail": "yes"})
    assert asked.status_code != 303 or "/registry" not in asked.headers["location"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Revocation)) == 0
    monkeypatch.undo()
    done = priya.post(f"/registry/{number}/revoke", data={"reason": "issued_in_error", "mail": "yes"})
    assert done.headers["location"] == f"/registry/{number}?done=revoked"
    assert "It was issued in error." in priya.get(f"/verify/{number}").text
    assert "revoke" in trail(database)
    letters = post_office.send_all(database, settings)
    assert any("taken back" in letter for letter in letters)
    again = priya.post(f"/registry/{number}/revoke", data={"reason": "issued_in_error"})
    assert again.status_code == 409
    assert 'class="btn btn--primary" href="/staff"' in again.text, "the way back is to one's work, not to the courses"


def test_without_the_tick_no_mail_is_sent(priya: Client, database: Database, number: str) -> None:
    priya.post(f"/registry/{number}/revoke", data={"reason": "legal_order"})
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Outbox.kind == "revoked")) == 0


def test_a_corrected_name_is_the_next_version_and_the_staff_member_is_on_record(
    priya: Client, database: Database, number: str
) -> None:
    looked = priya.post(
        f"/registry/{number}/correct", data={"first_name": "Augusta", "last_name": "King", "do": "preview"}
    )
    assert "<svg" in looked.text
    assert trail(database) == []
    priya.post(f"/registry/{number}/correct", data={"first_name": "Augusta", "last_name": "King"})
    assert "Augusta King" in priya.get(f"/verify/{number}").text
    with database.reading() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "rectify")).one()
        assert (line.actor, line.staff_id is None) == ("staff", False)
    wrong = priya.post(f"/registry/{number}/correct", data={"first_name": "<b>", "last_name": "King"})
    assert wrong.status_code == 422
    assert "&lt;b&gt;" in wrong.text


def test_reissuing_changes_nothing_but_the_version(priya: Client, database: Database, number: str) -> None:
    with database.reading() as session:
        before = dict(session.scalars(select(Award)).one().record)
    assert priya.post(f"/registry/{number}/reissue").status_code == 303
    with database.reading() as session:
        award = session.scalars(select(Award)).one()
        replaced = session.scalars(select(ReplacedVersion)).one()
        assert (award.version, award.first_name, replaced.version) == (2, "Ada", 1)
        kept = {name: value for name, value in award.record.items() if name not in ("version", "version_at")}
        assert kept == {name: value for name, value in before.items() if name not in ("version", "version_at")}
    assert "reissue" in trail(database)


def test_the_mail_is_sent_again(priya: Client, database: Database, settings: Settings, number: str) -> None:
    priya.post(f"/registry/{number}/resend")
    assert any("Here is your certificate" in letter for letter in post_office.send_all(database, settings))
    assert "resend" in trail(database)
    assert priya.post(f"/registry/{number}/resend").status_code == 303, "while the first is still on record"
    assert priya.post(f"/registry/{number}/resend").status_code == 303, "while it waits: that one is enough"
    assert len(post_office.send_all(database, settings)) == 2


def test_a_holder_is_not_told_of_another_name_when_the_certificate_is_issued_anew(
    priya: Client, database: Database, settings: Settings, number: str
) -> None:
    priya.post(f"/registry/{number}/reissue")
    [letter] = post_office.send_all(database, settings)
    assert "was issued anew" in letter
    assert "name" not in letter.partition("--")[0]
    assert "Mail that it was issued anew" in priya.post(f"/registry/{number}/contact").text


def test_the_log_shows_who_did_what_page_by_page(priya: Client, database: Database, number: str) -> None:
    for _time in range(101):
        priya.post(f"/registry/{number}/contact")
    page = priya.get("/registry/log").text
    assert "looked at" in page
    assert "Priya" in page
    older = re.search(r"/registry/log\?before=(\d+)", page)
    assert older
    assert "Earlier" not in priya.get(f"/registry/log?before={older[1]}").text
    assert priya.get("/registry/log?before=nonsense").status_code == 200


def test_every_word_of_the_log_is_said_in_words() -> None:
    assert {*AUDIT_ACTIONS, *AUDIT_ACTORS, *AUDIT_OBJECTS, *AUDIT_OUTCOMES} <= set(WORDS)


def test_a_withdrawn_certificate_is_nowhere_in_the_registry(
    priya: Client, number: str, database: Database, settings: Settings
) -> None:
    assert priya.get(f"/registry/{number}").status_code == 200
    erasure.erase(database, open_ledger(settings), settings, cast.ADA[2], actor="holder")
    assert priya.get(f"/registry/{number}").status_code == 404
    assert priya.post("/registry/find", data={"number": number}).status_code == 422
