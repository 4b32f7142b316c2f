"""Learning over days and devices, in a real browser: the place kept, a phone, paper, a review, a lost line."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select, update

from tests.conftest import only_on
from tests.journeys.conftest import Inspector, Watch
from tests.journeys.studied import Key
from tests.journeys.test_in_a_browser import FOLDER, SLUG, enter, fill_in, parsed, start_exam
from tests.live import LiveServer
from university.database import Database
from university.models import LessonDone
from university.settings import read_settings

FIRST, SECOND = "what-counts", "who-decides"
EXAM = f"/quizzes/{SLUG}/final-exam"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def ada(browser: Browser, live: LiveServer) -> Page:
    """Has read the first lesson."""
    page = desk(browser, live).new_page()
    page.goto(f"/courses/{SLUG}/{FIRST}")
    page.get_by_role("button", name="Mark as read").click()
    page.wait_for_url(f"**/{SECOND}")
    return page


def desk(browser: Browser, live: LiveServer) -> BrowserContext:
    """Where clocks are five and a half hours ahead of UTC."""
    return browser.new_context(base_url=live.address, locale="en-GB", timezone_id="Asia/Kolkata")


def phone(browser: Browser, live: LiveServer) -> BrowserContext:
    return browser.new_context(base_url=live.address, viewport=PHONE)  # type: ignore[arg-type]


@only_on("sqlite")
def test_nobody_gets_a_cookie_for_looking(browser: Browser, live: LiveServer, inspect: Inspector) -> None:
    context = phone(browser, live)
    page = context.new_page()
    for address in ("/", f"/courses/{SLUG}", f"/courses/{SLUG}/{FIRST}", f"/quizzes/{SLUG}/final-exam", "/devices"):
        page.goto(address)
        page.mouse.wheel(0, 4000)
    for address in ("/verify", "/privacy", "/layout/components"):
        page.goto(address)
    inspect(page, "components")
    page.goto("/devices")
    inspect(page, "devices of a stranger")
    assert context.cookies() == []
    context.close()


@only_on("sqlite")
def test_ada_goes_on_on_her_phone_at_the_heading_where_she_stopped(
    ada: Page, browser: Browser, live: LiveServer, inspect: Inspector
) -> None:
    watch = Watch(ada.context, live.address)
    expect(ada.locator(".notice")).to_contain_text("nobody asked who you are")
    second = ada.locator("article > h2[id]").nth(1)
    heading = second.get_attribute("id")
    second.evaluate("heading => heading.scrollIntoView({ behavior: 'instant' })")
    ada.goto("/devices")
    inspect(ada, "devices")
    ada.get_by_role("button", name="Make a link and a code").click()
    inspect(ada, "link and code")
    until = ada.locator("time")
    moment = datetime.fromisoformat(str(until.get_attribute("datetime")))
    expect(until).to_have_text(f"{moment + timedelta(hours=5, minutes=30):%-d %B %Y at %H:%M}")
    expect(until).to_have_attribute("title", f"{moment:%-d %B %Y at %H:%M} UTC")
    link = str(ada.locator("code.code").text_content())
    assert ada.locator("svg.qr path").count() == 1

    context = phone(browser, live)
    page = context.new_page()
    page.goto(link)
    assert context.cookies() == []
    inspect(page, "arrival")
    page.get_by_role("button", name="Continue here").click()
    page.wait_for_url(f"{live.address}/")
    inspect(page, "catalogue with a course begun")
    page.get_by_role("link", name=re.compile("Continue: lesson 2, part 2")).click()
    page.wait_for_url(f"{live.address}/courses/{SLUG}/{SECOND}#{heading}")
    page.goto(link)
    assert "used" in page.inner_text("main")
    watch.assert_quiet()
    context.close()
    ada.context.close()


@only_on("sqlite")
def test_ada_stops_on_a_shared_computer_and_comes_back_with_her_code(ada: Page, inspect: Inspector) -> None:
    ada.goto("/devices")
    ada.get_by_role("button", name="Make a recovery code").click()
    code = str(ada.locator(".bigcode").text_content())
    inspect(ada, "recovery code")
    ada.emulate_media(media="print")
    assert ada.locator(".bigcode").is_visible()
    assert not ada.locator(".top").is_visible()
    ada.emulate_media(media="screen")
    ada.goto("/devices")
    with ada.expect_navigation():
        ada.get_by_role("button", name="Stop on this computer").click()
    assert [one["name"] for one in ada.context.cookies() if one["name"] == "e"] == []
    ada.goto("/devices")
    ada.get_by_role("textbox", name="Code").fill(code[:-1] + ("0" if code[-1] != "0" else "1"))
    ada.get_by_role("button", name="Go on from there").click()
    inspect(ada, "a wrong code")
    expect(ada.get_by_role("alert")).to_be_focused()
    ada.get_by_role("textbox", name="Code").fill(code.lower())
    ada.get_by_role("button", name="Go on from there").click()
    expect(ada.get_by_role("link", name="Continue: lesson 2")).to_be_visible()
    ada.context.close()


@only_on("sqlite")
def test_after_a_day_ada_refreshes_five_questions_and_may_delete_it_all(
    ada: Page, live: LiveServer, inspect: Inspector
) -> None:
    let_a_day_pass(live)
    ada.goto(f"/courses/{SLUG}")
    inspect(ada, "course with a review")
    with ada.expect_navigation():  # with its script, which checks in place
        ada.get_by_role("button", name="Refresh them now").click()
    inspect(ada, "review")
    key = Key(FOLDER)
    first = parsed(ada).select("form[data-check]")[0]
    for field in key.answer(first):
        enter(ada, field)
    ada.locator(f"#{first['id']} button").last.click()
    told = ada.locator(f"[id='{first['id']}'] .feedback")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Right")
    ada.goto(f"/courses/{SLUG}")
    assert ada.get_by_text("5 questions from earlier lessons").count() == 0
    ada.get_by_text("Delete my progress").click()
    ada.get_by_role("button", name="Yes, delete it").click()
    expect(ada.get_by_role("link", name="Start with lesson 1")).to_be_visible()
    ada.context.close()


@only_on("sqlite")
def test_a_lost_connection_loses_no_answer_of_an_exam(ada: Page, live: LiveServer) -> None:
    ada.goto(EXAM)
    start_exam(ada)
    ada.context.set_offline(True)
    fill_in(ada, "#sitting", Key(FOLDER))
    expect(ada.locator("[data-status]")).to_contain_text("no connection")
    ada.get_by_role("button", name="Hand in").last.click()
    expect(ada.locator("[data-status]")).to_contain_text("nothing was handed in")
    ada.context.set_offline(False)
    expect(ada.locator("[data-status]")).to_contain_text("10 of 10 answered", timeout=20_000)
    ada.locator(".qlist .done").nth(9).wait_for()
    ada.reload()
    ada.locator(".qlist .done").nth(9).wait_for()
    ada.context.close()


@only_on("sqlite")
def test_without_a_connection_the_end_of_the_time_leaves_the_exam_where_it_is(ada: Page) -> None:
    ada.clock.install()
    ada.goto(EXAM)
    start_exam(ada)
    ada.context.set_offline(True)
    ada.clock.fast_forward("31:00")
    expect(ada.locator("[data-status]")).to_contain_text("Time is up")
    ada.context.set_offline(False)
    expect(ada.locator(".clock")).to_contain_text("30 min left")  # the server's clock stood still, and counts
    ada.context.close()


@only_on("sqlite")
def test_a_lost_connection_leaves_a_lesson_and_the_answer_where_they_are(ada: Page) -> None:
    form = ada.locator("form[data-check]").first
    ada.context.set_offline(True)
    fill_in(ada, f"#{form.get_attribute('id')}", Key(FOLDER))
    form.get_by_role("button", name="Check my answer").click()
    expect(form.locator("[data-status]")).to_contain_text("No connection")
    ada.context.set_offline(False)
    form.get_by_role("button", name="Check my answer").click()
    expect(form.locator(".feedback")).to_contain_text("Right")
    ada.context.close()


def let_a_day_pass(live: LiveServer) -> None:
    """What was done becomes a day older; the server's clock is its own."""
    database = Database(read_settings({"UNIVERSITY_DATA": str(Path(live.data))}))
    with database.writing() as session:
        for row in session.scalars(select(LessonDone)).all():
            older = row.done_at - timedelta(hours=25)
            session.execute(update(LessonDone).where(LessonDone.lesson_id == row.lesson_id).values(done_at=older))
    database.close()
