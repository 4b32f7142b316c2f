"""How many began, finished and earned a certificate, and where in a course people stop. Counted by the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import Session

from university import clock
from university.learning.lesson_minutes import counted_enrolments
from university.models import Attempt, Award, Enrolment, LessonDone, Restriction

# Whoever was not here for so long has stopped, until they come back.
STOPPED_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class Learners:
    """Exact numbers, for nobody's eyes; `done` and `stopped` are by lesson."""

    started: int
    finished: int
    certificates: int
    done: Mapping[str, int]
    stopped: Mapping[str, int]


def count_learners(session: Session, course_id: UUID) -> Learners:
    counted = counted_enrolments(course_id)
    done = select(LessonDone.lesson_id, func.count()).where(LessonDone.enrolment_id.in_(counted))
    finished, stopped = 0, Counter[str]()
    # Few different demands are made of many learners: each is asked about once.
    for asked in session.scalars(select(Enrolment.requirements).where(Enrolment.course_id == course_id).distinct()):
        alike = counted.where(Enrolment.requirements == asked)
        finished += _count(session, alike.where(_is_finished(asked)))
        stopped.update(_last_lessons(session, alike.where(~_is_finished(asked))))
    return Learners(
        started=_count(session, counted),
        finished=finished,
        certificates=_certificates(session, course_id),
        done=_by_lesson(session, done.group_by(LessonDone.lesson_id)),
        stopped=stopped,
    )


def _is_finished(asked: Mapping[str, Any]) -> ColumnElement[bool]:
    """Whether the learner of the row did everything that is asked; see `revisions.requirements`."""
    lessons, quizzes, exam = set(asked.get("lessons", ())), set(asked.get("quizzes", ())), asked.get("exam")
    mine, handed_in = Attempt.enrolment_id == Enrolment.id, Attempt.handed_in_at.is_not(None)
    read = select(func.count()).where(LessonDone.enrolment_id == Enrolment.id, LessonDone.lesson_id.in_(lessons))
    taken = select(func.count(Attempt.quiz_id.distinct())).where(mine, handed_in).correlate(Enrolment)
    of_lessons = taken.where(Attempt.quiz_id.in_(quizzes))
    done = {
        "none": true(),
        "attempted": of_lessons.scalar_subquery() >= len(quizzes),
        "passed": of_lessons.where(Attempt.passed.is_(True)).scalar_subquery() >= len(quizzes),
    }
    passed = taken.where(Attempt.quiz_id == exam, Attempt.passed.is_(True)).scalar_subquery() == 1
    return and_(
        read.correlate(Enrolment).scalar_subquery() >= asked.get("lessons_needed", 0),
        done[asked.get("quizzes_needed", "none")],
        true() if exam is None else passed,
    )


def _last_lessons(session: Session, learners: Select[UUID]) -> dict[str, int]:
    """Of those who were not here for a while: how many did which lesson last."""
    gone = learners.where(Enrolment.last_active_at <= clock.now() - STOPPED_AFTER)
    latest = (LessonDone.done_at.desc(), LessonDone.lesson_id)
    place = func.row_number().over(partition_by=LessonDone.enrolment_id, order_by=latest)
    steps = select(LessonDone.lesson_id, place.label("place")).where(LessonDone.enrolment_id.in_(gone)).subquery()
    last = select(steps.c.lesson_id, func.count()).where(steps.c.place == 1)
    return _by_lesson(session, last.group_by(steps.c.lesson_id))


def _by_lesson(session: Session, counted: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(counted)}


def _count(session: Session, learners: Select[UUID]) -> int:
    return session.scalar(select(func.count()).select_from(learners.subquery())) or 0


def _certificates(session: Session, course_id: UUID) -> int:
    hidden = select(Restriction.person_id)
    count = select(func.count()).select_from(Award)
    return session.scalar(count.where(Award.course_id == course_id, Award.person_id.not_in(hidden))) or 0
