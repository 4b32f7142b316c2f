"""Spaced review: after a day, some questions from earlier lessons, wrong ones first, and never in the way."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.learner import RIGHT, Learner, field, token, words
from tests.quizzes.conftest import Clock

OFFER = "5 questions from earlier lessons"
REVIEW = "~review"


@pytest.fixture
def ada(ben: Learner, time: Clock) -> Learner:
    """Did the quiz of the first lesson a day ago: everything right."""
    ben.read("spring")
    for question, fields in RIGHT.items():
        ben.check("spring-quiz", question, fields)
    return ben


def course_page(learner: Learner) -> str:
    return words(learner.client.get("/courses/rivers"))


def test_a_review_is_offered_a_day_after_a_lesson_and_not_before(ada: Learner, time: Clock) -> None:
    time.wait(hours=23, minutes=59)
    assert OFFER not in course_page(ada)
    time.wait(minutes=1)
    assert OFFER in course_page(ada)


def test_nobody_else_is_asked(client: TestClient[Any], ben: Learner, time: Clock) -> None:
    assert OFFER not in course_page(ben)
    assert client.get(f"/quizzes/rivers/{REVIEW}").status_code == 404
    assert client.post(f"/quizzes/rivers/{REVIEW}/attempts").status_code == 404
    ben.read("delta")  # a lesson without questions
    time.wait(hours=30)
    assert OFFER not in course_page(ben)


def test_it_asks_five_questions_and_those_that_went_wrong_first(ben: Learner, time: Clock) -> None:
    ben.read("spring")
    for question, fields in RIGHT.items():
        time.wait(minutes=1)
        ben.check("spring-quiz", question, fields if question != "q-order" else swapped())
    time.wait(hours=25)
    asked = ben.asked(begin(ben))
    assert len(asked) == 5
    # The wrong one although it was answered last; then those answered longest ago.
    assert set(asked) == {"q-order", "q-single", "q-multiple", "q-truefalse", "q-text"}


def test_an_answer_is_told_at_once_and_counts_for_nothing(ada: Learner, time: Clock) -> None:
    time.wait(hours=25)
    before = ada.client.get("/courses/rivers").text.count('class="done"')
    page = begin(ada)
    wrong = {field("q-single"): token("q-single", "At the sea")}
    answer = ada.check(REVIEW, "q-single", wrong)
    assert answer.headers["location"] == f"/quizzes/rivers/{REVIEW}#q-q-single"
    assert "Not right" in words(ada.client.get(page))
    right = ada.check(REVIEW, "q-single", RIGHT["q-single"], **{"x-fragment": "1"})
    assert "KEY-single-explanation" in right.text
    assert ada.client.get("/courses/rivers").text.count('class="done"') == before


def test_after_a_review_the_next_one_comes_tomorrow(ada: Learner, time: Clock) -> None:
    time.wait(hours=25)
    begin(ada)
    assert OFFER not in course_page(ada)
    time.wait(hours=25)
    assert OFFER in course_page(ada)
    # Yesterday's questions are over.
    assert ada.client.get(f"/quizzes/rivers/{REVIEW}").headers["location"] == "/courses/rivers"


def test_not_today_puts_it_off_for_a_day(ada: Learner, time: Clock) -> None:
    time.wait(hours=25)
    ada.client.post("/courses/rivers", data={"do": "later"})
    assert OFFER not in course_page(ada)
    assert ada.client.get(f"/quizzes/rivers/{REVIEW}").status_code == 404
    time.wait(hours=24)
    assert OFFER in course_page(ada)


def test_a_review_that_was_left_open_stops_nothing(ada: Learner, time: Clock) -> None:
    time.wait(hours=25)
    begin(ada)
    time.wait(days=3)
    ada.do_everything()
    assert "Get your certificate" in course_page(ada)


def begin(learner: Learner) -> str:
    answer = learner.client.post(f"/quizzes/rivers/{REVIEW}/attempts")
    assert answer.headers["location"] == f"/quizzes/rivers/{REVIEW}#quiz-{REVIEW}"
    return f"/quizzes/rivers/{REVIEW}"


def swapped() -> dict[str, Any]:
    places = dict(RIGHT["q-order"])
    (first, one), (second, two), *_rest = places.items()
    return {**places, first: two, second: one}
