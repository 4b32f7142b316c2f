"""How far a learner is, and what the certificate still needs: pure values over the rows of one enrolment.

An enrolment keeps what is asked of it, see `requirements`. Lessons that were renamed or taken out since count as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from university.models import Attempt
from university.questions.paper import Paper
from university.revisions.published import Published, PublishedLesson
from university.revisions.requirements import kindest


@dataclass(frozen=True)
class Demand:
    """One line of the checklist: so many of so many; `left` are the ids that would count next."""

    kind: Literal["lessons", "quizzes_attempted", "quizzes_passed", "exam"]
    done: int
    needed: int
    left: tuple[str, ...] = ()
    # When the last of them was done.
    done_at: datetime | None = None

    @property
    def is_met(self) -> bool:
        return self.done >= self.needed


@dataclass(frozen=True)
class Resumed:
    """A lesson to go on with; `heading` is the id of its `part`th heading, or nothing at its top."""

    lesson: PublishedLesson
    heading: str = ""
    part: int = 0


@dataclass(frozen=True)
class Progress:
    """`done` are lesson ids as they were when done; `attempts` all of this enrolment, ended ones already marked."""

    course: Published
    requirements: Mapping[str, Any]
    done: frozenset[str] = frozenset()
    attempts: Sequence[Attempt] = ()
    has_begun: bool = False
    done_at: Mapping[str, datetime] = field(default_factory=dict)
    # Where reading stopped: lesson and heading.
    place: str | None = None
    extra_time: str | None = None

    @property
    def lessons_done(self) -> frozenset[str]:
        """Lessons of the present revision that are done, under their present ids."""
        return frozenset(filter(None, map(self.course.present_id, self.done)))

    @property
    def done_count(self) -> int:
        return len(self.lessons_done)

    @property
    def new_lessons(self) -> frozenset[str]:
        """Lessons that became part of what is asked after this learner had begun: optional for them."""
        if not self.has_begun:
            return frozenset()
        asked = set(map(self.course.present_id, self.requirements["lessons"]))
        return frozenset(self.course.page["requirements"]["lessons"]) - asked

    def paper(self, paper: Paper) -> Paper:
        """The paper with its rules as they hold for this learner."""
        own = kindest(paper.rules, self.requirements, self.extra_time)
        return replace(paper, rules=own) if self.has_begun else paper

    def is_optional(self, lesson: PublishedLesson) -> bool:
        return lesson.is_optional or lesson.id in self.new_lessons

    @property
    def lesson_count(self) -> int:
        return len(self.course.lessons)

    @property
    def minutes_left(self) -> int:
        return sum(map(self.course.minutes_of, self._to_do))

    @property
    def next_lesson(self) -> PublishedLesson | None:
        """The first lesson to do after the furthest one done; else the first one left out; None at the end.
        Optional ones are never what the button leads to."""
        done, left = self.lessons_done, self._to_do
        furthest = max((one.position for one in self.course.lesson_list if one.id in done), default=-1)
        return next((one for one in left if one.position > furthest), left[0] if left else None)

    @property
    def _to_do(self) -> list[PublishedLesson]:
        done, new = self.lessons_done, self.new_lessons
        return [
            one for one in self.course.lesson_list if one.id not in done and not one.is_optional and one.id not in new
        ]

    @property
    def resumed(self) -> Resumed | None:
        """The lesson that was left in the middle, else the next one; None at the end."""
        lesson_id, _hash, heading = (self.place or "").partition("#")
        lesson = self.course.lessons.get(self.course.present_id(lesson_id) or "") if lesson_id else None
        if lesson is None or lesson.id in self.lessons_done:
            return Resumed(self.next_lesson) if self.next_lesson else None
        parts = [id_ for level, id_, _text in lesson.page["headings"] if level == 2]
        return Resumed(lesson, heading, parts.index(heading) + 1) if heading in parts else Resumed(lesson)

    @property
    def demands(self) -> list[Demand]:
        asked = (self._lessons(), self._quizzes(), self._exam())
        return [demand for demand in asked if demand is not None]

    @property
    def is_complete(self) -> bool:
        return all(demand.is_met for demand in self.demands)

    @property
    def passed_exam(self) -> Attempt | None:
        """The first passed attempt at the exam."""
        exams = {self.requirements["exam"], self.requirements.get("former_exam")}
        return next((attempt for attempt in self.attempts if attempt.quiz_id in exams and attempt.passed), None)

    def is_attempted(self, quiz_id: str) -> bool:
        return any(one.quiz_id == quiz_id and one.handed_in_at is not None for one in self.attempts)

    def is_passed(self, quiz_id: str) -> bool:
        return any(one.quiz_id == quiz_id and one.passed for one in self.attempts)

    def _lessons(self) -> Demand | None:
        asked: list[str] = self.requirements["lessons"]
        present = {id_: self.course.present_id(id_) for id_ in asked}
        removed = [id_ for id_, now in present.items() if now is None]
        done = self.lessons_done
        left = tuple(now for now in present.values() if now is not None and now not in done)
        needed = max(0, self.requirements["lessons_needed"] - len(removed))
        if not self.requirements["lessons_needed"]:
            return None
        return Demand("lessons", len(asked) - len(removed) - len(left), needed, left, self._last_day(asked))

    def _quizzes(self) -> Demand | None:
        how = self.requirements["quizzes_needed"]
        asked = [id_ for id_ in self.requirements["quizzes"] if id_ in self.course.papers]
        if how == "none" or not asked:
            return None
        is_met = self.is_passed if how == "passed" else self.is_attempted
        left = tuple(id_ for id_ in asked if not is_met(id_))
        kind: Literal["quizzes_passed", "quizzes_attempted"] = (
            "quizzes_passed" if how == "passed" else "quizzes_attempted"
        )
        ended = (one.handed_in_at for one in self.attempts if one.quiz_id in asked and one.handed_in_at)
        return Demand(kind, len(asked) - len(left), len(asked), left, max(ended, default=None))

    def _exam(self) -> Demand | None:
        exam = self.requirements["exam"]
        if exam is None or (exam not in self.course.papers and not self.passed_exam):
            return None
        passed = self.passed_exam
        return Demand("exam", int(bool(passed)), 1, () if passed else (exam,), passed.handed_in_at if passed else None)

    def _last_day(self, lessons: Iterable[str]) -> datetime | None:
        return max((self.done_at[id_] for id_ in lessons if id_ in self.done_at), default=None)


def requirements_of(course: Published) -> dict[str, Any]:
    """What is asked of somebody who starts now, as plain JSON to be kept with the enrolment."""
    return dict(course.page["requirements"])


def in_time(attempts: Iterable[Attempt]) -> list[Attempt]:
    return sorted(attempts, key=lambda attempt: attempt.started_at)
