"""The whole way in a real browser, with JavaScript, on the bundled English course."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.conftest import only_on
from tests.journeys.conftest import Inspector, Watch, expect_words
from tests.journeys.studied import Field, Key
from tests.live import LiveServer, MailServer, link_in
from university.database import Database
from university.models import Attempt
from university.settings import read_settings

SLUG = "personal-data-in-plain-words"
FOLDER = Path(__file__).parents[2] / "university" / "bundled_courses" / SLUG


@only_on("sqlite")  # on the other engine somebody without JavaScript goes the same way
def test_ada_learns_earns_shows_and_is_forgotten(
    live: LiveServer, mail_server: MailServer, browser: Browser, tmp_path: Path, inspect: Inspector
) -> None:
    context = browser.new_context(base_url=live.address, accept_downloads=True)
    watch = Watch(context, live.address)
    page = context.new_page()
    learn(page, Key(FOLDER), inspect)
    number = claim(page, mail_server, inspect)
    pdf = download(page, tmp_path)
    assert_verdict(page, pdf, "valid", inspect)
    forget(page, mail_server, inspect)
    page.goto(f"/verify/{number}")
    assert "withdrawn" in page.inner_text("h1")
    assert "Lovelace" not in page.content()
    inspect(page, "withdrawn")
    assert_verdict(page, pdf, "withdrawn", inspect)
    watch.assert_quiet()
    context.close()


def learn(page: Page, key: Key, inspect: Inspector) -> None:
    page.goto("/")
    assert page.context.cookies() == []
    inspect(page, "catalogue")
    page.get_by_role("link", name=key.course.title).click()
    inspect(page, "course")
    for lesson in key.course.lessons:
        page.goto(f"/courses/{SLUG}/{lesson.id}")
        if lesson is key.course.lessons[0]:
            inspect(page, "lesson")
        practise(page, key, inspect)
    for quiz in (one for one in key.course.quizzes if one.kind == "module"):
        page.goto(f"/quizzes/{SLUG}/{quiz.id}")
        inspect(page, "module quiz")
        practise(page, key, inspect)
    sit_exam(page, key, inspect)


def practise(page: Page, key: Key, inspect: Inspector) -> None:
    """Answers every question of the page in place: the page itself stays."""
    address = page.url
    for form_id in [str(form["id"]) for form in parsed(page).select("form[data-check]")]:
        fill_in(page, f"#{form_id}", key)
        with page.expect_response(lambda answer: answer.url.endswith("/answers")) as told:
            page.locator(f"#{form_id} button").last.click()
        assert told.value.status == 200
        page.wait_for_selector(f"#{form_id} .feedback, #{form_id} [data-status]:not(:empty)")
    assert page.url.split("#")[0] == address.split("#")[0]
    assert page.locator(".feedback--wrong").count() == 0
    if address.endswith(key.course.lessons[0].id):
        inspect(page, "answered questions")
    read = page.get_by_role("button", name="Mark as read")
    if read.count():
        with page.expect_navigation():
            read.click()


def sit_exam(page: Page, key: Key, inspect: Inspector) -> None:
    assert key.course.exam is not None
    page.goto(f"/quizzes/{SLUG}/{key.course.exam.id}")
    inspect(page, "before the exam")
    start_exam(page)
    inspect(page, "exam")
    fill_in(page, "#sitting", key)
    # Each answer was saved when it was given: a reload brings all of them back.
    page.locator(".qlist .done").nth(9).wait_for()
    page.reload()
    page.locator(".qlist .done").nth(9).wait_for()
    page.get_by_role("button", name="Hand in").first.click()
    page.locator(".score").wait_for()
    expect_words(page, "100%")
    inspect(page, "result")


def start_exam(page: Page) -> None:
    """With its script at work, which saves each answer: the questions alone are there before it."""
    page.get_by_role("button", name="Start now").click()
    page.wait_for_url("**/quizzes/*/*/*", wait_until="load")


def fill_in(page: Page, part: str, key: Key) -> None:
    """Fills in every question below `part` the way a hand would."""
    for fieldset in parsed(page).select(f"{part} fieldset"):
        for field in key.answer(fieldset):
            enter(page, field)


def enter(page: Page, field: Field) -> None:
    name, value = field
    box = page.locator(f'input[name="{name}"][value="{value}"]')
    if box.count():
        box.check()
    elif page.locator(f'select[name="{name}"]').count():
        page.locator(f'select[name="{name}"]').select_option(value)
    else:
        page.locator(f'input[name="{name}"]').fill(value)
        page.locator(f'input[name="{name}"]').blur()


def claim(page: Page, mail_server: MailServer, inspect: Inspector) -> str:
    page.get_by_role("link", name="Get your certificate").click()
    inspect(page, "claim form")
    page.get_by_label("First name").fill("Ada123")
    page.get_by_label("Last name").fill("Lovelace")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Send me the link").click()
    inspect(page, "claim form with an error")
    expect(page.get_by_label("First name")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Last name")).to_have_value("Lovelace")
    page.get_by_label("First name").fill("Ada")
    page.get_by_role("button", name="Send me the link").click()
    page.wait_for_url("**/sent")
    inspect(page, "mail is on its way")
    page.goto(link_in(mail_server.wait_for(1), "/claims/confirm/"))
    inspect(page, "confirmation")
    page.get_by_role("button", name="Issue my certificate").click()
    page.wait_for_url("**/verify/*")
    assert "Ada Lovelace" in page.inner_text("main")
    assert "valid" in page.inner_text("h1")
    assert_is_told_as_theirs(page)
    inspect(page, "certificate")
    return page.url.rsplit("/", 1)[1]


def assert_is_told_as_theirs(page: Page) -> None:
    """The holder finds the PDF at once. Whoever is given the address does not read that it is theirs."""
    saved = page.get_by_role("link", name="Save the PDF")
    expect(saved).to_be_in_viewport()
    page.wait_for_url(lambda address: "#" not in address)
    with page.context.new_page() as employer:
        employer.goto(page.url)
        expect(employer.get_by_role("link", name="Download the PDF")).to_be_visible()
        expect(employer.get_by_role("link", name="Save the PDF")).to_have_count(0)


def download(page: Page, folder: Path) -> Path:
    """The PDF behind the page's own button."""
    address = page.get_by_role("link", name="Download the PDF").get_attribute("href")
    assert address is not None
    path = folder / "certificate.pdf"
    path.write_bytes(page.request.get(address).body())
    return path


def assert_verdict(page: Page, pdf: Path, standing: str, inspect: Inspector) -> None:
    page.goto("/verify")
    inspect(page, "verify")
    page.get_by_label("PDF of the certificate").set_input_files(pdf)
    if "/verify/file" not in page.url:
        page.get_by_role("button", name="Check this file").click()
    page.locator(".verdict").wait_for()
    expect(page.locator("main")).to_contain_text(standing, ignore_case=True, use_inner_text=True)
    inspect(page, f"file that is {standing}")


def forget(page: Page, mail_server: MailServer, inspect: Inspector) -> None:
    page.goto("/privacy")
    inspect(page, "privacy statement")
    page.goto("/privacy/my-data")
    inspect(page, "ask for my data")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Send me the link").click()
    page.goto(link_in(mail_server.wait_for(3), "/privacy/my-data/"))
    inspect(page, "open my data")
    page.locator("main form button").first.click()
    page.wait_for_url("**/privacy/my-data")
    assert "Lovelace" in page.inner_text("main")
    inspect(page, "my data")
    page.get_by_role("link", name="Delete everything").click()
    inspect(page, "delete everything")
    page.get_by_label("Type").fill("DELETE")
    page.get_by_role("button", name="Delete everything now").click()
    expect_words(page, "This is your receipt")
    page.wait_for_load_state()
    assert "Lovelace" not in page.content()
    inspect(page, "receipt")


def parsed(page: Page) -> BeautifulSoup:
    return BeautifulSoup(page.content(), "html.parser")


@only_on("sqlite")
def test_more_time_given_meanwhile_shows_on_the_clock_and_at_its_end(live: LiveServer, browser: Browser) -> None:
    exam = Key(FOLDER).course.exam
    assert exam is not None
    page = browser.new_context(base_url=live.address).new_page()
    page.clock.install()
    page.goto(f"/quizzes/{SLUG}/{exam.id}")
    assert "Mark a lesson as read first" in page.inner_text("main")
    start_exam(page)
    clock = page.locator("[data-clock]")
    expect(clock).to_have_text("30 min left")
    lengthen_attempts(live)
    page.clock.run_for(61_000)
    expect(clock).to_have_text("60 min left")
    lengthen_attempts(live)
    page.clock.fast_forward(61 * 60_000)
    expect(clock).to_have_text("90 min left")
    assert page.locator("#sitting").count() == 1, "the end it knew of was not the end"
    page.context.close()


def lengthen_attempts(live: LiveServer) -> None:
    database = Database(read_settings(live.settings))
    with database.writing() as session:
        for attempt in session.scalars(select(Attempt)):
            attempt.ends_at += timedelta(minutes=30)
    database.close()
