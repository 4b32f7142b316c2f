"""Aiken: a question, its choices on lines `A.` to `Z.`, and `ANSWER: B`."""

import re
from collections.abc import Iterator

from university.course_folders.course.questions import Choice
from university.course_folders.imports.making import Piece
from university.course_folders.imports.results import BrokenFile, Import, Item, marked
from university.course_folders.imports.texts import from_plain

CHOICE = re.compile(r"([A-Z])[.)][ \t]+(.*)")
ANSWER = re.compile(r"ANSWER:[ \t]*([A-Za-z])[ \t.]*", re.IGNORECASE)
Line = tuple[int, str]

NO_ANSWER = marked("the question has no line ANSWER:")
NO_CHOICE = marked("there is no choice %(letter)s")
NO_QUESTION = marked("ANSWER: without a question above it")
NO_CHOICES = marked("the question has no choices; they begin with A.")
AFTER_CHOICES = marked("a line after the choices is neither a choice nor ANSWER:")


def is_aiken(text: str) -> bool:
    """Whether a line `ANSWER: B` and a line with a choice stand in it."""
    lines = text.split("\n")
    return any(ANSWER.fullmatch(line.strip()) for line in lines) and any(CHOICE.match(line) for line in lines)


def read_aiken(name: str, text: str) -> Import:
    """Raises BrokenFile at the first line that does not fit."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    return Import(name, "Aiken", tuple(_items(name, lines)))


def _items(name: str, lines: list[Line]) -> Iterator[Item]:
    words: list[Line] = []
    choices: list[tuple[str, str]] = []
    for number, line in lines:
        answer, choice = ANSWER.fullmatch(line), CHOICE.match(line)
        if answer:
            yield _item(name, words, choices, answer[1].upper(), number)
            words, choices = [], []
        elif choice and words:
            choices.append((choice[1], choice[2]))
        elif line and choices:
            raise BrokenFile(AFTER_CHOICES, number)
        elif line:
            words.append((number, line))
    if words:
        raise BrokenFile(NO_ANSWER, words[0][0])


def _item(name: str, words: list[Line], choices: list[tuple[str, str]], letter: str, number: int) -> Item:
    if not words:
        raise BrokenFile(NO_QUESTION, number)
    if not choices:
        raise BrokenFile(NO_CHOICES, words[0][0])
    if letter not in [one for one, _ in choices]:
        raise BrokenFile(NO_CHOICE, number, letter=letter)
    piece = Piece(name, words[0][0], "single")
    text = piece.take(from_plain("\n".join(line for _, line in words)))
    taken = tuple(Choice(piece.take(from_plain(words_of)), one == letter) for one, words_of in choices)
    return piece.made("single", text, choices=taken)
