"""A question as a page shows it: everything needed to ask it, and of its key only what was earned already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from university.course_folders import Question
from university.language import gettext as _, primary, speaking
from university.questions.answers import field_name, line_name, right_sides
from university.questions.asking import mixed
from university.questions.feedback import Told, tell
from university.questions.grading import Given, ticked
from university.questions.tokens import choice_token, text_token

Mark = Literal["", "right", "wrong", "missed"]
Show = Literal["nothing", "feedback", "keys"]


@dataclass(frozen=True)
class Option:
    """A choice. `mark` is empty until its answer may be told."""

    value: str
    html: str
    is_chosen: bool
    mark: Mark = ""


@dataclass(frozen=True)
class Line:
    """One line of a match or an order with its own select; `key` is what was right, where it may be told."""

    name: str
    text: str
    value: str
    mark: Mark = ""
    key: str | None = None


@dataclass(frozen=True)
class Shown:
    """`sides` are the (value, text) pairs of every line's select. `html` and hint are rendered Markdown."""

    id: str
    kind: str
    name: str
    html: str
    number: int
    of: int
    hint: str | None
    unit: str | None
    options: tuple[Option, ...]
    lines: tuple[Line, ...]
    sides: tuple[tuple[str, str], ...]
    typed: str
    is_answered: bool
    told: Told | None = None
    problem: str | None = None

    @property
    def takes_many(self) -> bool:
        return self.kind == "multiple"


def show_question(
    question: Question,
    given: Given,
    language: str,
    number: int = 1,
    of: int = 1,
    show: Show = "nothing",
    problem: str | None = None,
    is_over: bool = False,
) -> Shown:
    """The question with what was answered so far. `language` is the course's: true and false speak it. Nothing is
    told of a question without an answer, unless its attempt `is_over`."""
    may_tell = show != "nothing" and not problem and (is_over or bool(given))
    may_mark = may_tell and show == "keys"
    return Shown(
        id=question.id,
        kind=question.kind,
        name=field_name(question),
        html=question.text,
        number=number,
        of=of,
        hint=question.hint,
        unit=question.unit,
        options=_options(question, given, language, may_mark),
        lines=_lines(question, given, may_mark),
        sides=_sides(question),
        typed=given.get("text", ""),
        is_answered=bool(given),
        told=tell(question, given, keys=show == "keys") if may_tell else None,
        problem=problem,
    )


def _options(question: Question, given: Given, language: str, may_mark: bool) -> tuple[Option, ...]:
    if question.kind == "truefalse":
        return _truths(question, given, language, may_mark)
    chosen = ticked(question, given)
    return tuple(
        Option(
            value=choice_token(question, choice),
            html=choice.text,
            is_chosen=choice in chosen,
            mark=_mark(choice.correct, choice in chosen) if may_mark else "",
        )
        for choice in question.choices
    )


def _truths(question: Question, given: Given, language: str, may_mark: bool) -> tuple[Option, ...]:
    chosen = given.get("chosen", [])
    with speaking(primary(language)):
        texts = ((True, _("True")), (False, _("False")))
    return tuple(
        Option(
            value=(value := str(truth).lower()),
            html=text,
            is_chosen=value in chosen,
            mark=_mark(truth == question.answer, value in chosen) if may_mark else "",
        )
        for truth, text in texts
    )


def _mark(is_right: bool, is_chosen: bool) -> Mark:
    if is_chosen:
        return "right" if is_right else "wrong"
    return "missed" if is_right else ""


def _lines(question: Question, given: Given, may_mark: bool) -> tuple[Line, ...]:
    if question.kind == "match":
        return _pairs(question, given, may_mark)
    return _items(question, given, may_mark) if question.kind == "order" else ()


def _pairs(question: Question, given: Given, may_mark: bool) -> tuple[Line, ...]:
    chosen: dict[str, str] = given.get("pairs", {})
    return tuple(
        Line(
            name=line_name(question, pair.left),
            text=pair.left,
            value=text_token(question, chosen[pair.left]) if pair.left in chosen else "",
            mark=_line_mark(chosen.get(pair.left) == pair.right) if may_mark else "",
            key=pair.right if may_mark and chosen.get(pair.left) != pair.right else None,
        )
        for pair in question.pairs
    )


def _items(question: Question, given: Given, may_mark: bool) -> tuple[Line, ...]:
    """The items mixed, always in the same way; never in the right order."""
    places: dict[str, int] = given.get("places", {})
    rights = {item: place for place, item in enumerate(question.items, 1)}
    return tuple(
        Line(
            name=line_name(question, item),
            text=item,
            value=str(places.get(item, "")),
            mark=_line_mark(places.get(item) == rights[item]) if may_mark else "",
            key=str(rights[item]) if may_mark and places.get(item) != rights[item] else None,
        )
        for item in _disordered(question)
    )


def _disordered(question: Question) -> list[str]:
    items = mixed(question.items, question.id)
    return items if items != list(question.items) else items[1:] + items[:1]


def _line_mark(is_right: bool) -> Mark:
    return "right" if is_right else "wrong"


def _sides(question: Question) -> tuple[tuple[str, str], ...]:
    """What the selects offer; right sides in an order of their own that tells nothing."""
    if question.kind == "order":
        return tuple((str(place), str(place)) for place in range(1, len(question.items) + 1))
    sides = [(text_token(question, text), text) for text in right_sides(question)] if question.pairs else []
    return tuple(sorted(sides))
