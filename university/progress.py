"""How far a learner is, and what the certificate still needs: pure values over the rows of one enrolment.

An enrolment keeps what is asked of it, see `requirements`. Lessons that were renamed or taken out since count as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from university.models import Attempt
from university.published import Published, PublishedLesson
from university.questions.paper import Paper
from university.requirements import kindest


@dataclass(frozen=True)
class Demand:
    """One line of the checklist: so many of so many; `left` are the ids that would count next."""

    kind: Literal["lessons", "quizzes_attempted", "quizzes_passed", "exam"]
    done: int
    needed: int
    left: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.done >= self.needed


@dataclass(frozen=True)
class Progress:
    """`done` are lesson ids as they were when done; `attempts` all of this enrolment, ended ones already marked."""

    course: Published
    requirements: Mapping[str, Any]
    done: frozenset[str] = frozenset()
    attempts: Sequence[Attempt] = ()
    has_begun: bool = False

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
        return replace(paper, rules=kindest(paper.rules, self.requirements)) if self.has_begun else paper

    def is_optional(self, lesson: PublishedLesson) -> bool:
        return lesson.is_optional or lesson.id in self.new_lessons

    @property
    def lesson_count(self) -> int:
        return len(self.course.lessons)

    @property
    def minutes_left(self) -> int:
        return sum(one.minutes for one in self._to_do)

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
        return Demand("lessons", len(asked) - len(removed) - len(left), needed, left)

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
        return Demand(kind, len(asked) - len(left), len(asked), left)

    def _exam(self) -> Demand | None:
        exam = self.requirements["exam"]
        if exam is None or (exam not in self.course.papers and not self.passed_exam):
            return None
        passed = self.passed_exam is not None
        return Demand("exam", int(passed), 1, () if passed else (exam,))


def requirements_of(course: Published) -> dict[str, Any]:
    """What is asked of somebody who starts now, as plain JSON to be kept with the enrolment."""
    return dict(course.page["requirements"])


def in_time(attempts: Iterable[Attempt]) -> list[Attempt]:
    return sorted(attempts, key=lambda attempt: attempt.started_at)
