"""The stage of the gallery: a running program in which the cast has done everything there is to be seen."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from certificates import show_number
from tests import crew
from tests.cast import make_begun_enrolment, make_passed_enrolment
from tests.gallery.mailing import prepare_mail
from tests.gallery.office import prepare_office
from tests.gallery.rights import prepare_rights
from tests.journeys.studied import Key, PlainBrowser
from tests.live import LiveServer
from tests.verify.conftest import award, replaced, revoked, withdrawn
from university import clock
from university.accounts import invitations, sessions
from university.database import Database
from university.models import EDITOR, FULL, SETTING_UP, Course, Enrolment, LocalMail, Restriction, Revision
from university.revisions import bundled
from university.settings import read_settings

COURSE = "personal-data-in-plain-words"
FOLDER = bundled.FOLDER / COURSE
OTHERS = Path(os.environ.get("REAL_COURSES") or Path(__file__).parents[3] / "shared" / "courses")
NOBODY = "0000000000000000"


@dataclass
class Stage:
    """Addresses of what was made, by what it shows; `learners`, `staff` and `visitors` are cookies, `mails` ids."""

    server: LiveServer
    pages: dict[str, str] = field(default_factory=dict)
    learners: dict[str, str] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)
    visitors: dict[str, str] = field(default_factory=dict)
    mails: dict[str, str] = field(default_factory=dict)


@contextmanager
def set_up(folder: Path, *, with_others: bool = True) -> Iterator[Stage]:
    """The program with the bundled courses, those of other authors where they are at hand, and the cast."""
    live = LiveServer(folder / "data")
    live.call_it("localhost")  # with a name there are passkeys
    with live as server:
        for course in sorted(OTHERS.glob("*/course.yaml")) if with_others else ():
            server.run("course", "import", str(course.parent), "--publish")
        stage = Stage(server)
        database = Database(read_settings(server.environment))
        _learn(stage, database)
        _award(stage, database)
        _ask_by_mail(stage, database)
        _employ(stage, database)
        _decide(stage, database)
        database.close()
        yield stage


def _decide(stage: Stage, database: Database) -> None:
    with database.writing() as session:
        course = session.scalars(select(Course).where(Course.slug == COURSE)).one()
        pages, stage.visitors = prepare_rights(session, read_settings(stage.server.environment), course)
        for one in session.scalars(select(Enrolment)):  # those of the cast never began
            began = session.get_one(Revision, one.started_revision_id)
            one.requirements = one.requirements or began.page["requirements"]
    stage.pages |= pages


@contextmanager
def without_record(folder: Path) -> Iterator[LiveServer]:
    """The program while its record does not answer."""
    with LiveServer(folder / "broken") as server:
        database = Database(read_settings(server.environment))
        with database.writing() as session:
            session.execute(text("ALTER TABLE award RENAME TO away"))
        database.close()
        yield server


def _employ(stage: Stage, database: Database) -> None:
    """Everybody who works there is signed in; Pia has yet to choose what she signs in with."""
    settings = read_settings(stage.server.environment)
    with database.writing() as session:
        for who in crew.CAST:
            factors = {} if who == "pia" else crew.typed_factors(settings, "four lighthouses on a rock", bytes(20))
            member = crew.make_member(session, who, **factors)
            level = SETTING_UP if who == "pia" else FULL
            stage.staff[who] = sessions.begin(session, member, level=level, device="Firefox, Linux").secret
            stage.pages.setdefault("colleague", f"/staff/accounts/{member.id}")
        token = invitations.make(session, "ben@example.org", [EDITOR])
        stage.pages |= prepare_office(session, settings, stage.learners["ben"])
    stage.pages["invitation"] = f"/staff/invitations/{token}"


def _learn(stage: Stage, database: Database) -> None:
    with database.reading() as session:
        course = session.scalars(select(Course).where(Course.slug == COURSE)).one()
        session.expunge(course)
    ada = stage.learners["ada"] = make_passed_enrolment(database, course)
    ben = stage.learners["ben"] = make_begun_enrolment(database, course)
    stage.pages["passed"] = _newest_attempt(stage, ada)
    browser = _browser_of(stage, ben)
    key = Key(FOLDER)
    lessons = [lesson.id for lesson in key.course.lessons]
    for lesson in lessons[:3]:
        browser.open(f"/courses/{COURSE}/{lesson}")
        for form in browser.page.select("form[data-check]"):
            browser.send(form, *key.answer(form))
        browser.open(f"/courses/{COURSE}/{lesson}")
        browser.send(browser.form("main form.actions"))
    stage.pages["under way"] = f"/courses/{COURSE}/{lessons[3]}"
    stage.pages["answered"] = f"/courses/{COURSE}/{lessons[0]}"
    _answer_wrong(browser, stage.pages["under way"])
    browser.open("/devices")
    made = browser.send(browser.form('form[action="/devices/links"]'))
    stage.pages["device link"] = next(text for text in made.stripped_strings if "/devices/und_" in text).removeprefix(
        stage.server.address
    )
    _sit_exam(stage, browser, key)


def _answer_wrong(browser: PlainBrowser, lesson: str) -> None:
    for form in browser.open(lesson).select("form[data-check]"):
        boxes = form.select("input[type=radio], input[type=checkbox]")
        if boxes:
            browser.send(form, (str(boxes[-1]["name"]), str(boxes[-1]["value"])))


def _sit_exam(stage: Stage, browser: PlainBrowser, key: Key) -> None:
    """Ben hands in an empty exam; Cleo is in the middle of one."""
    assert key.course.exam is not None
    exam = f"/quizzes/{COURSE}/{key.course.exam.id}"
    browser.open(exam)
    browser.send(browser.form(f'form[action="{exam}/attempts"]'))
    first = browser.page.select_one("#sitting fieldset")
    assert first is not None
    browser.send(browser.form("#sitting"), *key.answer(first), button="hand_in=anyway")
    stage.pages["not passed"] = browser.url.removeprefix(stage.server.address)
    cleo = PlainBrowser(stage.server.address)
    cleo.open(exam)
    cleo.send(cleo.form(f'form[action="{exam}/attempts"]'))
    for fieldset in cleo.page.select("#sitting fieldset")[:3]:
        cleo.send(cleo.form("#sitting"), *key.answer(fieldset), button="save=1")
    stage.pages["sitting"] = cleo.url.split("#")[0].removeprefix(stage.server.address)
    stage.learners["cleo"] = cleo.client.cookies["e"]


def _newest_attempt(stage: Stage, secret: str) -> str:
    browser = _browser_of(stage, secret)
    page = browser.open(f"/quizzes/{COURSE}/final-exam")
    link = page.select_one(".notice a")
    assert link is not None
    return str(link["href"])


def _browser_of(stage: Stage, secret: str) -> PlainBrowser:
    browser = PlainBrowser(stage.server.address)
    browser.client.cookies.set("e", secret)
    return browser


def _award(stage: Stage, database: Database) -> None:
    """A certificate in every standing."""
    with database.writing() as session:
        course = session.scalars(select(Course).where(Course.slug == COURSE)).one()
        numbers = {
            "valid": award(session, course).number,
            "expired": award(session, course, expires_on=clock.now().date() - timedelta(days=6)).number,
            "replaced": replaced(session, course),
            "revoked": revoked(session, course),
            "withdrawn": withdrawn(session),
            "hidden": hidden(session, course),
            "unknown": NOBODY,
        }
    stage.pages.update({word: f"/verify/{show_number(number)}" for word, number in numbers.items()})
    stage.pages["replaced"] += "?version=1"


def hidden(session: Session, course: Course) -> str:
    """The number of a certificate whose holder does not show their name."""
    row = award(session, course)
    session.add(Restriction(person_id=row.person_id, restricted_at=clock.now()))
    return row.number


def _ask_by_mail(stage: Stage, database: Database) -> None:
    """Ada asks for her certificate and her data; somebody unknown asks for theirs."""
    ada = _browser_of(stage, stage.learners["ada"])
    ada.open(f"/claims/{COURSE}")
    who = (("first_name", "Ada"), ("last_name", "Lovelace"), ("email", "ada@example.org"))
    ada.send(ada.form(f'form[action="/claims/{COURSE}"]'), *who)
    confirmation = _wait_for_mail(ada, 1)
    stage.pages["confirmation"] = confirmation
    ada.open(confirmation)
    for address in ("ada@example.org", "nobody@example.org"):
        ada.open("/privacy/my-data")
        ada.send(ada.form('form[action="/privacy/my-data"]'), ("email", address))
    stage.pages["portal link"] = _wait_for_mail(ada, 2, "/privacy/my-data/")
    _wait_for_mail(ada, 3)
    with database.writing() as session:
        stage.pages |= prepare_mail(session, read_settings(stage.server.environment))
    _wait_for_mail(ada, 5)
    with database.reading() as session:
        for mail in session.scalars(select(LocalMail).order_by(LocalMail.received_at)):
            stage.mails[f"mail-{len(stage.mails) + 1}"] = str(mail.id)


def _wait_for_mail(browser: PlainBrowser, count: int, path: str = "/claims/confirm/") -> str:
    """The link in the newest mail that has one, once so many mails are there."""
    while len(browser.open("/mailbox").select("tbody tr")) < count:
        pass
    for row in browser.page.select("tbody a"):
        found = [str(link["href"]) for link in browser.open(str(row["href"])).select("main a") if path in str(link)]
        if found:
            return found[0].removeprefix(browser.address)
    return "/mailbox"


def draw_certificate(server: LiveServer, folder: Path, target: Path) -> None:
    server.run("sample", "--name", "Zoë Šćepanović-Nguyễn", "--out", str(folder))
    [pdf] = folder.glob("*.pdf")
    subprocess.run(["pdftoppm", "-r", "80", "-png", "-singlefile", pdf, target], check=True)
