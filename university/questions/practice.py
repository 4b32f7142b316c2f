"""A quiz answered in the page, as the learner left it: questions, answers and feedback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from university.course_folders import Question
from university.models import Attempt
from university.questions.asking import ask
from university.questions.marking import answers_of, questions_of
from university.questions.paper import Paper
from university.questions.showing import Shown, show_question
from university.revisions.published import Published


@dataclass(frozen=True)
class Practice:
    """`told` are the answered questions of a pre-quiz with their feedback, for the end of the lesson."""

    paper: Paper
    address: str
    questions: tuple[Shown, ...]
    told: tuple[Shown, ...]
    attempt: Attempt | None
    may_begin_again: bool

    @property
    def id(self) -> str:
        return self.paper.id

    @property
    def title(self) -> str:
        return self.paper.rules.title

    @property
    def intro(self) -> str | None:
        return self.paper.rules.intro

    @property
    def counts(self) -> bool:
        return self.paper.rules.kind != "pre"

    @property
    def takes_retries(self) -> bool:
        return self.counts and self.paper.rules.attempts is None

    @property
    def is_finished(self) -> bool:
        return self.attempt is not None and self.attempt.handed_in_at is not None

    @property
    def right(self) -> int:
        return sum(one.told is not None and one.told.tone == "right" for one in self.questions)


def practice(session: Session, course: Published, paper: Paper, attempts: Sequence[Attempt]) -> Practice:
    """The quiz as this learner sees it; `attempts` are all attempts of the enrolment, none for a stranger."""
    mine = [one for one in attempts if one.quiz_id == paper.id]
    attempt = present_attempt(course, mine)
    questions = questions_to_ask(course, paper, attempt)
    answers = answers_of(session, attempt) if attempt else {}
    given = {id_: answer.given for id_, answer in answers.items()}
    is_told = paper.rules.kind != "pre"
    return Practice(
        paper=paper,
        address=course.quiz_address(paper.id),
        questions=_shown(questions, given, course, is_told),
        told=() if is_told else _shown([one for one in questions if given.get(one.id)], given, course, True),
        attempt=attempt,
        may_begin_again=is_told and attempt is not None and _has_attempts_left(paper, mine),
    )


def present_attempt(course: Published, attempts: Sequence[Attempt]) -> Attempt | None:
    """The last attempt, if it was made on the revision that is published now; older ones count, but ask otherwise."""
    return attempts[-1] if attempts and attempts[-1].revision_id == course.revision_id else None


def questions_to_ask(course: Published, paper: Paper, attempt: Attempt | None) -> list[Question]:
    """Those of the attempt; before there is one, the same for everybody, so that the first answer finds them again."""
    return questions_of(attempt) if attempt else ask(paper, f"{course.revision_id}/{paper.id}")


def show_practice_question(course: Published, question: Question, given: Mapping[str, Any], problem: str) -> Shown:
    """One question that must be asked again, with what was typed."""
    return show_question(question, given, course.language, problem=problem)


def _shown(
    questions: Sequence[Question], given: Mapping[str, Mapping[str, Any]], course: Published, is_told: bool
) -> tuple[Shown, ...]:
    return tuple(
        show_question(
            question,
            given.get(question.id, {}),
            course.language,
            number,
            len(questions),
            "keys" if is_told else "nothing",
        )
        for number, question in enumerate(questions, 1)
    )


def _has_attempts_left(paper: Paper, attempts: Sequence[Attempt]) -> bool:
    return paper.rules.attempts is None or len(attempts) < paper.rules.attempts
