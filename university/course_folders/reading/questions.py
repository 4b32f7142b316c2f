"""Questions out of YAML: each kind with its own fields and rules."""

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal
from typing import TypedDict

from university.course_folders.course.questions import (
    QUESTION_KINDS,
    Answer,
    Choice,
    ExamUse,
    Feedback,
    NumberKey,
    Pair,
    Question,
    QuestionKind,
    Quiz,
    Scoring,
    default_scoring,
)
from university.course_folders.reading.fields import Fields
from university.course_folders.yaml.tree import Node, YamlList, YamlMapping, YamlScalar

SCORINGS: tuple[Scoring, ...] = ("partial", "exact")
EXAM_USES: tuple[ExamUse, ...] = ("also", "only", "never")
PERCENT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*%\s*", re.ASCII)


class OwnFields(TypedDict, total=False):
    """The fields that only some kinds of question have."""

    choices: tuple[Choice, ...]
    answer: bool | None
    answers: tuple[Answer, ...]
    case_sensitive: bool
    key: NumberKey | None
    unit: str | None
    pairs: tuple[Pair, ...]
    distractors: tuple[str, ...]
    items: tuple[str, ...]


def read_question(fields: Fields, quiz: Quiz) -> Question | None:
    """The question in this mapping; None when nobody can tell its kind."""
    id_ = fields.id()
    kind = fields.optional_word("kind", QUESTION_KINDS, required=True)
    text = fields.markdown("text", required=True)
    shared = _shared(fields)
    if kind is None:
        # Which other fields belong here depends on the kind.
        fields.document.has_gaps = True
        return None
    own = READERS[kind](fields, kind)
    scoring = fields.word("scoring", SCORINGS, default_scoring(kind))
    fields.close()
    return replace(
        shared,
        id=id_ or "",
        kind=kind,
        text=text or "",
        scoring=scoring,
        quiz_id=quiz.id,
        quiz_kind=quiz.kind,
        lesson_id=quiz.lesson_id,
        **own,
    )


def _shared(fields: Fields) -> Question:
    return Question(
        id="",
        kind="single",
        text="",
        points=fields.fraction("points", "0.1", "100", 1),
        feedback=_feedback(fields.mapping_of("feedback")),
        hint=fields.markdown("hint"),
        tags=fields.texts("tags"),
        objective=fields.text("objective"),
        shuffle=fields.optional_boolean("shuffle"),
        exam=fields.word("exam", EXAM_USES, "also"),
        void=fields.boolean("void", False),
    )


def _feedback(fields: Fields | None) -> Feedback:
    if fields is None:
        return Feedback()
    names = ("correct", "partial", "incorrect", "explanation")
    feedback = Feedback(**{name: fields.markdown(name) for name in names})
    fields.close()
    return feedback


# Choices


def _choices(fields: Fields, kind: QuestionKind) -> OwnFields:
    inner = fields.mappings("choices", required=True)
    choices = tuple(_choice(one) for one in inner)
    node = fields.node("choices")
    if isinstance(node, YamlList):
        if not 2 <= len(node.items) <= 20:
            fields.report("choices", "E201", f"there {counted(len(node.items), 'choice')}", "2 to 20")
        _check_right(fields, kind, choices)
        _check_different(inner, choices)
    return {"choices": choices}


def _choice(fields: Fields) -> Choice:
    choice = Choice(
        text=fields.markdown("text", required=True) or "",
        correct=fields.boolean("correct", False),
        feedback=fields.markdown("feedback"),
        feedback_if_not_chosen=fields.markdown("feedback_if_not_chosen"),
        pin=fields.boolean("pin", False),
        id=fields.id(required=False),
    )
    fields.close()
    return choice


def _check_right(fields: Fields, kind: QuestionKind, choices: tuple[Choice, ...]) -> None:
    right = sum(choice.correct for choice in choices)
    if kind == "single" and right != 1:
        expected = 'exactly one "correct: true"' + (", or kind: multiple" if right else "")
        fields.report("choices", "E202", f"{counted_first(right, 'choice')} marked correct", expected)
    elif kind == "multiple" and not right:
        fields.report("choices", "E203", "no choice is marked correct", 'one or more with "correct: true"')
    elif kind == "multiple" and right == len(choices):
        fields.report("choices", "W205", "every choice is marked correct", "a wrong choice too")


def _check_different(inner: list[Fields], choices: tuple[Choice, ...]) -> None:
    texts: set[str] = set()
    ids: set[str | None] = {None}
    for one, choice in zip(inner, choices, strict=True):
        text = same(choice.text)
        if text and text in texts:
            one.report("text", "E204", f"two choices have the text {shortened(choice.text)}", "different texts")
        if choice.id is not None and choice.id in ids:
            one.report("id", "E110", f'"{choice.id}" is the id of another choice already', "an id of its own")
        texts.add(text)
        ids.add(choice.id)


# Texts and numbers


def _truth(fields: Fields, kind: QuestionKind) -> OwnFields:
    return {"answer": fields.optional_boolean("answer", required=True)}


def _texts(fields: Fields, kind: QuestionKind) -> OwnFields:
    answers = tuple(answer for item in fields.items("answers") if (answer := _answer(fields, *item)))
    node = fields.node("answers")
    if not fields.has("answers") or (isinstance(node, YamlList) and not node.items):
        fields.report("answers", "E206", "there is no accepted answer", "one answer or more")
    elif answers and not any(answer.score for answer in answers):
        fields.report("answers", "E206", "every answer scores 0", "one answer that scores")
    return {"answers": answers, "case_sensitive": fields.boolean("case_sensitive", False)}


def _answer(fields: Fields, name: str, node: Node) -> Answer | None:
    if isinstance(node, YamlScalar) and isinstance(node.value, str):
        if node.value.strip():
            return Answer(node.value)
        fields.document.report(node.place, "E106", f'"{name}" is empty', "a text")
        return None
    if not isinstance(node, YamlMapping):
        fields.wrong_type(name, node, "text")
        return None
    inner = Fields(fields.document, node, name)
    text = inner.text("text", required=True)
    answer = Answer(text or "", inner.fraction("score", "0", "1", 1), inner.markdown("feedback"))
    inner.close()
    return answer if text else None


def _number(fields: Fields, kind: QuestionKind) -> OwnFields:
    unit = fields.text("unit")
    if fields.has("answer") == fields.has("range"):
        fields.has("tolerance")
        found = "both an answer and a range" if fields.has("answer") else "neither an answer nor a range"
        fields.report("range", "E207", f"the question has {found}", "one of them")
        return {"unit": unit}
    return {"key": _range(fields) if fields.has("range") else _point(fields), "unit": unit}


def _point(fields: Fields) -> NumberKey | None:
    node = fields.node("answer")
    answer = fields.number_of(fields.dotted("answer"), node) if node else None
    tolerance, is_percent = _tolerance(fields)
    return None if answer is None else NumberKey(answer, tolerance, is_percent)


def _tolerance(fields: Fields) -> tuple[Decimal, bool]:
    node = fields.node("tolerance")
    if node is None:
        return Decimal(0), False
    percent = PERCENT.fullmatch(node.text) if isinstance(node, YamlScalar) else None
    if percent and len(percent[1]) <= 20:
        return Decimal(percent[1]), True
    if isinstance(node, YamlScalar) and isinstance(node.value, str):
        fields.against_rule("tolerance", f"is {shortened(node.text)}", 'a number or a share such as "5%"')
        return Decimal(0), False
    tolerance = fields.number_of(fields.dotted("tolerance"), node)
    if tolerance is not None and tolerance < 0:
        fields.against_rule("tolerance", f"is {tolerance}", "0 or more")
    return tolerance or Decimal(0), False


def _range(fields: Fields) -> NumberKey | None:
    node = fields.node("range")
    if fields.has("tolerance"):
        fields.against_rule("tolerance", "stands beside a range", "a tolerance only with an answer")
    if node is None:
        return None
    items = fields.items("range")
    if not isinstance(node, YamlList):
        return None
    numbers = [number for name, item in items if (number := fields.number_of(name, item)) is not None]
    if len(node.items) != 2:
        fields.against_rule("range", f"has {len(node.items)} numbers", "[low, high]")
    elif len(numbers) == 2 and numbers[0] > numbers[1]:
        fields.against_rule("range", f"goes from {numbers[0]} down to {numbers[1]}", "[low, high]")
    elif len(numbers) == 2:
        return NumberKey(low=numbers[0], high=numbers[1])
    return None


# Pairs and orders


def _pairs(fields: Fields, kind: QuestionKind) -> OwnFields:
    inner = fields.mappings("pairs", required=True)
    pairs = tuple(_pair(one) for one in inner)
    node = fields.node("pairs")
    if isinstance(node, YamlList) and not 2 <= len(node.items) <= 20:
        fields.report("pairs", "E208", f"there {counted(len(node.items), 'pair')}", "2 to 20")
    seen: set[str] = set()
    for one, pair in zip(inner, pairs, strict=True):
        if pair.left and same(pair.left) in seen:
            one.report("left", "E208", f"the left side {shortened(pair.left)} stands here twice", "different ones")
        seen.add(same(pair.left))
    return {"pairs": pairs, "distractors": fields.texts("distractors")}


def _pair(fields: Fields) -> Pair:
    pair = Pair(fields.text("left", required=True) or "", fields.text("right", required=True) or "")
    fields.close()
    return pair


def _items(fields: Fields, kind: QuestionKind) -> OwnFields:
    node = fields.node("items", required=True)
    placed = fields.placed_texts("items")
    if isinstance(node, YamlList) and not 3 <= len(node.items) <= 12:
        fields.report("items", "E209", f"there {counted(len(node.items), 'item')}", "3 to 12")
    seen: set[str] = set()
    for text, place in placed:
        if same(text) in seen:
            fields.document.report(place, "E209", f"the item {shortened(text)} stands here twice", "different items")
        seen.add(same(text))
    return {"items": tuple(text for text, _ in placed)}


READERS = {
    "single": _choices,
    "multiple": _choices,
    "truefalse": _truth,
    "text": _texts,
    "number": _number,
    "match": _pairs,
    "order": _items,
}


# Words


def same(text: str) -> str:
    """Two texts that a reader cannot tell apart give the same."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def counted(count: int, noun: str) -> str:
    return f"is 1 {noun}" if count == 1 else f"are {count} {noun}s"


def counted_first(count: int, noun: str) -> str:
    return f"1 {noun} is" if count == 1 else f"{count} {noun}s are"


def shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
