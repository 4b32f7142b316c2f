"""Spaced review: some questions from lessons done at least a day ago, wrong ones first. It never blocks anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.course_folders import Question, Quiz
from university.language import gettext as _
from university.learning.progress import Progress
from university.models import Answer, Attempt, Enrolment, new_id
from university.questions.paper import Paper, Part
from university.revisions.published import Published

# No id of a quiz in a course begins like this.
REVIEW = "~review"
QUESTIONS = 5
REST = timedelta(hours=24)


def is_due(progress: Progress, now: datetime) -> bool:
    """Whether there is something to go over again, and it was not gone over or put off within a day."""
    lately = (one for one in progress.attempts if one.quiz_id == REVIEW and one.started_at > now - REST)
    return next(lately, None) is None and next(_candidates(progress, now), None) is not None


def present_review(progress: Progress, now: datetime) -> Attempt | None:
    """The review that was begun last, while it still belongs to this day."""
    begun = (one for one in reversed(progress.attempts) if one.quiz_id == REVIEW and one.questions)
    return next((one for one in begun if one.started_at > now - REST), None)


def review_paper(session: Session, progress: Progress, now: datetime) -> Paper:
    """At most five questions: those answered wrong the last time, then unanswered ones, then the oldest answers."""
    last = _last_answers(session, progress)
    ranked = sorted(_candidates(progress, now), key=lambda question: _urgency(last.get(question.id)))
    chosen = {question.id: question for question in ranked[:QUESTIONS]}
    rules = Quiz(id=REVIEW, kind="lesson", title=_("Questions from earlier lessons"), path="", shuffle=True)
    return Paper(rules=rules, questions=chosen, parts=(Part(len(chosen), tuple(chosen)),))


def put_off(session: Session, enrolment: Enrolment, course: Published, now: datetime) -> None:
    """Skipped: an attempt without questions, so that it is offered again tomorrow."""
    session.add(
        Attempt(
            id=new_id(),
            enrolment_id=enrolment.id,
            revision_id=course.revision_id,
            quiz_id=REVIEW,
            questions=[],
            started_at=now,
            ends_at=now,
            handed_in_at=now,
        )
    )
    session.flush()


def _candidates(progress: Progress, now: datetime) -> Iterator[Question]:
    """What the quizzes of these lessons ask, told at once whatever their own rules say."""
    rested = {progress.course.present_id(id_) for id_, done_at in progress.done_at.items() if done_at <= now - REST}
    for paper in progress.course.papers.values():
        if paper.rules.kind == "lesson" and paper.rules.lesson_id in rested:
            yield from (replace(question, lesson_id=paper.rules.lesson_id) for question in paper.questions.values())


def _last_answers(session: Session, progress: Progress) -> dict[str, Answer]:
    ids = [attempt.id for attempt in progress.attempts]
    answers = session.scalars(select(Answer).where(Answer.attempt_id.in_(ids)).order_by(Answer.answered_at))
    return {answer.question_id: answer for answer in answers if answer.given}


def _urgency(last: Answer | None) -> tuple[int, float]:
    if last is None:
        return 1, 0.0
    return (2 if Fraction(last.share or 0) == 1 else 0), last.answered_at.timestamp()
