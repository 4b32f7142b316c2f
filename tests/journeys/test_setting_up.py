"""The first owner makes the installation their own, in a real browser, and the running server takes it up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.crew import code_of_letters
from tests.journeys.conftest import Watch, assert_accessible, expect_words
from tests.live import LiveServer, MailServer

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 5L5 0L10 5L5 10Z"/></svg>'


@pytest.fixture
def unset(tmp_path: Path) -> Iterator[LiveServer]:
    """As `make start` starts it: nothing is set but the port."""
    live = LiveServer(tmp_path / "data")
    del live.settings["UNIVERSITY_BASE_URL"]
    with live:
        yield live


def test_the_first_owner_is_led_through_five_steps_and_the_server_takes_up_what_was_chosen(
    unset: LiveServer, browser: Browser, mail_server: MailServer, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    watch, page = Watch(context, unset.address), context.new_page()
    come_in(page, unset)
    assert page.url.endswith("/staff/setup"), "led there once, by the first sign-in"
    look_at(page, "overview")
    page.click("text=Begin")
    say_who(page)
    choose_look(page, tmp_path)
    confirm_address(page)
    try_mail(page, mail_server)
    choose_place(page, tmp_path / "elsewhere")
    let_the_key_leave(page)
    apply(page)
    after = httpx.get(f"{unset.address}/").text
    assert "Harbour School" in after
    assert "Pier 1, Harbourtown" in after
    page.goto(f"{unset.address}/staff")
    assert "steps of setting up" not in page.content()
    assert "not in use yet" not in page.content()
    kept = unset.data / "settings.env"
    assert kept.stat().st_mode & 0o777 == 0o600
    watch.assert_quiet()
    context.close()


def come_in(page: Page, live: LiveServer) -> None:
    link = re.search(r"\S+/staff/invitations/\S+", live.log.read_text())
    assert link
    page.goto(link[0])
    page.fill("#name", "Olga")
    page.fill("#email", "olga@example.org")
    page.click("main button")
    page.goto(f"{live.address}/staff/account/password")
    page.fill("#password", "four lighthouses on a rock")
    page.fill("#code", code_of_letters(page.inner_text(".code.letters")))
    page.click("main button.btn--big")
    page.wait_for_url("**/staff/setup")


def look_at(page: Page, where: str) -> None:
    assert_accessible(page, where)
    page.emulate_media(color_scheme="light")


def say_who(page: Page) -> None:
    look_at(page, "who")
    page.fill("#organisation_name", "Harbour School")
    page.fill("#organisation_address", "Pier 1, Harbourtown")
    page.fill("#organisation_email", "nobody")
    page.click("text=Save and go on")
    expect(page.locator("#organisation_email-error")).to_have_count(1)
    expect(page.locator("#organisation_name")).to_have_value("Harbour School")
    page.fill("#organisation_email", "privacy@example.org")
    page.fill("#site_name", "Harbour School")
    page.fill("#signatory_name", "Olga Owens")
    page.click("text=Save and go on")
    page.wait_for_url("**/look")


def choose_look(page: Page, folder: Path) -> None:
    """The preview follows while one chooses: page, certificate, contrast, and a logo that was only just dropped."""
    look_at(page, "look")
    preview = page.locator("[data-preview]")
    expect(preview).to_contain_text("Harbour School")
    page.fill("#accent", "#7a1f3d")
    expect(preview.locator("link")).to_have_attribute("href", re.compile("accent=%237a1f3d"))
    expect(preview.locator(".btn--primary")).to_have_css("background-color", "rgb(122, 31, 61)")
    page.fill("#accent", "#ffd400")
    expect(page.locator("#accent-error")).to_contain_text("contrast with the page is 1.")
    page.fill("#accent", "#7a1f3d")
    expect(page.locator("#accent-error")).to_have_count(0)
    (folder / "logo.svg").write_text(LOGO)
    page.set_input_files("#logo_file", folder / "logo.svg")
    expect(preview.locator(".logo__own")).to_have_css("mask-image", re.compile("/staff/setup/look/[0-9a-f]+.svg"))
    image = preview.locator("img")
    expect(image).to_have_attribute("src", re.compile("logo=look"))
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 1000
    page.click("text=Save and go on")
    page.wait_for_url("**/address")


def confirm_address(page: Page) -> None:
    look_at(page, "address")
    page.click("text=Try it only")
    expect_words(page, "This very server answers there.")
    page.fill("#base_url", "http://localhost:9")
    page.click("text=Save and go on")
    expect(page.locator("#base_url-error")).to_contain_text("nothing listens on this port")
    page.goto(page.url)
    page.click("text=Save and go on")
    page.wait_for_url("**/mail")


def try_mail(page: Page, mail_server: MailServer) -> None:
    look_at(page, "mail")
    page.fill("#host", "127.0.0.1")
    page.fill("#port", "9")
    page.click("text=Send me a test mail")
    expect(page.locator("#port-error")).to_contain_text("nothing listens on this port")
    page.fill("#port", str(mail_server.controller.port))
    page.fill("#mail_from", "school@example.org")
    page.click("text=Send me a test mail")
    expect_words(page, "The server took the test mail")
    mail = mail_server.wait_for(1)
    assert (mail["From"], mail["To"]) == ("Harbour School <school@example.org>", "olga@example.org")
    page.click("text=Save and go on")
    page.wait_for_url("**/backups")


def choose_place(page: Page, folder: Path) -> None:
    look_at(page, "backups")
    page.check("[name=kind][value=folder]")
    page.fill("#folder", "/proc/university")
    page.click("text=Save and go on")
    expect(page.locator("#folder-error")).to_contain_text("Nothing can be written there")
    page.fill("#folder", str(folder))
    page.click("text=Try it only")
    expect_words(page, "Written, read and deleted there")
    assert sorted(path.name for path in folder.rglob("*")) == ["backups", "ledger"], "nothing else is left behind"
    page.click("text=Save and go on")
    page.wait_for_url("**/staff/setup")


def let_the_key_leave(page: Page) -> None:
    page.goto(page.url + "/backups")
    with page.expect_navigation():
        page.click("text=Show the recovery key")
    key = "-".join(page.locator(".recovery span:not(.vh)").all_inner_texts())
    assert re.fullmatch(r"([A-Z2-7]{4}-){13}[A-Z2-7]{4}", key)
    look_at(page, "recovery key")
    page.fill("#recovery_key", key.lower().replace("-", " "))
    page.click("text=Remove it from this machine")
    expect_words(page, "Two people must have it")
    page.check("[name=two]")
    page.fill("#recovery_key", key.lower().replace("-", " "))
    page.click("text=Remove it from this machine")
    expect_words(page, "It is kept elsewhere")
    page.wait_for_url("**/backups")
    assert page.get_by_text("Show the recovery key").count() == 0


def apply(page: Page) -> None:
    page.goto(page.url.replace("/backups", ""))
    expect_words(page, "What you chose is waiting")
    page.click("text=Apply it now")
    expect(page.locator("[data-ready]")).to_have_text("Done: everything is in use.", timeout=60_000)
