"""The one place that lets staff in: session, role, token; and nothing typed is ever lost."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from bs4 import BeautifulSoup
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from tests import crew
from university import clock
from university.accounts.kept_forms import KeptForm, unpack
from university.database import Database
from university.models import SETTING_UP, StaffMember, StaffSession

OUT = "/staff/sign-out"


def sessions_left(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(StaffSession)) or 0


def without_token(client: TestClient) -> TestClient:
    client.headers.pop("x-csrf-token")
    return client


def test_a_stranger_is_sent_to_the_sign_in_and_back_to_the_page_he_wanted(client: TestClient) -> None:
    answer = client.get("/staff?a=1&b=é")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/staff/sign-in?next=%2Fstaff%3Fa%3D1%26b%3D%25C3%25A9"
    assert 'value="/staff?a=1&amp;b=%C3%A9"' in client.get(answer.headers["location"]).text
    assert client.get("/staff", headers={"accept": "application/json"}).status_code == 401


def test_grace_sees_her_home_with_her_name_and_no_more_of_the_menu_than_is_hers(
    client: TestClient, grace: crew.Here
) -> None:
    page = client.get("/staff")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "Grace" in page.text
    assert "/staff/accounts" not in page.text


@pytest.mark.parametrize("column", ["created_at", "last_seen_at"])
def test_a_session_ends_by_itself(client: TestClient, database: Database, grace: crew.Here, column: str) -> None:
    with database.writing() as session:
        session.execute(update(StaffSession).values({column: clock.now() - timedelta(hours=13)}))
    assert client.get("/staff").status_code == 303


def test_half_an_hour_without_use_ends_it_and_use_prolongs_it(
    client: TestClient, database: Database, grace: crew.Here
) -> None:
    for minutes, status in ((29, 200), (29, 200), (31, 303)):
        with database.writing() as session:
            session.execute(update(StaffSession).values(last_seen_at=clock.now() - timedelta(minutes=minutes)))
        assert client.get("/staff").status_code == status


def test_a_disabled_account_is_out_at_once(client: TestClient, database: Database, grace: crew.Here) -> None:
    with database.writing() as session:
        session.execute(update(StaffMember).values(state="disabled"))
    assert client.get("/staff").status_code == 303


def test_an_account_without_factors_comes_no_further_than_setting_them_up(
    client: TestClient, database: Database, grace: crew.Here
) -> None:
    with database.writing() as session:
        session.execute(update(StaffSession).values(auth_level=SETTING_UP))
    answer = client.get("/staff")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/welcome")


def test_signing_out_ends_the_session_and_touches_no_other_cookie(
    client: TestClient, database: Database, grace: crew.Here
) -> None:
    client.cookies.set("e", "a learner's place in a course")
    answer = client.post(OUT)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert [line.partition("=")[0] for line in answer.headers.get_list("set-cookie")] == ["s"]
    assert sessions_left(database) == 0
    crew.be(client, grace)
    assert client.get("/staff").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {},
    ],
)
def test_a64_what_comes_from_elsewhere_or_from_nowhere_is_refused_even_with_the_right_token(
    client: TestClient, database: Database, grace: crew.Here, headers: dict[str, str]
) -> None:
    del client.headers["sec-fetch-site"]
    assert client.post(OUT, headers=headers).status_code == 403
    assert sessions_left(database) == 1


def test_a64_what_is_no_form_is_told_so(client: TestClient, grace: crew.Here) -> None:
    without_token(client)
    assert client.post(OUT, content=b"csrf_token=x", headers={"content-type": "text/plain"}).status_code == 415


def test_a65_the_token_of_another_session_opens_nothing(
    client: TestClient, database: Database, grace: crew.Here
) -> None:
    olga = crew.sign_in(client, database, "olga")
    for token in (grace.csrf, "", olga.csrf[:-1], olga.csrf.upper() + " "):
        assert client.post(OUT, headers={"x-csrf-token": token}).status_code == 403
        assert without_token(client).post(OUT, data={"csrf_token": token}).status_code == 403
        client.headers["x-csrf-token"] = token
    assert sessions_left(database) == 2


def test_a66_a_token_that_is_none_is_refused_and_never_a_fault(client: TestClient, grace: crew.Here) -> None:
    without_token(client)
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post(OUT, data={"csrf_token": "é" * 32}).status_code == 403
    assert client.post(OUT, headers={"x-csrf-token": b"\xff\xe9"}).status_code == 403
    assert client.post(OUT, files={"csrf_token": ("token.txt", grace.csrf.encode())}).status_code == 403
    assert client.post(OUT, content=f"csrf_token={grace.csrf}&csrf_token={grace.csrf}", headers=form).status_code == 403
    assert client.post(OUT, data={"csrf_token": "x" * 1_000_000}).status_code == 413
    assert client.post(OUT, data={"csrf_token": grace.csrf}).status_code == 303


TYPED = {"title": "Zoë's “first” lesson <b>", "text": "one\r\n\r\ntwo", "empty": ""}


def kept_in(page: Response) -> KeptForm:
    """The form that a page of the sign-in carries along."""
    found = BeautifulSoup(page.text, "html.parser").select_one('input[name="kept"]')
    kept = unpack(str(found["value"])) if found else None
    assert kept
    return kept


def test_what_was_typed_when_the_session_had_ended_is_carried_into_the_sign_in(
    client: TestClient, database: Database, grace: crew.Here
) -> None:
    with database.writing() as session:
        session.execute(update(StaffSession).values(last_seen_at=clock.now() - timedelta(hours=1)))
    answer = without_token(client).post(OUT, data={**TYPED, "csrf_token": grace.csrf})
    assert answer.status_code == 401
    assert "What you typed is kept" in answer.text
    assert kept_in(answer) == KeptForm(OUT, tuple(TYPED.items()))


def test_a_form_with_the_token_of_an_earlier_sign_in_comes_back_whole_with_the_right_one(
    client: TestClient, database: Database, grace: crew.Here
) -> None:
    client.headers.pop("x-csrf-token")
    answer = client.post(OUT, data={**TYPED, "csrf_token": "0" * 64})
    form = BeautifulSoup(answer.text, "html.parser").select_one(f'main form[action="{OUT}"]')
    assert form
    fields = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    assert {name: fields[name] for name in TYPED} == TYPED
    assert fields["csrf_token"] == grace.csrf
    assert client.post(OUT, data=fields).status_code == 303


def test_a_program_is_told_in_json_that_the_session_has_ended(client: TestClient) -> None:
    answer = client.post(OUT, data=TYPED, headers={"accept": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_a_chosen_file_cannot_be_kept_and_the_page_says_so(client: TestClient, grace: crew.Here) -> None:
    client.headers.pop("x-csrf-token")
    answer = client.post(OUT, data=TYPED, files={"picture": ("a.png", b"x")})
    assert answer.status_code == 403
    assert "choose it again" in unescape(answer.text)


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '["//evil", [], false]', "[" * 9000, '["/a", [["b"]], 1]'])
def test_what_is_no_kept_form_is_nothing(text: str) -> None:
    kept = unpack(text)
    assert kept is None or kept.path == "/"


def test_the_token_stands_on_pages_of_the_staff_alone(client: TestClient, grace: crew.Here) -> None:
    assert re.search(rf'name="csrf_token" value="{grace.csrf}"', client.get("/staff").text)
    for path in ("/", "/verify", "/privacy/my-data", "/staff/sign-in", "/nowhere"):
        assert "csrf_token" not in client.get(path).text
