"""Everything the page of one course shows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.figures.answers import ExamFigures, QuestionFigures, exam_of, questions_of
from university.figures.learners import CourseFigures, LessonFigures, lessons_of, of_course
from university.figures.sittings import sittings
from university.models import Course, Lesson, Quiz, Revision


@dataclass(frozen=True)
class Figures:
    course: CourseFigures
    lessons: list[LessonFigures]
    exam: ExamFigures | None
    questions: list[QuestionFigures]


def figures_of(session: Session, course: Course) -> Figures | None:
    """None for a course that was never published."""
    revision = session.get(Revision, course.revision_id) if course.revision_id else None
    if revision is None:
        return None
    quizzes = {row.quiz_id: row for row in session.scalars(select(Quiz).where(Quiz.revision_id == revision.id))}
    lessons = {
        row.lesson_id: row.title for row in session.scalars(select(Lesson).where(Lesson.revision_id == revision.id))
    }
    taken = list(sittings(session, course.id))
    exam = next((id_ for id_, quiz in quizzes.items() if quiz.kind == "exam"), "")
    return Figures(
        course=of_course(session, course, revision),
        lessons=lessons_of(session, course),
        exam=exam_of(taken, exam, lessons),
        questions=questions_of(taken, {id_: quiz.title for id_, quiz in quizzes.items()}),
    )
