"""How long lessons really take: from the steps that enrolments made, as a median and without anybody in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Integer, Select, cast, extract, func, literal, select, union_all
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
    """Median minutes by lesson id, for lessons that at least 30 people were measured in.

    Takes a second for a hundred thousand learners: pages read what `figures.counting` keeps of it.
    """
    steps = _steps(course_id)
    before = func.lag(steps.c.at).over(partition_by=steps.c.enrolment_id, order_by=(steps.c.at, steps.c.lesson))
    spans = select(steps.c.lesson, (_second(session, steps.c.at) - _second(session, before)).label("span")).cte("spans")
    measured = spans.c.span.between(int(SHORTEST.total_seconds()), int(LONGEST.total_seconds()))
    counted = select(spans.c.lesson, spans.c.span, func.count()).where(measured, spans.c.lesson != "")
    times: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for lesson, span, count in session.execute(counted.group_by(spans.c.lesson, spans.c.span).order_by(spans.c.span)):
        times[lesson].append((span, count))
    return {lesson: _minutes(spans) for lesson, spans in times.items() if sum(many for _, many in spans) >= ENOUGH}


def _minutes(spans: Sequence[tuple[int, int]]) -> int:
    """The median of (seconds, how many took so long), the shortest first."""
    total, passed = sum(count for _, count in spans), 0
    middle = []
    for span, count in spans:
        middle += [span for place in ((total - 1) // 2, total // 2) if passed <= place < passed + count]
        passed += count
    return max(1, round(sum(middle) / 2 / 60))


def _steps(course_id: UUID) -> CTE:
    """When who did which lesson or (without a lesson) something between lessons."""
    counted = counted_enrolments(course_id)
    done = select(LessonDone.enrolment_id, LessonDone.done_at.label("at"), LessonDone.lesson_id.label("lesson"))
    # A quiz of a lesson is part of its time; an exam or a module's quiz stands between two lessons.
    between = (
        select(Attempt.enrolment_id, Attempt.handed_in_at, literal(""))
        .join(Quiz, (Quiz.revision_id == Attempt.revision_id) & (Quiz.quiz_id == Attempt.quiz_id))
        .where(Attempt.enrolment_id.in_(counted), Attempt.handed_in_at.is_not(None), Quiz.lesson_id.is_(None))
    )
    return union_all(done.where(LessonDone.enrolment_id.in_(counted)), between).cte("steps")


def _second(session: Session, moment: ColumnElement[Any]) -> ColumnElement[int]:
    """Seconds since 1970, whole, as each engine tells them."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return cast(func.strftime("%s", moment) if is_sqlite else func.floor(extract("epoch", moment)), Integer)
