"""Links that mail programs and scanners open by themselves, in a real browser: looking uses nothing, tells nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast
from tests.journeys.conftest import Watch
from tests.live import LiveServer
from university import tokens
from university.accounts import invitations
from university.database import Database
from university.devices import handing_over
from university.keys.keyring import open_keyring
from university.keys.secret_hashes import hashed
from university.mailing.links import never_token, topic_token
from university.models import (
    OWNER,
    Award,
    Consent,
    Enrolment,
    HandOver,
    LocalMail,
    Outbox,
    PortalSession,
    SignUp,
    StaffInvitation,
    Suppression,
    Token,
)
from university.settings import read_settings

HOUR = timedelta(hours=1)
# Which link, and what the press of its button is called.
LINKS = {
    "claim": "Issue my certificate",
    "topics": "Yes, send me this",
    "portal": "Show my data",
    "unsubscribe": "Stop “Newsletter”",
    "never": "Never mail me again",
    "device": "Continue here",
    "invitation": "",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("links") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def database(server: LiveServer) -> Iterator[Database]:
    database = Database(read_settings(server.settings))
    yield database
    database.close()


@pytest.fixture(scope="module")
def links(server: LiveServer, database: Database) -> dict[str, str]:
    """One unused link of every kind."""
    settings = read_settings(server.settings)
    keyring = open_keyring(settings)
    course = cast.publish_sample(database)
    passed, begun = cast.make_passed_enrolment(database, course), cast.make_begun_enrolment(database, course)
    with database.writing() as session:
        ada = cast.make_award(session).person
        cast.make_consent(session, ada)
        claim = cast.make_claim_of(session, enrolment_of(session, passed), "ben@example.org")
        waiting = cast.make_sign_up(session, "vera@example.org", "newsletter")
        made = {
            "claim": f"/claims/confirm/{tokens.make(session, tokens.CLAIM, claim_id=claim.id, lifetime=HOUR)}",
            "topics": f"/subscriptions/confirm/"
            f"{tokens.make(session, tokens.SIGN_UP, sign_up_id=waiting.id, lifetime=HOUR)}",
            "portal": f"/privacy/my-data/{tokens.make(session, tokens.PORTAL, person_id=ada.id, lifetime=HOUR)}",
            "unsubscribe": f"/subscriptions/unsubscribe/{topic_token(keyring, ada.mail_ref, 'newsletter', ada.email)}",
            "never": f"/subscriptions/never/{never_token(keyring, 'ben@example.org')}",
            "invitation": f"/staff/invitations/{invitations.make(session, 'olga@example.org', [OWNER])}",
            "device": f"/devices/{handing_over.make_device_link(session, begun).token}",
        }
    return made


def enrolment_of(session: Session, secret: str) -> Enrolment:
    return session.scalars(select(Enrolment).where(Enrolment.secret_sha256 == hashed(secret))).one()


def everything(database: Database) -> list[list[dict[str, Any]]]:
    """Every row that pressing one of the buttons would change."""
    tables = (Token, HandOver, StaffInvitation, Award, Consent, SignUp, Suppression, PortalSession, Outbox, LocalMail)
    with database.reading() as session:
        return [
            [{**vars(row), "_sa_instance_state": None} for row in session.scalars(select(table))] for table in tables
        ]


@pytest.mark.parametrize("kind", LINKS)
def test_a16_a18_a_browser_that_opens_the_link_and_waits_uses_nothing_and_asks_nobody_else(
    browser: Browser, server: LiveServer, database: Database, links: dict[str, str], kind: str
) -> None:
    before = everything(database)
    with browser.new_context(base_url=server.address) as context:
        watch, sent = Watch(context, server.address), list[str]()
        context.on("request", lambda request: sent.append(request.method))
        page = context.new_page()
        page.clock.install()
        answer = page.goto(links[kind])
        assert isinstance(answer, Response)
        headers = answer.all_headers()
        page.wait_for_load_state("networkidle")
        page.clock.run_for(10_000)
        page.wait_for_load_state("networkidle")
        assert (answer.status, page.url) == (200, server.address + links[kind])
        assert (headers["referrer-policy"], headers["cache-control"]) == ("same-origin", "no-store")
        assert "refresh" not in headers
        assert page.locator("meta[http-equiv=refresh i]").count() == 0
        assert set(sent) == {"GET"}
        watch.assert_quiet()
    assert everything(database) == before


@pytest.fixture
def referers() -> Iterator[tuple[str, list[str | None]]]:
    """A small site of somebody else that writes down where its visitors say they come from."""
    seen: list[str | None] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/favicon.ico":
                seen.append(self.headers.get("Referer"))
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<a href='/again'>again</a>")

        def log_message(self, *_: object) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}", seen
    site.shutdown()
    site.server_close()


def test_a19_whoever_follows_a_link_out_of_such_a_page_tells_nobody_the_address(
    browser: Browser, server: LiveServer, links: dict[str, str], referers: tuple[str, list[str | None]]
) -> None:
    elsewhere, seen = referers
    with browser.new_context(base_url=server.address) as context:
        page = context.new_page()
        for path in links.values():
            page.goto(path)
            page.evaluate(
                "address => { const link = document.createElement('a'); link.href = address; "
                "link.textContent = 'out'; document.querySelector('main').prepend(link); }",
                elsewhere,
            )
            page.get_by_role("link", name="out", exact=True).click()
            page.wait_for_url(f"{elsewhere}/")
        assert seen == [None] * len(links)
        page.get_by_role("link", name="again").click()  # that site would have noticed
        page.wait_for_url(f"{elsewhere}/again")
        assert seen[-1] == f"{elsewhere}/"


def test_a18_the_button_of_each_page_says_where_it_comes_from(
    browser: Browser, server: LiveServer, links: dict[str, str]
) -> None:
    with browser.new_context(base_url=server.address, java_script_enabled=False) as context:
        page = context.new_page()
        for kind, button in LINKS.items():
            page.goto(links[kind])
            if kind == "invitation":
                page.get_by_label("Your name").fill("Olga")
            with page.expect_request(lambda request: request.method == "POST") as posted:
                page.locator("main form button").filter(has_text=button).first.click()
            request: Request = posted.value
            assert request.all_headers()["origin"] == server.address, kind
            answer = request.response()
            assert answer
            assert answer.status in {200, 303}, kind
