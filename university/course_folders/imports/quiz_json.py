"""The JSON of the quiz app of the "for beginners" courses: a list of courses with their quizzes."""

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from university.course_folders.course.questions import Choice
from university.course_folders.imports.making import Piece, Weighted, choose
from university.course_folders.imports.results import BrokenFile, Import, Item, marked
from university.course_folders.imports.texts import from_plain, one_line

# The two words of a true-or-false question, in the languages of the courses we know.
TRUTHS = (
    ("true", "false"),
    ("waar", "niet waar"),
    ("waar", "onwaar"),
    ("juist", "onjuist"),
    ("wahr", "falsch"),
    ("richtig", "falsch"),
    ("vrai", "faux"),
    ("verdadero", "falso"),
    ("vero", "falso"),
    ("verdadeiro", "falso"),
)
RIGHT = {"true": True, "false": False, True: True, False: False}

MALFORMED = marked("this is no valid JSON: %(why)s")
OTHER = marked("the JSON is not that of the quiz app")
NO_TEXT = marked("a question without a text or choices")


def is_json(name: str, text: str) -> bool:
    """GIFT may begin with a bracket too."""
    start = text.lstrip()[:1]
    return start in ("[", "{") and (name.lower().endswith(".json") or '"quizzes"' in text)


def read_quiz_json(name: str, text: str) -> Import:
    """Every question of every course in it. Raises BrokenFile for what is no JSON, or JSON of something else."""
    try:
        courses = json.loads(text)
    except json.JSONDecodeError as problem:
        raise BrokenFile(MALFORMED, problem.lineno, problem.colno, why=problem.msg) from None
    except (RecursionError, ValueError) as problem:
        raise BrokenFile(MALFORMED, why=type(problem).__name__) from None
    if isinstance(courses, dict):
        courses = [courses]
    if not isinstance(courses, list) or not any(isinstance(one, dict) and "quizzes" in one for one in courses):
        raise BrokenFile(OTHER)
    lines = _Lines(text)
    return Import(name, "quiz-app JSON", tuple(_items(name, courses, lines)))


class _Lines:
    """Where each question text stands, found in the order they are asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def of(self, words: str) -> int:
        for written in (json.dumps(words, ensure_ascii=False), json.dumps(words)):
            found = self.text.find(written, self.at)
            if found >= 0:
                self.at = found + len(written)
                break
        return self.text.count("\n", 0, self.at) + 1


def _items(name: str, courses: list[Any], lines: _Lines) -> Iterator[Item]:
    for course in courses:
        for quiz in _list(course, "quizzes"):
            title = one_line(str(quiz.get("title", ""))) if isinstance(quiz, dict) else ""
            for asked in _list(quiz, "quiz"):
                yield _question(name, title, asked, lines)


def _list(value: Any, field: str) -> list[Any]:
    found = value.get(field) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _question(name: str, group: str, asked: Any, lines: _Lines) -> Item:
    text = asked.get("questionText") if isinstance(asked, dict) else None
    options = [one for one in _list(asked, "answerOptions") if isinstance(one, dict)]
    if not isinstance(text, str) or not options:
        return Piece(name, lines.of(""), "question", group=group).skipped(NO_TEXT)
    piece = Piece(name, lines.of(text), "question", group=group)
    words = [str(one.get("answerText", "")) for one in options]
    right = [RIGHT.get(_known(one.get("isCorrect")), False) for one in options]
    question = piece.take(from_plain(text))
    folded = tuple(one_line(word).casefold().strip(".") for word in words)
    if sum(right) == 1 and any(folded in (pair, pair[::-1]) for pair in TRUTHS):
        is_true = any(folded[right.index(True)] == pair[0] for pair in TRUTHS)
        return piece.made("truefalse", question, answer=is_true)
    if sum(right) > 1:  # comes in as it is; the checker names it
        choices = (Choice(piece.take(from_plain(word)), one) for word, one in zip(words, right, strict=True))
        return piece.made("single", question, choices=tuple(choices))
    weighted = [Weighted(piece.take(from_plain(word)), Fraction(one)) for word, one in zip(words, right, strict=True)]
    return choose(piece, question, weighted, is_single=True)


def _known(value: Any) -> Any:
    """The file writes truth values as text."""
    return value.strip().lower() if isinstance(value, str) else value if isinstance(value, bool) else None
