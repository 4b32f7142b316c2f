"""GIFT, the question format that teachers write by hand: https://docs.moodle.org/en/GIFT_format."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from university.course_folders.course.questions import Answer, Pair
from university.course_folders.imports.making import Piece, Weighted, choose, feedback_of, percent, plain_line
from university.course_folders.imports.moodle.gift_pieces import (
    TITLE,
    Block,
    bare,
    blocks,
    cut,
    format_of,
    formed,
    unescaped,
    weight_of,
)
from university.course_folders.imports.numbers import number_key
from university.course_folders.imports.results import Import, Item, marked
from university.course_folders.imports.texts import one_line, tidy

BLANK = "_____"
TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
TOP = "$course$/top/"

NO_QUESTION = marked("a text without a question; put it into a lesson")
ESSAY = marked("an essay: no program can mark it")
UNKNOWN = marked("the answer in braces cannot be read")
TWO_ANSWERS = marked("two answers in braces; a question here has one")
NO_NUMBER = marked("no right number can be read")
OTHER_NUMBER = marked("only one right number is kept; %(answer)s (%(weight)s %%) is not")
LOST_FEEDBACK = marked("feedback for one answer is not kept: %(feedback)s")
EMPTY_ANSWER = marked("an answer without a text")


@dataclass(frozen=True)
class Given:
    """One answer between the braces: its sign, its share of the points where it says so, text and feedback."""

    sign: str
    weight: Fraction | None
    text: str
    feedback: str | None


@dataclass
class Body:
    """A question taken apart; `format` is the one its texts have when they name none."""

    piece: Piece
    text: str
    format: str
    general: str | None = None

    def read(self, text: str | None) -> str | None:
        return None if text is None else self.piece.take(formed(text, self.format)) or None

    def line(self, text: str) -> str:
        return plain_line(self.piece, formed(text, self.format))

    def feedback(self, **texts: str | None) -> object:
        return feedback_of(explanation=self.read(self.general), **texts)


def read_gift(name: str, text: str) -> Import:
    """Raises BrokenFile at braces that do not fit."""
    items: list[Item] = []
    tags: tuple[str, ...] = ()
    for block in blocks(tidy_lines(text)):
        if block.text.startswith("$CATEGORY:"):
            item, tags = _category(name, block)
        else:
            item = _question(name, block, tags)
        items.append(item)
    return Import(name, "GIFT", tuple(items))


def tidy_lines(text: str) -> str:
    """One kind of line end; nothing else moves, so that lines keep their numbers."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _category(name: str, block: Block) -> tuple[Item, tuple[str, ...]]:
    path = block.text.removeprefix("$CATEGORY:").strip()
    tag = one_line(tidy(path.removeprefix(TOP).removeprefix("$course$/")))
    piece = Piece(name, block.line, "Category", path)
    return piece.noted(f"tag: {tag}"), (tag,) if tag else ()


def _question(name: str, block: Block, tags: tuple[str, ...]) -> Item:
    text = block.text
    title = TITLE.match(text)
    start = title.end() if title else 0
    named = one_line(unescaped(title[1])) if title else ""
    piece = Piece(name, block.line, "Description", named, wanted_id=block.id, tags=tags + block.tags)
    braces = list(bare(text, "{}"))
    if not braces:
        piece.title = named or one_line(unescaped(text[start:]))
        return piece.skipped(NO_QUESTION)
    before, answer, after = text[start : braces[0]], text[braces[0] + 1 : braces[1]], text[braces[1] + 1 :]
    style, _ = format_of(before)
    tail = after.rstrip()
    body = Body(piece, "", style)
    answer, body.general = cut(answer, "####")
    # The words come after the answer is known: an answer within a sentence leaves a blank.
    body.text = body.read(f"{before}{BLANK if tail else ''}{tail}" if tail else before) or ""
    piece.title = named or one_line(body.text)
    if len(braces) > 2:
        return piece.skipped(TWO_ANSWERS)
    return _by_answer(body, answer)


def _by_answer(body: Body, answer: str) -> Item:
    """What kind of question it is shows in its answer."""
    words, _ = cut(answer, "#")
    if not answer.strip():
        body.piece.sort = "Essay"
        return body.piece.skipped(ESSAY)
    if answer.lstrip().startswith("#"):
        return _number(body, answer.lstrip()[1:])
    if words.strip().upper() in TRUTHS:
        return _truth(body, answer, TRUTHS[words.strip().upper()])
    given = list(_given(answer))
    if not given:
        return body.piece.skipped(UNKNOWN)
    if all(one.sign == "=" and "->" in one.text for one in given):
        return _match(body, given)
    return _text(body, given) if all(one.sign == "=" for one in given) else _choices(body, given)


def _given(answer: str) -> Iterator[Given]:
    for start, end in pairwise([*bare(answer, "=~"), len(answer)]):
        weight, rest = weight_of(answer[start + 1 : end])
        text, feedback = cut(rest, "#")
        yield Given(answer[start], weight, text, feedback if feedback and feedback.strip() else None)


def _truth(body: Body, answer: str, is_true: bool) -> Item:
    body.piece.sort = "TF"
    _, feedback = cut(answer, "#")
    wrong, right = cut(feedback or "", "#")  # Moodle: first for a wrong answer, then for a right one
    feedbacks = body.feedback(incorrect=body.read(wrong), correct=body.read(right))
    return body.piece.made("truefalse", body.text, answer=is_true, feedback=feedbacks)


def _choices(body: Body, given: list[Given]) -> Item:
    body.piece.sort = "MC"
    is_single = any(one.sign == "=" for one in given)
    choices = [
        Weighted(
            text=body.read(one.text) or "",
            weight=one.weight if one.weight is not None else Fraction(one.sign == "="),
            feedback=body.read(one.feedback),
        )
        for one in given
    ]
    return choose(body.piece, body.text, choices, is_single, feedback=body.feedback())


def _text(body: Body, given: list[Given]) -> Item:
    body.piece.sort = "Short"
    answers = []
    for one in given:
        text = body.line(one.text)
        weight = Fraction(1) if one.weight is None else min(max(one.weight, Fraction(0)), Fraction(1))
        if text:
            answers.append(Answer(text, weight, body.read(one.feedback)))
        else:
            body.piece.lose(EMPTY_ANSWER)
    return body.piece.made("text", body.text, answers=tuple(answers), feedback=body.feedback())


def _match(body: Body, given: list[Given]) -> Item:
    body.piece.sort = "Matching"
    pairs, distractors = [], []
    for one in given:
        left, _, right = one.text.partition("->")
        if body.line(left):
            pairs.append(Pair(body.line(left), body.line(right)))
        else:
            distractors.append(body.line(right))
        if one.feedback:
            body.piece.lose(LOST_FEEDBACK, feedback=one_line(unescaped(one.feedback)))
    return body.piece.made(
        "match", body.text, pairs=tuple(pairs), distractors=tuple(distractors), feedback=body.feedback()
    )


def _number(body: Body, answer: str) -> Item:
    body.piece.sort = "Numerical"
    given = list(_given(answer))
    if not given:
        text, feedback = cut(answer, "#")
        given = [Given("=", None, text, feedback if feedback and feedback.strip() else None)]
    key, right = None, None
    for one in given:
        if key is None and one.sign == "=" and one.weight in (None, Fraction(1)):
            key, right = number_key(unescaped(one.text)), one
    if key is None:
        return body.piece.skipped(NO_NUMBER)
    for one in given:
        if one is not right:
            _other_number(body, one)
    feedbacks = body.feedback(correct=body.read(right.feedback) if right else None)
    return body.piece.made("number", body.text, key=key, feedback=feedbacks)


def _other_number(body: Body, one: Given) -> None:
    weight = one.weight if one.weight is not None else Fraction(one.sign == "=")
    if weight:
        body.piece.lose(OTHER_NUMBER, answer=one_line(unescaped(one.text)), weight=percent(weight))
    if one.feedback:
        body.piece.lose(LOST_FEEDBACK, feedback=one_line(unescaped(one.feedback)))
