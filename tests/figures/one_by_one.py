"""The same figures counted one learner after the other, as anybody would by hand: what the database's are held to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from university import clock
from university.figures.learners import STOPPED_AFTER, Learners
from university.learning.lesson_minutes import LONGEST, SHORTEST
from university.learning.small_numbers import ENOUGH
from university.models import Attempt, Award, Enrolment, LessonDone, Quiz, Restriction


@dataclass
class Learner:
    asked: Mapping[str, Any]
    last_active_at: datetime
    done: dict[str, datetime] = field(default_factory=dict)
    attempted: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    # When something between two lessons was handed in.
    between: list[datetime] = field(default_factory=list)

    @property
    def is_finished(self) -> bool:
        asked = self.asked
        lessons = len(set(asked["lessons"]) & self.done.keys()) >= asked["lessons_needed"]
        met = {"none": set(asked["quizzes"]), "attempted": self.attempted, "passed": self.passed}
        quizzes = set(asked["quizzes"]) <= met[asked["quizzes_needed"]]
        return lessons and quizzes and (asked["exam"] is None or asked["exam"] in self.passed)

    @property
    def has_stopped(self) -> bool:
        return not self.is_finished and self.last_active_at <= clock.now() - STOPPED_AFTER

    @property
    def last_lesson(self) -> str | None:
        return max(self.done, key=lambda lesson: self.done[lesson], default=None)

    @property
    def steps(self) -> list[tuple[datetime, str]]:
        return sorted([*((at, lesson) for lesson, at in self.done.items()), *((at, "") for at in self.between)])


def count(session: Session, course_id: UUID) -> Learners:
    learners = read(session, course_id).values()
    hidden = set(session.scalars(select(Restriction.person_id)))
    awards = session.scalars(select(Award.person_id).where(Award.course_id == course_id))
    stopped = Counter(one.last_lesson for one in learners if one.has_stopped)
    return Learners(
        started=len(learners),
        finished=sum(one.is_finished for one in learners),
        certificates=sum(person not in hidden for person in awards),
        done=Counter(lesson for one in learners for lesson in one.done),
        stopped={lesson: many for lesson, many in stopped.items() if lesson},
    )


def minutes(session: Session, course_id: UUID) -> dict[str, int]:
    times: dict[str, list[timedelta]] = defaultdict(list)
    for one in read(session, course_id).values():
        for (before, _), (after, lesson) in pairwise(one.steps):
            if lesson and SHORTEST <= after - before <= LONGEST:
                times[lesson].append(after - before)
    medians = {lesson: median(one.total_seconds() for one in spans) for lesson, spans in times.items()}
    return {lesson: max(1, round(medians[lesson] / 60)) for lesson in times if len(times[lesson]) >= ENOUGH}


def read(session: Session, course_id: UUID) -> dict[UUID, Learner]:
    hidden = set(session.scalars(select(Restriction.person_id)))
    left_out = {one.enrolment_id for one in session.scalars(select(Award)) if one.person_id in hidden}
    every = session.scalars(select(Enrolment).where(Enrolment.course_id == course_id))
    learners = {one.id: Learner(one.requirements, one.last_active_at) for one in every if one.id not in left_out}
    of_lessons = {(one.revision_id, one.quiz_id): one.lesson_id for one in session.scalars(select(Quiz))}
    for row in session.scalars(select(LessonDone)):
        if row.enrolment_id in learners:
            learners[row.enrolment_id].done[row.lesson_id] = row.done_at
    for row in session.scalars(select(Attempt).where(Attempt.handed_in_at.is_not(None))):
        if row.enrolment_id in learners:
            learner = learners[row.enrolment_id]
            learner.attempted.add(row.quiz_id)
            learner.passed |= {row.quiz_id} if row.passed else set()
            if of_lessons.get((row.revision_id, row.quiz_id), "none") is None and row.handed_in_at:
                learner.between.append(row.handed_in_at)
    return learners
