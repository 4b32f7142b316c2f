"""How much of its points an answer earns. Pure, and exact from end to end: fractions, never floats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from university.course_folders import Answer, Choice, Question
from university.questions.tokens import choice_token

Given = Mapping[str, Any]
"""An answer as it is stored; an empty one was not answered.

``chosen``: tokens of the ticked choices, or true or false · ``text``: what was typed, for text and number ·
``pairs``: left side to right side · ``order``: the items in the order they were put.
"""

NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?", re.ASCII)
LONGEST_NUMBER = 60
MINUS_SIGNS = str.maketrans("−‒–—﹣", "-----")
STAR = re.compile(r"(?<!\\)\*")


def share(question: Question, given: Given) -> Fraction:
    """The share of the question's points, 0 to 1. Unanswered is 0, whatever a wildcard says."""
    return _SHARES[question.kind](question, given) if given else Fraction(0)


def score(questions: Sequence[Question], shares: Mapping[str, Fraction]) -> Fraction:
    """Σ share × points / Σ points over all questions asked; a question without a share earned nothing."""
    possible = sum((question.points for question in questions), Fraction(0))
    earned = sum((shares.get(question.id, Fraction(0)) * question.points for question in questions), Fraction(0))
    return earned / possible if possible else Fraction(0)


def percent(value: Fraction) -> int:
    """Rounded down: 69.99 is no 70."""
    return int(value * 100 // 1)


def read_number(text: str) -> Fraction | None:
    """The number a person typed, or None when it must be asked again.

    One comma or one point is the decimal sign, blanks inside are skipped; with both signs, or one of them twice,
    nobody knows which number was meant.
    """
    dense = "".join(unicodedata.normalize("NFKC", text).split()).translate(MINUS_SIGNS)
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in dense)
    if len(plain) > LONGEST_NUMBER or not NUMBER.fullmatch(plain):
        return None
    return Fraction(plain.replace(",", "."))


def best_answer(question: Question, typed: str) -> Answer | None:
    """The accepted text with the highest score that matches what was typed."""
    if not typed.strip():
        return None
    matching = [answer for answer in question.answers if matches(answer.text, typed, question.case_sensitive)]
    return max(matching, key=lambda answer: answer.score, default=None)


def matches(pattern: str, typed: str, case_sensitive: bool) -> bool:
    """NFKC, inner blanks made one, case folded; `*` is any run of characters, `\\*` a star."""
    pieces = [_comparable(piece.replace("\\*", "*"), case_sensitive) for piece in STAR.split(pattern.strip())]
    text = _comparable(typed.strip(), case_sensitive)
    if len(pieces) == 1:
        return text == pieces[0]
    return _runs_through(pieces, text)


def is_right(question: Question, given: Given) -> bool:
    return share(question, given) == 1


def ticked(question: Question, given: Given) -> list[Choice]:
    chosen = set(given.get("chosen", ()))
    return [choice for choice in question.choices if choice_token(question, choice) in chosen]


def _comparable(text: str, case_sensitive: bool) -> str:
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text))
    return text if case_sensitive else unicodedata.normalize("NFKC", text.casefold())


def _runs_through(pieces: list[str], text: str) -> bool:
    """Whether the pieces follow each other in the text, the first at its start and the last at its end."""
    first, *middle, last = pieces
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    start, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, start, end)
        if found < 0:
            return False
        start = found + len(piece)
    return True


def _single(question: Question, given: Given) -> Fraction:
    chosen = ticked(question, given)
    return Fraction(len(chosen) == 1 and chosen[0].correct)


def _multiple(question: Question, given: Given) -> Fraction:
    chosen = ticked(question, given)
    right = sum(choice.correct for choice in chosen)
    wrong = len(chosen) - right
    of_all = sum(choice.correct for choice in question.choices)
    if question.scoring == "exact":
        return Fraction(right == of_all and not wrong)
    # Ticking everything must not win.
    return max(Fraction(0), Fraction(right - wrong, of_all))


def _truefalse(question: Question, given: Given) -> Fraction:
    return Fraction(list(given.get("chosen", ())) == [str(question.answer).lower()])


def _text(question: Question, given: Given) -> Fraction:
    answer = best_answer(question, given.get("text", ""))
    return answer.score if answer else Fraction(0)


def _number(question: Question, given: Given) -> Fraction:
    number = read_number(given.get("text", ""))
    if number is None or question.key is None:
        return Fraction(0)
    low, high = question.key.interval
    return Fraction(low <= number <= high)


def _match(question: Question, given: Given) -> Fraction:
    pairs = given.get("pairs", {})
    right = sum(pairs.get(pair.left) == pair.right for pair in question.pairs)
    if question.scoring == "exact":
        return Fraction(right == len(question.pairs))
    return Fraction(right, len(question.pairs))


def _order(question: Question, given: Given) -> Fraction:
    order = list(given.get("order", ()))
    if question.scoring == "exact":
        return Fraction(order == list(question.items))
    neighbours = set(pairwise(question.items)) & set(pairwise(order))
    return Fraction(len(neighbours), len(question.items) - 1)


_SHARES: dict[str, Callable[[Question, Given], Fraction]] = {
    "single": _single,
    "multiple": _multiple,
    "truefalse": _truefalse,
    "text": _text,
    "number": _number,
    "match": _match,
    "order": _order,
}
