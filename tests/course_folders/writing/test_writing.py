"""Courses written by us come back as they were; files written by people change only where they were changed."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.course_folders.lighthouses import COAST, SITE, lighthouses
from university.course_folders import (
    Answer,
    Course,
    Folder,
    Question,
    check,
    read_course,
    write_course,
)
from university.course_folders.writing import (
    canonical as writing,
)
from university.course_folders.writing.canonical import lesson_text, quiz_text
from university.course_folders.writing.editing import edited

BY_HAND = """\
# My course
format: 1   # always
slug: "x-y"
title: 'It''s: a title'  # nice

# the licence
licence:
  id: MIT   # free
  file: LICENSE
authors:
- name: Ada   # first
- {name: Ben, url: "https://example.org"}
outcomes: [a, 'b']
text: |
  one

  two
"""


def course_in(folder: Folder) -> Course:
    course = read_course(folder).course
    assert course is not None
    return course


def other_files(folder: Folder) -> dict[str, bytes]:
    return {path: content for path, content in folder.files.items() if not path.endswith((".yaml", ".md"))}


def test_a_course_written_and_read_is_the_same_course() -> None:
    course = course_in(lighthouses())
    written = write_course(course, other_files(lighthouses()))
    assert course_in(written) == course
    assert check(written, SITE) == []


def test_a_folder_that_we_wrote_is_written_again_byte_by_byte() -> None:
    written = write_course(course_in(lighthouses()), other_files(lighthouses()))
    assert write_course(course_in(written), other_files(written)) == written


def test_a_written_quiz_says_only_what_differs_from_the_usual() -> None:
    course = course_in(lighthouses())
    pre = next(quiz for quiz in course.quizzes if quiz.kind == "pre")
    assert quiz_text(pre) == lighthouses().files[f"{COAST}/01-marks.pre.yaml"].decode()


def test_texts_that_look_like_something_else_are_written_in_quotes() -> None:
    course = course_in(lighthouses())
    lesson = replace(course.lessons[0], title="Yes", objectives=("12", "a: b", "- c", "~", "#d"))
    assert lesson_text(lesson).startswith(
        "---\nid: marks\ntitle: 'Yes'\nminutes: 5\nobjectives:\n  - '12'\n  - 'a: b'\n  - '- c'\n  - '~'\n  - '#d'\n"
    )


def test_scores_that_are_no_decimals_are_rounded_and_exact_ones_stay() -> None:
    assert writing.exact_decimal(Fraction(1, 8)) == Decimal("0.125")
    assert writing.exact_decimal(Fraction("0.12345678901234567890123456789")) == Decimal(
        "0.12345678901234567890123456789"
    )
    assert writing.exact_decimal(Fraction(1, 3)) == Decimal("0.3333333333")


def test_an_accepted_answer_is_written_as_short_as_it_can_be() -> None:
    course = course_in(lighthouses())
    answers = (Answer("a"), Answer("b", feedback="Good."), Answer("c", Fraction(1, 4)))
    question = Question("q", "text", "What?", answers=answers)
    assert quiz_text(replace(course.quizzes[0], questions=(question,))).endswith(
        "    answers:\n      - a\n      - text: b\n        feedback: Good.\n      - text: c\n        score: 0.25\n"
    )


def test_a_question_made_in_code_can_be_read_again() -> None:
    course = course_in(lighthouses())
    assert course.exam is not None
    texts = ("Is it?", "Two\n\nlines", " blanks ", "tab\there", "a\n", "\n", "é\u2028ü", "---\n...\n", "'\"\\")
    questions = tuple(
        Question(f"q{number}", "truefalse", text, answer=True, quiz_id="final", quiz_kind="exam")
        for number, text in enumerate(texts)
        if text.strip()
    )
    changed = replace(course, exam=replace(course.exam, questions=questions))
    again = course_in(write_course(changed)).exam
    assert again is not None
    assert again.questions == questions


# Files written by hand


def lines_changed(after: str, before: str = BY_HAND) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize(
    ("path", "value", "gone", "come"),
    [
        (("title",), "Ben's: new", ["title: 'It''s: a title'  # nice"], ["title: 'Ben''s: new'  # nice"]),
        (("slug",), 'a"b', ['slug: "x-y"'], ['slug: "a\\"b"']),
        (("format",), 2, ["format: 1   # always"], ["format: 2   # always"]),
        (("authors", 0, "name"), "Bo: x", ["- name: Ada   # first"], ["- name: 'Bo: x'   # first"]),
        (("outcomes", 1), "c, d", ["outcomes: [a, 'b']"], ["outcomes: [a, 'c, d']"]),
        (
            ("authors", 1, "url"),
            "https://b",
            ['- {name: Ben, url: "https://example.org"}'],
            ['- {name: Ben, url: "https://b"}'],
        ),
        (("hours",), Decimal("0.10"), [], ["hours: 0.10"]),
        (("completion", "exam"), True, [], ["completion:", "  exam: true"]),
        (("authors", 2), {"name": "Cy"}, [], ["- name: Cy"]),
        (("licence", "file"), None, ["  file: LICENSE"], []),
        (("authors", 1), None, ['- {name: Ben, url: "https://example.org"}'], []),
        (("text",), "three\nfour", ["text: |", "  one", "  two"], ["text: |-", "  three", "  four"]),
    ],
)
def test_a_change_leaves_comments_order_and_quotes_alone(
    path: tuple[str | int, ...], value: object, gone: list[str], come: list[str]
) -> None:
    after = edited(BY_HAND, {path: value})
    assert lines_changed(after) == (gone, come)


def test_no_change_is_no_change() -> None:
    assert edited(BY_HAND, {}) == BY_HAND
    assert edited(BY_HAND, {("format",): 1}) == BY_HAND
    assert edited(BY_HAND, {("title",): "It's: a title"}) == BY_HAND


def test_a_change_that_has_no_place_is_refused() -> None:
    with pytest.raises(ValueError, match="not valid YAML"):
        edited("a: [", {("a",): 1})
    with pytest.raises(ValueError, match="no field 7"):
        edited(BY_HAND, {("authors", 7, "name"): "x"})
    with pytest.raises(ValueError, match="no place"):
        edited(BY_HAND, {("authors", "name"): "x"})


def test_a_heading_in_a_text_is_no_comment_and_other_fields_keep_their_own_style() -> None:
    before = "a:\n- one\n- two\nb:\n    - |\n      ## Head\n\n      ## Last\n# c follows\nc: 1\n"
    after = edited(before, {("b", 1): "more"})
    assert after == before.replace("## Last\n", "## Last\n    - more\n")
    assert edited(before, {("b",): None}) == "a:\n- one\n- two\n# c follows\nc: 1\n"


def test_lines_that_end_as_on_windows_end_so_after_a_change() -> None:
    before = "a:\r\n  - one\r\n# note\r\nb: 1\r\n"
    assert edited(before, {("a", 1): "two"}) == before.replace("one\r\n", "one\r\n  - two\r\n")
    assert edited(before, {("c",): "new"}) == before + "c: new\r\n"
