"""Attempts at a quiz or exam taken in one go: begun, saved answer by answer, handed in or ended by the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from university import clock
from university.errors import NotFound, Refused
from university.language import format_datetime, gettext as _
from university.learning.enrolments import attempts_of, mark_as_done, mark_now, settle
from university.learning.sitting_time import GRACE, duration
from university.models import Answer, Attempt, Enrolment, new_id
from university.questions.asking import ask
from university.questions.marking import answers_of, has_ended
from university.questions.paper import Paper
from university.questions.reviewing import REVIEW
from university.revisions.published import Published


@dataclass(frozen=True)
class Outlook:
    """Where a learner stands with one quiz. `left` None: as many attempts as one likes; `next_at` while waiting."""

    attempts: Sequence[Attempt]
    open: Attempt | None
    left: int | None
    next_at: datetime | None

    @property
    def passed(self) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.passed), None)

    @property
    def last(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None


def outlook(paper: Paper, attempts: Sequence[Attempt]) -> Outlook:
    """`attempts` are all at this quiz, the ended ones marked."""
    now = clock.now()
    ended = [attempt for attempt in attempts if has_ended(attempt, now)]
    limit = paper.rules.attempts
    return Outlook(
        attempts=ended,
        open=next((attempt for attempt in attempts if not has_ended(attempt, now)), None),
        left=None if limit is None else max(0, limit - len(attempts)),
        next_at=_next_at(paper, ended, now),
    )


def begin(session: Session, enrolment: Enrolment, course: Published, paper: Paper) -> Attempt:
    """The open attempt, or a new one. Raises Refused when none is left or it is too soon. The enrolment is locked."""
    stand = outlook(paper, attempts_of(session, enrolment, paper.id))
    if stand.open:
        return stand.open
    if paper.rules.is_exam and stand.passed:
        raise Refused(_("You have passed this exam already."))
    if stand.left == 0:
        raise Refused(_("You have used all attempts at this quiz."))
    if stand.next_at:
        raise Refused(_("You can try again from %(moment)s on.") % {"moment": format_datetime(stand.next_at)})
    return new_attempt(session, enrolment, course, paper)


def new_attempt(session: Session, enrolment: Enrolment, course: Published, paper: Paper) -> Attempt:
    id_, now = new_id(), clock.now()
    attempt = Attempt(
        id=id_,
        enrolment_id=enrolment.id,
        revision_id=course.revision_id,
        quiz_id=paper.id,
        questions=[question.as_json() for question in ask(paper, str(id_))],
        started_at=now,
        ends_at=now + duration(paper.rules),
    )
    session.add(attempt)
    session.flush()
    return attempt


def find_attempt(session: Session, enrolment: Enrolment | None, quiz_id: str, attempt_id: UUID) -> Attempt:
    """One of this learner's own attempts; NotFound for anybody else's."""
    attempt = session.get(Attempt, attempt_id) if enrolment and quiz_id != REVIEW else None  # that one has one page
    if enrolment is None or attempt is None or (attempt.enrolment_id, attempt.quiz_id) != (enrolment.id, quiz_id):
        raise NotFound(_("There is no such attempt in this browser. It may have been deleted."))
    settle(session, enrolment, attempt)
    return attempt


def save(session: Session, attempt: Attempt, given: Mapping[str, dict[str, Any]]) -> bool:
    """Keeps the answers, by question. False, and nothing is kept, when the attempt is over."""
    now = clock.now()
    if has_ended(attempt, now):
        return False
    kept = answers_of(session, attempt)
    for question_id, answer in given.items():
        if question_id in kept:
            kept[question_id].given, kept[question_id].answered_at = answer, now
        else:
            session.add(Answer(attempt_id=attempt.id, question_id=question_id, given=answer, answered_at=now))
    session.flush()
    return True


def hand_in(session: Session, enrolment: Enrolment, attempt: Attempt, paper: Paper) -> None:
    """Ends and grades the attempt; a second hand-in finds it done. The enrolment is locked."""
    if attempt.handed_in_at is None:
        mark_now(session, enrolment, attempt, clock.now())
    if paper.rules.kind == "lesson" and paper.rules.lesson_id:
        mark_as_done(session, enrolment, paper.rules.lesson_id)


def unanswered(session: Session, attempt: Attempt) -> list[str]:
    """Ids of the questions that have no answer yet, in the order they are asked."""
    rows = session.execute(select(Answer.question_id, Answer.given).where(Answer.attempt_id == attempt.id))
    answered = {question_id for question_id, given in rows if given}
    return [question["id"] for question in attempt.questions if question["id"] not in answered]


def seconds_left(attempt: Attempt, paper: Paper) -> int | None:
    """On the server's clock, without the grace; None where nothing but the day limits it."""
    if paper.rules.time_limit_minutes is None:
        return None
    return max(0, int((attempt.ends_at - GRACE - clock.now()).total_seconds()))


def _next_at(paper: Paper, ended: Sequence[Attempt], now: datetime) -> datetime | None:
    if not ended or ended[-1].passed:
        return None
    over_at = min(ended[-1].handed_in_at or ended[-1].ends_at, ended[-1].ends_at)
    next_at = over_at + timedelta(hours=float(paper.rules.wait_hours))
    return next_at if next_at > now else None
