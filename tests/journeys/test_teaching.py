"""A new editor writes a course, a publisher opens it, and a learner earns its certificate: all in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import only_on
from tests.journeys.conftest import Inspector, expect_words
from tests.journeys.studied import Key
from tests.journeys.test_in_a_browser import claim, fill_in, practise, start_exam
from tests.journeys.test_passkeys import Staffroom
from tests.live import LiveServer, MailServer
from tests.sample_course import PIXEL

SLUG = "lighthouses"
EDITOR = f"/editor/courses/{SLUG}"
LESSONS = {
    "Why light": "## At sea by night\n\nA light on a rock says: **not here**.",
    "How far": "## The horizon\n\nThe higher the lamp, the farther it is seen.",
    "Which one": "## Every light has a rhythm\n\nCount the flashes, and you know the tower.",
}


@pytest.fixture
def school(tmp_path: Path, database_url: str, mail_server: MailServer) -> Iterator[LiveServer]:
    live = LiveServer(tmp_path / "data", database_url=database_url, smtp_url=mail_server.address)
    live.call_it("localhost")  # passkeys want a name
    with live:
        yield live


def join(school: LiveServer, browser: Browser, name: str, role: str) -> Staffroom:
    """A new member follows their invitation and signs in with a passkey."""
    invited = school.run("staff", "invite", f"{name.lower()}@example.org", "--role", role)
    room = Staffroom(school, browser)
    room.page.goto(invited.stdout.split()[-1])
    room.page.fill("#name", name)
    room.page.click("main button")
    room.page.wait_for_url("**/staff/welcome")
    room.page.click("[data-passkey] button")
    room.page.wait_for_url("**/staff/account")
    return room


@only_on("sqlite")
def test_grace_writes_pia_publishes_and_ada_earns_her_certificate(
    school: LiveServer, mail_server: MailServer, browser: Browser, tmp_path: Path, inspect: Inspector
) -> None:
    grace = join(school, browser, "Grace", "editor")
    begin_course(grace, inspect)
    for title, text in LESSONS.items():
        write_lesson(grace, title, text, inspect)
    write_quizzes(grace, inspect)
    ask_for_a_certificate(grace)
    grace.goto(f"{EDITOR}/publish")
    assert "Publishing is for publishers and owners" in grace.page.inner_text("main")
    grace.watcher.assert_quiet()
    publish(join(school, browser, "Pia", "publisher"), inspect)
    assert school.run("course", "export", SLUG, str(tmp_path / SLUG)).returncode == 0
    learner = browser.new_context(base_url=school.address).new_page()
    earn(learner, Key(tmp_path / SLUG), mail_server, inspect)


def begin_course(room: Staffroom, inspect: Inspector) -> None:
    page = room.page
    room.goto("/editor/new")
    page.fill("#title", "Lighthouses")
    page.fill("#summary", "What a light on a rock tells you.")
    page.fill("#module", "By night")
    page.select_option("#licence", "CC0-1.0")
    page.click("main form button.btn--primary")
    page.wait_for_url(f"**{EDITOR}")


def write_lesson(room: Staffroom, title: str, text: str, inspect: Inspector) -> None:
    page = room.page
    room.goto(EDITOR)
    page.fill("[id^=new-lesson]", title)
    page.press("[id^=new-lesson]", "Enter")
    page.wait_for_url("**/lessons/*")
    page.fill("#text", text)
    page.click("#add-picture summary")
    page.set_input_files("#picture", {"name": "light.png", "mimeType": "image/png", "buffer": PIXEL})
    page.fill("#alt", f"A drawing for {title}")
    page.click("button[name=add]")
    expect(page.locator("#text")).to_have_value(re.compile(re.escape(f"![A drawing for {title}]")))


def write_quizzes(room: Staffroom, inspect: Inspector) -> None:
    """After the first lesson one question of each kind; one after each of the others; and an exam of them all."""
    room.goto(f"{EDITOR}/questions")
    inspect(room.page, "quizzes")
    add_quiz(room, "Why light")
    quiz = room.page.url
    write_question(room, quiz, "single", "What does it say?", {"choices.0.text": "Not here", "choices.1.text": "Come"})
    write_question(
        room,
        quiz,
        "multiple",
        "Who reads it?",
        {"choices.0.text": "Sailors", "choices.1.text": "Pilots", "choices.2.text": "Fish"},
        ticks=("choices.0.correct", "choices.1.correct"),
    )
    write_question(room, quiz, "truefalse", "It shines by day only.", {}, radio=("answer", "false"))
    write_question(room, quiz, "text", "What burns at the top?", {"answers.0.text": "a lamp", "answers.1.text": "lamp"})
    write_question(room, quiz, "number", "How many rocks?", {"answer": "1", "tolerance": "0", "unit": "rocks"})
    write_question(
        room,
        quiz,
        "match",
        "Who does what?",
        {"pairs.0.left": "Lamp", "pairs.0.right": "shines", "pairs.1.left": "Keeper", "pairs.1.right": "climbs"},
    )
    write_question(
        room,
        quiz,
        "order",
        "From the ground up",
        {"items.0.text": "Rock", "items.1.text": "Tower", "items.2.text": "Lamp"},
    )
    inspect(room.page, "the last question, ready to be tried")
    try_out(room.page)
    room.page.goto(quiz)
    inspect(room.page, "a quiz")
    for lesson in ("How far", "Which one"):
        room.goto(f"{EDITOR}/questions")
        add_quiz(room, lesson)
        write_question(room, room.page.url, "truefalse", f"{lesson} is a lesson.", {}, radio=("answer", "true"))
    room.goto(f"{EDITOR}/questions")
    room.page.click("form:has(input[value=exam]) button")
    room.page.wait_for_url("**/questions/final-exam")
    room.page.fill("#wait_hours", "0")
    room.page.click("text=Save the rules")
    room.page.wait_for_url("**saved=1**")
    assert "asks 9 of 9" in room.page.inner_text("main")


def add_quiz(room: Staffroom, lesson: str) -> None:
    key = "lesson:" + lesson.lower().replace(" ", "-")
    room.page.click(f'form:has(input[value="{key}"]) button')
    room.page.wait_for_url("**/questions/*")


def write_question(
    room: Staffroom,
    quiz: str,
    kind: str,
    text: str,
    typed: dict[str, str],
    ticks: tuple[str, ...] = (),
    radio: tuple[str, str] | None = None,
) -> None:
    page = room.page
    page.goto(quiz)
    page.click(f'button[name=kind][value="{kind}"]')
    page.wait_for_selector("#text")
    page.fill("#text", text)
    for name, value in typed.items():
        page.fill(f'[id="{name}"]', value)
    for name in ticks:
        page.check(f'[name="{name}"]')
    if kind == "single":
        page.check("[name=correct][value='0']")
    if radio:
        page.check(f'[name={radio[0]}][value="{radio[1]}"]')
    page.click("button.btn--primary[name=do][value=save]")
    page.wait_for_url("**saved=1**")
    assert page.locator("#try form").count(), page.inner_text("#try")


def try_out(page: Page) -> None:
    """The order of things, first wrong, then right: told in place, as learners are told."""
    for first, expected in (("Lamp", "wrong"), ("Rock", "right")):
        order = [first, "Tower", "Rock" if first == "Lamp" else "Lamp"]
        for place, item in enumerate(order, 1):
            page.locator("#try li.pair", has_text=item).locator("select").select_option(str(place))
        with page.expect_response("**/try/answers"):
            page.locator("#try form button").last.click()
        page.wait_for_selector(f"#try .feedback--{expected}")


def ask_for_a_certificate(room: Staffroom) -> None:
    room.goto(f"{EDITOR}/settings")
    room.page.fill("#hours", "0.3")
    room.page.fill("#outcomes", "Read a light from afar")
    room.page.check('[id="certificate.enabled"]')
    room.page.click(".savebar button")
    room.page.wait_for_url("**#saved")


def publish(room: Staffroom, inspect: Inspector) -> None:
    room.goto(f"{EDITOR}/publish")
    assert "all of it is new" in room.page.inner_text("main")
    inspect(room.page, "publish")
    room.page.click("form .btn--big")
    room.page.wait_for_url("**/publish#revisions")
    assert "learners see it" in room.page.inner_text("#revisions >> xpath=..")
    inspect(room.page, "published")
    room.watcher.assert_quiet()


def earn(page: Page, key: Key, mail_server: MailServer, inspect: Inspector) -> None:
    for lesson in key.course.lessons:
        page.goto(f"/courses/{SLUG}/{lesson.id}")
        assert page.locator("main img[alt^='A drawing']").count() == 1
        practise(page, key, inspect)
    page.goto(f"/quizzes/{SLUG}/final-exam")
    start_exam(page)
    fill_in(page, "#sitting", key)
    page.locator(".qlist .done").nth(8).wait_for()
    page.get_by_role("button", name="Hand in").first.click()
    page.locator(".score").wait_for()
    expect_words(page, "100%")
    claim(page, mail_server, inspect)


@only_on("sqlite")
def test_the_keyboard_alone_writes_and_reorders_questions(school: LiveServer, browser: Browser) -> None:
    grace = join(school, browser, "Grace", "editor")
    begin_course(grace, lambda _page, _where: None)
    page, keys = grace.page, grace.page.keyboard
    page.focus("[id^=new-lesson]")
    keys.type("Why light")
    keys.press("Enter")
    page.wait_for_url("**/lessons/*")
    grace.goto(f"{EDITOR}/questions")
    press(page, 'form:has(input[value="lesson:why-light"]) button')
    page.wait_for_url("**/questions/*")
    quiz = page.url
    press(page, 'button[name=kind][value="order"]')
    page.wait_for_selector("#text")
    tab_to(page, "#text")
    keys.type("From the ground up")
    for place, item in enumerate(("Tower", "Rock", "Lamp")):
        tab_to(page, f'[id="items.{place}.text"]')
        keys.type(item)
        if place == 1:
            press(page, 'button[value="more"]')
    press(page, 'button[name=do][value="up:1"]')
    assert [page.input_value(f'[id="items.{place}.text"]') for place in range(3)] == ["Rock", "Tower", "Lamp"]
    page.goto(quiz)
    press(page, 'button[name=kind][value="truefalse"]')
    page.wait_for_selector("#text")
    page.goto(quiz)
    tab_to(page, "#question-2 button[value=up]")
    keys.press("Enter")  # in place: said aloud, and the key stays where the question is now
    expect(page.locator("#question-1")).to_contain_text("True or false")
    expect(page.locator("[data-told]")).to_contain_text("is now in place 1 of 2")
    expect(page.locator("#question-1 button[value=down]")).to_be_focused()


def tab_to(page: Page, selector: str) -> None:
    """As a hand does: Tab until it is there."""
    for _stop in range(120):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {selector}")


def press(page: Page, selector: str) -> None:
    """A button that sends its form."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")
