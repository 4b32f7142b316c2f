"""What the pages of figures show: what was counted of each course last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.figures.answers import FALSE, TRUE, ExamFigures, ObjectiveFigures, QuestionFigures
from university.language import gettext as _
from university.models import Course, CourseCount, Lesson, Quiz, Revision


@dataclass(frozen=True)
class CourseFigures:
    """None stands for fewer than five; without `counted_at` nothing was counted yet."""

    slug: str
    title: str
    language: str
    counted_at: datetime | None
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


@dataclass(frozen=True)
class Figures:
    course: CourseFigures
    lessons: list[LessonFigures]
    exam: ExamFigures | None
    questions: list[QuestionFigures]


_COURSES = (
    select(
        *(Course.slug, Revision.title, Revision.language, CourseCount.counted_at),
        *(CourseCount.started, CourseCount.finished, CourseCount.finished_share, CourseCount.certificates),
    )
    .join(Revision, Revision.id == Course.revision_id)
    .outerjoin(CourseCount, CourseCount.course_id == Course.id)
)


def all_courses(session: Session) -> list[CourseFigures]:
    """Every course that was ever published, by title."""
    return [CourseFigures(*row) for row in session.execute(_COURSES.order_by(Revision.title, Course.slug))]


def figures_of(session: Session, course: Course) -> Figures | None:
    """None for a course that was never published. Lessons and titles are those that learners see now."""
    row = session.execute(_COURSES.where(Course.id == course.id)).one_or_none()
    if row is None:
        return None
    counted = session.get(CourseCount, course.id)
    return Figures(
        course=CourseFigures(*row),
        lessons=_lessons(session, course, counted.lessons if counted else {}),
        exam=_exam(counted.exam) if counted and counted.exam else None,
        questions=_questions(session, course, counted.questions if counted else []),
    )


def _lessons(session: Session, course: Course, counted: Mapping[str, Any]) -> list[LessonFigures]:
    nobody = {"done": None, "done_share": None, "stopped": None}
    measured = course.measured_minutes or {}
    lessons = select(Lesson).where(Lesson.revision_id == course.revision_id).order_by(Lesson.position)
    return [
        LessonFigures(
            title=lesson.title,
            minutes=lesson.minutes,
            measured=measured.get(lesson.lesson_id),
            **counted.get(lesson.lesson_id, nobody),
        )
        for lesson in session.scalars(lessons)
    ]


def _exam(kept: Mapping[str, Any]) -> ExamFigures:
    objectives = [ObjectiveFigures(**one) for one in kept["objectives"]]
    named = [replace(one, objective=one.objective or _("Everything else")) for one in objectives]
    return ExamFigures(**{**kept, "objectives": named})


def _questions(session: Session, course: Course, kept: list[Any]) -> list[QuestionFigures]:
    quizzes = select(Quiz.quiz_id, Quiz.title).where(Quiz.revision_id == course.revision_id)
    titles = {row.quiz_id: row.title for row in session.execute(quizzes)}
    words = {TRUE: _("true"), FALSE: _("false")}
    return [
        replace(
            one,
            quiz=titles.get(one.quiz, one.quiz),
            wrong=words.get(one.wrong, one.wrong) if one.kind == "truefalse" else one.wrong,
        )
        for one in (QuestionFigures(**row) for row in kept)
    ]
