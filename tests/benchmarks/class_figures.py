"""How long staff wait for the figures of a course with a hundred thousand learners, and how long counting takes."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from litestar.testing import TestClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests import cast, crew
from university import clock
from university.app import create_app
from university.database import Database
from university.figures.counting import count_what_is_due
from university.migrating import migrate
from university.models import Attempt, Course, Enrolment, Lesson, LessonDone, Quiz, Revision, new_id
from university.settings import Settings, read_settings

LEARNERS = 100_000
AT_ONCE = 2_000
TIMES = 5
PAGES = ("/figures", "/figures/courses.csv", "/editor/courses/rivers/figures")


def run(database_url: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(
            {"UNIVERSITY_DATA": folder, "UNIVERSITY_DATABASE_URL": database_url, "UNIVERSITY_TESTING": "1"}
        )
        database = Database(settings)
        migrate(database)
        cast.publish_sample(database)
        fill(database)
        began = time.perf_counter()
        assert count_what_is_due(database, clock.now()) == 1
        print(f"counting {LEARNERS:,} learners, once a day: {time.perf_counter() - began:.1f} s")
        measure(database, settings)
        database.close()


def measure(database: Database, settings: Settings) -> None:
    with TestClient(create_app(settings), base_url=settings.base_url) as client:
        crew.sign_in(client, database, "grace")
        for path in PAGES:
            spent = sorted(_milliseconds(client, path) for _time in range(TIMES))
            print(f"{path} with {LEARNERS:,} learners: median {spent[TIMES // 2]:.0f} ms, slowest {spent[-1]:.0f} ms")


def _milliseconds(client: TestClient[Any], path: str) -> float:
    began = time.perf_counter()
    assert client.get(path).status_code == 200
    return (time.perf_counter() - began) * 1000


def fill(database: Database) -> None:
    """Learners who did a random part of the lessons; a third of them took the exam."""
    with database.writing() as session:
        course = session.scalars(select(Course)).one()
        for start in range(0, LEARNERS, AT_ONCE):
            _some(session, course, range(start, min(start + AT_ONCE, LEARNERS)))


def _some(session: Session, course: Course, numbers: range) -> None:
    revision = session.get_one(Revision, course.revision_id)
    lessons = session.scalars(select(Lesson.lesson_id).where(Lesson.revision_id == revision.id)).all()
    exam = session.scalars(select(Quiz.quiz_id).where(Quiz.revision_id == revision.id, Quiz.kind == "exam")).one()
    chance, now = random.Random(numbers.start), clock.now()
    enrolments = [_enrolment(course, revision, number, now) for number in numbers]
    session.execute(insert(Enrolment), enrolments)
    session.execute(insert(LessonDone), [row for one in enrolments for row in _steps(one["id"], lessons, chance, now)])
    session.execute(insert(Attempt), [_attempt(one["id"], revision, exam, chance, now) for one in enrolments[::3]])


def _enrolment(course: Course, revision: Revision, number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "secret_sha256": f"{number:064x}",
        "course_id": course.id,
        "started_revision_id": revision.id,
        "requirements": dict(revision.page["requirements"]),
        "created_at": now,
        "last_active_at": now - timedelta(days=number % 40),
    }


def _steps(id_: Any, lessons: Any, chance: random.Random, now: datetime) -> Iterator[dict[str, Any]]:
    at = now
    for lesson in lessons[: chance.randint(1, len(lessons))]:
        at += timedelta(seconds=chance.randint(10, 3000))
        yield {"enrolment_id": id_, "lesson_id": lesson, "done_at": at}


def _attempt(id_: Any, revision: Revision, exam: str, chance: random.Random, now: datetime) -> dict[str, Any]:
    percent = chance.randint(0, 100)
    return {
        "id": new_id(),
        "enrolment_id": id_,
        "revision_id": revision.id,
        "quiz_id": exam,
        "questions": [],
        "started_at": now,
        "ends_at": now + timedelta(hours=1),
        "handed_in_at": now + timedelta(minutes=chance.randint(1, 60)),
        "score": f"{percent}/100",
        "percent": percent,
        "passed": percent >= 70,
    }
