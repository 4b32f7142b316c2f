"""Questions in the path: checked at once, tried again, and nothing told before an answer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from tests.learner import RIGHT, Learner, field, order, token, words
from tests.quizzes.conftest import Clock
from university.database import Database
from university.models import Attempt, LessonDone

# What no engine can make a difference to is tried on one.
on_one_engine = pytest.mark.parametrize("engine_name", ["sqlite"])


def feedback_of(page: str, question: str) -> str:
    """The part of a page that belongs to one question."""
    found = re.search(rf'<form class="quiz" id="q-{question}".*?</form>', page, re.DOTALL)
    assert found
    return found[0]


def test_a_right_answer_of_every_kind_is_told_in_the_lesson(ben: Learner) -> None:
    for question, fields in RIGHT.items():
        answer = ben.check("spring-quiz", question, fields)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/courses/rivers/spring#q-{question}"
        told = feedback_of(ben.lesson("spring").text, question)
        assert "feedback--right" in told
        assert "Check again" not in told, "what is right need not be tried again"


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("q-single", {field("q-single"): token("q-single", "At the sea")}, "KEY-single-wrong that is the end"),
    ("q-multiple", {field("q-multiple"): token("q-multiple", "Water")}, "KEY-multiple-missed sand too"),
    ("q-truefalse", {field("q-truefalse"): "true"}, "KEY-truefalse-explanation"),
    ("q-text", {field("q-text"): "the source"}, "KEY-text-half nearly"),
    ("q-number", {field("q-number"): "99"}, "The right answer: 12.5 km"),
    ("q-match", {**RIGHT["q-match"], field("q-match", "Delta"): token("q-match", "Middle")}, "belongs to “End”"),
    ("q-order", order("q-order", "Drop", "River", "Brook"), "Not right: this is number 3"),
]


def test_a_wrong_answer_of_every_kind_is_told_with_its_reason(ben: Learner) -> None:
    for question, fields, told in WRONG:
        assert told not in ben.lesson("spring").text
        assert ben.check("spring-quiz", question, fields).status_code == 303
        page = feedback_of(ben.lesson("spring").text, question)
        assert told in page
        assert "Check again" in page


UNGRADABLE: list[tuple[str, dict[str, Any], str]] = [
    ("q-single", {}, "Choose an answer first."),
    ("q-multiple", {}, "Tick at least one answer first."),
    ("q-text", {field("q-text"): "  "}, "Type your answer first."),
    ("q-number", {field("q-number"): "1.234,5"}, "We cannot tell which number this is."),
    ("q-match", {field("q-match", "Spring"): token("q-match", "End")}, "Choose something on every line."),
    ("q-order", order("q-order", "Drop", "Brook"), "Give every line a place of its own."),
]


@on_one_engine
def test_what_cannot_be_graded_is_asked_again_and_is_not_wrong(ben: Learner) -> None:
    for question, fields, sentence in UNGRADABLE:
        answer = ben.check("spring-quiz", question, fields)
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert "set-cookie" not in answer.headers
    assert "feedback--wrong" not in ben.lesson("spring").text


@on_one_engine
def test_what_was_typed_is_still_there_when_it_is_asked_again(ben: Learner) -> None:
    answer = ben.check("spring-quiz", "q-number", {field("q-number"): "1.234,5"})
    assert 'value="1.234,5"' in answer.text


@on_one_engine
def test_a_question_that_is_asked_again_keeps_its_place(ben: Learner) -> None:
    place = re.search(r"Question \d+ of 7", feedback_of(ben.lesson("spring").text, "q-number"))
    assert place
    assert place[0] != "Question 1 of 7"
    assert place[0] in ben.check("spring-quiz", "q-number", {}).text


def test_another_try_is_welcome_and_the_best_one_counts(ben: Learner, database: Database) -> None:
    for question, fields in RIGHT.items():
        ben.check("spring-quiz", question, fields)
    ben.check("spring-quiz", "q-truefalse", {field("q-truefalse"): "true"})
    assert "feedback--wrong" in feedback_of(ben.lesson("spring").text, "q-truefalse")
    with database.reading() as session:
        attempt = session.scalars(select(Attempt)).one()
        assert (attempt.percent, attempt.passed, attempt.score) == (100, True, "1/1")


def test_the_last_answer_hands_the_quiz_in_and_ticks_the_lesson(ben: Learner, database: Database) -> None:
    *first, last = RIGHT
    for question in first:
        ben.check("spring-quiz", question, RIGHT[question])
    with database.reading() as session:
        assert session.scalars(select(LessonDone)).all() == []
    ben.check("spring-quiz", last, RIGHT[last])
    with database.reading() as session:
        assert [one.lesson_id for one in session.scalars(select(LessonDone))] == ["spring"]
    assert "7 of 7 right. Your best score: 100%." in words(ben.lesson("spring"))


def test_a_quiz_can_be_done_once_more_and_the_better_result_stays(ben: Learner, database: Database) -> None:
    ben.check("upstream-quiz", "m-one", {field("m-one"): "true"})
    assert "Do this quiz once more" in ben.client.get("/quizzes/rivers/upstream-quiz").text
    again = ben.client.post("/quizzes/rivers/upstream-quiz/attempts")
    assert again.headers["location"] == "/quizzes/rivers/upstream-quiz#quiz-upstream-quiz"
    assert "feedback--" not in ben.client.get("/quizzes/rivers/upstream-quiz").text
    ben.check("upstream-quiz", "m-one", {field("m-one"): "false"})
    with database.reading() as session:
        assert sorted(one.percent for one in session.scalars(select(Attempt))) == [0, 100]


def test_yesterdays_answers_are_kept_when_the_rest_follows_today(ben: Learner, time: Clock, database: Database) -> None:
    *first, last = RIGHT
    for question in first:
        ben.check("spring-quiz", question, RIGHT[question])
    time.wait(hours=25)
    assert ben.lesson("spring").text.count("feedback--right") == 6
    ben.check("spring-quiz", last, RIGHT[last])
    assert "7 of 7 right" in words(ben.lesson("spring"))


@on_one_engine
def test_the_module_puts_the_question_alone_in_place(ben: Learner) -> None:
    fields = {field("q-truefalse"): "false"}
    answer = ben.check("spring-quiz", "q-truefalse", fields, **{"x-fragment": "1"})
    assert answer.status_code == 200
    assert answer.text.count("<form") == 1
    assert "KEY-truefalse-explanation" in answer.text
    assert "KEY-single" not in answer.text
    assert "set-cookie" in answer.headers


def test_a_guess_before_reading_is_told_at_the_end_of_the_lesson_and_never_counts(
    ben: Learner, database: Database
) -> None:
    answer = ben.check("bends-before", "guess", {field("guess"): "true"})
    assert answer.headers["location"] == "/courses/rivers/bends#q-guess"
    page = ben.lesson("bends").text
    assert "feedback" not in feedback_of(page, "guess")
    assert "Saved. You will see the answer at the end of this lesson." in page
    at_the_end = page[page.index('id="guesses"') :]
    assert "You said:" in at_the_end
    assert "KEY-guess they never do" in at_the_end
    with database.reading() as session:
        assert session.scalars(select(LessonDone)).all() == []


NEVER_OFFERED: list[tuple[str, dict[str, Any]]] = [
    ("q-single", {field("q-single"): "0"}),
    ("q-single", {field("q-single"): token("q-multiple", "Water")}),
    ("q-multiple", {field("q-multiple"): [token("q-multiple", "Water"), "-1"]}),
    ("q-truefalse", {field("q-truefalse"): "maybe"}),
    ("q-match", {field("q-match", "Spring"): "Beginning"}),
    ("q-order", {field("q-order", "Drop"): "4"}),
    ("q-order", {field("q-order", "Drop"): "-1"}),
    ("q-text", {field("q-text"): "x" * 1001}),
    ("q-truefalse", {field("q-truefalse"): "false", "score": "100"}),
    ("q-truefalse", {field("q-truefalse"): "false", "passed": "true"}),
    ("q-truefalse", {field("q-truefalse"): "false", "q.q-single": token("q-single", "At the spring")}),
]


@on_one_engine
def test_what_was_never_on_offer_is_refused(ben: Learner) -> None:
    for question, fields in NEVER_OFFERED:
        answer = ben.check("spring-quiz", question, fields)
        assert answer.status_code == 422, fields
        assert "set-cookie" not in answer.headers


@on_one_engine
def test_ten_thousand_answers_are_refused(ben: Learner, database: Database) -> None:
    many = [token("q-multiple", "Water")] * 900
    assert ben.check("spring-quiz", "q-multiple", {field("q-multiple"): many}).status_code == 422
    too_many = [str(n) for n in range(10_000)]
    assert ben.check("spring-quiz", "q-multiple", {field("q-multiple"): too_many}).status_code in {400, 413}
    with database.reading() as session:
        assert session.scalars(select(Attempt)).all() == []


@on_one_engine
def test_a_question_of_another_quiz_is_not_found(ben: Learner) -> None:
    assert ben.check("spring-quiz", "m-one", {field("m-one"): "true"}).status_code == 404
    assert ben.check("nowhere", "m-one", {field("m-one"): "true"}).status_code == 404
    assert ben.check("final-exam", "e-1", {field("e-1"): token("e-1", "Right 1")}).status_code == 404


@pytest.mark.usefixtures("still_limits")
def test_too_many_answers_from_one_network_have_to_wait(ben: Learner) -> None:
    fields = {field("q-truefalse"): "false"}
    answers = [ben.check("spring-quiz", "q-truefalse", fields).status_code for _ in range(62)]
    assert answers[:60] == [303] * 60
    assert 429 in answers[60:]
