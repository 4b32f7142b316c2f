"""What a certificate asks of one learner, and why a publish never asks for more.

An enrolment keeps what was asked at its start. Every later publish eases it: what was taken out drops, and of two
pass marks, numbers of attempts, waits and time limits the kinder one stays. Nothing is ever added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from university.course_folders import Course, Quiz
from university.learning.sitting_time import with_extra

Asked = Mapping[str, Any]
DEMANDS = ("none", "attempted", "passed")


def requirements(course: Course) -> dict[str, Any]:
    """What the certificate asks of somebody who starts on this revision, as plain JSON."""
    needed = course.completion
    counting = [] if needed.quizzes == "none" else course.counting_quizzes
    lessons = [lesson.id for lesson in course.required_lessons]
    exam = course.exam if needed.exam else None
    return {
        "lessons": lessons,
        "lessons_needed": needed.lessons_needed(len(lessons)),
        "quizzes": {quiz.id: quiz.pass_mark for quiz in counting},
        "quizzes_needed": needed.quizzes,
        "exam": exam.id if exam else None,
        "pass_mark": exam.pass_mark if exam else None,
        "rules": {quiz.id: _rules(quiz) for quiz in [*counting, *([exam] if exam else [])]},
    }


def eased(asked: Asked, now: Asked, present_id: Callable[[str], str | None]) -> dict[str, Any]:
    """`asked` after a publish that asks newcomers for `now`. `present_id` names a lesson as it is called now."""
    exam, exam_stays = asked["exam"], asked["exam"] is not None and asked["exam"] == now["exam"]
    still_asked = set(now["lessons"])
    lessons = [id_ for id_ in asked["lessons"] if present_id(id_) in still_asked]
    fewer = asked["lessons_needed"] - (len(asked["lessons"]) - len(lessons))
    return {
        "lessons": lessons,
        "lessons_needed": max(0, min(fewer, now["lessons_needed"], len(lessons))),
        "quizzes": {
            id_: min(mark, now["quizzes"][id_]) for id_, mark in asked["quizzes"].items() if id_ in now["quizzes"]
        },
        "quizzes_needed": min(asked["quizzes_needed"], now["quizzes_needed"], key=DEMANDS.index),
        "exam": exam if exam_stays else None,
        "pass_mark": min(asked["pass_mark"], now["pass_mark"]) if exam_stays else None,
        # Whoever passed an exam that was taken out since has passed it all the same.
        "former_exam": asked.get("former_exam") if exam_stays or exam is None else exam,
        "rules": {id_: _kinder(rules, now.get("rules", {}).get(id_)) for id_, rules in asked.get("rules", {}).items()},
    }


def pass_mark_for(asked: Asked, quiz_id: str, published_mark: int) -> int:
    """The lower of the mark that is asked of this learner and the mark of the revision the attempt was made on."""
    own = asked["pass_mark"] if asked["exam"] == quiz_id else None
    own = asked["quizzes"].get(quiz_id) if own is None else own
    return published_mark if own is None else min(published_mark, own)


def kindest(rules: Quiz, asked: Asked, extra: str | None = None) -> Quiz:
    """The rules of a quiz as they hold for this learner: never harder than they ever were since the start, and with
    the `extra` time that staff gave."""
    own = _kindest(rules, asked)
    limit = own.time_limit_minutes
    return own if limit is None or extra is None else replace(own, time_limit_minutes=with_extra(limit, extra))


def _kindest(rules: Quiz, asked: Asked) -> Quiz:
    marked = replace(rules, pass_mark=pass_mark_for(asked, rules.id, rules.pass_mark))
    own = asked.get("rules", {}).get(rules.id)
    if own is None:
        return marked
    kind = _kinder(own, _rules(rules))
    return replace(
        marked,
        attempts=kind["attempts"],
        wait_hours=Decimal(kind["wait_hours"]),
        # A clock decides how a quiz is taken; only the exam, always taken in one go, keeps a longer one.
        time_limit_minutes=kind["time_limit_minutes"] if rules.is_exam else rules.time_limit_minutes,
    )


def _rules(quiz: Quiz) -> dict[str, Any]:
    return {
        "attempts": quiz.attempts,
        "wait_hours": f"{quiz.wait_hours:f}",
        "time_limit_minutes": quiz.time_limit_minutes,
    }


def _kinder(one: Mapping[str, Any], other: Mapping[str, Any] | None) -> dict[str, Any]:
    if other is None:
        return dict(one)
    return {
        "attempts": _more(one["attempts"], other["attempts"]),
        "wait_hours": min(one["wait_hours"], other["wait_hours"], key=Decimal),
        "time_limit_minutes": _more(one["time_limit_minutes"], other["time_limit_minutes"]),
    }


def _more(one: int | None, other: int | None) -> int | None:
    """None is as much as one likes."""
    return None if one is None or other is None else max(one, other)
