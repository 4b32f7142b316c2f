"""Passkeys in a real browser with a virtual authenticator: the whole way in for the first owner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.journeys.conftest import Inspector, Watch
from tests.live import LiveServer

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Staffroom:
    """A live installation with a name, and a browser whose device holds passkeys."""

    def __init__(self, live: LiveServer, browser: Browser) -> None:
        self.live = live
        self.context: BrowserContext = browser.new_context()
        self.watcher = Watch(self.context, live.address)
        self.page: Page = self.context.new_page()
        self.devtools: CDPSession = self.context.new_cdp_session(self.page)
        self.devtools.send("WebAuthn.enable")
        self.authenticator = self.add_authenticator()

    def add_authenticator(self, **changes: Any) -> str:
        added = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **changes}})
        return str(added["authenticatorId"])

    def goto(self, path: str) -> None:
        self.page.goto(self.live.address + path)

    def open_link_of_first_owner(self) -> None:
        link = re.search(r"\S+/staff/invitations/\S+", self.live.log.read_text())
        assert link
        self.page.goto(link[0])

    def join_as_first_owner(self) -> None:
        self.open_link_of_first_owner()
        self.page.fill("#name", "Olga")
        self.page.fill("#email", "olga@example.org")
        self.page.click("main button")
        self.page.wait_for_url("**/staff/welcome")
        self.page.click("[data-passkey] button")
        self.page.wait_for_url("**/staff/setup")
        self.goto("/staff/account")

    def sign_out(self) -> None:
        self.goto("/staff")
        self.page.click("text=Sign out")
        self.page.wait_for_url("**/staff/sign-in")


@pytest.fixture
def staffroom(tmp_path: Path, browser: Browser, database_url: str) -> Iterator[Staffroom]:
    live = LiveServer(tmp_path / "data", database_url=database_url)
    live.call_it("localhost")  # passkeys want a name
    with live:
        room = Staffroom(live, browser)
        yield room
        room.context.close()


def test_the_first_owner_comes_in_and_goes_out_and_comes_in_with_a_passkey(
    staffroom: Staffroom, inspect: Inspector
) -> None:
    staffroom.join_as_first_owner()
    inspect(staffroom.page, "account")
    staffroom.sign_out()
    inspect(staffroom.page, "sign-in")
    staffroom.page.click("[data-passkey] button")
    staffroom.page.wait_for_url("**/staff")
    expect(staffroom.page.locator("h1")).to_contain_text("Olga")
    for path in ("/staff", "/staff/accounts", "/staff/step-up", "/staff/account/password"):
        staffroom.goto(path)
        inspect(staffroom.page, path)
    staffroom.goto("/staff/step-up?next=/staff/account")
    staffroom.page.click("[data-passkey] button")
    staffroom.page.wait_for_url(f"{staffroom.live.address}/staff/account")
    staffroom.watcher.assert_quiet()


def test_a_device_that_does_not_know_its_owner_is_told_so_and_the_page_stays(staffroom: Staffroom) -> None:
    """The browser itself refuses where nobody proves who is holding the device: we ask for nothing less."""
    staffroom.join_as_first_owner()
    staffroom.sign_out()
    known = {"authenticatorId": staffroom.authenticator, "isUserVerified": False}
    staffroom.devtools.send("WebAuthn.setUserVerified", known)
    staffroom.page.click("[data-passkey] button")
    staffroom.page.wait_for_selector("[data-message]:not([hidden])")
    assert staffroom.page.url.endswith("/staff/sign-in")
    staffroom.devtools.send("WebAuthn.setUserVerified", {**known, "isUserVerified": True})
    staffroom.page.click("[data-passkey] button")
    staffroom.page.wait_for_url("**/staff")


def test_the_keyboard_alone_makes_the_first_owner(staffroom: Staffroom) -> None:
    staffroom.open_link_of_first_owner()
    staffroom.page.focus("#name")
    for text in ("Olga", "olga@example.org"):
        staffroom.page.keyboard.type(text)
        staffroom.page.keyboard.press("Tab")
    staffroom.page.keyboard.press("Enter")
    staffroom.page.wait_for_url("**/staff/welcome")
    for _stop in range(30):
        staffroom.page.keyboard.press("Tab")
        if staffroom.page.evaluate("() => document.activeElement.closest('[data-passkey]') !== null"):
            break
    staffroom.page.keyboard.press("Enter")
    staffroom.page.wait_for_url("**/staff/setup")


def test_nothing_typed_is_lost_when_the_session_ends_meanwhile(staffroom: Staffroom) -> None:
    staffroom.join_as_first_owner()
    staffroom.page.fill("#name", "Olga van den Berg")
    staffroom.context.clear_cookies()
    with staffroom.page.expect_navigation():  # with its script, which asks for the passkey
        staffroom.page.click("text=Save")
    staffroom.page.click("[data-passkey] button")
    staffroom.page.wait_for_selector("text=word for word")
    staffroom.page.click("main form button")
    staffroom.page.wait_for_url("**/staff/account")
    expect(staffroom.page.locator("#name")).to_have_value("Olga van den Berg")
