"""How many began, finished and earned a certificate, and where in a course people stop. Counts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from university import clock
from university.learning.lesson_minutes import counted_enrolments, measured_minutes
from university.learning.small_numbers import shown, shown_share
from university.models import Attempt, Award, Course, Enrolment, Lesson, LessonDone, Restriction, Revision

# Whoever was not here for so long has stopped, until they come back.
STOPPED_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class CourseFigures:
    """None stands for fewer than five."""

    slug: str
    title: str
    language: str
    started: int | None
    finished: int | None
    finished_share: int | None
    certificates: int | None


@dataclass(frozen=True)
class LessonFigures:
    title: str
    done: int | None
    done_share: int | None
    stopped: int | None
    minutes: int
    measured: int | None


@dataclass
class Learner:
    """One enrolment while it is counted; nothing of it leaves this module."""

    asked: Mapping[str, Any]
    last_active_at: datetime
    done: dict[str, datetime] = field(default_factory=dict)
    attempted: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)

    @property
    def is_finished(self) -> bool:
        asked = self.asked
        lessons = len(set(asked["lessons"]) & self.done.keys()) >= asked["lessons_needed"]
        met = {"none": set(asked["quizzes"]), "attempted": self.attempted, "passed": self.passed}
        quizzes = set(asked["quizzes"]) <= met[asked["quizzes_needed"]]
        return lessons and quizzes and (asked["exam"] is None or asked["exam"] in self.passed)

    @property
    def last_lesson(self) -> str | None:
        return max(self.done, key=lambda lesson: self.done[lesson], default=None)


def all_courses(session: Session) -> list[CourseFigures]:
    """Every course that was ever published, by title."""
    courses = select(Course, Revision).join(Revision, Revision.id == Course.revision_id).order_by(Revision.title)
    return [of_course(session, course, revision) for course, revision in session.execute(courses)]


def of_course(session: Session, course: Course, revision: Revision) -> CourseFigures:
    learners = _learners(session, course.id)
    finished = sum(learner.is_finished for learner in learners.values())
    return CourseFigures(
        slug=course.slug,
        title=revision.title,
        language=revision.language,
        started=shown(len(learners)),
        finished=shown(finished),
        finished_share=shown_share(finished, len(learners)),
        certificates=shown(_certificates(session, course.id)),
    )


def lessons_of(session: Session, course: Course) -> list[LessonFigures]:
    """The lessons learners see now, in their order."""
    learners = _learners(session, course.id)
    done = Counter(lesson for learner in learners.values() for lesson in learner.done)
    stopped = Counter(learner.last_lesson for learner in learners.values() if _has_stopped(learner))
    measured = measured_minutes(session, course.id)
    lessons = select(Lesson).where(Lesson.revision_id == course.revision_id).order_by(Lesson.position)
    return [
        LessonFigures(
            title=lesson.title,
            done=shown(done[lesson.lesson_id]),
            done_share=shown_share(done[lesson.lesson_id], len(learners)),
            stopped=shown(stopped[lesson.lesson_id]),
            minutes=lesson.minutes,
            measured=measured.get(lesson.lesson_id),
        )
        for lesson in session.scalars(lessons)
    ]


def _has_stopped(learner: Learner) -> bool:
    return not learner.is_finished and learner.last_active_at <= clock.now() - STOPPED_AFTER


def _certificates(session: Session, course_id: UUID) -> int:
    hidden = select(Restriction.person_id)
    count = select(func.count()).select_from(Award)
    return session.scalar(count.where(Award.course_id == course_id, Award.person_id.not_in(hidden))) or 0


def _learners(session: Session, course_id: UUID) -> dict[UUID, Learner]:
    counted = counted_enrolments(course_id)
    rows = select(Enrolment.id, Enrolment.requirements, Enrolment.last_active_at).where(Enrolment.id.in_(counted))
    learners = {row.id: Learner(row.requirements, row.last_active_at) for row in session.execute(rows)}
    done = select(LessonDone.enrolment_id, LessonDone.lesson_id, LessonDone.done_at)
    for row in session.execute(done.where(LessonDone.enrolment_id.in_(counted))):
        learners[row.enrolment_id].done[row.lesson_id] = row.done_at
    attempts = select(Attempt.enrolment_id, Attempt.quiz_id, Attempt.passed).where(
        Attempt.enrolment_id.in_(counted), Attempt.handed_in_at.is_not(None)
    )
    for enrolment_id, quiz_id, passed in session.execute(attempts):
        learners[enrolment_id].attempted.add(quiz_id)
        if passed:
            learners[enrolment_id].passed.add(quiz_id)
    return learners
