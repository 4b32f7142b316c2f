"""How a QTI 1.2 item is marked: the conditions of its response processing, as far as they are simple ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from university.course_folders.imports.numbers import exact_number
from university.course_folders.imports.xml_text import Node

GENERAL = {
    "general_fb": "explanation",
    "correct_fb": "correct",
    "general_incorrect_fb": "incorrect",
    "incorrect_fb": "incorrect",
}


@dataclass(frozen=True)
class Condition:
    """`equal` are the (response, value) pairs that must be, `unequal` those that must not be; `low` and `high` a
    range. `score` is a share of the points, None when the condition only shows feedback."""

    equal: tuple[tuple[str, str], ...]
    unequal: tuple[tuple[str, str], ...]
    low: str | None
    high: str | None
    score: Fraction | None
    feedback: tuple[str, ...]
    is_strict: bool

    @property
    def is_for_everybody(self) -> bool:
        return not self.equal and not self.unequal and self.low is None


def conditions(item: Node) -> list[Condition]:
    """The conditions in their order; scores are shares of the most that can be had."""
    processing = item.first("resprocessing")
    if processing is None:
        return []
    found = [_condition(node) for node in processing.every("respcondition")]
    most = _most(processing, found)
    return [_of_points(one, most) for one in found]


def _condition(node: Node) -> Condition:
    variables = node.first("conditionvar")
    equal: list[tuple[str, str]] = []
    unequal: list[tuple[str, str]] = []
    for one, is_wanted in _equals(variables) if variables else ():
        (equal if is_wanted else unequal).append((one.get("respident"), one.text.strip()))
    low = next(variables.below("vargte", "vargt"), None) if variables else None
    high = next(variables.below("varlte", "varlt"), None) if variables else None
    points = [exact_number(one.text) for one in node.every("setvar") if one.get("varname", "SCORE") == "SCORE"]
    strict = [one.get("case").lower() == "yes" for one in variables.below("varequal")] if variables else []
    return Condition(
        tuple(equal),
        tuple(unequal),
        low.text if low else None,
        high.text if high else None,
        Fraction(points[0]) if points and points[0] is not None else None,
        tuple(one.get("linkrefid") for one in node.every("displayfeedback")),
        any(strict),
    )


def _equals(node: Node, is_wanted: bool = True) -> Iterator[tuple[Node, bool]]:
    for one in node.nodes:
        if one.name == "varequal":
            yield one, is_wanted
        else:
            yield from _equals(one, is_wanted != (one.name == "not"))


def _most(processing: Node, found: list[Condition]) -> Fraction:
    """What full marks are: as declared, else what the conditions give."""
    declared = [exact_number(one.get("maxvalue")) for one in processing.below("decvar")]
    best = max((one.score or Fraction(0) for one in found), default=Fraction(0))
    return Fraction(declared[0]) if declared and declared[0] else best or Fraction(1)


def _of_points(one: Condition, most: Fraction) -> Condition:
    score = None if one.score is None else one.score / most
    return Condition(one.equal, one.unequal, one.low, one.high, score, one.feedback, one.is_strict)
