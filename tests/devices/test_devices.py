"""Progress on another device: a link, a code, a recovery code, and what none of them gives away."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import select, update

from tests.cast import publish_sample
from tests.learner import Learner, words
from university import clock
from university.app import create_app
from university.database import Database
from university.devices.codes import read_code, show_code
from university.models import HandOver
from university.retention import delete_hand_overs
from university.settings import Settings


@pytest.fixture
def ben(client: TestClient[Any], database: Database) -> Learner:
    """Has read one lesson, in a browser of his own."""
    publish_sample(database)
    ben = Learner(client)
    ben.read("spring")
    return ben


@pytest.fixture
def phone(settings: Settings, ben: Learner) -> TestClient[Any]:
    """Another browser, on the same installation."""
    phone = TestClient(create_app(settings), base_url=settings.base_url)
    phone.headers["sec-fetch-site"] = "same-origin"
    phone.follow_redirects = False
    return phone


def code_on(page: Response) -> str:
    return re.findall(r'class="bigcode">([^<]+)<', page.text)[0]


def link_on(page: Response) -> str:
    return re.findall(r'href="[^"]*(/devices/und_[^"]+)"|>[^<]*(/devices/und_[\w-]+)<', page.text)[0][1]


def test_a_link_takes_ben_to_his_phone_and_both_go_on(ben: Learner, phone: TestClient[Any]) -> None:
    link = link_on(ben.client.post("/devices/links"))
    page = phone.get(link)
    assert "1 of 4 lessons" in words(page)
    assert "set-cookie" not in page.headers
    answer = phone.post(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Continue: lesson 2" in words(phone.get("/"))
    assert "Continue: lesson 2" in words(ben.client.get("/"))


def test_a12_a_link_used_twice_is_gone_and_its_code_with_it(ben: Learner, phone: TestClient[Any]) -> None:
    made = ben.client.post("/devices/links")
    assert phone.post(link_on(made)).status_code == 303
    assert phone.post(link_on(made)).status_code == 410
    assert phone.get(link_on(made)).status_code == 410
    assert phone.post("/devices/code", data={"code": code_on(made)}).status_code == 422


def test_opening_the_link_changes_nothing_however_often(ben: Learner, phone: TestClient[Any]) -> None:
    link = link_on(ben.client.post("/devices/links"))
    assert {phone.get(link).status_code for _ in range(3)} == {200}
    assert phone.post(link).status_code == 303


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace("-", " ").replace("0", "o")])
def test_a_code_is_read_as_people_type_it(ben: Learner, phone: TestClient[Any], typed: Any) -> None:
    code = code_on(ben.client.post("/devices/links"))
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}", code)
    assert phone.post("/devices/code", data={"code": typed(code)}).status_code == 303
    assert "Continue: lesson 2" in words(phone.get("/"))


def test_after_five_wrong_tries_the_right_code_is_worth_nothing(ben: Learner, phone: TestClient[Any]) -> None:
    code = code_on(ben.client.post("/devices/links"))
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for _ in range(5):
        page = phone.post("/devices/code", data={"code": wrong})
        assert page.status_code == 422
        assert wrong in page.text
    assert phone.post("/devices/code", data={"code": code}).status_code == 422


def test_four_wrong_tries_are_forgiven(ben: Learner, phone: TestClient[Any]) -> None:
    code = code_on(ben.client.post("/devices/links"))
    for _ in range(4):
        phone.post("/devices/code", data={"code": code[:-5] + "00000"})
    assert phone.post("/devices/code", data={"code": code}).status_code == 303


def test_after_fifteen_minutes_link_and_code_have_expired(
    ben: Learner, phone: TestClient[Any], database: Database
) -> None:
    made = ben.client.post("/devices/links")
    assert "for 15 minutes" in words(ben.client.get("/devices"))
    age(database, timedelta(minutes=15))
    assert phone.post(link_on(made)).status_code == 410
    assert phone.post("/devices/code", data={"code": code_on(made)}).status_code == 422


def test_a_new_link_ends_the_one_before(ben: Learner, phone: TestClient[Any]) -> None:
    first, second = ben.client.post("/devices/links"), ben.client.post("/devices/links")
    assert phone.post(link_on(first)).status_code == 404
    assert phone.post(link_on(second)).status_code == 303


def test_a_recovery_code_brings_ben_back_after_he_stopped_and_may_be_used_again(
    ben: Learner, phone: TestClient[Any], database: Database
) -> None:
    code = code_on(ben.client.post("/devices/recovery"))
    assert len(read_code(code) or "") == 30
    age(database, timedelta(days=300))
    ben.client.post("/devices/stop")
    assert "Go on where you were" not in ben.client.get("/").text
    for browser in (phone, ben.client):
        assert browser.post("/devices/code", data={"code": code}).status_code == 303
        assert "Continue: lesson 2" in words(browser.get("/"))


def test_what_the_database_keeps_opens_nothing(ben: Learner, database: Database) -> None:
    made, printed = ben.client.post("/devices/links"), ben.client.post("/devices/recovery")
    secrets = [link_on(made).rsplit("/", 1)[1], *(read_code(code_on(page)) or "" for page in (made, printed))]
    with database.reading() as session:
        rows = session.scalars(select(HandOver)).all()
        kept = " ".join(str(value) for row in rows for value in vars(row).values())
    assert len(rows) == 2
    for secret in (*secrets, ben.client.cookies["e"], *map(show_code, secrets)):
        assert secret
        assert secret not in kept


def test_delete_my_progress_ends_every_way_to_it(ben: Learner, phone: TestClient[Any], database: Database) -> None:
    made = ben.client.post("/devices/links")
    ben.client.post("/courses/rivers", data={"do": "delete"})
    assert phone.post(link_on(made)).status_code == 404
    with database.reading() as session:
        assert session.scalars(select(HandOver)).all() == []


def test_ways_to_progress_are_forgotten_a_day_after_they_end(ben: Learner, database: Database) -> None:
    ben.client.post("/devices/links")
    ben.client.post("/devices/recovery")
    with database.writing() as session:
        assert delete_hand_overs(session, clock.now() + timedelta(hours=23)) == 0
        assert delete_hand_overs(session, clock.now() + timedelta(hours=25)) == 1
        assert delete_hand_overs(session, clock.now() + timedelta(days=402)) == 1


def test_a_stranger_has_nothing_to_take_along(client: TestClient[Any]) -> None:
    page = client.get("/devices")
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert "Make a link" not in page.text
    assert client.post("/devices/links").status_code == 409
    assert client.post("/devices/recovery").status_code == 409
    assert client.get("/devices/und_nothing").status_code == 404


def test_nothing_on_the_way_leads_to_another_site(ben: Learner, phone: TestClient[Any]) -> None:
    link = link_on(ben.client.post("/devices/links"))
    answer = phone.post(f"{link}?next=https://evil.example.org/", data={"next": "//evil.example.org"})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("typed", ["", "-----", "ABC", "Ω" * 20, "U" * 20, "A" * 5000, "'; --"])
def test_what_can_be_no_code_is_asked_again(client: TestClient[Any], typed: str) -> None:
    assert client.post("/devices/code", data={"code": typed}).status_code == 422


def age(database: Database, time: timedelta) -> None:
    """Everything that was made becomes so much older."""
    with database.writing() as session:
        for row in session.scalars(select(HandOver)).all():
            session.execute(
                update(HandOver)
                .where(HandOver.id == row.id)
                .values(created_at=row.created_at - time, expires_at=row.expires_at - time)
            )
