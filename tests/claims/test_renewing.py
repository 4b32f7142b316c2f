"""A certificate that ends: Ada renews hers by passing the exam once more, and gets a number of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from litestar.testing import TestClient
from sqlalchemy import delete, select

from tests.cast import make_keyring, make_passed_enrolment, pass_everything, publish_folder
from tests.claims.conftest import claim, count, link_in
from tests.sample_course import COURSE, sample_folder
from university import clock
from university.claims.claiming import claim_certificate
from university.database import Database
from university.errors import Problem
from university.keys.secret_hashes import hashed
from university.models import Award, Course, Enrolment, LessonDone, LocalMail, RateLimit
from university.settings import Settings

Post = Callable[[], list[LocalMail]]
ENDING = COURSE.format(slug="rivers", title="Rivers").replace(
    "title: Knows rivers", "title: Knows rivers\n  valid_months: 24"
)


@pytest.fixture
def rivers(database: Database) -> Course:
    return publish_folder(database, sample_folder(course_dot_yaml=ENDING))


@pytest.fixture
def award(as_ada: TestClient, database: Database, post: Post) -> Award:
    """Ada's certificate, confirmed just now."""
    claim(as_ada)
    as_ada.post(link_in(post()[-1]))
    with database.reading() as session:
        return session.scalars(select(Award)).one()


def new_links(post: Post, before: int) -> list[str]:
    """The confirmation links in all mails after the first `before`."""
    return [link_in(mail) for mail in post()[before:] if b"/claims/confirm/" in mail.message]


def awards(database: Database) -> list[Award]:
    with database.reading() as session:
        return list(session.scalars(select(Award).order_by(Award.renewal)))


def move_to(monkeypatch: pytest.MonkeyPatch, award: Award, days_before_end: int) -> datetime:
    assert award.expires_on is not None
    moment = award.issued_at + (award.expires_on - award.issued_at.date()) - timedelta(days=days_before_end)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


@pytest.mark.usefixtures("award")
def test_until_its_last_sixty_days_there_is_nothing_to_renew(
    as_ada: TestClient, award: Award, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_to(monkeypatch, award, 61)
    assert "Renew my certificate" not in as_ada.get("/claims/rivers").text
    assert as_ada.post("/claims/rivers/again").status_code == 409
    move_to(monkeypatch, award, 60)
    assert "Renew my certificate" in as_ada.get("/claims/rivers").text


def test_passing_again_gives_a_new_number_and_the_old_one_stays_as_it_was(
    as_ada: TestClient, award: Award, database: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = move_to(monkeypatch, award, -1)
    assert as_ada.get(f"/verify/{award.number}.json").json()["standing"] == "expired"
    assert as_ada.post("/claims/rivers/again").headers["location"] == "/courses/rivers"
    assert as_ada.get("/claims/rivers").status_code == 409, "the exam is still to be passed"
    pass_everything(database, as_ada.cookies["e"])
    before = len(post())
    claim(as_ada)
    (link,) = new_links(post, before)
    as_ada.post(link)
    old, new = awards(database)
    assert (old.number, old.record) == (award.number, award.record)
    assert (new.renewal, new.version, new.issued_at.date()) == (1, 1, now.date())
    assert new.number != old.number
    found = [as_ada.get(f"/verify/{one.number}.json").json()["standing"] for one in (old, new)]
    assert found == ["expired", "valid"]


def test_lessons_stay_read_extra_time_stays_given_and_the_exam_is_taken_anew(
    as_ada: TestClient, award: Award, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = count(database, LessonDone)
    with database.writing() as session:
        session.get_one(Enrolment, award.enrolment_id).extra_time = "50%"
    move_to(monkeypatch, award, 0)
    as_ada.post("/claims/rivers/again")
    assert count(database, LessonDone) == 2 * before
    with database.reading() as session:
        anew = session.scalars(select(Enrolment).where(Enrolment.secret_sha256 == hashed(as_ada.cookies["e"]))).one()
    assert anew.id != award.enrolment_id
    assert anew.extra_time == "50%"
    assert as_ada.post("/claims/rivers/again").status_code == 409, "begun once is enough"


def test_the_address_that_has_a_fresh_certificate_gets_no_second_one(
    as_ada: TestClient,
    award: Award,
    database: Database,
    rivers: Course,
    post: Post,
) -> None:
    before = len(post())
    with database.writing() as session:
        session.execute(delete(RateLimit))  # an address is written to once in ten minutes
    as_ada.cookies.set("e", make_passed_enrolment(database, rivers))
    claim(as_ada)
    (mail,) = post()[before:]
    assert b"You have this certificate already" in mail.message
    assert awards(database)[-1].number == award.number


def test_renewing_on_two_devices_at_once_makes_one_new_certificate(
    as_ada: TestClient,
    award: Award,
    database: Database,
    settings: Settings,
    rivers: Course,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    move_to(monkeypatch, award, 10)
    before = len(post())
    for _ in range(2):
        with database.writing() as session:
            session.execute(delete(RateLimit))  # an address is written to once in ten minutes
        as_ada.cookies.set("e", make_passed_enrolment(database, rivers))
        claim(as_ada)
    links = [link.rpartition("/")[2] for link in new_links(post, before)]
    assert len(links) == 2

    def confirm(token: str) -> str | None:
        try:
            with database.writing() as session:
                return claim_certificate(session, make_keyring(settings), settings, token).number
        except Problem:
            return None

    with ThreadPoolExecutor(8) as threads:
        numbers = set(threads.map(confirm, links * 4))
    assert [one.renewal for one in awards(database)] == [0, 1]
    assert numbers - {None} == {awards(database)[1].number}
