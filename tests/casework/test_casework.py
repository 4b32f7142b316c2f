"""Two people decide a privacy case, and then forget whom it was about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests import crew
from university import clock
from university.accounts.signed_in import SignedIn
from university.database import Database
from university.models import AuditEntry, Person, PrivacyCase
from university.operating.attention import points
from university.retention import delete_people
from university.rights.cases import close, decide, open_case
from university.settings import Settings

Client = TestClient[Any]


@pytest.fixture
def number(database: Database, settings: Settings) -> str:
    with database.writing() as session:
        return open_case(session, settings, "erasure", language="en", contact="ada@example.org").number


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_two_different_people_decide_and_one_closes(client: Client, database: Database, number: str) -> None:
    crew.sign_in(client, database, "priya")
    assert "wants everything deleted" in client.get("/registry/cases").text
    assert client.post(f"/registry/cases/{number}", data={"outcome": "granted"}).status_code == 303
    assert client.post(f"/registry/cases/{number}", data={"outcome": "granted"}).status_code == 303
    assert client.post(f"/registry/cases/{number}/close").status_code == 409, "the same person twice is one person"
    crew.sign_in(client, database, "olga")
    assert "It counts once somebody else decides the same" in client.get(f"/registry/cases/{number}").text
    client.post(f"/registry/cases/{number}", data={"outcome": "granted"})
    decided = client.get(f"/registry/cases/{number}").text
    assert "Priya and Olga decided: granted" in decided
    assert "university erase" in decided, "who decides must know how it is done"
    assert client.post(f"/registry/cases/{number}/close").status_code == 303
    with database.reading() as session:
        case = session.scalars(select(PrivacyCase)).one()
        assert (case.outcome, case.contact, case.person_id) == ("granted", None, None)
    assert client.post(f"/registry/cases/{number}", data={"outcome": "refused"}).status_code == 409


def test_the_first_who_sends_it_once_more_takes_nothing_back(client: Client, database: Database, number: str) -> None:
    for who in ("priya", "olga", "priya"):
        crew.sign_in(client, database, who)
        assert client.post(f"/registry/cases/{number}", data={"outcome": "granted"}).status_code == 303
    assert client.post(f"/registry/cases/{number}/close").status_code == 303


def test_whoever_awaits_an_answer_is_kept_until_it_was_given(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        person = Person(email="ada@example.org", language="en", created_at=clock.now())
        session.add(person)
        session.flush()
        id_ = open_case(session, settings, "objection", language="en", person=person).id
    later = clock.now() + timedelta(days=2)
    with database.writing() as session:
        assert delete_people(session, later) == 0
        case = session.get_one(PrivacyCase, id_)
        decide(session, case, uuid4(), "granted")
        decide(session, case, uuid4(), "granted")
        close(session, case, uuid4())
        session.flush()
        assert delete_people(session, later) == 1


def test_another_decision_begins_anew(client: Client, database: Database, number: str) -> None:
    crew.sign_in(client, database, "priya")
    client.post(f"/registry/cases/{number}", data={"outcome": "granted"})
    crew.sign_in(client, database, "olga")
    client.post(f"/registry/cases/{number}", data={"outcome": "refused"})
    assert client.post(f"/registry/cases/{number}/close").status_code == 409


def test_the_address_is_for_the_privacy_officer_and_every_look_is_on_record(
    client: Client, database: Database, number: str
) -> None:
    crew.sign_in(client, database, "olga")
    assert "ada@example.org" not in client.get(f"/registry/cases/{number}").text
    assert client.post(f"/registry/cases/{number}/contact").status_code in {403, 404}
    crew.sign_in(client, database, "priya")
    assert "read" not in actions(database)
    assert "ada@example.org" in client.post(f"/registry/cases/{number}/contact").text
    assert actions(database)[-1] == "read"


def test_grace_and_pia_see_no_case(client: Client, database: Database, number: str) -> None:
    for who in ("grace", "pia"):
        crew.sign_in(client, database, who)
        assert client.get("/registry/cases").status_code in {403, 404}
        assert client.get(f"/registry/cases/{number}").status_code in {403, 404}


def test_no_decision_and_no_such_case(client: Client, database: Database, number: str) -> None:
    crew.sign_in(client, database, "priya")
    answer = client.post(f"/registry/cases/{number}", data={"outcome": "erased"})
    assert answer.status_code == 422
    assert "Choose how the case ends." in answer.text
    assert client.get("/registry/cases/0000-0000").status_code == 404
    assert client.get(f"/registry/cases/{number.lower()}").status_code == 200


def test_a_late_case_is_the_first_thing_staff_see(
    client: Client, database: Database, settings: Settings, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew.sign_in(client, database, "priya")
    assert "One privacy case waits for an answer" in client.get("/staff").text
    late = clock.now() + timedelta(days=40)
    monkeypatch.setattr(clock, "now", lambda: late)
    who = SignedIn(uuid4(), "Priya", frozenset({"privacy_officer"}), "", "", 2, late)
    with database.reading() as session:
        first = points(session, settings, who)[0]
    assert (first.tone, first.link) == ("bad", "/registry/cases")
