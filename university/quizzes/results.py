"""What a learner is told after an attempt: the score, how each part went, and where to read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from university.course_folders import Question
from university.language import gettext as _
from university.learning.short_codes import short_code
from university.models import Answer, Attempt
from university.questions.feedback import Disclosure, disclosure
from university.questions.grading import percent, score
from university.questions.marking import answers_of, questions_of
from university.questions.paper import Paper
from university.questions.showing import Show, Shown, show_question
from university.quizzes.sittings import Outlook
from university.revisions.published import Published, PublishedLesson


@dataclass(frozen=True)
class Part:
    """Questions that belong together: how well they went, and the lessons they are about."""

    title: str
    percent: int
    questions: int
    lessons: tuple[PublishedLesson, ...]


@dataclass(frozen=True)
class Result:
    attempt: Attempt
    disclosure: Disclosure
    parts: tuple[Part, ...]
    # Wrong answers with their explanations; with keys, all questions with their right answers.
    questions: tuple[Shown, ...]
    code: str


def result_of(session: Session, course: Published, paper: Paper, attempt: Attempt, stand: Outlook) -> Result:
    """`course` is the revision the attempt was made on, `stand` the outlook on this quiz now."""
    open_to_view = disclosure(paper, bool(stand.passed), stand.left)
    questions, answers = questions_of(attempt), answers_of(session, attempt)
    return Result(
        attempt=attempt,
        disclosure=open_to_view,
        parts=_parts(course, questions, answers) if open_to_view.objectives else (),
        questions=_explained(course, questions, answers, open_to_view) if open_to_view.explanations else (),
        code=short_code(attempt.enrolment_id),
    )


def _parts(course: Published, questions: list[Question], answers: Mapping[str, Answer]) -> tuple[Part, ...]:
    """By objective; questions without one stand under the title of their lesson."""
    groups: dict[str, list[Question]] = {}
    for question in questions:
        groups.setdefault(_group(course, question), []).append(question)
    shares = {id_: Fraction(answer.share or 0) for id_, answer in answers.items()}
    return tuple(
        Part(title, percent(score(group, shares)), len(group), _lessons(course, title, group))
        for title, group in groups.items()
    )


def _group(course: Published, question: Question) -> str:
    lesson = course.lessons.get(question.lesson_id or "")
    return question.objective or (lesson.title if lesson else _("Other questions"))


def _lessons(course: Published, title: str, group: list[Question]) -> tuple[PublishedLesson, ...]:
    """Lessons that the questions come from, or that have this objective themselves or by their module."""
    by_question = {question.lesson_id for question in group}
    wanted = title.casefold()
    modules = {
        module["id"] for module in course.page["modules"] if wanted in (one.casefold() for one in module["objectives"])
    }
    return tuple(
        lesson
        for lesson in course.lesson_list
        if lesson.id in by_question
        or lesson.module_id in modules
        or wanted in (one.casefold() for one in lesson.page["objectives"])
    )


def _explained(
    course: Published, questions: list[Question], answers: Mapping[str, Answer], open_to_view: Disclosure
) -> tuple[Shown, ...]:
    shown = []
    for number, question in enumerate(questions, 1):
        answer = answers.get(question.id)
        given = answer.given if answer else {}
        is_right = answer is not None and Fraction(answer.share or 0) == 1
        if open_to_view.keys or not is_right:
            show: Show = "keys" if open_to_view.keys else "feedback"
            shown.append(show_question(question, given, course.language, number, len(questions), show, is_over=True))
    return tuple(shown)
