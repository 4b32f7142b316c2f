"""Which questions an attempt asks, and in which order: a function of its seed and the published paper alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from university.course_folders import Choice, Question
from university.questions.paper import Paper

Thing = TypeVar("Thing")


def ask(paper: Paper, seed: str) -> list[Question]:
    """The questions of one attempt with their choices in the order they are shown.

    The same seed always asks the same. No question comes twice, also when parts of a blueprint overlap. Match and
    order keep their key in their fields: how those are shown follows from `mixed`.
    """
    shuffles = paper.rules.shuffle
    asked = [paper.questions[id_] for id_ in _drawn(paper, seed)]
    if shuffles:
        asked = mixed(asked, f"{seed}/questions")
    return [_choices_in_order(question, shuffles, seed) for question in asked]


def mixed(things: Sequence[Thing], seed: str) -> list[Thing]:
    """Shuffled by hash: the order depends on the seed and the place of each thing, on nothing else."""
    keys = [hashlib.blake2s(f"{seed}/{place}".encode()).digest() for place in range(len(things))]
    return [things[place] for place in sorted(range(len(things)), key=keys.__getitem__)]


def _drawn(paper: Paper, seed: str) -> list[str]:
    """Ids in the order of the paper; a part that is drawn from at random never repeats an earlier one."""
    drawn: set[str] = set()
    for at, part in enumerate(paper.parts):
        left = [id_ for id_ in part.questions if id_ not in drawn]
        drawn.update(left if part.draw >= len(left) else mixed(left, f"{seed}/part/{at}")[: part.draw])
    return [id_ for id_ in paper.questions if id_ in drawn]


def _choices_in_order(question: Question, quiz_shuffles: bool, seed: str) -> Question:
    shuffles = quiz_shuffles if question.shuffle is None else question.shuffle
    if not shuffles or not question.choices:
        return question
    return replace(question, choices=_shuffled_choices(question, seed))


def _shuffled_choices(question: Question, seed: str) -> tuple[Choice, ...]:
    """Pinned choices stay where they are; the others change places among themselves."""
    movable = iter(mixed([one for one in question.choices if not one.pin], f"{seed}/{question.id}"))
    return tuple(choice if choice.pin else next(movable) for choice in question.choices)
