"""The whole way over plain HTTP, without JavaScript, on a real course by other authors."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image

from tests.journeys.studied import Key, PlainBrowser
from tests.live import LiveServer, MailServer, link_in

SLUG = "secure-software-1-design"
FOLDER = Path(__file__).parents[3] / "shared" / "courses" / SLUG
ADA = {"first_name": "Zoë", "last_name": "Šćepanović-Nguyễn", "email": "zoe@example.org"}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the course folder {SLUG} is not beside this checkout")


def test_ada_learns_earns_shows_and_is_forgotten(live: LiveServer, mail_server: MailServer, tmp_path: Path) -> None:
    assert live.run("course", "import", str(FOLDER), "--publish").returncode == 0
    browser = PlainBrowser(live.address)
    learn(browser, Key(FOLDER))
    number = claim(browser, mail_server)

    pdf = tmp_path / "certificate.pdf"
    pdf.write_bytes(browser.client.get(f"/verify/{number}.pdf").content)
    assert_document_is_sound(pdf)
    assert_code_leads_to_the_page(pdf, live, number)
    assert judged(browser, pdf) == "valid"

    forget(browser, mail_server)
    assert browser.client.get(f"/verify/{number}.json").json()["standing"] == "withdrawn"
    assert browser.client.get(f"/verify/{number}.pdf").status_code == 410
    assert judged(browser, pdf) == "withdrawn"
    assert ADA["last_name"] not in browser.open(f"/verify/{number}").get_text()


def learn(browser: PlainBrowser, key: Key) -> None:
    """Reads every lesson, answers every question on the way, and passes the exam."""
    browser.open("/")
    assert not browser.client.cookies
    browser.open(f"/courses/{SLUG}")
    for lesson in key.course.lessons:
        address = f"/courses/{SLUG}/{lesson.id}"
        browser.open(address)
        for form in browser.page.select("form[data-check]"):
            browser.send(form, *key.answer(form))
        browser.open(address)
        again = browser.page.select_one(f'form.actions[action="{address}"]')
        if again is not None and again.select_one("button"):
            browser.send(again)
    browser.open(f"/quizzes/{SLUG}/{key.course.exam.id}")  # type: ignore[union-attr]
    browser.send(browser.form("form[action$='/attempts']"))
    sitting = browser.form("form#sitting")
    answers = [field for part in sitting.select("fieldset") for field in key.answer(part)]
    browser.send(sitting, *answers, button="hand_in=ask")
    assert "100%" in browser.page.get_text()


def claim(browser: PlainBrowser, mail_server: MailServer) -> str:
    """Types the name, confirms the address by the mailed link, and comes to the certificate."""
    browser.open(f"/claims/{SLUG}")
    browser.send(browser.form("main form"), *ADA.items())
    assert browser.url.endswith("/sent")
    mail = mail_server.wait_for(1)
    assert mail["To"] == ADA["email"]
    assert ADA["last_name"] not in mail.as_string()
    browser.open(link_in(mail, "/claims/confirm/"))
    browser.send(browser.form("main form"))
    assert ADA["last_name"] in browser.page.get_text()
    assert mail_server.wait_for(2)["To"] == ADA["email"]
    return browser.url.removesuffix("#yours").rsplit("/", 1)[1]


def assert_document_is_sound(pdf: Path) -> None:
    signature = run("pdfsig", "-nocert", str(pdf))
    assert "Signature is Valid" in signature
    assert "Total document signed" in signature
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(pdf))
    assert f"{ADA['first_name']} {ADA['last_name']}" in run("pdftotext", "-layout", str(pdf), "-")


def assert_code_leads_to_the_page(pdf: Path, live: LiveServer, number: str) -> None:
    run("pdftoppm", "-r", "100", "-png", "-singlefile", str(pdf), str(pdf.with_suffix("")))
    with Image.open(pdf.with_suffix(".png")) as picture:
        codes = zxingcpp.read_barcodes(picture)
    assert [code.text.lower() for code in codes] == [f"{live.address}/v/{number}".lower()]
    answer = httpx.get(f"{live.address}/V/{codes[0].text.rsplit('/', 1)[1]}")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/verify/{number}")


def judged(browser: PlainBrowser, pdf: Path) -> str:
    """What the file check says of a PDF: the standing of an untouched one."""
    answer = browser.client.post(
        "/verify/file",
        files={"file": ("certificate.pdf", pdf.read_bytes(), "application/pdf")},
        headers={"origin": browser.address, "accept": "application/json"},
    )
    assert answer.status_code == 200
    return str(answer.json()["standing"])


def forget(browser: PlainBrowser, mail_server: MailServer) -> None:
    """Asks for the link to the own data, opens it and deletes everything."""
    count = len(mail_server.mails)
    browser.open("/privacy/my-data")
    browser.send(browser.form("main form"), ("email", ADA["email"]))
    browser.open(link_in(mail_server.wait_for(count + 1), "/privacy/my-data/"))
    browser.send(browser.form("main form"))
    assert ADA["last_name"] in browser.page.get_text()
    browser.open("/privacy/my-data/delete")
    browser.send(browser.form("main form"), ("word", "DELETE"))
    assert browser.status == 200
    assert ADA["email"] not in browser.page.get_text()


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
