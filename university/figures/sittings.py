"""Attempts as figures need them: each question with its key and its share of the points, and nobody's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from university.course_folders import Question, question_from_json
from university.course_folders.course.keys import key_of
from university.learning.lesson_minutes import counted_enrolments
from university.models import Answer, Attempt

# The latest ones; more would not change a figure and cost seconds.
MOST_ATTEMPTS = 5000
AT_ONCE = 200

# Questions with their keys, by how they are stored.
Known = dict[str, tuple[Question, str]]


@dataclass(frozen=True)
class Asked:
    """One question of one attempt, and its key. `rest` is the share of the points of all others, None without any."""

    question: Question
    key: str
    given: dict[str, Any]
    share: Fraction
    rest: Fraction | None


@dataclass(frozen=True)
class Sitting:
    quiz_id: str
    percent: int
    passed: bool
    asked: list[Asked]


def sittings(session: Session, course_id: UUID) -> Iterator[Sitting]:
    """The first one that each learner handed in of each quiz, the latest first: so every sitting is one person."""
    turn = func.row_number().over(
        partition_by=(Attempt.enrolment_id, Attempt.quiz_id), order_by=(Attempt.handed_in_at, Attempt.id)
    )
    counted = Attempt.enrolment_id.in_(counted_enrolments(course_id)), Attempt.handed_in_at.is_not(None)
    every = select(Attempt.id, Attempt.handed_in_at, turn.label("turn")).where(*counted).subquery()
    first = select(every.c.id).where(every.c.turn == 1).order_by(every.c.handed_in_at.desc(), every.c.id)
    ids = list(session.scalars(first.limit(MOST_ATTEMPTS)))
    known: Known = {}
    for start in range(0, len(ids), AT_ONCE):
        yield from _some(session, ids[start : start + AT_ONCE], known)


def _some(session: Session, ids: list[UUID], known: Known) -> Iterator[Sitting]:
    answers: dict[UUID, dict[str, Any]] = defaultdict(dict)
    rows = select(Answer.attempt_id, Answer.question_id, Answer.given, Answer.share).where(Answer.attempt_id.in_(ids))
    for row in session.execute(rows):
        answers[row.attempt_id][row.question_id] = row
    attempts = select(Attempt.id, Attempt.quiz_id, Attempt.percent, Attempt.passed, Attempt.questions)
    for row in session.execute(attempts.where(Attempt.id.in_(ids)).order_by(Attempt.handed_in_at.desc(), Attempt.id)):
        questions = [_question(one, known) for one in row.questions]
        yield Sitting(row.quiz_id, row.percent or 0, bool(row.passed), _asked(questions, answers[row.id]))


def _question(stored: dict[str, Any], known: Known) -> tuple[Question, str]:
    """Thousands of attempts hold the same few questions: each is read once."""
    written = repr(stored)
    if written not in known:
        question = question_from_json(stored)
        known[written] = question, key_of(question)
    return known[written]


def _asked(questions: list[tuple[Question, str]], answers: dict[str, Any]) -> list[Asked]:
    shares = {
        one.id: Fraction(answers[one.id].share or 0) if one.id in answers else Fraction(0) for one, _ in questions
    }
    points = sum((one.points for one, _ in questions), Fraction(0))
    earned = sum((shares[one.id] * one.points for one, _ in questions), Fraction(0))
    return [
        Asked(
            question=one,
            key=key,
            given=answers[one.id].given if one.id in answers else {},
            share=shares[one.id],
            rest=(earned - shares[one.id] * one.points) / (points - one.points) if points > one.points else None,
        )
        for one, key in questions
    ]
