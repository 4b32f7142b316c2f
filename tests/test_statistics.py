"""Counting pages: only with a yes, only a number, and asked for in one line with two equal answers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select

from certificates import show_number
from tests import cast
from university import clock
from university.access import PUBLIC, STAFF
from university.cli import main
from university.database import Database
from university.models import PageCount
from university.settings import Settings
from university.statistics import asking, is_asking

LOADED = r'<(?:script|img|link rel="(?:stylesheet|preload|icon)")[^>]*(?:src|href)="([^"]+)"'
QUESTION = "May we count that this page was shown?"


def counted(database: Database) -> dict[str, int]:
    with database.reading() as session:
        rows = session.scalars(select(PageCount)).all()
    assert {row.day for row in rows} <= {clock.now().date()}
    return {row.page: row.shown for row in rows}


def choose(client: TestClient, choice: str) -> None:
    answer = client.post("/statistics", data={"choice": choice, "next": "/verify"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/verify")


def test_p10_nothing_is_counted_and_no_cookie_set_before_a_choice(client: TestClient, database: Database) -> None:
    page = client.get("/")
    assert QUESTION in page.text
    assert "set-cookie" not in page.headers
    assert counted(database) == {}


def test_p10_a_refusal_is_kept_asked_no_more_and_counts_nothing(client: TestClient, database: Database) -> None:
    choose(client, "no")
    assert QUESTION not in client.get("/").text
    assert counted(database) == {}


def test_p10_a_yes_counts_pages_per_day_and_nothing_else(client: TestClient, database: Database) -> None:
    choose(client, "yes")
    assert [client.get("/").status_code for _time in range(2)] == [200, 200]
    with database.writing() as session:
        number = show_number(cast.make_award(session).number)
    for path in ("/verify", f"/verify/{number}", f"/verify/{number}.pdf", "/nowhere", "/privacy/my-data"):
        page = client.get(path).text
        assert QUESTION not in page
    client.head("/verify")
    client.get("/", headers={"sec-purpose": "prefetch"})
    assert counted(database) == {"/": 2, "/verify": 1, "/verify/{number}": 1}
    columns = set(PageCount.__table__.columns.keys())
    assert columns == {"page", "day", "shown"}


def test_p10_global_privacy_control_is_a_refusal(client: TestClient, database: Database) -> None:
    choose(client, "yes")
    page = client.get("/", headers={"sec-gpc": "1"})
    client.cookies.clear()
    unasked = client.get("/verify", headers={"sec-gpc": "1"})
    assert QUESTION not in page.text + unasked.text
    assert "set-cookie" not in unasked.headers
    assert counted(database) == {}


def test_p10_the_choice_is_one_cookie_for_six_months(client: TestClient) -> None:
    answer = client.post("/statistics", data={"choice": "yes", "next": "//evil.example"})
    assert answer.headers["location"] == "/"
    [cookie] = answer.headers.get_list("set-cookie")
    parts = {part.strip().lower() for part in cookie.split(";")}
    assert {"consent=yes", "httponly", "path=/", "samesite=lax", f"max-age={182 * 86400}"} <= parts
    assert client.post("/statistics", data={"choice": "maybe", "next": "/"}).status_code == 400


def test_a78_both_answers_are_equal_and_on_one_layer(client: TestClient) -> None:
    bar = re.search(r'<form class="ask".*?</form>', client.get("/").text, re.S)
    assert bar
    buttons = re.findall(r'<button class="([^"]+)" name="choice" value="(yes|no)">', bar[0])
    assert len({classes for classes, _value in buttons}) == 1
    assert {value for _classes, value in buttons} == {"yes", "no"}
    assert "script" not in bar[0]


@pytest.mark.parametrize("choice", ["", "yes", "no"])
def test_a78_the_first_look_at_every_public_page_sets_no_cookie_and_asks_nobody_else(
    litestar_app: Litestar, client: TestClient, choice: str
) -> None:
    if choice:
        choose(client, choice)
    paths = [route.removeprefix("GET ") for route in PUBLIC if route.startswith("GET ") and "{" not in route]
    for path in paths:
        page = client.get(path)
        assert "set-cookie" not in page.headers, path
        if page.headers.get("content-type", "").startswith("text/html"):
            loaded = re.findall(LOADED, page.text)
            assert all(address.startswith("/") for address in loaded), path


def test_p10_nobody_is_asked_on_pages_of_the_staff_or_behind_a_link_of_their_own() -> None:
    of_a_link = [route for route in PUBLIC if "{token}" in route]
    assert len(of_a_link) > 10
    for route in [*of_a_link, *STAFF]:
        path = route.split(" ")[1].replace("{token}", "t" * 32)
        with asking("", path):
            assert not is_asking(), route
    with asking("", "/subscriptions"):
        assert is_asking()


@pytest.mark.parametrize(
    "path", ["/subscriptions/unsubscribe/x", "/subscriptions/never/x", "/staff/sign-in", "/privacy/receipt"]
)
def test_p10_whoever_stops_mail_signs_in_or_was_deleted_is_asked_nothing(client: TestClient, path: str) -> None:
    assert QUESTION not in client.get(path).text
    assert QUESTION not in client.post(path, data={"List-Unsubscribe": "One-Click"}).text


def test_the_command_prints_the_figures(client: TestClient, database: Database, settings: Settings) -> None:
    choose(client, "yes")
    client.get("/")
    with database.writing() as session:
        session.add(PageCount(page="/old", day=clock.now().date() - timedelta(days=40), shown=7))
    environment = {"UNIVERSITY_DATA": str(settings.data), "UNIVERSITY_DATABASE_URL": settings.database_url}
    result = CliRunner().invoke(main, ["statistics"], env=environment)
    assert result.output.splitlines() == ["day,page,shown", f"{clock.now().date()},/,1"]
