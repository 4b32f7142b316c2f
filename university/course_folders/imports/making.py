"""Making our questions from what other formats say: ids, keys from weights, and every difference by name."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from university.course_folders.course.questions import Choice, Feedback, Question, QuestionKind, default_scoring
from university.course_folders.imports.results import Item, Remark, marked
from university.course_folders.imports.texts import Formed, one_line, shortened
from university.course_folders.markdown.rendering import plain
from university.course_folders.reading.fields import as_id
from university.course_folders.reading.questions import same
from university.course_folders.writing.canonical import exact_decimal

LONGEST_WORDS = 48
# Formats write a third with five figures or with seven; more of a difference is meant.
NEARLY = Fraction(1, 1000)

UNTICKED = marked("several choices are right; learners must tick all of them here")
PARTLY = marked("a choice is worth %(weight)s %% of the points; here it is wrong")
WEIGHTED = marked(
    "the weights %(weights)s are not kept; here every right tick counts the same and a wrong one is taken off"
)
NONE_RIGHT = marked("no choice is marked as right; mark one before publishing")


@dataclass
class Piece:
    """One thing of the source while it is read; collects what is lost on the way."""

    path: str
    line: int
    sort: str
    title: str = ""
    group: str = ""
    wanted_id: str | None = None
    tags: tuple[str, ...] = ()
    remarks: list[Remark] = field(default_factory=list)

    def lose(self, sentence: str, **values: str | int) -> None:
        """Remembers a loss, each once; `values` fill the sentence."""
        remark = Remark(sentence, values, self.line)
        if remark not in self.remarks:
            self.remarks.append(remark)

    def take(self, formed: Formed) -> str:
        """The Markdown; what was lost with its form is remembered."""
        for sentence, values in formed.losses:
            self.lose(sentence, **values)
        return formed.text

    def skipped(self, sentence: str, **values: str | int) -> Item:
        self.lose(sentence, **values)
        return self._item(None)

    def made(self, kind: QuestionKind, text: str, **fields: object) -> Item:
        """The question, with the usual scoring of its kind unless told otherwise."""
        question = Question(id="", kind=kind, text=text, scoring=default_scoring(kind), tags=self.tags)
        question = replace(question, **fields)  # type: ignore[arg-type]
        return self._item(replace(question, id=self._id(question)))

    def noted(self, makes: str) -> Item:
        """Something that becomes no question but is kept as what `makes` says."""
        return self._item(None, makes)

    def _item(self, question: Question | None, makes: str | None = None) -> Item:
        title = self.title or (plain(question.text) if question else "")
        return Item(self.path, self.line, self.sort, shortened(title), question, makes, tuple(self.remarks), self.group)

    def _id(self, question: Question) -> str:
        wanted = as_id(self.wanted_id or "")
        if wanted:
            return wanted
        words = as_id(self.title or plain(question.text)) or "question"
        if len(words) > LONGEST_WORDS:
            words = words[:LONGEST_WORDS].rpartition("-")[0] or words[:LONGEST_WORDS]
        return f"{words}-{signature(question)[:8]}"


def signature(question: Question) -> str:
    """What makes a question the same one when it has no id of its own: its kind and its text."""
    return hashlib.sha256(f"{question.kind}\n{same(question.text)}".encode()).hexdigest()


@dataclass(frozen=True)
class Weighted:
    """A choice of another format: `weight` is its share of the points, 1 for all of them, below 0 for a penalty."""

    text: str
    weight: Fraction
    feedback: str | None = None
    pin: bool = False
    id: str | None = None


def choose(piece: Piece, text: str, choices: Sequence[Weighted], is_single: bool, **fields: object) -> Item:
    """A question of kind single or multiple. What is worth anything is right, unless a whole one stands beside it."""
    if is_single:
        return _choose_one(piece, text, choices, fields)
    right = [choice.weight > 0 for choice in choices]
    if not any(right):
        piece.lose(NONE_RIGHT)
    elif not _is_our_rule(choices):
        weights = ", ".join(f"{percent(choice.weight)} %" for choice in choices)
        piece.lose(WEIGHTED, weights=weights)
    return piece.made("multiple", text, choices=_choices(choices, right), **fields)


def _choose_one(piece: Piece, text: str, choices: Sequence[Weighted], fields: dict[str, object]) -> Item:
    whole = [choice.weight >= 1 for choice in choices]
    if sum(whole) > 1:
        piece.lose(UNTICKED)
        return piece.made("multiple", text, choices=_choices(choices, whole), **fields)
    if not any(whole):
        piece.lose(NONE_RIGHT)
    for choice, is_right in zip(choices, whole, strict=True):
        if choice.weight and not is_right:
            piece.lose(PARTLY, weight=percent(choice.weight))
    return piece.made("single", text, choices=_choices(choices, whole), **fields)


def _choices(choices: Sequence[Weighted], right: Sequence[bool]) -> tuple[Choice, ...]:
    return tuple(
        Choice(choice.text, is_right, choice.feedback, pin=choice.pin, id=as_id(choice.id or ""))
        for choice, is_right in zip(choices, right, strict=True)
    )


def _is_our_rule(choices: Sequence[Weighted]) -> bool:
    """Whether ours, (right ticked − wrong ticked) / right, comes to the same as the weights."""
    right = [choice.weight for choice in choices if choice.weight > 0]
    share = Fraction(1, len(right))
    wrong = [choice.weight for choice in choices if choice.weight <= 0]
    return all(abs(weight - share) < NEARLY for weight in right) and all(
        abs(weight + share) < NEARLY for weight in wrong
    )


def percent(weight: Fraction) -> str:
    """A share as people write it: 50, 33.333, -100."""
    return f"{exact_decimal(Fraction(round(weight * 100_000), 1000)).normalize():f}"


def feedback_of(**texts: str | None) -> Feedback:
    """Feedback without what is empty."""
    return Feedback(**{name: text or None for name, text in texts.items()})


def plain_line(piece: Piece, formed: Formed) -> str:
    """For fields that hold no Markdown: the text as a reader sees it, on one line."""
    return one_line(plain(piece.take(formed)))
