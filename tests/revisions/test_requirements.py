"""A publish never makes it harder for somebody under way, whatever is published and however often."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, strategies as st

from university.course_folders import Quiz
from university.errors import Refused
from university.learning.progress import Progress
from university.models import Attempt
from university.revisions.freezing import kept_aliases
from university.revisions.published import Published, PublishedLesson
from university.revisions.requirements import DEMANDS, eased, kindest, pass_mark_for

NOW = datetime(2026, 11, 26, tzinfo=UTC)
LESSONS = list("abcde")
QUIZZES = ["q1", "q2", "q3"]
limits = st.none() | st.integers(1, 5)
rules = st.fixed_dictionaries(
    {"attempts": limits, "wait_hours": st.sampled_from(["0", "0.5", "24"]), "time_limit_minutes": limits}
)


@st.composite
def revisions(draw: st.DrawFn) -> Published:
    """Any course of these lessons and quizzes, with any completion; lessons may have the old id of one left out."""
    present = draw(st.lists(st.sampled_from(LESSONS), unique=True))
    required = [one for one in present if draw(st.booleans())]
    quizzes = draw(st.dictionaries(st.sampled_from(QUIZZES), st.integers(1, 100)))
    exam = draw(st.none() | st.sampled_from(["exam", "other-exam"]))
    absent = [one for one in LESSONS if one not in present]
    aliases = draw(st.dictionaries(st.sampled_from(absent), st.sampled_from(present))) if absent and present else {}
    asked = {
        "lessons": required,
        "lessons_needed": draw(st.integers(0, len(required))),
        "quizzes": quizzes,
        "quizzes_needed": draw(st.sampled_from(DEMANDS)),
        "exam": exam,
        "pass_mark": draw(st.integers(1, 100)) if exam else None,
        "rules": {id_: draw(rules) for id_ in [*quizzes, *([exam] if exam else [])]},
    }
    return Published(
        revision_id=uuid4(),
        course_id=uuid4(),
        number=1,
        title="",
        summary="",
        language="en",
        page={"slug": "x", "aliases": aliases, "requirements": asked},
        facts={},
        lessons={
            id_: PublishedLesson(id_, "m", at, id_, 5, id_ not in required, "", {}) for at, id_ in enumerate(present)
        },
        papers=dict.fromkeys([*quizzes, *([exam] if exam else [])]),  # type: ignore[arg-type]
    )


@st.composite
def attempts(draw: st.DrawFn) -> list[Attempt]:
    tried = draw(st.lists(st.tuples(st.sampled_from([*QUIZZES, "exam", "other-exam"]), st.booleans()), max_size=6))
    return [Attempt(quiz_id=id_, passed=passed, handed_in_at=NOW, started_at=NOW) for id_, passed in tried]


def left(progress: Progress) -> dict[str, int]:
    """How much each part of the certificate still asks."""
    parts = {"lessons": 0, "quizzes": 0, "exam": 0}
    for demand in progress.demands:
        parts[demand.kind.partition("_")[0]] = max(0, demand.needed - demand.done)
    return parts


series = st.lists(revisions(), min_size=1, max_size=4)


def on_top_of_each_other(start: Published, later: list[Published]) -> Iterator[Published]:
    """Each revision with what it keeps of those before it, as publishing does; those it refuses are left out."""
    known = start.page["aliases"]
    for revision in later:
        with suppress(Refused):
            known = kept_aliases(known, revision.page["aliases"], revision.lessons.keys())
            yield replace(revision, page={**revision.page, "aliases": known})


@given(
    start=revisions(),
    later=series,
    done=st.sets(st.sampled_from(LESSONS)),
    tried=attempts(),
)
def test_a_publish_never_makes_it_harder_for_somebody_under_way(
    start: Published, later: list[Published], done: set[str], tried: list[Attempt]
) -> None:
    course, asked = start, dict(start.page["requirements"])
    for following in on_top_of_each_other(start, later):
        before = Progress(course, asked, frozenset(done), tried, has_begun=True)
        easier = eased(asked, following.page["requirements"], following.present_id)
        after = Progress(following, easier, frozenset(done), tried, has_begun=True)
        assert after.is_complete or not before.is_complete
        remains, remained = left(after), left(before)
        assert all(remains[part] <= remained[part] for part in remains), (remained, remains)
        course, asked = following, easier


def test_a_lesson_that_has_its_old_id_again_stays_read() -> None:
    """As after a roll back: rename, read, roll back."""
    assert kept_aliases({"spring": "source"}, {}, {"spring"}) == {"source": "spring"}
    assert kept_aliases({"a": "b", "b": "c"}, {}, {"a"}) == {"b": "a", "c": "a"}
    assert kept_aliases({"a": "b"}, {"b": "a"}, {"a"}) == {"b": "a"}
    assert kept_aliases({"a": "b"}, {}, {"b", "x"}) == {"a": "b"}


def test_no_lesson_takes_an_id_that_another_one_had_before() -> None:
    with pytest.raises(Refused, match=r"“spring” is the old one of the lesson “source”"):
        kept_aliases({"spring": "source"}, {}, {"spring", "source"})


def test_no_lesson_takes_an_old_id_of_another_one_as_its_own_old_id() -> None:
    """Whoever read the lesson “c” when it was called “e” would have read “b” instead."""
    with pytest.raises(Refused, match=r"“e” is the old one of the lesson “c”"):
        kept_aliases({"e": "c"}, {"e": "b"}, {"b", "c"})
    with pytest.raises(Refused, match=r"“e” is the old one of the lesson “a”"):
        kept_aliases({"e": "c"}, {"c": "a", "e": "b"}, {"a", "b"})
    assert kept_aliases({"e": "c"}, {"c": "a", "e": "a"}, {"a", "b"}) == {"c": "a", "e": "a"}
    assert kept_aliases({"e": "c"}, {"e": "b"}, {"b"}) == {"e": "b"}, "the lesson it stood for is gone"


@given(start=revisions(), later=series, quiz=st.sampled_from([*QUIZZES, "exam"]))
def test_marks_limits_and_waits_only_get_kinder(start: Published, later: list[Published], quiz: str) -> None:
    asked = dict(start.page["requirements"])
    for following in later:
        easier = eased(asked, following.page["requirements"], following.present_id)
        if quiz in easier["quizzes"] or quiz == easier["exam"]:
            assert pass_mark_for(easier, quiz, 100) <= pass_mark_for(asked, quiz, 100)
            assert more(easier["rules"][quiz]["attempts"]) >= more(asked["rules"][quiz]["attempts"])
            assert more(easier["rules"][quiz]["time_limit_minutes"]) >= more(asked["rules"][quiz]["time_limit_minutes"])
            assert float(easier["rules"][quiz]["wait_hours"]) <= float(asked["rules"][quiz]["wait_hours"])
        asked = easier


@given(asked=revisions())
def test_the_same_revision_again_changes_nothing(asked: Published) -> None:
    before = {**asked.page["requirements"], "former_exam": None}
    after = eased(before, asked.page["requirements"], asked.present_id)
    assert after == before


def more(value: int | None) -> float:
    return float("inf") if value is None else value


def exam(**changed: Any) -> Quiz:
    return Quiz("exam", "exam", "", "", **{"pass_mark": 80, "attempts": 1, "feedback": "after_attempt", **changed})


def test_the_exam_has_the_kinder_rules_for_whoever_began_before() -> None:
    asked = {
        **{
            "lessons": [],
            "lessons_needed": 0,
            "quizzes": {},
            "quizzes_needed": "none",
            "exam": "exam",
            "pass_mark": 60,
        },
        "rules": {"exam": {"attempts": 3, "wait_hours": "0", "time_limit_minutes": 90}},
    }
    own = kindest(exam(time_limit_minutes=30), asked)
    assert (own.pass_mark, own.attempts, own.wait_hours, own.time_limit_minutes) == (60, 3, 0, 90)
    kinder = kindest(exam(pass_mark=50, attempts=None), asked)
    assert (kinder.pass_mark, kinder.attempts, kinder.time_limit_minutes) == (50, None, None)


def test_whoever_began_before_rules_were_kept_takes_the_present_ones() -> None:
    asked = {"quizzes": {}, "exam": "exam", "pass_mark": 60}
    assert kindest(exam(), asked) == exam(pass_mark=60)
