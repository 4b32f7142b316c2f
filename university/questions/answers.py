"""What a form says about a question, as the answer that is stored. Unknown options are refused, never ignored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from university.course_folders import Question
from university.errors import Unprocessable
from university.language import gettext as _
from university.questions.grading import Given, read_number
from university.questions.tokens import choice_token, text_token
from university.serving.forms import TOKEN_FIELD, Form

LONGEST_ANSWER = 1000
TRUTHS = ("true", "false")


def field_name(question: Question) -> str:
    """`q.<id>`: no other field of our forms has a dot. Match and order add one part per line."""
    return f"q.{question.id}"


def line_name(question: Question, text: str) -> str:
    return f"{field_name(question)}.{text_token(question, text)}"


def read_answer(question: Question, form: Form) -> dict[str, Any]:
    """The answer as it is stored; empty when nothing was answered. Raises Unprocessable for what was not on offer."""
    return _READERS[question.kind](question, form)


def refuse_other_fields(form: Form, questions: Iterable[Question], *more: str) -> None:
    """Our pages send the fields of their questions and nothing else."""
    known = {name for question in questions for name in _names(question)} | {TOKEN_FIELD, *more}
    if not known.issuperset(form.names()):
        raise _not_ours()


def what_is_missing(question: Question, given: Given) -> str | None:
    """Why the answer must be asked again, as a sentence; None when it can be graded."""
    if not given:
        return _MISSING[question.kind]()
    if question.kind == "number" and read_number(given["text"]) is None:
        return _("We cannot tell which number this is. Use at most one comma or point, such as 12.5.")
    if question.kind == "match" and len(given["pairs"]) < len(question.pairs):
        return _("Choose something on every line.")
    if question.kind == "order" and not given["order"]:
        return _("Give every line a place of its own.")
    return None


def _names(question: Question) -> list[str]:
    if question.kind == "match":
        return [line_name(question, pair.left) for pair in question.pairs]
    if question.kind == "order":
        return [line_name(question, item) for item in question.items]
    return [field_name(question)]


def _chosen(question: Question, form: Form) -> dict[str, Any]:
    return _of_these(form.one(field_name(question)), [choice_token(question, one) for one in question.choices])


def _truth(question: Question, form: Form) -> dict[str, Any]:
    return _of_these(form.one(field_name(question)), TRUTHS)


def _of_these(value: str, offered: Iterable[str]) -> dict[str, Any]:
    if value and value not in offered:
        raise _not_ours()
    return {"chosen": [value]} if value else {}


def _all_chosen(question: Question, form: Form) -> dict[str, Any]:
    values = form.many(field_name(question))
    offered = [choice_token(question, choice) for choice in question.choices]
    if len(values) > len(offered) or not set(values).issubset(offered):
        raise _not_ours()
    return {"chosen": sorted(set(values))} if values else {}


def _typed(question: Question, form: Form) -> dict[str, Any]:
    text = form.one(field_name(question)).strip()
    if len(text) > LONGEST_ANSWER:
        raise Unprocessable(_("An answer has at most %(most)s characters.") % {"most": LONGEST_ANSWER})
    return {"text": text} if text else {}


def _paired(question: Question, form: Form) -> dict[str, Any]:
    sides = {text_token(question, text): text for text in right_sides(question)}
    pairs: dict[str, str] = {}
    for pair in question.pairs:
        value = form.one(line_name(question, pair.left))
        if value and value not in sides:
            raise _not_ours()
        if value:
            pairs[pair.left] = sides[value]
    return {"pairs": pairs} if pairs else {}


def _ordered(question: Question, form: Form) -> dict[str, Any]:
    offered = {str(place) for place in range(1, len(question.items) + 1)}
    places: dict[str, int] = {}
    for item in question.items:
        value = form.one(line_name(question, item))
        if value and value not in offered:
            raise _not_ours()
        if value:
            places[item] = int(value)
    if not places:
        return {}
    is_complete = len(set(places.values())) == len(question.items)
    return {"places": places, "order": sorted(places, key=places.__getitem__) if is_complete else []}


def right_sides(question: Question) -> list[str]:
    """Everything that may be chosen on a line of a match, each once."""
    return list(dict.fromkeys([*(pair.right for pair in question.pairs), *question.distractors]))


def _not_ours() -> Unprocessable:
    return Unprocessable(_("That is no answer to this question. Open the page again and choose from what is there."))


_READERS: dict[str, Callable[[Question, Form], dict[str, Any]]] = {
    "single": _chosen,
    "multiple": _all_chosen,
    "truefalse": _truth,
    "text": _typed,
    "number": _typed,
    "match": _paired,
    "order": _ordered,
}

_MISSING: dict[str, Callable[[], str]] = {
    "single": lambda: _("Choose an answer first."),
    "multiple": lambda: _("Tick at least one answer first."),
    "truefalse": lambda: _("Choose an answer first."),
    "text": lambda: _("Type your answer first."),
    "number": lambda: _("Type a number first."),
    "match": lambda: _("Choose something on every line."),
    "order": lambda: _("Give every line a place of its own."),
}
