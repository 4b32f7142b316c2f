"""Aiken: the simplest of all formats, and the first place where it breaks."""

import pytest

from university.course_folders.imports import read_questions

GOOD = """Which river is the longest
in the Netherlands?
A. Maas
B) Rijn
ANSWER: B

Is * a star?
A. yes
B. <no>
answer: a
"""


def test_each_question_has_one_right_choice() -> None:
    found = read_questions("own.txt", GOOD)
    assert found.format == "Aiken"
    first, second = found.questions
    assert first.text == "Which river is the longest\nin the Netherlands?"
    assert [one.correct for one in first.choices] == [False, True]
    assert [one.text for one in second.choices] == ["yes", r"\<no\>"]
    assert [item.line for item in found.items] == [1, 7]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("Who?\nA. me\nB. you\n\nWhere?\nA. here\nB. there\nANSWER: A", 5, "a line after the choices"),
        ("Who?\nA. me\nB. you\nANSWER: C", 4, "there is no choice C"),
        ("Who?\nA. me\nANSWER: A\nANSWER: A", 4, "ANSWER: without a question above it"),
        ("Who?\nANSWER: A\nWhere?\nA. x\nANSWER: A", 1, "the question has no choices"),
        ("Who?\nA. me\nANSWER: A\n\nWhere?\n", 5, "the question has no line ANSWER:"),
    ],
)
def test_a_broken_file_makes_nothing_and_says_where(text: str, line: int, why: str) -> None:
    found = read_questions("own.txt", text)
    assert found.items == ()
    assert found.broken is not None
    assert found.broken.line == line
    assert found.broken.text.startswith(why)


def test_text_that_is_not_utf_8_is_refused_with_its_place() -> None:
    found = read_questions("own.txt", "Where?\nA. caf\xe9\nB. bar\nANSWER: A".encode("latin-1"))
    assert found.broken is not None
    assert (found.broken.line, found.broken.column) == (2, 7)


def test_utf_16_with_its_mark_and_other_line_ends_are_read() -> None:
    found = read_questions("own.txt", GOOD.replace("\n", "\r\n").encode("utf-16"))
    assert len(found.questions) == 2


def test_something_else_is_refused_with_a_reason() -> None:
    for text in ("", "Just a letter to a friend."):
        found = read_questions("letter.txt", text)
        assert found.broken is not None
        assert not found.items
