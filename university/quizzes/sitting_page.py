"""An open attempt as its page shows it: every question with what was saved, and nothing of the key."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from university.models import Attempt
from university.questions.answers import what_is_missing
from university.questions.marking import answers_of, questions_of
from university.questions.paper import Paper
from university.questions.showing import Shown, show_question
from university.quizzes.sittings import seconds_left
from university.revisions.published import Published


@dataclass(frozen=True)
class SittingPage:
    attempt: Attempt
    address: str
    questions: tuple[Shown, ...]
    seconds_left: int | None

    @property
    def answered(self) -> int:
        return sum(one.is_answered for one in self.questions)


def sitting_page(session: Session, course: Published, paper: Paper, attempt: Attempt) -> SittingPage:
    questions, answers = questions_of(attempt), answers_of(session, attempt)
    problems = problems_of(session, attempt)
    return SittingPage(
        attempt=attempt,
        address=f"{course.quiz_address(paper.id)}/{attempt.id}",
        questions=tuple(
            show_question(
                question,
                answers[question.id].given if question.id in answers else {},
                course.language,
                number,
                len(questions),
                problem=problems.get(question.id),
            )
            for number, question in enumerate(questions, 1)
        ),
        seconds_left=seconds_left(attempt, paper),
    )


def problems_of(session: Session, attempt: Attempt) -> dict[str, str]:
    """Saved answers that cannot be graded as they are, such as an unreadable number: question id to sentence."""
    answers = answers_of(session, attempt)
    found = {
        question.id: what_is_missing(question, answers[question.id].given)
        for question in questions_of(attempt)
        if question.id in answers and answers[question.id].given
    }
    return {id_: sentence for id_, sentence in found.items() if sentence}
