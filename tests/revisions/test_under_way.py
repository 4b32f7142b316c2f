"""What a publish does to learners who have begun."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests.cast import make_begun_enrolment, make_passed_enrolment, publish_folder, publish_sample
from tests.learner import Learner, field, token, words
from tests.quizzes.conftest import Clock
from tests.sample_course import ALL_KINDS, DELTA, EXAM, pool, sample_folder
from university import clock
from university.course_folders import Folder
from university.database import Database
from university.drafting.drafts import import_folder
from university.learning.enrolments import passed_enrolment
from university.models import Attempt, Course, Enrolment, Revision
from university.questions.marking import answers_of
from university.revisions.closing import close
from university.revisions.published import revision
from university.revisions.publishing import Terms, publish
from university.revisions.under_way import marked_again, remark_after

MORE = {"modules__02-downstream__04-more_dot_md": DELTA.replace("id: delta\ntitle: The delta", "id: more\ntitle: More")}


def exam_with(**changes: object) -> dict[str, str]:
    text = EXAM
    for name, value in changes.items():
        text = re.sub(rf"^{name}: .*$", f"{name}: {value}", text, flags=re.MULTILINE)
    return {"exam_dot_yaml": text}


def asked_of_ben(database: Database) -> dict[str, Any]:
    with database.reading() as session:
        return session.scalars(select(Enrolment.requirements)).one()


def publish_with(database: Database, folder: Folder, **terms: Any) -> Revision:
    with database.writing() as session:
        return publish(session, import_folder(session, folder), Terms(**terms))


def test_every_publish_leaves_the_kinder_demand(database: Database) -> None:
    make_begun_enrolment(database, publish_sample(database))
    publish_folder(database, sample_folder(**exam_with(pass_mark=60, attempts=5), **MORE))
    assert asked_of_ben(database)["lessons"] == ["spring", "bends", "delta"]
    publish_folder(database, sample_folder(**exam_with(pass_mark=90, attempts=1, wait_hours=48), **MORE))
    asked = asked_of_ben(database)
    assert (asked["pass_mark"], asked["rules"]["final-exam"]["attempts"]) == (60, 5)
    assert asked["rules"]["final-exam"]["wait_hours"] == "24"


def test_a_lesson_that_was_taken_out_stays_out_also_when_it_comes_back(database: Database) -> None:
    make_begun_enrolment(database, publish_sample(database))
    publish_folder(database, sample_folder(**{"modules__02-downstream__01-delta_dot_md": None}))
    publish_sample(database)
    assert asked_of_ben(database)["lessons"] == ["spring", "bends"]
    assert asked_of_ben(database)["lessons_needed"] == 2


def test_a_new_lesson_is_shown_as_new_and_is_optional(database: Database, client: TestClient[Any]) -> None:
    publish_sample(database)
    ben = Learner(client)
    for lesson in ("spring", "bends", "delta"):
        ben.read(lesson)
    publish_folder(database, sample_folder(**MORE))
    page = words(client.get("/courses/rivers"))
    assert "More (new since you started, optional for you)" in page
    assert "Read 3 lessons (done)" in page
    client.cookies.clear()
    stranger = words(client.get("/courses/rivers"))
    assert "new since" not in stranger
    assert "Read 4 lessons" in stranger


def test_with_a_reason_it_is_asked_of_everybody_but_those_who_have_done_it_all(database: Database) -> None:
    course = publish_sample(database)
    make_begun_enrolment(database, course)
    make_passed_enrolment(database, course)
    harder = sample_folder(**exam_with(pass_mark=90), **MORE)
    made = publish_with(database, harder, reason="The law changed in October.")
    assert made.reason == "The law changed in October."
    with database.reading() as session:
        marks = sorted(one.requirements["pass_mark"] for one in session.scalars(select(Enrolment)))
        lessons = sorted(len(one.requirements["lessons"]) for one in session.scalars(select(Enrolment)))
        assert marks == [70, 90]
        assert lessons == [3, 4]


def test_the_page_before_the_exam_tells_learners_their_own_rules(database: Database, client: TestClient[Any]) -> None:
    publish_sample(database)
    Learner(client).read("spring")
    publish_folder(database, sample_folder(**exam_with(pass_mark=95, attempts=1, time_limit_minutes=5)))
    page = words(client.get("/quizzes/rivers/final-exam"))
    assert "70% of the points" in page
    assert "30 min" in page
    assert "Attempts left 2" in page
    client.cookies.clear()
    assert "95% of the points" in words(client.get("/quizzes/rivers/final-exam"))


def test_attempts_and_waits_that_were_promised_are_there_after_a_stricter_publish(
    database: Database, client: TestClient[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_folder(database, sample_folder(**exam_with(attempts=2, wait_hours=1)))
    ben = Learner(client)
    time = Clock()
    monkeypatch.setattr(clock, "now", time)
    ben.take_exam(right=0)
    publish_folder(database, sample_folder(**exam_with(attempts=1, wait_hours=100)))
    assert client.post("/quizzes/rivers/final-exam/attempts").status_code == 409
    time.wait(hours=1)
    assert "Passed" in words(client.get(ben.take_exam(right=4)))


def test_an_attempt_ends_on_the_revision_it_started_on(database: Database, client: TestClient[Any]) -> None:
    course = publish_sample(database)
    ben = Learner(client)
    attempt = ben.begin()
    answers = ben.answers(attempt, right=4)
    reworded = pool().replace("which one is right?", "what is right?")
    publish_folder(database, sample_folder(pools__exam_dot_yaml=reworded))
    assert "which one is right?" in client.get(attempt).text
    assert client.post(attempt, data={**answers, "hand_in": "ask"}).status_code == 303
    assert "Passed. Well done. 100%" in words(client.get(attempt))
    with database.reading() as session:
        assert session.scalars(select(Attempt)).one().revision_id == course.revision_id


# A wrong key


def with_wrong_key() -> dict[str, str]:
    """Everybody is told that the wrong choice is right."""
    asked = pool()
    for n in range(1, 9):
        asked = asked.replace(
            f"      - text: Right {n}\n        correct: true\n      - text: Wrong {n}\n",
            f"      - text: Right {n}\n      - text: Wrong {n}\n        correct: true\n",
        )
    return {"pools__exam_dot_yaml": asked}


def test_a_corrected_key_lets_those_pass_who_should_have_and_they_may_claim(
    database: Database, client: TestClient[Any]
) -> None:
    publish_folder(database, sample_folder(**with_wrong_key()))
    ada = Learner(client)
    ada.do_everything()
    assert client.get("/claims/rivers").status_code == 409
    publish_folder(database, sample_folder())
    with database.reading() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.quiz_id == "final-exam")).one()
        assert (attempt.percent, attempt.passed) == (100, True)
        assert passed_enrolment(session, session.scalars(select(Enrolment)).one()).attempt
    assert client.get("/claims/rivers").status_code == 200


def test_nobody_loses_a_pass_when_a_key_is_corrected_against_them(database: Database, client: TestClient[Any]) -> None:
    publish_sample(database)
    Learner(client).do_everything()
    publish_folder(database, sample_folder(**with_wrong_key()))
    with database.reading() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.quiz_id == "final-exam")).one()
        assert (attempt.percent, attempt.passed) == (100, True)
    assert client.get("/claims/rivers").status_code == 200


def test_an_attempt_that_is_open_while_the_key_is_corrected_is_marked_by_the_better_one(
    database: Database, client: TestClient[Any]
) -> None:
    publish_folder(database, sample_folder(**with_wrong_key()))
    ada = Learner(client)
    attempt = ada.begin()
    answers = ada.answers(attempt, right=3)
    publish_folder(database, sample_folder())
    client.post(attempt, data={**answers, "hand_in": "ask"})
    assert "100%" in words(client.get(attempt)), "three are right by the new key and one by the old"


def test_a_void_question_is_left_out_where_that_helps(database: Database, client: TestClient[Any]) -> None:
    whole = exam_with(draw=8)
    publish_folder(database, sample_folder(**whole))
    ada = Learner(client)
    attempt = ada.take_exam(right=5)
    assert "62%" in words(client.get(attempt))
    wrong = ada_answered_wrong(database)
    void = pool(9)
    for id_ in wrong[:1]:
        void = void.replace(f"  - id: {id_}\n    kind: single\n", f"  - id: {id_}\n    kind: single\n    void: true\n")
    publish_folder(database, sample_folder(**whole, pools__exam_dot_yaml=void))
    assert "71%" in words(client.get(attempt))
    assert "Passed" in words(client.get(attempt))


def ada_answered_wrong(database: Database) -> list[str]:
    with database.reading() as session:
        attempt = session.scalars(select(Attempt)).one()
        return sorted(id_ for id_, answer in answers_of(session, attempt).items() if answer.share == "0/1")


def test_a_lower_pass_mark_counts_for_attempts_that_ended(database: Database, client: TestClient[Any]) -> None:
    publish_sample(database)
    ben = Learner(client)
    attempt = ben.take_exam(right=2)
    assert "Not passed this time. 50%" in words(client.get(attempt))
    publish_folder(database, sample_folder(**exam_with(pass_mark=50)))
    assert "Passed. Well done. 50%" in words(client.get(attempt))


def test_a_correction_reaches_quizzes_in_lessons_and_a_look_ahead_keeps_nothing(
    database: Database, client: TestClient[Any]
) -> None:
    course = publish_sample(database)
    ben = Learner(client)
    ben.check("spring-quiz", "q-truefalse", {field("q-truefalse"): "true"})
    for question, answer in (("q-single", "At the sea"),):
        ben.check("spring-quiz", question, {field(question): token(question, answer)})
    other = ALL_KINDS.replace(
        "text: Water runs uphill.\n    answer: false", "text: Water runs uphill.\n    answer: true"
    )
    second = publish_folder(database, sample_folder(**{"modules__01-upstream__01-spring_dot_quiz_dot_yaml": other}))
    with database.reading() as session:
        before, after = (revision(session, one.revision_id) for one in (course, second))  # type: ignore[arg-type]
        remark = remark_after(before, after)
        assert remark.questions == {"q-truefalse"}
        assert marked_again(session, course.id, remark) == 0, "the quiz was not finished"


# Closing, and another course in its place


def test_a_replaced_course_is_open_for_half_a_year_to_those_under_way(
    database: Database, client: TestClient[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    course = publish_sample(database)
    publish_sample(database, "streams", "Streams")
    ben = Learner(client)
    ben.read("spring")
    time = Clock()
    monkeypatch.setattr(clock, "now", time)
    with database.writing() as session:
        close(session, session.get_one(Course, course.id), replaced_by="streams")
    time.wait(days=179)
    assert ben.read("bends").status_code == 303
    time.wait(days=2)
    refused = ben.read("delta")
    assert refused.status_code == 409
    assert "Another one took its place" in words(refused)
    page = words(client.get("/courses/rivers"))
    assert "Streams" in page
