"""P14: no score decides without a published rule, no score is kept of anybody but of their own attempts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests import cast
from university import clock
from university.database import Database
from university.keys.secret_hashes import hashed
from university.learning import enrolments
from university.models import Attempt, Enrolment, Quiz, Revision, Table
from university.questions.marking import mark
from university.rights.register import personal


@pytest.fixture
def engine_name() -> str:
    """What decides is no matter of the database."""
    return "sqlite"


# Words by which a column would be a judgement about a person.
JUDGING = re.compile(r"score|percent|grade|rank|rating|risk|profile|level|segment|probab|predict|class", re.I)
# What was earned in an attempt; and how a member of staff has signed in, which judges nobody.
JUDGED = {"attempt.score", "attempt.percent", "staff_session.auth_level"}


def test_p14_whatever_decides_stands_on_the_page_before_anybody_begins(client: TestClient, database: Database) -> None:
    course = cast.publish_sample(database)
    client.cookies.set("e", cast.make_begun_enrolment(database, course))
    with database.reading() as session:
        asked = session.get_one(Revision, course.revision_id).page["requirements"]
    assert asked["quizzes_needed"] == "attempted", "the score of a quiz would decide as well: look at its page too"
    about_the_course, before_the_exam = (
        client.get("/courses/rivers").text,
        client.get(f"/quizzes/rivers/{asked['exam']}").text,
    )
    for page in (about_the_course, before_the_exam):
        assert f"{asked['pass_mark']}% of the points" in page
    assert f"Pass the exam with {asked['pass_mark']}%" in about_the_course


@pytest.mark.parametrize("missing", [0, 1])
def test_p14_the_published_mark_is_all_that_decides(database: Database, missing: int) -> None:
    """Whoever reaches it passes, whoever is one question short does not; nothing else of the person is looked at."""
    course = cast.publish_sample(database)
    secret = cast.make_begun_enrolment(database, course)
    with database.writing() as session:
        enrolment = session.scalars(select(Enrolment).where(Enrolment.secret_sha256 == hashed(secret))).one()
        exam = session.scalars(select(Quiz).where(Quiz.kind == "exam")).one()
        attempt = Attempt(
            enrolment_id=enrolment.id,
            revision_id=enrolment.started_revision_id,
            quiz_id=exam.quiz_id,
            questions=[],
            started_at=clock.now(),
            ends_at=clock.now() + timedelta(hours=1),
        )
        session.add(attempt)
        session.flush()
        needed = enrolments.pass_mark_of(session, enrolment, attempt)
        attempt.score, attempt.percent = f"{needed - missing}/100", needed - missing
        mark(attempt, {}, needed, clock.now())
        assert (attempt.percent, attempt.passed) == (needed - missing, missing == 0)


def test_p14_no_column_judges_a_person_but_what_they_earned_in_their_own_attempts() -> None:
    judging = {entry.where for entry in personal() if JUDGING.search(entry.where.partition(".")[2])}
    assert judging == JUDGED
    assert not {table.name for table in Table.metadata.sorted_tables if JUDGING.search(table.name)}


def test_p14_whoever_fails_is_told_the_mark_and_can_ask_a_human(client: TestClient, database: Database) -> None:
    course = cast.publish_sample(database)
    client.cookies.set("e", cast.make_begun_enrolment(database, course))
    with database.reading() as session:
        exam = session.scalars(select(Quiz).where(Quiz.kind == "exam")).one().quiz_id
    sitting = client.post(f"/quizzes/rivers/{exam}/attempts").headers["location"]
    client.post(sitting, data={"hand_in": "anyway"})
    page = client.get(sitting).text
    assert re.search(r"\b0%.*is enough", page, re.S)
    assert "Ask a human" in page
    assert "mailto:privacy@selfguide.com" in page
