"""What a learner is told about an answer, and when right answers may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from university.course_folders import Question
from university.language import format_digits
from university.questions.grading import Given, best_answer, share, ticked
from university.questions.paper import Paper

Tone = Literal["right", "partly", "wrong"]


@dataclass(frozen=True)
class Told:
    """How right it was, and HTML texts in the order they are read. `key` is the right answer where it may be shown
    and no mark beside a choice shows it already."""

    tone: Tone
    texts: tuple[str, ...]
    key: str | None = None


@dataclass(frozen=True)
class Disclosure:
    """What the result of an ended attempt may say beside the score."""

    objectives: bool
    explanations: bool
    keys: bool


def disclosure(paper: Paper, passed: bool, attempts_left: int | None) -> Disclosure:
    """`attempts_left` None means as many as one likes: then only passing shows right answers."""
    mode = paper.rules.feedback
    if mode == "score_only":
        return Disclosure(objectives=False, explanations=False, keys=False)
    if mode == "after_pass":
        return Disclosure(objectives=True, explanations=passed, keys=passed and paper.may_show_keys)
    is_over = passed or attempts_left == 0
    keys = mode == "immediate" or (is_over and paper.may_show_keys)
    return Disclosure(objectives=True, explanations=True, keys=keys)


def tell(question: Question, given: Given, *, keys: bool) -> Told:
    """The feedback that fits this answer. Without `keys`, nothing that names a right choice that was left out."""
    earned = share(question, given)
    texts = tuple(text for text in _fitting(question, given, earned, keys) if text)
    return Told(tone_of(earned), texts, _key(question) if keys and earned < 1 else None)


def tone_of(earned: Fraction) -> Tone:
    if earned == 1:
        return "right"
    return "partly" if earned else "wrong"


def _fitting(question: Question, given: Given, earned: Fraction, keys: bool) -> Iterator[str | None]:
    """Of each ticked choice, of each right one left out, then by how right it was, then the explanation."""
    chosen = ticked(question, given)
    yield from (choice.feedback for choice in chosen)
    if keys:
        yield from (one.feedback_if_not_chosen for one in question.choices if one.correct and one not in chosen)
    answer = best_answer(question, given.get("text", "")) if question.kind == "text" else None
    yield answer.feedback if answer else None
    feedback = question.feedback
    yield {"right": feedback.correct, "partly": feedback.partial, "wrong": feedback.incorrect}[tone_of(earned)]
    yield feedback.explanation


def _key(question: Question) -> str | None:
    """The right answer in words, for the kinds whose options carry no mark."""
    if question.kind == "text":
        best = max(question.answers, key=lambda answer: answer.score)
        return best.text.replace("\\*", "*").strip("*") if best.text.strip("*") else None
    if question.kind != "number" or question.key is None:
        return None
    if question.key.answer is not None:
        return _with_unit(format_digits(question.key.answer), question.unit)
    ends = (question.key.low, question.key.high)
    return _with_unit(" – ".join(format_digits(end) for end in ends if end is not None), question.unit)


def _with_unit(number: str, unit: str | None) -> str:
    return f"{number} {unit}" if unit else number
