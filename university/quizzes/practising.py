"""Practice: one question at a time, told at once, another try whenever one likes, and the best try counts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from university import clock
from university.course_folders import Question
from university.errors import NotFound, Refused
from university.language import gettext as _
from university.learning.enrolments import attempts_of, mark_as_done, mark_now
from university.models import Answer, Attempt, Enrolment
from university.questions.grading import share
from university.questions.marking import answers_of
from university.questions.paper import Paper, show_share
from university.questions.practice import present_attempt, questions_to_ask
from university.quizzes.sittings import begin, new_attempt
from university.revisions.published import Published


def find_question(session: Session, enrolment: Enrolment | None, course: Published, paper: Paper, id_: str) -> Question:
    """The question as it stands in the page of this learner."""
    attempts = attempts_of(session, enrolment, paper.id) if enrolment else []
    for question in questions_to_ask(course, paper, present_attempt(course, attempts)):
        if question.id == id_:
            return question
    raise NotFound(_("This question is no longer asked. Open the lesson again to see the present ones."))


def answer(
    session: Session,
    enrolment: Enrolment,
    course: Published,
    paper: Paper,
    question: Question,
    given: Mapping[str, Any],
) -> Attempt:
    """Keeps one answer and what it earned. With the last question answered, the quiz counts as handed in."""
    attempt = _attempt(session, enrolment, course, paper)
    answers = answers_of(session, attempt)
    before = answers.get(question.id)
    if before and before.given and paper.rules.attempts is not None:
        raise Refused(_("You have answered this question. Begin the quiz again to answer it once more."))
    row = before or Answer(attempt_id=attempt.id, question_id=question.id)
    row.given, row.answered_at = dict(given), clock.now()
    row.share = show_share(max(share(question, given), Fraction(row.share or 0)))
    session.add(row)
    session.flush()
    _finish(session, enrolment, attempt, paper)
    return attempt


def begin_again(session: Session, enrolment: Enrolment, course: Published, paper: Paper) -> None:
    """A fresh attempt with nothing answered; the earlier ones keep counting. Raises Refused as `begin` does."""
    present = present_attempt(course, attempts_of(session, enrolment, paper.id))
    if present is None or present.handed_in_at is not None:
        begin(session, enrolment, course, paper)


def _attempt(session: Session, enrolment: Enrolment, course: Published, paper: Paper) -> Attempt:
    """The attempt that this answer belongs to. One that ended unfinished goes on in a new one with its answers."""
    attempts = attempts_of(session, enrolment, paper.id)
    present = present_attempt(course, attempts)
    if present and present.ends_at > clock.now():
        return present
    if paper.rules.attempts is not None and len(attempts) >= paper.rules.attempts:
        raise Refused(_("You have used all attempts at this quiz."))
    attempt = new_attempt(session, enrolment, course, paper)
    if present:
        _carry_on(session, present, attempt)
    else:
        # What was in the page before there was an attempt.
        attempt.questions = [one.as_json() for one in questions_to_ask(course, paper, None)]
    return attempt


def _carry_on(session: Session, old: Attempt, new: Attempt) -> None:
    new.questions = old.questions
    for row in answers_of(session, old).values():
        session.add(
            Answer(
                attempt_id=new.id,
                question_id=row.question_id,
                given=row.given,
                share=row.share,
                answered_at=row.answered_at,
            )
        )
    session.flush()


def _finish(session: Session, enrolment: Enrolment, attempt: Attempt, paper: Paper) -> None:
    answers = answers_of(session, attempt)
    if all(answers.get(question["id"]) for question in attempt.questions):
        mark_now(session, enrolment, attempt, clock.now())
        if paper.rules.kind == "lesson" and paper.rules.lesson_id:
            mark_as_done(session, enrolment, paper.rules.lesson_id)
