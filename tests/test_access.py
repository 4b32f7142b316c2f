"""Every route is either public by list or refused to a stranger."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import update

from tests import crew
from university import clock
from university.access import PUBLIC, STAFF, STEP_UP, WHILE_SETTING_UP
from university.access.staff import MARKS, WHO
from university.access.table import read_table
from university.database import Database
from university.models import StaffSession

# Let in, and then refused by the handler for want of a code.
ASK_FOR_A_FACTOR = {"POST /staff/step-up", "POST /staff/step-up/passkey"}


def call(client: TestClient, route: str) -> Response:
    method, path = route.split(" ", 1)
    path = re.sub(r"{\w+_id}", "01890a5d-ac96-774b-bcce-b302099a8057", path)
    return client.request(method, re.sub(r"{[^}]+}", "x", path))


def declared_routes(app: Litestar) -> set[str]:
    return {
        f"{method} {route.path_format}"
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods
        if method not in {"HEAD", "OPTIONS"}
    }


@pytest.mark.parametrize(
    "line",
    [
        "/staff owners",
        "GET staff owners",
        "PUT /staff owners",
        "GET GET /staff owners",
        "GET /staff kings",
        "GET /s fersh",
    ],
)
def test_a_slip_of_the_pen_in_a_table_stops_the_program(line: str) -> None:
    assert read_table("# Words.\nGET POST /x owners fresh", WHO.keys() | MARKS) == {
        "GET /x": ["owners", "fresh"],
        "POST /x": ["owners", "fresh"],
    }
    with pytest.raises(ValueError, match=line):
        read_table(line, WHO.keys() | MARKS)


def test_every_public_route_exists(litestar_app: Litestar) -> None:
    assert declared_routes(litestar_app) >= PUBLIC


def test_every_staff_route_exists_and_is_no_public_one(litestar_app: Litestar) -> None:
    assert declared_routes(litestar_app) >= STAFF.keys()
    assert not STAFF.keys() & PUBLIC
    assert STAFF.keys() >= STEP_UP | WHILE_SETTING_UP


def test_a_stranger_is_refused_everywhere_else(litestar_app: Litestar, client: TestClient) -> None:
    for route in sorted(declared_routes(litestar_app) - PUBLIC):
        answer = call(client, route)
        if route in STAFF and route.startswith("GET "):
            assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/staff/sign-in"), route
        else:
            assert answer.status_code in {401, 403, 404}, route


def test_a70_whoever_lacks_the_role_is_refused_on_every_route_of_the_table(
    litestar_app: Litestar, client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole matrix: every role, every route. Who may is let in; what the handler then says is its own matter."""
    crew.hash_quickly(monkeypatch)
    for who, (_name, role) in crew.CAST.items():
        for route in sorted(declared_routes(litestar_app) - PUBLIC):
            crew.sign_in(client, database, who)
            status = call(client, route).status_code
            if role in STAFF.get(route, ()):
                assert route in ASK_FOR_A_FACTOR or status not in {401, 403}, (who, route, status)
            else:
                assert status in {403, 404}, (who, route, status)


def test_dangerous_acts_ask_for_a_factor_shown_just_now(client: TestClient, database: Database) -> None:
    for route in sorted(STEP_UP):
        who = next(who for who, (_name, role) in crew.CAST.items() if role in STAFF[route])
        crew.sign_in(client, database, who)
        with database.writing() as session:
            session.execute(update(StaffSession).values(auth_at=clock.now() - timedelta(minutes=6)))
        answer = call(client, route)
        if route.startswith("GET "):
            assert answer.headers["location"].startswith("/staff/step-up?next="), route
        else:
            assert answer.status_code == 401, route


def test_every_page_answers_head_like_get(litestar_app: Litestar) -> None:
    for route in litestar_app.routes:
        methods = {str(method) for handler in getattr(route, "route_handlers", []) for method in handler.http_methods}
        assert "GET" not in methods or "HEAD" in methods, route.path
