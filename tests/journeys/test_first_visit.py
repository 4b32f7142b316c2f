"""What a first visit costs, counted by a real browser over a real server: bytes on the wire, and nothing that moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import select

from tests.cast import make_award
from tests.live import LiveServer
from university.database import Database
from university.models import Course
from university.settings import read_settings

COURSE = "/courses/personal-data-in-plain-words"
DUTCH = "/courses/persoonsgegevens-in-gewone-taal"
SHIFTS = """window.shifts = 0;
new PerformanceObserver(list => list.getEntries().forEach(one => { window.shifts += one.value; }))
  .observe({type: "layout-shift", buffered: true});"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(Path(tmp_path_factory.mktemp("first-visit")) / "data") as server:
        yield server


@pytest.fixture(scope="module")
def certificate(server: LiveServer) -> str:
    database = Database(read_settings(server.environment))
    with database.writing() as session:
        number = make_award(session, course=session.scalars(select(Course)).first()).number
    database.close()
    return f"/verify/{number}"


@pytest.fixture
def stranger(browser: Browser, server: LiveServer) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=server.address, viewport={"width": 390, "height": 844})
    yield context
    context.close()


def visit(context: BrowserContext, address: str) -> tuple[dict[str, int], float]:
    """The bytes of every answer by its address, headers included, and how far things moved until all was there."""
    page = context.new_page()
    page.add_init_script(SHIFTS)
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def note_request(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def note_end(event: dict[str, Any]) -> None:
        sizes[addresses[event["requestId"]]] = int(event["encodedDataLength"])

    network.on("Network.requestWillBeSent", note_request)
    network.on("Network.loadingFinished", note_end)
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    moved = float(page.evaluate("window.shifts"))
    page.close()
    return sizes, moved


@pytest.mark.parametrize("lesson", ["what-counts", "who-decides", "when-it-goes-wrong"])
def test_the_first_visit_of_a_lesson_takes_less_than_60_kilobytes(
    stranger: BrowserContext, server: LiveServer, lesson: str
) -> None:
    """The lessons with a picture, in the longer of our languages, are the heaviest."""
    sizes, moved = visit(stranger, f"{DUTCH}/{lesson}")
    assert any(".woff2" in address for address in sizes)
    assert all(address.startswith(server.address) for address in sizes)
    assert sum(sizes.values()) < 60_000, sizes
    assert moved == 0


@pytest.mark.parametrize("page", ["catalogue", "course", "certificate"])
def test_nothing_moves_while_a_page_arrives(stranger: BrowserContext, certificate: str, page: str) -> None:
    _sizes, moved = visit(stranger, {"catalogue": "/", "course": COURSE, "certificate": certificate}[page])
    assert moved == 0


def test_an_english_or_dutch_page_fetches_no_letters_of_other_languages(stranger: BrowserContext) -> None:
    for address in ("/", COURSE, DUTCH):
        sizes, _moved = visit(stranger, address)
        assert not [one for one in sizes if "-more" in one or "-most" in one]


def test_the_next_page_is_fetched_while_a_pointer_rests_on_its_link(stranger: BrowserContext) -> None:
    page = stranger.new_page()
    page.set_viewport_size({"width": 1360, "height": 860})
    page.goto("/")
    with page.expect_response("**/ahead.json"):  # until then the browser does not know that it may
        page.click("h3 a")
    with page.expect_request(lambda request: request.url.endswith(f"{COURSE}/what-counts"), timeout=15_000) as fetched:
        page.hover("nav.toc li a >> nth=0")
    assert "prefetch" in fetched.value.headers.get("sec-purpose", "")
    assert stranger.cookies() == []
    page.close()


def test_pages_pass_into_each_other_unless_calm_is_asked_for(stranger: BrowserContext) -> None:
    stranger.add_init_script(
        "addEventListener('pagereveal', event => { window.passes = Boolean(event.viewTransition); });"
    )
    page = stranger.new_page()
    for wish, passes in (("no-preference", True), ("reduce", False)):
        page.emulate_media(reduced_motion=wish)  # type: ignore[arg-type]
        page.goto("/verify")
        page.click(".logo")
        page.wait_for_url("**/")
        page.wait_for_function("window.passes !== undefined")
        assert page.evaluate("window.passes") is passes
    page.close()


def test_on_paper_the_verdict_stands_below_its_line_and_the_certificate_can_be_read(
    stranger: BrowserContext, certificate: str
) -> None:
    page = stranger.new_page()
    page.set_viewport_size({"width": 700, "height": 1000})  # the width between the margins of an A4
    page.goto(certificate)
    page.emulate_media(media="print")
    line, verdict = page.locator(".verdict").bounding_box(), page.locator("h1").bounding_box()
    picture = page.locator(".cert").bounding_box()
    assert line
    assert verdict
    assert picture
    assert verdict["y"] > line["y"] + 10
    assert picture["width"] > 300
    assert not page.get_by_role("heading", name="Is it yours? Show it").is_visible()


def test_in_forced_colours_only_the_language_spoken_is_ringed(stranger: BrowserContext) -> None:
    page = stranger.new_page()
    page.emulate_media(forced_colors="active")
    page.goto("/verify")
    other = page.locator(".lang button:not([aria-current])")
    assert other.evaluate("button => getComputedStyle(button).borderTopColor") == "rgb(255, 255, 255)"
