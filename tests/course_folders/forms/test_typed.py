"""What is typed into forms changes the files it must and no byte more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from university.course_folders.forms.typed import Blank, Rows, changed, rows_in, shown
from university.course_folders.yaml.tree import parse

LAYOUT = (
    Blank("title", required=True),
    Blank("summary"),
    Blank("hours", "number", required=True),
    Blank("eqf", "whole"),
    Blank("draft", "flag"),
    Blank("completion.exam", "switch"),
    Blank("completion.lessons", "share"),
    Blank("description", "block"),
    Blank("outcomes", "lines"),
    Blank("cover.file"),
    Blank("cover.alt"),
    Rows("authors", ("name", "url")),
)

FILE = """\
# by hand
title: 'It''s'   # the title
hours: 1.5
authors:
- name: Ada   # first
  url: https://example.org/ada
- {name: Ben}
outcomes:
  # why
  - See it
  - Do it
description: |
  One.

  Two.
cover:
  file: images/a.png
"""


def typed_as_shown() -> dict[str, str]:
    return shown(FILE, LAYOUT)


def test_a_form_shows_what_the_file_says() -> None:
    seen = typed_as_shown()
    assert seen["title"] == "It's"
    assert seen["hours"] == "1.5"
    assert seen["outcomes"] == "See it\nDo it"
    assert seen["description"] == "One.\n\nTwo.\n"
    assert (seen["authors.0.url"], seen["authors.1.url"], seen["authors.1.name"]) == (
        "https://example.org/ada",
        "",
        "Ben",
    )
    assert (seen["summary"], seen["draft"], seen["completion.exam"]) == ("", "", "")
    assert rows_in(FILE, Rows("authors", ("name",))) == 2


def test_sending_a_form_back_unchanged_changes_no_byte() -> None:
    typed = {name: value.replace("\n", "\r\n") for name, value in typed_as_shown().items()}
    assert changed(FILE, LAYOUT, typed) == FILE


def test_a_field_that_was_not_sent_stays() -> None:
    assert changed(FILE, LAYOUT, {"summary": "New"}) == FILE + "summary: New\n"


@pytest.mark.parametrize(
    ("typed", "gone", "come"),
    [
        ({"title": "It is"}, ["title: 'It''s'   # the title"], ["title: 'It is'   # the title"]),
        ({"title": ""}, ["title: 'It''s'   # the title"], ["title: ''   # the title"]),
        ({"hours": "2,25"}, ["hours: 1.5"], ["hours: 2.25"]),
        ({"hours": "3"}, ["hours: 1.5"], ["hours: 3"]),
        ({"hours": "many"}, ["hours: 1.5"], ["hours: many"]),
        ({"eqf": "4"}, [], ["eqf: 4"]),
        ({"draft": "true"}, [], ["draft: true"]),
        (
            {"completion.exam": "false", "completion.lessons": "80"},
            [],
            ["completion:", "  exam: false", "  lessons: 80"],
        ),
        ({"completion.lessons": "none"}, [], ["completion:", "  lessons: none"]),
        ({"outcomes": "See it\nMake it\nKeep it"}, ["  - Do it"], ["  - Make it", "  - Keep it"]),
        ({"outcomes": "See it"}, ["  - Do it"], []),
        ({"authors.0.name": "Ada L."}, ["- name: Ada   # first"], ["- name: Ada L.   # first"]),
        ({"authors.1.name": "", "authors.1.url": ""}, ["- {name: Ben}"], []),
        ({"authors.2.name": "Cy", "authors.3.name": " "}, [], ["- name: Cy"]),
        ({"cover.file": ""}, ["cover:", "  file: images/a.png"], []),
        ({"description": "One.\r\n\r\nThree.\r\n"}, ["  Two."], ["  Three."]),
    ],
)
def test_what_is_typed_changes_its_own_lines_only(typed: dict[str, str], gone: list[str], come: list[str]) -> None:
    rows = {name: value for name, value in typed_as_shown().items() if name.startswith("authors.")}
    after = changed(FILE, LAYOUT, {**rows, **typed})
    old, new = FILE.splitlines(), after.splitlines()
    assert [line for line in old if line not in new] == gone
    assert [line for line in new if line not in old] == come
    assert parse(after)[1] == ()


def test_all_rows_and_lists_can_go_and_come() -> None:
    empty = {**typed_as_shown(), "outcomes": "", "authors.0.name": "", "authors.0.url": "", "authors.1.name": ""}
    without = changed(FILE, LAYOUT, empty)
    assert "authors" not in without
    assert "outcomes" not in without
    again = changed(without, LAYOUT, {"outcomes": "a\nb", "authors.0.name": "Ada", "authors.1.name": "Ben"})
    assert shown(again, LAYOUT)["outcomes"] == "a\nb"
    assert shown(again, LAYOUT)["authors.1.name"] == "Ben"


def test_a_figure_is_written_as_a_figure() -> None:
    root, _problems = parse(changed("title: a\n", LAYOUT, {"hours": "2.0"}))
    assert root.entries["hours"].value.value == Decimal("2.0")  # type: ignore[union-attr]


def test_a_text_that_is_no_yaml_is_not_touched() -> None:
    with pytest.raises(ValueError, match="not valid YAML"):
        changed("title: [", LAYOUT, {"title": "b"})
