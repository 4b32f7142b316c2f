"""How long lessons really take: from the steps that enrolments made, as a median and without anybody in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from university.learning.small_numbers import ENOUGH
from university.models import Attempt, Award, Enrolment, LessonDone, Quiz, Restriction

# Whoever took longer was away in between; whoever took less only ticked it off.
LONGEST = timedelta(hours=2)
SHORTEST = timedelta(seconds=20)


def counted_enrolments(course_id: UUID) -> Select[UUID]:
    """Who counts in figures: all learners of the course but those whose certificate is hidden at their wish."""
    hidden = select(Award.enrolment_id).join(Restriction, Restriction.person_id == Award.person_id)
    return select(Enrolment.id).where(Enrolment.course_id == course_id, Enrolment.id.not_in(hidden))


def measured_minutes(session: Session, course_id: UUID) -> dict[str, int]:
    """Median minutes by lesson id, for lessons that at least 30 people were measured in."""
    times: dict[str, list[timedelta]] = defaultdict(list)
    for steps in _steps(session, course_id).values():
        for (before, _), (after, lesson) in pairwise(steps):
            if lesson and SHORTEST <= after - before <= LONGEST:
                times[lesson].append(after - before)
    return {lesson: _minutes(spans) for lesson, spans in times.items() if len(spans) >= ENOUGH}


def _minutes(spans: Iterable[timedelta]) -> int:
    return max(1, round(median(span.total_seconds() for span in spans) / 60))


def _steps(session: Session, course_id: UUID) -> dict[UUID, list[tuple[datetime, str]]]:
    """By enrolment, in order: when which lesson was done, or (without a lesson) something between lessons."""
    counted = counted_enrolments(course_id)
    steps: dict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
    done = select(LessonDone.enrolment_id, LessonDone.done_at, LessonDone.lesson_id)
    for row in session.execute(done.where(LessonDone.enrolment_id.in_(counted))):
        steps[row.enrolment_id].append((row.done_at, row.lesson_id))
    # A quiz of a lesson is part of its time; an exam or a module's quiz stands between two lessons.
    between = (
        select(Attempt.enrolment_id, Attempt.handed_in_at)
        .join(Quiz, (Quiz.revision_id == Attempt.revision_id) & (Quiz.quiz_id == Attempt.quiz_id))
        .where(Attempt.enrolment_id.in_(counted), Quiz.lesson_id.is_(None))
    )
    for enrolment_id, handed_in_at in session.execute(between):
        if handed_in_at:
            steps[enrolment_id].append((handed_in_at, ""))
    return {enrolment: sorted(one) for enrolment, one in steps.items()}
