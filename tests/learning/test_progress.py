"""What the certificate asks, and that a publish never makes it harder for somebody under way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests.cast import make_passed_enrolment, publish_folder, publish_sample
from tests.learner import Learner, words
from tests.sample_course import COURSE, DELTA, EXAM, SPRING, sample_folder
from university.database import Database
from university.errors import Refused
from university.learning.enrolments import passed_enrolment
from university.learning.progress import Progress
from university.models import Attempt, Enrolment, LessonDone
from university.revisions.published import Published, PublishedLesson
from university.revisions.requirements import pass_mark_for

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def published(lessons: list[str], *, papers: tuple[str, ...] = (), aliases: dict[str, str] | None = None) -> Any:
    """A revision with these lessons, bare."""
    return Published(
        revision_id=uuid4(),
        course_id=uuid4(),
        number=1,
        title="",
        summary="",
        language="en",
        page={"slug": "rivers", "aliases": aliases or {}},
        facts={},
        lessons={id_: PublishedLesson(id_, "m", at, id_, 5, False, "", {}) for at, id_ in enumerate(lessons)},
        papers=dict.fromkeys(papers),  # type: ignore[arg-type]
    )


def asked(lessons: list[str], needed: int | None = None, **more: Any) -> dict[str, Any]:
    return {
        "lessons": lessons,
        "lessons_needed": len(lessons) if needed is None else needed,
        "quizzes": {},
        "quizzes_needed": "none",
        "exam": None,
        "pass_mark": None,
        **more,
    }


def attempt(quiz_id: str, passed: bool | None, ended: bool = True) -> Attempt:
    return Attempt(quiz_id=quiz_id, passed=passed, handed_in_at=NOW if ended else None, started_at=NOW)


def test_all_lessons_or_a_share_of_them() -> None:
    course = published(["a", "b", "c"])
    assert not Progress(course, asked(["a", "b", "c"]), frozenset("ab")).is_complete
    assert Progress(course, asked(["a", "b", "c"]), frozenset("abc")).is_complete
    assert Progress(course, asked(["a", "b", "c"], needed=2), frozenset("ac")).is_complete
    assert Progress(course, asked([], needed=0)).is_complete


def test_a_removed_lesson_drops_and_a_new_one_is_optional() -> None:
    before = asked(["a", "b", "c"])
    assert Progress(published(["a", "b"]), before, frozenset("ab")).is_complete
    assert Progress(published(["a", "b", "c", "new"]), before, frozenset("abc")).is_complete
    assert not Progress(published(["a", "b", "new"]), before, frozenset("a")).is_complete


@pytest.mark.parametrize("done", ["", "a", "ab", "abc", "d", "abcd"])
@pytest.mark.parametrize("present", ["abcd", "abc", "bcd", "d", ""])
def test_removing_lessons_never_takes_completion_away(done: str, present: str) -> None:
    before = asked(list("abcd"), needed=2)
    was = Progress(published(list("abcd")), before, frozenset(done)).is_complete
    now = Progress(published(list(present)), before, frozenset(done)).is_complete
    assert now or not was


def test_a_renamed_lesson_stays_done() -> None:
    course = published(["new-name", "b"], aliases={"a": "new-name"})
    progress = Progress(course, asked(["a", "b"]), frozenset({"a", "b"}))
    assert progress.is_complete
    assert progress.lessons_done == {"new-name", "b"}


def test_quizzes_attempted_or_passed() -> None:
    course = published([], papers=("q1", "q2"))
    demanded = {"quizzes": {"q1": 60, "q2": 60, "gone": 60}}
    tried = [attempt("q1", False), attempt("q2", True)]
    assert Progress(course, asked([], **demanded, quizzes_needed="attempted"), frozenset(), tried).is_complete
    assert not Progress(course, asked([], **demanded, quizzes_needed="passed"), frozenset(), tried).is_complete
    open_one = [attempt("q1", None, ended=False), attempt("q2", True)]
    assert not Progress(course, asked([], **demanded, quizzes_needed="attempted"), frozenset(), open_one).is_complete


def test_the_exam_and_its_best_attempt() -> None:
    course = published([], papers=("exam",))
    needs_exam = asked([], exam="exam", pass_mark=70)
    assert not Progress(course, needs_exam, frozenset(), [attempt("exam", False)]).is_complete
    assert Progress(course, needs_exam, frozenset(), [attempt("exam", False), attempt("exam", True)]).is_complete
    assert Progress(published([]), needs_exam).is_complete, "an exam that was taken out is asked of nobody"


def test_the_lower_pass_mark_counts() -> None:
    at_start = asked([], exam="exam", pass_mark=70, quizzes={"q": 50})
    assert pass_mark_for(at_start, "exam", 80) == 70
    assert pass_mark_for(at_start, "exam", 60) == 60
    assert pass_mark_for(at_start, "q", 60) == 50
    assert pass_mark_for(at_start, "another", 60) == 60


def test_one_goes_on_after_the_furthest_lesson_and_then_with_what_was_left_out() -> None:
    course = published(["a", "b", "c"])
    following = {
        "": "a",
        "a": "b",
        "b": "c",
        "ac": "b",
        "abc": None,
    }
    for done, then in following.items():
        lesson = Progress(course, asked(["a"]), frozenset(done)).next_lesson
        assert (lesson.id if lesson else None) == then


def test_the_button_leads_past_what_is_optional(database: Database, client: TestClient[Any]) -> None:
    publish_sample(database)
    ada = Learner(client)
    for lesson in ("spring", "bends", "delta"):
        ada.read(lesson)
    assert "To the exam" in words(client.get("/courses/rivers"))


def test_a_pass_survives_a_harder_revision(database: Database) -> None:
    course = publish_sample(database)
    make_passed_enrolment(database, course)
    harder = sample_folder(
        exam_dot_yaml=EXAM.replace("pass_mark: 70", "pass_mark: 100"),
        **{"modules__02-downstream__04-more_dot_md": DELTA.replace("id: delta", "id: more")},
    )
    publish_folder(database, harder)
    with database.reading() as session:
        passed = passed_enrolment(session, session.scalars(select(Enrolment)).one())
        assert passed.revision.id == course.revision_id


def test_ben_who_has_not_passed_is_told_what_is_missing(database: Database) -> None:
    course = publish_sample(database)
    make_passed_enrolment(database, course)
    with database.writing() as session:
        for one in session.scalars(select(Attempt)):
            one.passed = False
    with database.writing() as session, pytest.raises(Refused, match="Pass the exam first"):
        passed_enrolment(session, session.scalars(select(Enrolment)).one())
    with database.writing() as session:
        for one in session.scalars(select(Attempt)):
            one.passed = True
        session.delete(session.scalars(select(LessonDone).where(LessonDone.lesson_id == "delta")).one())
    with database.reading() as session, pytest.raises(Refused, match="Some lessons"):
        passed_enrolment(session, session.scalars(select(Enrolment)).one())


def test_a_course_without_a_certificate_gives_none(database: Database) -> None:
    plain = COURSE.format(slug="rivers", title="Rivers").replace("enabled: true", "enabled: false")
    course = publish_folder(database, sample_folder(course_dot_yaml=plain))
    make_passed_enrolment(database, course)
    with database.reading() as session, pytest.raises(Refused, match="no certificate"):
        passed_enrolment(session, session.scalars(select(Enrolment)).one())


def test_a_text_change_reaches_those_under_way_at_once(database: Database) -> None:
    course = publish_sample(database)
    make_passed_enrolment(database, course)
    publish_folder(
        database, sample_folder(**{"modules__01-upstream__01-spring_dot_md": SPRING.replace("A river", "It")})
    )
    with database.reading() as session:
        assert passed_enrolment(session, session.scalars(select(Enrolment)).one())
