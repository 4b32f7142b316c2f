"""One more catalogue, of a language that runs from the right, and the whole program speaks it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from bs4 import BeautifulSoup
from playwright.sync_api import Browser
from sqlalchemy import select

from tests import cast
from tests.live import LiveServer
from university.consents.wording import WORDINGS
from university.database import Database
from university.language import TRANSLATIONS
from university.models import Course, SignUp
from university.settings import read_settings

ROOT = Path(__file__).parents[2]
COURSE = "personal-data-in-plain-words"
MARK = "ع"  # before every translated sentence
PAGES = (
    *("/", f"/courses/{COURSE}", f"/courses/{COURSE}/what-counts", f"/quizzes/{COURSE}/final-exam", "/devices"),
    *("/verify", "/verify/list", "/privacy", "/privacy/my-data", "/subscriptions", "/mailbox", "/staff/sign-in"),
)


def in_arabic(source: Path) -> bytes:
    """The sentences of a catalogue, each marked as translated; long words stay as long as they are."""
    made = Catalog(locale="ar")
    with source.open("rb") as file:
        for message in read_po(file, locale="nl"):
            if message.id:
                one, many = message.id if isinstance(message.id, tuple) else (message.id, message.id)
                forms = tuple(f"{MARK} {many}" for _form in range(made.num_plurals))
                made.add(message.id, forms if isinstance(message.id, tuple) else f"{MARK} {one}")
    written = BytesIO()
    write_po(written, made)
    return written.getvalue()


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The program as it is, with one file more."""
    folder = tmp_path_factory.mktemp("arabic")
    (folder / "university" / "translations" / "ar" / "LC_MESSAGES").mkdir(parents=True)
    for path in (ROOT / "university").iterdir():
        if path.name != "translations":
            (folder / "university" / path.name).symlink_to(path)
    (folder / "university" / "translations" / "nl").symlink_to(TRANSLATIONS / "nl")
    catalogue = TRANSLATIONS / "nl" / "LC_MESSAGES" / "messages.po"
    (folder / "university" / "translations" / "ar" / "LC_MESSAGES" / "messages.po").write_bytes(in_arabic(catalogue))
    live = LiveServer(folder / "data")
    live.extra = {"PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"}  # this folder before the one we stand in
    with live:
        yield live


def test_every_page_speaks_a_language_that_was_added_by_one_file(arabic: LiveServer) -> None:
    with httpx.Client(base_url=arabic.address, headers={"accept-language": "ar"}) as visitor:
        for path in PAGES:
            answer = visitor.get(path)
            page = BeautifulSoup(answer.text, "html.parser")
            assert page.html is not None
            about_course = path.startswith(("/courses", "/quizzes"))  # those speak the language of the course
            spoken = ("en", "ltr") if about_course else ("ar", "rtl")
            assert (answer.status_code, page.html["lang"], page.html["dir"]) == (200, *spoken), path
            assert page.select_one('button[value="ar"][lang="ar"]'), path
            assert about_course or (page.main and MARK in page.main.text), path
        visitor.cookies.set("l", "ar")
        for path in PAGES:
            assert 'lang="ar" dir="rtl"' in visitor.get(path).text, path


def test_what_the_law_wants_in_words_of_our_own_falls_back_to_english_and_says_so(arabic: LiveServer) -> None:
    with httpx.Client(base_url=arabic.address, headers={"accept-language": "ar"}) as visitor:
        form = BeautifulSoup(visitor.get("/subscriptions").text, "html.parser")
        introduction, boxes = WORDINGS["2026-11"]["en"]
        assert form.find(lang="en", string=re.compile(re.escape(introduction[:40])))
        assert form.find(string=boxes["newsletter"][0]).find_parent(lang="en")  # type: ignore[union-attr]
        sent = {"email": "ada@example.org", "topics": "newsletter"}
        answer = visitor.post("/subscriptions", data=sent, headers={"sec-fetch-site": "same-origin"})
        assert answer.status_code == 303, answer.text[:300]
        statement = BeautifulSoup(visitor.get("/privacy").text, "html.parser")
        prose = statement.select_one('main div[lang="en"][dir="ltr"]')
        assert prose is not None
        assert "not translated yet" in statement.main.text  # type: ignore[union-attr]
    database = Database(read_settings(arabic.environment))
    with database.reading() as session:
        waiting = session.scalars(select(SignUp)).one()
        assert waiting.language == "ar"
        assert waiting.wishes["language"] == "en", "the proof says which words were agreed to"
    database.close()


def test_a_page_from_the_right_is_mirrored_and_fits_a_phone(arabic: LiveServer, browser: Browser) -> None:
    settings = read_settings(arabic.environment)
    database = Database(settings)
    with database.writing() as session:
        number = cast.make_award(session, course=session.scalars(select(Course)).first()).number
    database.close()
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=arabic.address)
    context.add_cookies([{"name": "l", "value": "ar", "url": arabic.address}])
    page = context.new_page()
    for path in (*PAGES, f"/verify/{number}"):
        answer = page.goto(path)
        assert answer
        assert answer.status == 200, path
        assert page.evaluate("document.dir") == "rtl", path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, f"{path} scrolls sideways"
        logo, languages = page.locator(".logo").bounding_box(), page.locator(".lang").bounding_box()
        assert logo is not None
        assert languages is not None
        assert logo["x"] > languages["x"], f"{path}: the first thing of the header stands at the right"
        aligned = page.locator("h1").evaluate("title => getComputedStyle(title).textAlign")
        assert aligned in {"start", "right", "center"}, path
    context.close()


def test_no_style_sheet_names_a_side_that_a_language_could_turn_round() -> None:
    sided = re.compile(r"(?:margin|padding|border)-(?:left|right)\b|(?:text-align|float|clear): ?(?:left|right)\b")
    for sheet in sorted((ROOT / "university" / "static").rglob("*.css")):
        text = re.sub(r"\.align-(left|right)[^}]*}", "", sheet.read_text(encoding="utf-8"))  # columns as written
        assert not sided.findall(text), sheet.name
