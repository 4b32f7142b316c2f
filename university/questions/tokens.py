"""Names of choices and sides in forms: a hash of their text, so that no value tells its place or its author's id."""

from __future__ import annotations

import hashlib

from university.course_folders import Choice, Question


def choice_token(question: Question, choice: Choice) -> str:
    return text_token(question, choice.text)


def text_token(question: Question, text: str) -> str:
    """16 hexadecimal digits; texts of one question are different, so their tokens are."""
    return hashlib.blake2s(f"{question.id}\0{text}".encode(), digest_size=8).hexdigest()
