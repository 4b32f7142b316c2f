"""The whole way in Dutch: no page and no mail of it speaks a sentence of English."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import select

from tests.cast import make_course, make_passed_enrolment, publish_folder
from tests.journeys.studied import Key
from tests.post_office import make_test_worker
from tests.test_language import PLACEHOLDER, catalogue_of, texts_of
from tests.verify.conftest import award, replaced, revoked, withdrawn
from university import clock
from university.course_folders import read_folder
from university.database import Database
from university.models import Course, LocalMail
from university.settings import Settings

SLUG = "persoonsgegevens-in-gewone-taal"
FOLDER = Path(__file__).parents[2] / "university" / "bundled_courses" / SLUG
NOOR = {"first_name": "Noor", "last_name": "van den Berg", "email": "noor@example.org"}
SHORT = 12  # a word such as "Privacy" is the same in both languages

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@cache
def english() -> tuple[str, ...]:
    """What the program says in English and not in Dutch, cut where names and numbers are filled in."""
    messages = [message for message in catalogue_of("nl") if message.id]
    dutch = "\n".join(text for message in messages for text in texts_of(message))
    sources = [source for one in messages for source in (one.id if isinstance(one.id, tuple) else (one.id,))]
    pieces = {piece.strip() for source in sources for piece in PLACEHOLDER.split(source.replace("%%", "%"))}
    return tuple(piece for piece in pieces if len(piece) > SHORT and piece not in dutch)


def english_in(text: str) -> list[str]:
    text = html.unescape(text)
    return [piece for piece in english() if piece in text and re.search(rf"\b{re.escape(piece)}", text)]


@pytest.fixture
def course(database: Database) -> Course:
    return publish_folder(database, read_folder(FOLDER))


class Reader:
    """Noor, who chose Dutch and reads every page to the end."""

    def __init__(self, client: TestClient[Any]) -> None:
        self.client = client
        client.cookies.set("l", "nl")

    def read(self, answer: Response) -> BeautifulSoup:
        assert '<html lang="nl"' in answer.text, f"{answer.url} is not in Dutch"
        assert answer.headers["content-language"] == "nl"
        assert english_in(answer.text) == [], f"{answer.url} speaks English"
        return BeautifulSoup(answer.text, "html.parser")

    def open(self, address: str) -> BeautifulSoup:
        return self.read(self.client.get(address))

    def send(self, address: str, **fields: Any) -> Response:
        """A form; the answer is read here if it is a page."""
        answer = self.client.post(address, data=fields)
        assert isinstance(answer, Response)
        if answer.status_code != 303:
            self.read(answer)
        return answer


@pytest.fixture
def noor(client: TestClient[Any], course: Course) -> Reader:
    return Reader(client)


def mails(database: Database, settings: Settings) -> list[str]:
    """Sends what waits; every mail so far as its texts, the newest last."""
    make_test_worker(database, settings).send_what_is_due()
    with database.reading() as session:
        kept = session.scalars(select(LocalMail).order_by(LocalMail.received_at, LocalMail.id)).all()
    return ["\n".join(_texts(mail.message)) for mail in kept]


def _texts(content: bytes) -> Iterator[str]:
    message = message_from_bytes(content, policy=policy.default)
    yield str(message["subject"])
    yield from (str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text")


def link_in(text: str, path: str) -> str:
    found = re.search(rf"{path}/un\w_[\w-]{{43}}", text)
    assert found, text
    return found[0]


def test_the_catalogue_of_english_is_not_empty(engine_name: str) -> None:
    assert "This certificate is valid" in english_in('<h1 title="This certificate is valid">')
    assert len(english()) > 400


def test_noor_learns_and_is_examined_in_dutch(noor: Reader) -> None:
    key = Key(FOLDER)
    for address in ("/", "/?q=zzzz", "/?q=persoonsgegevens", f"/courses/{SLUG}"):
        noor.open(address)
    for lesson in key.course.lessons:
        answer_everything(noor, noor.open(f"/courses/{SLUG}/{lesson.id}"), key)
        noor.open(f"/courses/{SLUG}/{lesson.id}")
        noor.send(f"/courses/{SLUG}/{lesson.id}")
    for quiz in (one for one in key.course.quizzes if one.kind == "module"):
        answer_everything(noor, noor.open(f"/quizzes/{SLUG}/{quiz.id}"), key)
    noor.open("/")
    noor.open(f"/courses/{SLUG}")
    fail_exam(noor, f"/quizzes/{SLUG}/final-exam")
    noor.open(f"/claims/{SLUG}")


def answer_everything(noor: Reader, page: BeautifulSoup, key: Key) -> None:
    """Each question of the page, first without an answer and then with the right one."""
    for form in page.select("form[data-check]"):
        address, asked = str(form["action"]), str(form.select("input[name=asked]")[0]["value"])
        assert noor.send(address, asked=asked).status_code == 422
        fields: dict[str, list[str]] = {}
        for name, value in key.answer(form.select("fieldset")[0]):
            fields.setdefault(name, []).append(value)
        assert noor.send(address, asked=asked, **fields).status_code == 303


def fail_exam(noor: Reader, address: str) -> None:
    noor.open(address)
    attempt = noor.send(f"{address}/attempts").headers["location"]
    noor.open(attempt)
    noor.send(attempt, hand_in="ask")
    noor.send(attempt, hand_in="anyway")
    noor.open(attempt)
    noor.open(address)


def test_noor_is_awarded_and_forgotten_in_dutch(
    noor: Reader, database: Database, settings: Settings, course: Course
) -> None:
    noor.client.cookies.set("e", make_passed_enrolment(database, course))
    for address in (f"/courses/{SLUG}", f"/quizzes/{SLUG}/final-exam", f"/claims/{SLUG}"):
        noor.open(address)
    noor.send(f"/claims/{SLUG}", first_name="12", last_name="", email="noor@")
    noor.send(f"/claims/{SLUG}", first_name="Noor.nl", last_name="x" * 65, email="")
    noor.send(f"/claims/{SLUG}", **NOOR)
    noor.open(f"/claims/{SLUG}/sent")
    link = link_in(mails(database, settings)[-1], "/claims/confirm")
    noor.open(link)
    certificate = noor.send(link).headers["location"].removesuffix("#yours")
    noor.open(certificate)
    noor.open(f"/claims/{SLUG}")
    pdf = noor.client.get(f"{certificate}.pdf").content
    drop(noor, pdf)
    noor.send(f"/claims/{SLUG}", **NOOR)
    forget(noor, database, settings)
    noor.open(certificate)
    drop(noor, pdf)


def forget(noor: Reader, database: Database, settings: Settings) -> None:
    for address in ("/privacy", "/privacy/my-data", "/privacy/my-data/sent"):
        noor.open(address)
    noor.send("/privacy/my-data", email="nobody")
    noor.send("/privacy/my-data", email="nobody@example.org")
    noor.send("/privacy/my-data", email=NOOR["email"])
    sent = mails(database, settings)
    link = next(link_in(mail, "/privacy/my-data") for mail in sent if "/privacy/my-data/un" in mail)
    assert len(sent) >= 4
    for mail in sent:
        assert english_in(mail) == []
        assert '<html lang="nl"' in mail
    for mail in noor.open("/mailbox").select("td a"):
        noor.open(str(mail["href"]))
    noor.open(link)
    noor.send(link)
    noor.open("/privacy/my-data")
    noor.open("/privacy/my-data/delete")
    noor.send("/privacy/my-data/delete", word="ja")
    receipt = noor.client.post("/privacy/my-data/delete", data={"word": "Verwijder"})
    kept = noor.read(receipt).select('a[href^="/privacy/receipt/"]')[0]["href"]
    noor.open(str(kept))


def drop(noor: Reader, content: bytes) -> None:
    noor.read(noor.client.post("/verify/file", files={"file": ("paper.pdf", content, "application/pdf")}))


STANDINGS = {
    "valid": "Dit certificaat is geldig",
    "expired": "Dit certificaat is verlopen",
    "replaced": "Deze versie is vervangen",
    "revoked": "Dit certificaat is door de uitgever ingetrokken",
    "withdrawn": "Dit certificaat is door de houder verwijderd",
}


def test_every_standing_has_a_dutch_word_of_its_own(noor: Reader, database: Database) -> None:
    with database.writing() as session:
        secure = make_course(session, "veilig-ontwerpen", "Veilig ontwerpen")
        numbers = {
            "valid": award(session, secure).number,
            "expired": award(session, secure, expires_on=clock.now().date() - timedelta(days=1)).number,
            "replaced": replaced(session, secure) + "?version=1",
            "revoked": revoked(session, secure),
            "withdrawn": withdrawn(session),
        }
    told = {word: noor.open(f"/verify/{number}").select("h1")[0].get_text() for word, number in numbers.items()}
    assert told == STANDINGS


def test_what_goes_wrong_is_told_in_dutch(noor: Reader) -> None:
    for address in ("/verify", "/verify/7KQ2-9FXD-M4TB-W8HC", "/verify/7KQ2", "/nowhere", "/courses/nowhere"):
        noor.open(address)
    for address in (f"/courses/{SLUG}/nowhere", f"/quizzes/{SLUG}/nowhere", f"/claims/{SLUG}", "/privacy/receipt/0"):
        noor.open(address)
    drop(noor, b"no PDF")
    drop(noor, b"")
    noor.read(noor.client.post("/verify/file", data={"file": "text"}))
    noor.read(noor.client.post(f"/claims/{SLUG}", data=NOOR, headers={"sec-fetch-site": "cross-site"}))
    noor.read(noor.client.post(f"/claims/{SLUG}", content=b"{}", headers={"content-type": "application/json"}))
    noor.read(noor.client.post("/privacy/my-data", data={"email": ["a@example.org", "b@example.org"]}))
