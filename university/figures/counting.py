"""Counting a course, once a day: no page waits for it, and nobody sees from one hour to the next who came by."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from university.database import Database
from university.figures.answers import exam_of, questions_of
from university.figures.learners import Learners, count_learners
from university.figures.sittings import sittings
from university.learning.lesson_minutes import measured_minutes
from university.learning.small_numbers import shown, shown_share
from university.models import Course, CourseCount, Lesson, Quiz
from university.retention import Job

COUNTED_EVERY = timedelta(days=1)
# A course that was published just now has not to wait for long.
LOOK_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Counted:
    """What is kept: columns of a `CourseCount`, and how long lessons really take."""

    columns: dict[str, Any]
    minutes: dict[str, int]


def jobs(database: Database) -> tuple[Job, ...]:
    """Its own connections: counting takes seconds, in which no learner should have to wait for a writer."""

    def count(_session: Session, now: datetime) -> int:
        return count_what_is_due(database, now)

    return (Job("figures", LOOK_EVERY, count),)


def count_what_is_due(database: Database, now: datetime) -> int:
    """Counts every course whose day is over; returns how many."""
    with database.reading() as session:
        due = session.scalars(_due(now)).all()
    for course_id in due:
        counted = count_course(database, course_id)
        with database.writing() as session:
            _keep(session, course_id, counted, now)
    return len(due)


def _due(now: datetime) -> Any:
    """Courses never counted, a day ago, or by a clock that was ahead."""
    at = CourseCount.counted_at
    every = select(Course.id).outerjoin(CourseCount).where(Course.revision_id.is_not(None))
    return every.where(or_(at.is_(None), at <= now - COUNTED_EVERY, at > now)).order_by(Course.id)


def count_course(database: Database, course_id: UUID) -> Counted:
    """In three transactions: none of them should keep the log of a large database from being taken in for long."""
    with database.reading() as session:
        columns = _of_learners(count_learners(session, course_id))
    with database.reading() as session:
        columns |= _of_answers(session, session.get_one(Course, course_id))
    with database.reading() as session:
        return Counted(columns, measured_minutes(session, course_id))


def _of_answers(session: Session, course: Course) -> dict[str, Any]:
    of_revision = Lesson.revision_id == course.revision_id
    lessons = {row.lesson_id: row.title for row in session.scalars(select(Lesson).where(of_revision))}
    exam = select(Quiz.quiz_id).where(Quiz.revision_id == course.revision_id, Quiz.kind == "exam")
    taken = list(sittings(session, course.id))
    told = exam_of(taken, session.scalars(exam).first() or "", lessons)
    return {"exam": asdict(told) if told else None, "questions": [asdict(one) for one in questions_of(taken)]}


def _of_learners(learners: Learners) -> dict[str, Any]:
    """As much as is said of them."""
    lessons = learners.done.keys() | learners.stopped.keys()
    return {
        "started": shown(learners.started),
        "finished": shown(learners.finished),
        "finished_share": shown_share(learners.finished, learners.started),
        "certificates": shown(learners.certificates),
        "lessons": {
            lesson: {
                "done": shown(learners.done.get(lesson, 0)),
                "done_share": shown_share(learners.done.get(lesson, 0), learners.started),
                "stopped": shown(learners.stopped.get(lesson, 0)),
            }
            for lesson in sorted(lessons)
        },
    }


def _keep(session: Session, course_id: UUID, counted: Counted, now: datetime) -> None:
    """A course that was removed meanwhile has no figures."""
    course = session.get(Course, course_id, with_for_update=True)
    if course:
        course.measured_minutes = counted.minutes or None
        session.merge(CourseCount(course_id=course_id, counted_at=now, **counted.columns))
