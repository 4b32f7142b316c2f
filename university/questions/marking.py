"""Ending an attempt: grading it with the answers that were saved. The same for a hand-in, a clock and a late look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.course_folders import Question, question_from_json
from university.models import Answer, Attempt
from university.questions.correcting import NONE, Corrections, best_score, best_share
from university.questions.grading import percent
from university.questions.paper import show_share


def questions_of(attempt: Attempt) -> list[Question]:
    """The questions as they were asked, keys included."""
    return [question_from_json(question) for question in attempt.questions]


def answers_of(session: Session, attempt: Attempt) -> dict[str, Answer]:
    """What was answered, by question."""
    found = session.scalars(select(Answer).where(Answer.attempt_id == attempt.id))
    return {answer.question_id: answer for answer in found}


def mark(
    attempt: Attempt,
    answers: Mapping[str, Answer],
    pass_mark: int,
    moment: datetime,
    corrections: Corrections = NONE,
) -> None:
    """Ends the attempt at `moment` with what was saved. Marked again, for a better try in practice or a corrected
    key, it only ever rises: no share, score or pass is taken back."""
    questions = questions_of(attempt)
    for question in questions:
        answer = answers.get(question.id)
        if answer is not None:
            earned = best_share(question, answer.given, corrections)
            answer.share = show_share(max(earned, Fraction(answer.share or 0)))
    shares = {id_: Fraction(answer.share or 0) for id_, answer in answers.items()}
    result = best_score(questions, shares, corrections.void)
    if attempt.score is None or result > Fraction(attempt.score):
        attempt.score = show_share(result)
        attempt.percent = percent(result)
    attempt.passed = bool(attempt.passed) or (attempt.percent or 0) >= pass_mark
    attempt.handed_in_at = attempt.handed_in_at or moment


def has_ended(attempt: Attempt, moment: datetime) -> bool:
    return attempt.handed_in_at is not None or attempt.ends_at <= moment
