"""A real browser and the real program, with SQLite and with PostgreSQL behind it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.live import LiveServer, MailServer

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# The one thing that another theme changes.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
# What is expected comes at once or not at all; a machine with much to do may still take its time.
expect.set_options(timeout=20_000)


@contextmanager
def launched() -> Iterator[Browser]:
    """The system's Chromium, else the one Playwright brought."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *root])
        yield browser
        browser.close()


# Not for the session: as long as it lives, its event loop counts as running, and no test can start a loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def live(tmp_path: Path, database_url: str, mail_server: MailServer) -> Iterator[LiveServer]:
    """The program with the bundled courses, a real mail server, and each engine in turn."""
    with LiveServer(tmp_path / "data", database_url=database_url, smtp_url=mail_server.address) as server:
        yield server


class Watch:
    """What a careful visitor would notice: console messages, requests to other hosts."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.console: list[str] = []
        self.foreign: list[str] = []
        context.on("console", self._note_console)
        context.on("request", self._note_request)

    def _note_console(self, message: ConsoleMessage) -> None:
        # The browser's own reports of answers such as 422, and of the data it cleared when told to.
        if not message.text.startswith(("Failed to load resource", "Clear-Site-Data header")):
            self.console.append(f"{message.type}: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(request.url)

    def assert_quiet(self) -> None:
        assert self.console == []
        assert self.foreign == []


def expect_words(page: Page, words: str) -> None:
    """The page says so, or the one does that is just coming."""
    expect(page.locator("main")).to_contain_text(words, use_inner_text=True)


Inspector = Callable[[Page, str], None]


@pytest.fixture
def inspect(engine_name: str) -> Inspector:
    """Looks at a page with axe; the pages are the same on both engines, so once is enough."""
    return assert_accessible if engine_name == "sqlite" else lambda _page, _where: None


def assert_accessible(page: Page, where: str) -> None:
    """axe finds nothing on the page once it is there, in light and in dark."""
    page.wait_for_load_state()  # what pressed a button may be back before the whole of the next page is
    for scheme, rules in (("light", RULES), ("dark", CONTRAST)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found = violations(page, rules)
        assert not found, f"{where}, {scheme}: " + "; ".join(found)


def violations(page: Page, rules: object = RULES) -> list[str]:
    """What axe finds on the page, up to three places of each sort. It is brought along once per page."""
    if page.evaluate("() => typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    return list(
        page.evaluate(
            """async rules => (await axe.run(document, rules)).violations.flatMap(
                rule => rule.nodes.slice(0, 3).map(node => `${rule.id}: ${node.html.slice(0, 200)}`))""",
            rules,
        )
    )
