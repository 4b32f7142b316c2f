"""The same figures as CSV; what is not said is an empty cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from university.figures.answers import ExamFigures, QuestionFigures
from university.figures.course import CourseFigures, LessonFigures
from university.language import gettext as _
from university.serving import csv_text

Rows = list[dict[str, Any]]


def courses(lines: Sequence[CourseFigures]) -> str:
    return _text(
        [
            {
                _("Course"): one.title,
                _("Began"): one.started,
                _("Finished"): one.finished,
                _("Finished, per cent"): one.finished_share,
                _("Certificates"): one.certificates,
            }
            for one in lines
        ]
    )


def lessons(lines: Sequence[LessonFigures]) -> str:
    return _text(
        [
            {
                _("Lesson"): one.title,
                _("Done"): one.done,
                _("Done, per cent"): one.done_share,
                _("Stopped after it"): one.stopped,
                _("Minutes as written"): one.minutes,
                _("Minutes measured"): one.measured,
            }
            for one in lines
        ]
    )


def objectives(exam: ExamFigures | None) -> str:
    lines = exam.objectives if exam else []
    return _text(
        [{_("Objective"): one.objective, _("Answers"): one.answers, _("Right, per cent"): one.right} for one in lines]
    )


def questions(lines: Sequence[QuestionFigures]) -> str:
    return _text(
        [
            {
                _("Question"): one.text,
                "id": one.id,
                _("Quiz"): one.quiz,
                _("Answers"): one.answers,
                _("Right, per cent"): one.right,
                _("Discrimination"): one.discrimination,
                _("Most chosen wrong answer"): one.wrong,
                _("Chosen"): one.wrong_count,
                _("Key"): _("before it was changed") if one.is_former else _("present"),
            }
            for one in lines
        ]
    )


def _text(rows: Rows) -> str:
    return csv_text.table(rows) if rows else "\ufeff"
