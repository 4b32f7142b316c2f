"""What is told about an answer, and when right answers may be shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from university.course_folders import Answer, Choice, Feedback, NumberKey, Question, Quiz
from university.questions.feedback import Disclosure, disclosure, tell
from university.questions.paper import Paper, Part
from university.questions.tokens import choice_token

ASKED = Question(
    id="q",
    kind="multiple",
    text="?",
    scoring="partial",
    feedback=Feedback("all right", "half right", "all wrong", "because"),
    choices=(
        Choice("a", correct=True, feedback="a: yes", feedback_if_not_chosen="a was missing"),
        Choice("b", correct=True, feedback_if_not_chosen="b was missing"),
        Choice("c", feedback="c: no"),
    ),
)


def ticking(*places: int) -> dict[str, Any]:
    return {"chosen": [choice_token(ASKED, ASKED.choices[place]) for place in places]}


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        (ticking(0, 1), ("a: yes", "all right", "because")),
        (ticking(0), ("a: yes", "b was missing", "half right", "because")),
        (ticking(2), ("c: no", "a was missing", "b was missing", "all wrong", "because")),
    ],
)
def test_feedback_comes_in_its_order(given: dict[str, Any], texts: tuple[str, ...]) -> None:
    assert tell(ASKED, given, keys=True).texts == texts


def test_without_keys_nothing_names_a_right_choice_that_was_left_out() -> None:
    told = tell(ASKED, ticking(0), keys=False)
    assert told.texts == ("a: yes", "half right", "because")
    assert told.tone == "partly"


def test_the_feedback_of_a_text_is_that_of_the_best_match() -> None:
    asked = Question(id="q", kind="text", text="?", answers=(Answer("spring*"), Answer("s*", Fraction(1, 2), "nearly")))
    assert tell(asked, {"text": "sea"}, keys=True).texts == ("nearly",)
    assert tell(asked, {"text": "sea"}, keys=True).key == "spring"
    assert tell(asked, {"text": "sea"}, keys=False).key is None
    assert tell(asked, {"text": "spring"}, keys=True).key is None


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (NumberKey(answer=Decimal("12.50")), "12.50 km"),
        (NumberKey(low=Decimal(1), high=Decimal(2)), "1 – 2 km"),
        (NumberKey(answer=Decimal("1E+3")), "1000 km"),
    ],
)
def test_the_right_number_is_told_with_its_unit(key: NumberKey, told: str) -> None:
    asked = Question(id="q", kind="number", text="?", key=key, unit="km")
    assert tell(asked, {"text": "99"}, keys=True).key == told


def paper(mode: str, *, kind: str = "exam", pool: int = 8, draw: int = 4) -> Paper:
    questions = {f"q{n}": Question(id=f"q{n}", kind="text", text="?") for n in range(pool)}
    rules = Quiz(id="exam", kind=kind, title="", path="", feedback=mode)  # type: ignore[arg-type]
    return Paper(rules, questions, (Part(draw, tuple(questions)),))


NOTHING = Disclosure(objectives=False, explanations=False, keys=False)
EXPLAINED = Disclosure(objectives=True, explanations=True, keys=False)
EVERYTHING = Disclosure(objectives=True, explanations=True, keys=True)
PARTS_ONLY = Disclosure(objectives=True, explanations=False, keys=False)


@pytest.mark.parametrize(
    ("mode", "passed", "left", "told"),
    [
        ("after_attempt", False, 1, EXPLAINED),
        ("after_attempt", False, None, EXPLAINED),
        ("after_attempt", False, 0, EVERYTHING),
        ("after_attempt", True, 1, EVERYTHING),
        ("after_pass", False, 1, PARTS_ONLY),
        ("after_pass", False, 0, PARTS_ONLY),
        ("after_pass", True, 0, EVERYTHING),
        ("score_only", False, 0, NOTHING),
        ("score_only", True, 0, NOTHING),
    ],
)
def test_the_mode_decides_what_a_result_tells(mode: str, passed: bool, left: int | None, told: Disclosure) -> None:
    assert disclosure(paper(mode), passed, left) == told


def test_a_small_pool_keeps_its_keys_for_ever_in_an_exam_but_not_in_a_quiz() -> None:
    assert disclosure(paper("after_attempt", pool=7), True, 0) == EXPLAINED
    assert disclosure(paper("after_pass", pool=7), True, 0) == EXPLAINED
    assert disclosure(paper("after_attempt", pool=7, kind="lesson"), True, 0) == EVERYTHING
