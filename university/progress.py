"""How far a learner is, and what the certificate still needs: pure values over the rows of one enrolment.

An enrolment keeps what was asked at its start. A later publish never asks for more: what was removed counts as
done, what is new is optional, and the lower pass mark counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from university.models import Attempt
from university.published import Published, PublishedLesson


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
    def lesson_count(self) -> int:
        return len(self.course.lessons)

    @property
    def minutes_left(self) -> int:
        done = self.lessons_done
        return sum(one.minutes for one in self.course.lesson_list if one.id not in done and not one.is_optional)

    @property
    def next_lesson(self) -> PublishedLesson | None:
        """The first lesson to do after the furthest one done; else the first one left out; None at the end.
        Optional ones are never what the button leads to."""
        done, lessons = self.lessons_done, self.course.lesson_list
        furthest = max((one.position for one in lessons if one.id in done), default=-1)
        left = [one for one in lessons if one.id not in done and not one.is_optional]
        return next((one for one in left if one.position > furthest), left[0] if left else None)

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
        exam = self.requirements["exam"]
        return next((attempt for attempt in self.attempts if attempt.quiz_id == exam and attempt.passed), None)

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


def pass_mark_for(requirements: Mapping[str, Any], quiz_id: str, published_mark: int) -> int:
    """The lower of the mark at the start and the mark of the revision the attempt was made on."""
    at_start = requirements["pass_mark"] if requirements["exam"] == quiz_id else None
    at_start = requirements["quizzes"].get(quiz_id) if at_start is None else at_start
    return published_mark if at_start is None else min(published_mark, at_start)


def requirements_of(course: Published) -> dict[str, Any]:
    """What is asked of somebody who starts now, as plain JSON to be kept with the enrolment."""
    return dict(course.page["requirements"])


def in_time(attempts: Iterable[Attempt]) -> list[Attempt]:
    return sorted(attempts, key=lambda attempt: attempt.started_at)
