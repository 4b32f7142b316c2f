"""A class in a room: a list becomes mails, and everybody confirms their own address."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from tests import crew, post_office
from tests.cast import publish_sample
from university.database import Database
from university.models import Award, Claim, Course, Enrolment, Outbox
from university.registry.classroom import read_class
from university.settings import Settings

LIST = "first name,last name,e-mail\nAda,Lovelace,ada@example.org\nBen,Example,ben@example.org\n"
Client = TestClient[Any]


@pytest.fixture
def priya(client: Client, database: Database) -> Client:
    publish_sample(database)
    crew.sign_in(client, database, "priya")
    return client


def count(database: Database, table: Any) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_list_is_looked_at_first_and_changes_nothing(priya: Client, database: Database) -> None:
    page = priya.post("/registry/classes", data={"course": "rivers", "people": LIST})
    assert "2 people can be asked" in page.text
    assert [count(database, table) for table in (Claim, Outbox, Enrolment)] == [0, 0, 0]


def test_everybody_confirms_their_own_address(priya: Client, database: Database, settings: Settings) -> None:
    sent = priya.post("/registry/classes", data={"course": "rivers", "people": LIST, "do": "invite"})
    assert "2 people are asked to confirm" in sent.text
    letters = post_office.send_all(database, settings)
    links = sorted(set(re.findall(r"/claims/confirm/unc_[\w-]+", "".join(letters))))
    assert len(links) == 2
    assert "Lovelace" not in "".join(letters)
    assert count(database, Award) == 0
    crew.sign_out(priya)
    assert priya.post(links[0]).status_code == 303
    assert count(database, Award) == 1


def test_a_list_with_a_mistake_sends_nothing_and_says_where(priya: Client, database: Database) -> None:
    people = f"{LIST}Eve\nWin http://evil.example,Example,a@b\nAda,Lovelace,ADA@example.org\n"
    page = priya.post("/registry/classes", data={"course": "rivers", "people": people, "do": "invite"})
    assert page.status_code == 422
    assert "4 lines cannot be used" in page.text
    assert "This address stands in the list twice." in page.text
    assert "Win http://evil.example" in page.text, "what was typed is still there"
    assert count(database, Outbox) == 0


@pytest.mark.parametrize("change", [{"course": "lakes"}, {"course": ""}, {"do": "invite"}])
def test_a_course_that_was_closed_meanwhile_loses_nobody_of_the_list(
    priya: Client, database: Database, change: dict[str, str]
) -> None:
    with database.writing() as session:
        session.execute(update(Course).values(status="archived"))
    page = priya.post("/registry/classes", data={"course": "rivers", "people": LIST, **change})
    assert page.status_code == 422
    assert "gives no certificate" in page.text
    assert "Ben,Example,ben@example.org" in page.text
    assert count(database, Outbox) == 0


def test_a_file_from_a_spreadsheet_is_read(priya: Client) -> None:
    content = "\ufeffVoornaam;Achternaam;E-mail\r\nZoë;van ’t Hoff;zoe@example.org\r\n".encode()
    page = priya.post("/registry/classes", data={"course": "rivers"}, files={"file": ("class.csv", content)})
    assert "One person can be asked" in page.text
    broken = priya.post("/registry/classes", data={"course": "rivers"}, files={"file": ("x.csv", b"\xff\xfe\x00a")})
    assert broken.status_code in {400, 422}
    western = {"file": ("x.csv", "Zoë;van ’t Hoff;zoe@example.org".encode("cp1252"))}
    refused = priya.post("/registry/classes", data={"course": "rivers", "people": "kept"}, files=western)
    assert refused.status_code == 422
    assert "not in UTF-8" in refused.text


def test_a_first_person_whose_address_is_wrong_is_not_taken_for_a_heading(priya: Client) -> None:
    people = "Ada,Lovelace,ada at home\nBen,Example,ben@example.org\n"
    page = priya.post("/registry/classes", data={"course": "rivers", "people": people})
    assert page.status_code == 422
    assert "One line cannot be used" in page.text


def test_an_address_that_was_asked_often_gets_no_more_mail(priya: Client, database: Database) -> None:
    for _time in range(5):
        priya.post("/registry/classes", data={"course": "rivers", "people": LIST, "do": "invite"})
    assert count(database, Outbox) == 2


def test_an_empty_list_and_a_course_that_is_not_there(priya: Client) -> None:
    assert "There is nobody on this list." in priya.post("/registry/classes", data={"course": "rivers"}).text
    assert priya.post("/registry/classes", data={"course": "nowhere", "people": LIST}).status_code == 422
    assert not read_class("\n\n", "en").may_be_sent
    assert read_class("A,B,a@example.org\n" * 1, "en").may_be_sent
    assert not read_class("".join(f"A,B,a{n}@example.org\n" for n in range(501)), "en").may_be_sent


def test_lines_may_end_as_on_an_old_macintosh_and_a_lost_quotation_mark_is_a_mistake(priya: Client) -> None:
    page = priya.post(
        "/registry/classes", data={"course": "rivers"}, files={"file": ("x.csv", LIST.replace("\n", "\r"))}
    )
    assert "2 people can be asked" in page.text
    lost = priya.post("/registry/classes", data={"course": "rivers", "people": f'Ada,"{"x" * 140_000},a@example.org'})
    assert lost.status_code == 422
    assert "This cannot be read as a table." in lost.text


def test_no_line_beyond_the_most_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr("university.registry.classroom.clean_email", lambda cell: looked.append(cell) or cell)
    read = read_class("".join(f"A,B,a{n}@example.org\n" for n in range(5000)), "en")
    assert len(looked) == 500
    assert [mistake.line for mistake in read.mistakes] == [501]
