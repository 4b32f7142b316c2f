"""A quiz or exam as it was published: its rules and every question it may ask, each text rendered once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from university.course_folders import Question, Quiz, question_from_json, quiz_from_json


@dataclass(frozen=True)
class Part:
    """Ask so many of these questions (ids)."""

    draw: int
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """`rules` is the quiz without its questions; `questions` all that may be asked, by id, in the course's order.

    Every Markdown field of rules and questions holds rendered HTML. Keys are inside: a paper is never sent.
    """

    rules: Quiz
    questions: dict[str, Question]
    parts: tuple[Part, ...]

    @property
    def id(self) -> str:
        return self.rules.id

    @property
    def asks(self) -> int:
        """How many questions one attempt has."""
        return sum(part.draw for part in self.parts)

    @property
    def is_practice(self) -> bool:
        """Answered in the page, with feedback at once; everything else is a sitting with a beginning and an end."""
        return self.rules.feedback == "immediate" and self.rules.time_limit_minutes is None

    @property
    def may_show_keys(self) -> bool:
        """Whether right answers may ever be shown: an exam keeps them when it has too few questions to vary."""
        return not self.rules.is_exam or len(self.questions) >= 2 * self.asks

    def as_json(self) -> dict[str, Any]:
        return {
            "rules": self.rules.as_json(),
            "questions": [question.as_json() for question in self.questions.values()],
            "parts": [{"draw": part.draw, "questions": list(part.questions)} for part in self.parts],
        }


def paper_from_json(stored: dict[str, Any]) -> Paper:
    questions = [question_from_json(question) for question in stored["questions"]]
    return Paper(
        rules=quiz_from_json(stored["rules"]),
        questions={question.id: question for question in questions},
        parts=tuple(Part(part["draw"], tuple(part["questions"])) for part in stored["parts"]),
    )


def show_share(value: Fraction) -> str:
    """A share of points as it is stored: exact, unless its author wrote dozens of decimals; then rounded down."""
    exact = f"{value.numerator}/{value.denominator}"
    if len(exact) <= 80:
        return exact
    denominator = 10**30
    return f"{value * denominator // 1}/{denominator}"
