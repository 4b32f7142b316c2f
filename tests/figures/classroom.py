"""A class of learners with the days and answers that a test needs; nobody in it has a name."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from university import clock
from university.course_folders import Question
from university.keys.secret_hashes import hashed
from university.models import Answer, Attempt, Course, Enrolment, LessonDone, Revision
from university.questions.grading import percent, score, share
from university.questions.paper import show_share


def begin(session: Session, course: Course, at: datetime | None = None) -> Enrolment:
    assert course.revision_id is not None
    at = at or clock.now()
    enrolment = Enrolment(
        secret_sha256=hashed(secrets.token_urlsafe(16)),
        course_id=course.id,
        started_revision_id=course.revision_id,
        requirements=dict(session.get_one(Revision, course.revision_id).page["requirements"]),
        created_at=at,
        last_active_at=at,
    )
    session.add(enrolment)
    session.flush()
    return enrolment


def read(session: Session, enrolment: Enrolment, lessons: Mapping[str, float]) -> None:
    """Marks lessons as done, each so many minutes after the step before."""
    at = enrolment.created_at
    for lesson, minutes in lessons.items():
        at += timedelta(minutes=minutes)
        session.add(LessonDone(enrolment_id=enrolment.id, lesson_id=lesson, done_at=at))
    enrolment.last_active_at = at
    session.flush()


def sit(
    session: Session, enrolment: Enrolment, quiz_id: str, questions: list[Question], given: Mapping[str, dict[str, Any]]
) -> UUID:
    """Hands in these answers to these questions."""
    shares = {one.id: share(one, given.get(one.id, {})) for one in questions}
    result = score(questions, shares)
    attempt = Attempt(
        enrolment_id=enrolment.id,
        revision_id=enrolment.started_revision_id,
        quiz_id=quiz_id,
        questions=[one.as_json() for one in questions],
        started_at=clock.now(),
        ends_at=clock.now() + timedelta(hours=1),
        handed_in_at=clock.now(),
        score=show_share(result),
        percent=percent(result),
        passed=percent(result) >= 70,
    )
    session.add(attempt)
    session.flush()
    for one in questions:
        if one.id in given:
            answer = Answer(attempt_id=attempt.id, question_id=one.id, given=given[one.id], answered_at=clock.now())
            answer.share = show_share(shares[one.id])
            session.add(answer)
    session.flush()
    return attempt.id
