"""Staff lengthen the clock of one learner whom they know by nothing but a code."""

from __future__ import annotations

import re
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import select

from tests import crew
from tests.cast import publish_sample
from tests.learner import Learner, words
from tests.quizzes.conftest import Clock, time  # noqa: F401  the clock that goes on only when told to
from university.chains import audit
from university.database import Database
from university.learning.short_codes import read_code, short_code
from university.learning.sitting_time import with_extra
from university.models import Attempt, AuditEntry, Course, Enrolment

EXAM = "/quizzes/rivers/final-exam"
GIVE = "/registry/extra-time"


@pytest.fixture
def course(database: Database) -> Course:
    return publish_sample(database)


@pytest.fixture
def ben(client: TestClient[Any], course: Course) -> Learner:
    ben = Learner(client)
    ben.read("spring")
    return ben


def code_on(page: Response) -> str:
    [code] = re.findall(r'<code class="code">([0-9A-F]{8})</code>', page.text)
    return code


def give(ben: Learner, database: Database, extra: str, **changes: str) -> Response:
    """Priya, at the same machine, types what Ben told her on the telephone."""
    crew.sign_in(ben.client, database, "priya")
    code = code_on(ben.client.get(EXAM)) if "code" not in changes else ""
    sent = {"course": "rivers", "code": f" {code[:4].lower()}-{code[4:]}", "extra": extra, **changes}
    answer = ben.client.post(GIVE, data=sent)
    crew.sign_out(ben.client)
    return answer


@pytest.mark.parametrize(("extra", "minutes"), [("25%", 38), ("50%", 45), ("100%", 60), ("5", 35), ("120", 150)])
def test_a_limit_grows_by_a_share_rounded_up_or_by_minutes(extra: str, minutes: int) -> None:
    assert with_extra(30, extra) == minutes


@pytest.mark.parametrize(
    ("typed", "code"),
    [(" 7f3a-09bc ", "7f3a09bc"), ("7F3A O9BC", "7f3a09bc"), ("7f3a09b", None), ("%", None), ("7f3a09bg", None)],
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str | None) -> None:
    assert read_code(typed) == code


def test_the_page_before_the_exam_shows_a_code_to_whoever_has_begun(
    client: TestClient[Any], course: Course, database: Database
) -> None:
    assert "Mark a lesson as read first" in client.get(EXAM).text
    Learner(client).read("spring")
    with database.reading() as session:
        assert code_on(client.get(EXAM)) == short_code(session.scalars(select(Enrolment.id)).one())


def test_more_time_given_before_the_exam_holds_for_this_learner_alone(
    ben: Learner,
    database: Database,
    time: Clock,  # noqa: F811
) -> None:
    answer = give(ben, database, "50%")
    assert "The exam : 45 min instead of 30 min" in words(answer)
    assert "It holds from the next attempt on." in words(answer)
    assert "45 min With the extra time you were given." in words(ben.client.get(EXAM))
    attempt = ben.begin()
    assert "45 min left" in words(ben.client.get(attempt))
    time.wait(minutes=45, seconds=9)
    assert ben.client.post(attempt, data={"asked": []}, headers={"accept": "application/json"}).json()["saved"] is True
    time.wait(seconds=1)
    assert "Not passed this time." in words(ben.client.get(attempt))
    crew.sign_out(ben.client)
    ben.client.cookies.clear()
    assert "30 min The clock starts" in words(ben.client.get(EXAM))


def test_an_attempt_under_way_ends_later_and_its_page_is_told(
    ben: Learner,
    database: Database,
    time: Clock,  # noqa: F811
) -> None:
    attempt = ben.begin()
    time.wait(minutes=29)
    assert "An attempt is under way; it ends later now" in words(give(ben, database, "15"))
    left = ben.client.get(attempt, headers={"accept": "application/json"}).json()
    assert (left["seconds_left"], left["result"]) == (16 * 60, None)
    give(ben, database, "none")
    left = ben.client.get(attempt, headers={"accept": "application/json"}).json()
    assert left["seconds_left"] == 16 * 60, "nothing under way gets shorter"
    assert "30 min The clock starts" in words(ben.client.get(EXAM)), "and the next attempt has no more than anybody"


def test_what_has_ended_stays_ended(ben: Learner, database: Database, time: Clock) -> None:  # noqa: F811
    attempt = ben.begin()
    time.wait(minutes=31)
    assert "It holds from the next attempt on." in words(give(ben, database, "100%"))
    assert "Not passed this time." in words(ben.client.get(attempt))
    with database.reading() as session:
        [row] = session.scalars(select(Attempt))
        assert row.ends_at < time()


def test_giving_it_leaves_a_line_in_the_log_that_names_nobody(ben: Learner, database: Database) -> None:
    give(ben, database, "25%")
    with database.reading() as session:
        assert audit.check(session) is None
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "give_time")).one()
        enrolment = session.scalars(select(Enrolment)).one()
        assert (line.actor, line.object_kind, line.object_ref) == ("staff", "enrolment", str(enrolment.id))
        assert enrolment.extra_time == "25%"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"extra": "300"}, "Choose how much time to add."),
        ({"code": "12 34"}, "A code has eight signs"),
        ({"code": "0000 0000"}, "No learner of this course has this code."),
        ({"course": "lakes", "code": "00000000"}, "Choose a course with an exam against the clock."),
    ],
)
def test_what_cannot_be_meant_is_said_beside_the_field_and_kept(
    ben: Learner, database: Database, changes: dict[str, str], sentence: str
) -> None:
    answer = give(ben, database, **{"extra": "10", **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    for typed in changes.values():
        assert typed in answer.text or typed in ("lakes", "300")
    with database.reading() as session:
        assert session.scalars(select(Enrolment.extra_time)).all() == [None]


def test_a_code_of_another_course_finds_nobody(ben: Learner, database: Database) -> None:
    publish_sample(database, "lakes", "Lakes")
    assert give(ben, database, "10", course="lakes").status_code == 422
