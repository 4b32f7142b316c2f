"""Every rule of scoring, as tables and as laws that hold for any answer."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from university.course_folders import Answer, Choice, NumberKey, Pair, Question
from university.questions.grading import matches, percent, read_number, score, share
from university.questions.paper import show_share
from university.questions.tokens import choice_token

HALF = Fraction(1, 2)


def question(kind: str, **fields: Any) -> Question:
    return Question(id="q", kind=kind, text="?", **fields)  # type: ignore[arg-type]


def chosen(asked: Question, *places: int) -> dict[str, Any]:
    return {"chosen": [choice_token(asked, asked.choices[place]) for place in places]}


SINGLE = question("single", choices=(Choice("a", correct=True), Choice("b"), Choice("c")))
TWO_OF_FOUR = question(
    "multiple",
    scoring="partial",
    choices=(Choice("a", correct=True), Choice("b", correct=True), Choice("c"), Choice("d")),
)
EXACT_TWO = question("multiple", choices=TWO_OF_FOUR.choices, scoring="exact")
FALSE = question("truefalse", answer=False)
MATCH = question("match", scoring="partial", pairs=(Pair("1", "one"), Pair("2", "two"), Pair("ii", "two")))
ORDER = question("order", scoring="partial", items=("a", "b", "c", "d"))


@pytest.mark.parametrize(
    ("asked", "given_answer", "earned"),
    [
        (SINGLE, chosen(SINGLE, 0), 1),
        (SINGLE, chosen(SINGLE, 1), 0),
        (SINGLE, chosen(SINGLE, 0, 1), 0),
        (SINGLE, {}, 0),
        (TWO_OF_FOUR, chosen(TWO_OF_FOUR, 0, 1), 1),
        (TWO_OF_FOUR, chosen(TWO_OF_FOUR, 0), HALF),
        (TWO_OF_FOUR, chosen(TWO_OF_FOUR, 0, 1, 2), HALF),
        (TWO_OF_FOUR, chosen(TWO_OF_FOUR, 0, 1, 2, 3), 0),
        (TWO_OF_FOUR, chosen(TWO_OF_FOUR, 2, 3), 0),
        (EXACT_TWO, chosen(EXACT_TWO, 0, 1), 1),
        (EXACT_TWO, chosen(EXACT_TWO, 0), 0),
        (EXACT_TWO, chosen(EXACT_TWO, 0, 1, 2), 0),
        (FALSE, {"chosen": ["false"]}, 1),
        (FALSE, {"chosen": ["true"]}, 0),
        (FALSE, {}, 0),
        (MATCH, {"pairs": {"1": "one", "2": "two", "ii": "two"}}, 1),
        (MATCH, {"pairs": {"1": "one", "2": "one"}}, Fraction(1, 3)),
        (MATCH, {}, 0),
        (question("match", pairs=MATCH.pairs, scoring="exact"), {"pairs": {"1": "one", "2": "two"}}, 0),
        (ORDER, {"order": ["a", "b", "c", "d"]}, 1),
        (ORDER, {"order": ["b", "c", "d", "a"]}, Fraction(2, 3)),
        (ORDER, {"order": ["d", "c", "b", "a"]}, 0),
        (ORDER, {"order": [], "places": {"a": 1}}, 0),
        (question("order", items=ORDER.items, scoring="exact"), {"order": ["b", "c", "d", "a"]}, 0),
    ],
)
def test_an_answer_earns_its_share(asked: Question, given_answer: dict[str, Any], earned: Fraction) -> None:
    assert share(asked, given_answer) == earned


@pytest.mark.parametrize(
    ("pattern", "typed", "is_accepted"),
    [
        ("spring", "  SPRING ", True),
        ("the source", "The\u00a0  source", True),
        ("Straße", "STRASSE", True),
        ("ﬁsh", "fish", True),
        ("spring*", "springtime", True),
        ("spring*", "offspring", False),
        ("*spring", "offspring", True),
        ("*spring*", "a springtime", True),
        ("s*g", "s g", True),
        ("ab*ba", "aba", False),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "a-c-b", False),
        (r"2 \* 3", "2 * 3", True),
        (r"2 \* 3", "2 x 3", False),
        (r"\**", "*anything", True),
        ("*", "anything", True),
        ("a.c", "abc", False),
    ],
)
def test_texts_are_compared_as_people_mean_them(pattern: str, typed: str, is_accepted: bool) -> None:
    assert matches(pattern, typed, case_sensitive=False) is is_accepted


def test_case_matters_where_the_author_says_so() -> None:
    assert matches("pH", "pH", case_sensitive=True)
    assert not matches("pH", "PH", case_sensitive=True)


def test_the_highest_matching_score_counts_and_nothing_typed_earns_nothing() -> None:
    asked = question("text", answers=(Answer("s*", HALF), Answer("spring"), Answer("*", Fraction(1, 10))))
    assert share(asked, {"text": "spring"}) == 1
    assert share(asked, {"text": "sea"}) == HALF
    assert share(asked, {"text": "river"}) == Fraction(1, 10)
    assert share(asked, {"text": "   "}) == 0
    assert share(asked, {}) == 0


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12.5", Fraction(25, 2)),
        ("12,5", Fraction(25, 2)),
        ("1 000 000", 1_000_000),
        ("1\u202f000,5", Fraction(2001, 2)),
        ("−3", -3),
        ("+3", 3),
        ("1e3", 1000),
        ("1,5E-3", Fraction(3, 2000)),
        (".5", HALF),
        ("5.", 5),
        ("１２", 12),
        ("٣", 3),
        ("0.1", Fraction(1, 10)),
        ("1.000", 1),
        ("1,000.5", None),
        ("1.000,5", None),
        ("1.000.000", None),
        ("1,000,000", None),
        ("twelve", None),
        ("", None),
        ("1e9999", None),
        ("--3", None),
        ("3 km", None),
        ("9" * 61, None),
        ("1_000", None),
    ],
)
def test_numbers_are_read_as_typed_or_asked_again(typed: str, number: Fraction | None) -> None:
    assert read_number(typed) == number


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        (NumberKey(Decimal("12.5"), Decimal("0.5")), ["12", "12,5", "13"], ["11.99", "13.01"]),
        (NumberKey(Decimal("200"), Decimal("5"), is_percent=True), ["190", "210"], ["189.9", "210.1"]),
        (NumberKey(Decimal("-200"), Decimal("5"), is_percent=True), ["-190", "-210"], ["-189", "190"]),
        (NumberKey(low=Decimal("1"), high=Decimal("2")), ["1", "1.5", "2"], ["0.99", "2.01"]),
        (NumberKey(Decimal("0.3")), ["0.3", ",3", "3e-1"], ["0.30000000000000004"]),
    ],
)
def test_a_number_is_right_inside_the_closed_interval(key: NumberKey, right: list[str], wrong: list[str]) -> None:
    asked = question("number", key=key)
    assert [share(asked, {"text": text}) for text in right] == [1] * len(right)
    assert [share(asked, {"text": text}) for text in wrong] == [0] * len(wrong)


def test_points_weigh_and_per_cents_are_rounded_down() -> None:
    light, heavy = question("text"), Question(id="h", kind="text", text="?", points=Fraction("0.1"))
    assert score([light, heavy], {"q": Fraction(1)}) == Fraction(10, 11)
    assert percent(Fraction(6999, 10_000)) == 69
    assert percent(Fraction(7, 10)) == 70
    assert percent(Fraction(1)) == 100
    assert score([], {}) == 0


def test_three_thirds_are_a_whole() -> None:
    thirds = [Question(id=str(n), kind="text", text="?", points=Fraction("0.1")) for n in range(3)]
    assert score(thirds, {one.id: Fraction(1) for one in thirds}) == 1


@given(st.fractions(0, 1))
def test_a_stored_share_is_exact_or_a_hair_less(value: Fraction) -> None:
    stored = show_share(value)
    assert len(stored) <= 80
    assert 0 <= value - Fraction(stored) < Fraction(1, 10**29)


def test_a_share_with_very_many_decimals_still_fits_its_column() -> None:
    assert len(show_share(Fraction(1, 3**200))) <= 80


choices = st.lists(st.booleans(), min_size=2, max_size=20).filter(any)


@given(choices, st.data())
def test_ticking_more_wrong_choices_never_earns_more(rights: list[bool], data: st.DataObject) -> None:
    asked = question(
        "multiple", scoring="partial", choices=tuple(Choice(str(n), correct=one) for n, one in enumerate(rights))
    )
    ticks = data.draw(st.sets(st.sampled_from(range(len(rights)))))
    earned = share(asked, chosen(asked, *ticks))
    assert 0 <= earned <= 1
    for place, is_right in enumerate(rights):
        more = share(asked, chosen(asked, *ticks, place))
        assert more >= earned if is_right else more <= earned


@given(choices.filter(lambda rights: sum(rights) * 2 <= len(rights)))
def test_ticking_everything_does_not_win(rights: list[bool]) -> None:
    asked = question(
        "multiple", scoring="partial", choices=tuple(Choice(str(n), correct=one) for n, one in enumerate(rights))
    )
    assert share(asked, chosen(asked, *range(len(rights)))) == 0


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_number_or_asked_again(typed: str) -> None:
    number = read_number(typed)
    assert number is None or abs(number) < Fraction(10) ** 1100


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_can_be_compared(pattern: str, typed: str) -> None:
    assert matches(pattern, typed, case_sensitive=False) in {True, False}


@given(st.permutations(["a", "b", "c", "d"]))
def test_only_the_right_order_earns_everything(order: list[str]) -> None:
    assert (share(ORDER, {"order": order}) == 1) is (order == ["a", "b", "c", "d"])
