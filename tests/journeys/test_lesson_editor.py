"""Grace writes in a real browser: by keyboard alone, with pictures, without JavaScript, and at the same time as Pia."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests import crew
from tests.journeys.conftest import Watch, assert_accessible
from tests.live import LiveServer
from tests.sample_course import sample_folder
from university.accounts import sessions
from university.database import Database
from university.drafting.draft_saving import OpenDraft, open_draft
from university.drafting.drafts import import_folder
from university.models import FULL
from university.settings import read_settings

COURSE = "/editor/courses/rivers"
SPRING = f"{COURSE}/lessons/spring"
TEXT = "modules/01-upstream/01-spring.md"
SIZES = {"laptop": (1360, 800), "tablet": (820, 1100), "phone": (390, 800)}
PASTE = """([name, text]) => {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], name, { type: "image/jpeg" }));
  const options = { clipboardData, bubbles: true, cancelable: true };
  document.getElementById("text").dispatchEvent(new ClipboardEvent("paste", options));
}"""


@dataclass
class Office:
    """The program with the sample course as a draft, and browsers in which members are signed in."""

    server: LiveServer
    database: Database
    browser: Browser

    def enter(self, who: str, **options: object) -> BrowserContext:
        with self.database.writing() as session:
            begun = sessions.begin(session, crew.make_member(session, who), level=FULL, device="Firefox, Linux")
        context = self.browser.new_context(viewport={"width": 1360, "height": 800}, **options)  # type: ignore[arg-type]
        context.add_cookies([{"name": "s", "value": begun.secret, "url": self.server.address}])
        return context

    def open(self, context: BrowserContext, path: str) -> Page:
        page = context.new_page()
        page.goto(self.server.address + path)
        return page

    def draft(self) -> OpenDraft:
        with self.database.reading() as session:
            return open_draft(session, "rivers")


@pytest.fixture
def office(tmp_path: Path, browser: Browser) -> Iterator[Office]:
    with LiveServer(tmp_path / "data") as server:
        database = Database(read_settings(server.settings))
        with database.writing() as session:
            import_folder(session, sample_folder())
        yield Office(server, database, browser)
        database.close()


def tab_to(page: Page, id_: str) -> None:
    for _ in range(80):
        if page.evaluate("document.activeElement.id") == id_:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{id_} cannot be reached by keyboard")


def status(page: Page) -> Locator:
    return page.locator("#lesson [data-status]")


def saved(page: Page) -> None:
    expect(status(page)).to_contain_text("Saved at")


def test_a_lesson_is_written_by_keyboard_alone(office: Office) -> None:
    context = office.enter("grace")
    watch = Watch(context, office.server.address)
    page = office.open(context, COURSE)
    tab_to(page, "new-lesson-upstream")
    page.keyboard.type("The mouth")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lessons/the-mouth")
    tab_to(page, "text")
    page.keyboard.type("What you see")
    page.keyboard.press("Control+Alt+Digit2")
    page.keyboard.press("End")
    page.keyboard.type("\n\nThe river ends ")
    page.keyboard.press("Control+b")
    page.keyboard.type("here")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.type(". See ")
    page.keyboard.press("Control+k")
    expect(page.locator("#ask-link")).to_be_visible()
    page.keyboard.type("the spring")
    page.keyboard.press("Tab")
    page.keyboard.type("01-spring.md")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value(re.compile(r"\[the spring\]\(01-spring\.md\)$"))
    expect(page.locator("#seen article strong")).to_have_text("here")
    page.keyboard.press("Shift+Tab")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    saved(page)
    assert (
        office.draft()
        .text("modules/01-upstream/03-the-mouth.md")
        .endswith("---\n## What you see\n\n- The river ends **here**. See [the spring](01-spring.md)\n")
    )
    page.locator("#text").press("Control+z")
    expect(page.locator("#text")).to_have_value(
        "## What you see\n\nThe river ends **here**. See [the spring](01-spring.md)"
    )
    watch.assert_quiet()


def test_a_lesson_is_written_without_javascript(office: Office, tmp_path: Path) -> None:
    context = office.enter("grace", java_script_enabled=False)
    page = office.open(context, SPRING)
    expect(page.locator(".tools")).to_be_hidden()
    page.fill("#text", "## Plain\n\nIt *works*.")
    page.fill("#minutes", "3")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Preview").click()
    expect(opened.value.locator("article em")).to_have_text("works")
    assert "It *works*." not in office.draft().text(TEXT)
    picture = tmp_path / "holiday.png"
    Image.new("RGB", (20, 20)).save(picture)
    page.get_by_text("Add a picture").click()
    page.set_input_files("#picture", picture)
    page.fill("#alt", "A black square")
    page.get_by_role("button", name="Save and put it at the end of the text").click()
    expect(page.locator("#text")).to_have_value(
        re.compile(r"It \*works\*\.\n\n!\[A black square\]\(\.\./\.\./images/[0-9a-f]{32}\.png\)\n$")
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#minutes")).to_have_value("3")


def test_a_picture_is_pasted_described_and_seen(office: Office) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Canary cameras"
    photo = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 30, 30)).save(photo, format="JPEG", exif=exif)
    context = office.enter("grace")
    watch = Watch(context, office.server.address)
    page = office.open(context, SPRING)
    page.locator("#text").press("Control+End")
    page.evaluate(PASTE, ["holiday.jpg", base64.b64encode(photo.getvalue()).decode()])
    page.get_by_role("button", name="Put it in").last.click()
    expect(page.locator("#ask-picture [data-problem]")).to_contain_text("people who cannot see")
    page.fill("#ask-alt", "A red field")
    page.keyboard.press("Enter")
    expect(page.locator("#ask-picture")).to_be_hidden(timeout=30_000)  # the picture travels and is drawn anew
    shown = page.locator("#seen article img[alt='A red field']")
    expect(shown).to_be_visible()
    assert shown.evaluate("(picture) => picture.decode().then(() => picture.naturalWidth)") == 60
    saved(page)
    draft = office.draft()
    [path] = [path for path in draft.folder.files if path.endswith(".jpg")]
    assert draft.text(TEXT).endswith(f"![A red field](../../{path})\n")
    assert b"Canary" not in draft.folder.files[path]
    watch.assert_quiet()


def test_a52_two_who_write_at_once_lose_nothing_and_see_the_difference(office: Office) -> None:
    grace, pia = (office.open(office.enter(who), SPRING) for who in ("grace", "pia"))
    for page, words in ((grace, "by Grace"), (pia, "by Pia")):
        expect(page.locator("#seen article")).to_be_visible()
        page.locator("#text").evaluate("(area) => area.setSelectionRange(3, 18)")
        page.locator("#text").focus()
        page.keyboard.type(f"Written {words}")
        if page is grace:
            saved(grace)
    expect(status(pia)).to_contain_text("Somebody else saved this lesson")
    assert "Written by Grace" in office.draft().text(TEXT)
    pia.get_by_role("button", name="Save", exact=True).click()
    expect(pia.get_by_role("heading", name="Somebody else saved this while you were writing")).to_be_visible()
    pia.wait_for_load_state()
    assert pia.locator(".diff").first.inner_text().count("Written by") == 2
    assert "Written by Pia" in pia.locator("#text").input_value()
    assert_accessible(pia, "the difference")
    pia.get_by_role("button", name="Save", exact=True).click()
    expect(pia.locator(".summary")).to_have_count(0)
    assert "Written by Pia" in office.draft().text(TEXT)


def test_pressing_save_while_the_lesson_saves_itself_is_no_second_author(office: Office) -> None:
    page = office.open(office.enter("grace"), SPRING)
    held: list[Route] = []
    page.route(f"**{SPRING}", lambda route: held.append(route) if is_by_itself(route) else route.continue_())
    page.fill("#text", "Typed once.")
    while not held:
        page.wait_for_timeout(50)
    answer = held[0].fetch()  # it is saved; the page is to hear of it later
    assert office.draft().text(TEXT).endswith("Typed once.\n")
    page.get_by_role("button", name="Save", exact=True).click()
    with page.expect_navigation():
        held[0].fulfill(response=answer)
    expect(page.locator("#text")).to_have_value("Typed once.\n")
    expect(page.locator(".summary")).to_have_count(0)


def is_by_itself(route: Route) -> bool:
    return route.request.resource_type == "xhr"


def test_a_lost_connection_and_an_ended_sign_in_are_told_and_nothing_is_lost(office: Office) -> None:
    context = office.enter("grace")
    page = office.open(context, SPRING)
    expect(page.locator("#seen article")).to_be_visible()
    context.set_offline(True)
    page.fill("#text", "Typed on a train.")
    expect(status(page)).to_contain_text("no connection")
    context.set_offline(False)
    saved(page)
    assert office.draft().text(TEXT).endswith("Typed on a train.\n")
    context.clear_cookies()
    page.fill("#text", "Typed after the session.")
    expect(status(page)).to_contain_text("signed out")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    page.wait_for_load_state()
    assert "Typed after the session." in page.content()


def test_a37_hostile_words_run_nothing_in_the_live_preview(office: Office) -> None:
    context = office.enter("grace")
    watch = Watch(context, office.server.address)
    page = office.open(context, SPRING)
    page.on("dialog", lambda dialog: watch.console.append(f"dialog: {dialog.message}"))
    page.fill("#text", "<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n<svg onload=alert(1)>\n\nEnd *here*.")
    expect(page.locator("#seen article em")).to_have_text("here")
    saved(page)
    assert page.locator("#seen article :is(script, svg[onload], img)").count() == 0
    watch.assert_quiet()


def test_lessons_change_places_in_place_and_by_dragging(office: Office) -> None:
    context = office.enter("grace", has_touch=True)
    watch = Watch(context, office.server.address)
    page = office.open(context, COURSE)
    page.locator("#lesson-spring button[value=down]").press("Enter")
    expect(page.locator("#module-upstream [data-item]").first).to_have_id("lesson-bends")
    expect(page.locator("#lesson-spring button[value=up]")).to_be_focused()
    expect(page.locator("[data-told]")).to_have_text("“The spring” is now in place 2 of 2.")
    drag(page, "#lesson-spring", "#lesson-delta", by_finger=False)
    expect(page.locator("#module-downstream [data-item]").first).to_have_id("lesson-spring")
    expect(page.locator("[data-told]")).to_contain_text("“The spring” is now in place 1 of")
    drag(page, "#module-downstream", "#module-upstream", by_finger=True)
    expect(page.locator("#outline > [data-item]").first).to_have_id("module-downstream")
    assert [lesson.id for lesson in office.draft().value.lessons][:3] == ["spring", "delta", "extra"]
    watch.assert_quiet()


def test_questions_and_what_is_in_them_are_dragged_and_nothing_typed_is_lost(office: Office) -> None:
    context = office.enter("grace", has_touch=True)
    watch = Watch(context, office.server.address)
    page = office.open(context, f"{COURSE}/questions/spring-quiz")
    first = page.locator("#question-1 b").inner_text()
    drag(page, "#question-1", "#question-3", by_finger=True, below=True)
    expect(page.locator("#question-3 b")).to_have_text(first)
    expect(page.locator("[data-told]")).to_contain_text("is now in place 3 of")
    quiz = {one.kind: one for one in office.draft().value.quizzes[0].questions}
    assert list(quiz)[:3] == ["multiple", "truefalse", "single"]
    for number, (kind, rows) in enumerate(quiz.items(), 1):
        if kind in ("truefalse", "number"):
            continue
        page.goto(f"{office.server.address}{COURSE}/questions/spring-quiz/{number}")
        page.fill("#text", f"Typed before: {kind}")
        drag(page, "[data-row='0']", "[data-row='1']", by_finger=kind == "match", below=True)
        expect(page.locator("[data-told]")).to_contain_text("is now in place 2 of")
        expect(page.locator("#text")).to_have_value(f"Typed before: {kind}")
        now = office.draft().value.quizzes[0].questions[number - 1]
        parts = {"text": "answers", "match": "pairs", "order": "items"}.get(kind, "choices")
        before, after = getattr(rows, parts), getattr(now, parts)
        assert (after[0], after[1], after[2:]) == (before[1], before[0], before[2:]), kind
    watch.assert_quiet()


def drag(page: Page, what: str, onto: str, *, by_finger: bool, below: bool = False) -> None:
    """By its handle over the upper or lower edge of another thing."""
    grip = page.locator(f"{what} .grip").first
    grip.scroll_into_view_if_needed()
    # Both far from the edges of the window: near one the page moves along, and the place under the finger with it.
    middle = "(one, other) => scrollBy({behavior: 'instant', top: [one, other].map((it) => it.getBoundingClientRect())"
    middle += ".reduce((sum, box) => sum + box.top + box.height / 2, 0) / 2 - innerHeight / 2})"
    grip.evaluate(middle, page.locator(onto).element_handle())
    here, there = grip.bounding_box(), page.locator(onto).bounding_box()
    assert here
    assert there
    start = (here["x"] + here["width"] / 2, here["y"] + here["height"] / 2)
    end = (start[0], there["y"] + (there["height"] - 4 if below else 4))
    if not by_finger:
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(*end, steps=3)
        expect(page.locator(".drop-before, .drop-after, .drop-into")).to_have_count(1)
        page.mouse.up()
        return
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [_point(start)]})
    for part in (0.3, 0.7, 1.0):
        point = tuple(a + (b - a) * part for a, b in zip(start, end, strict=True))
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [_point(point)]})
    expect(page.locator(".drop-before, .drop-after, .drop-into")).to_have_count(1)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _point(at: tuple[float, ...]) -> dict[str, float]:
    return {"x": at[0], "y": at[1]}


def test_every_page_of_the_editor_fits_and_can_be_read_by_everybody(office: Office) -> None:
    context = office.enter("pia")
    page = context.new_page()
    places = ("/editor", "/editor/new", COURSE, f"{COURSE}/settings", f"{COURSE}/files", f"{COURSE}/history")
    for path in (*places, f"{COURSE}/modules/upstream", SPRING, f"{COURSE}/preview/spring"):
        page.goto(office.server.address + path)
        for name, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, name)
        assert_accessible(page, path)
