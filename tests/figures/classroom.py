"""A class of learners with the days and answers that a test needs; nobody in it has a name."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from university import clock
from university.course_folders import Question
from university.database import Database
from university.figures.counting import count_what_is_due
from university.keys.secret_hashes import hashed
from university.models import (
    Answer,
    Attempt,
    Course,
    CourseCount,
    Enrolment,
    Lesson,
    LessonDone,
    Quiz,
    Revision,
    Table,
)
from university.questions.grading import percent, score, share
from university.questions.paper import show_share


def begin(session: Session, course: Course, at: datetime | None = None) -> Enrolment:
    assert course.revision_id is not None
    at = at or clock.now()
    enrolment = Enrolment(
        secret_sha256=hashed(secrets.token_urlsafe(16)),
        course_id=course.id,
        started_revision_id=course.revision_id,
        requirements=dict(session.get_one(Revision, course.revision_id).page["requirements"]),
        created_at=at,
        last_active_at=at,
    )
    session.add(enrolment)
    session.flush()
    return enrolment


def read(session: Session, enrolment: Enrolment, lessons: Mapping[str, float]) -> None:
    """Marks lessons as done, each so many minutes after the step before."""
    at = enrolment.created_at
    for lesson, minutes in lessons.items():
        at += timedelta(minutes=minutes)
        session.add(LessonDone(enrolment_id=enrolment.id, lesson_id=lesson, done_at=at))
    enrolment.last_active_at = at
    session.flush()


def sit(
    session: Session, enrolment: Enrolment, quiz_id: str, questions: list[Question], given: Mapping[str, dict[str, Any]]
) -> UUID:
    """Hands in these answers to these questions."""
    shares = {one.id: share(one, given.get(one.id, {})) for one in questions}
    result = score(questions, shares)
    attempt = Attempt(
        enrolment_id=enrolment.id,
        revision_id=enrolment.started_revision_id,
        quiz_id=quiz_id,
        questions=[one.as_json() for one in questions],
        started_at=clock.now(),
        ends_at=clock.now() + timedelta(hours=1),
        handed_in_at=clock.now(),
        score=show_share(result),
        percent=percent(result),
        passed=percent(result) >= 70,
    )
    session.add(attempt)
    session.flush()
    for one in questions:
        if one.id in given:
            answer = Answer(attempt_id=attempt.id, question_id=one.id, given=given[one.id], answered_at=clock.now())
            answer.share = show_share(shares[one.id])
            session.add(answer)
    session.flush()
    return attempt.id


def count(database: Database) -> None:
    """Counts everything anew, as the next day does."""
    with database.writing() as session:
        session.execute(delete(CourseCount))
    assert count_what_is_due(database, clock.now())


def fill_at_random(session: Session, course: Course, learners: int, chance: random.Random) -> None:
    """Learners with any demands, who did and tried anything in any order; each moment is a second of its own."""
    of_revision = Lesson.revision_id == course.revision_id
    lessons = session.scalars(select(Lesson.lesson_id).where(of_revision).order_by(Lesson.position)).all()
    quizzes = session.scalars(
        select(Quiz.quiz_id).where(Quiz.revision_id == course.revision_id).order_by(Quiz.quiz_id)
    ).all()
    demands = [_demand(lessons, quizzes, chance) for _ in range(6)]
    for _learner in range(learners):
        at = clock.now().replace(microsecond=0) - timedelta(days=chance.choice((1, 30)))
        enrolment = begin(session, course, at)
        enrolment.requirements = chance.choice(demands)
        steps = [*chance.sample(lessons, chance.randint(0, len(lessons))), *chance.choices(quizzes, k=3)]
        chance.shuffle(steps)
        for step in steps:
            at += timedelta(seconds=chance.choice((5, 19, 20, 60, 200, 900, 7200, 7201)) + chance.randint(0, 40))
            session.add(_step(enrolment, step, at, chance, is_lesson=step in lessons))
        enrolment.last_active_at = at
    session.flush()


def _demand(lessons: Sequence[str], quizzes: Sequence[str], chance: random.Random) -> dict[str, Any]:
    asked = chance.sample(lessons, chance.randint(0, 2))
    return {
        "lessons": asked,
        "lessons_needed": chance.randint(0, len(asked)),
        "quizzes": chance.sample(quizzes, chance.randint(0, 1)),
        "quizzes_needed": chance.choice(("none", "attempted", "passed")),
        "exam": chance.choice((None, *quizzes)),
        "pass_mark": 70,
    }


def _step(enrolment: Enrolment, step: str, at: datetime, chance: random.Random, *, is_lesson: bool) -> Table:
    if is_lesson:
        return LessonDone(enrolment_id=enrolment.id, lesson_id=step, done_at=at)
    is_over = chance.random() < 0.8
    return Attempt(
        enrolment_id=enrolment.id,
        revision_id=enrolment.started_revision_id,
        quiz_id=step,
        questions=[],
        started_at=at,
        ends_at=at,
        handed_in_at=at if is_over else None,
        passed=chance.random() < 0.5 if is_over else None,
    )
