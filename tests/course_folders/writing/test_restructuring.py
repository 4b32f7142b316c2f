"""Lessons and modules move; ids, quizzes, links, pictures and everything unknown stay with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.sample_course import sample_folder
from university.course_folders import Folder, read_course
from university.course_folders.reading.field_places import field_of
from university.course_folders.writing.restructuring import (
    Changes,
    add_lesson,
    add_module,
    free_id,
    lesson_names,
    move_lesson,
    move_module,
    remove,
    renumbered,
)

UP, DOWN = "modules/01-upstream", "modules/02-downstream"


def after(folder: Folder, changes: Changes) -> Folder:
    files: Mapping[str, bytes | None] = {**folder.files, **changes}
    return replace(folder, files={path: content for path, content in files.items() if content is not None})


def order(folder: Folder) -> list[tuple[str, list[str]]]:
    course = read_course(folder).course
    assert course is not None
    return [(module.id, [lesson.id for lesson in module.lessons]) for module in course.modules]


def errors(folder: Folder) -> list[str]:
    return [finding.as_line() for finding in read_course(folder).findings if finding.is_error]


def test_two_lessons_change_places_with_their_quizzes_and_links() -> None:
    folder = sample_folder()
    moved = after(folder, move_lesson(folder, f"{UP}/02-bends.md", UP, 0))
    assert order(moved)[0] == ("upstream", ["bends", "spring"])
    assert {f"{UP}/01-bends.pre.yaml", f"{UP}/01-bends.quiz.yaml", f"{UP}/02-spring.quiz.yaml"} <= moved.files.keys()
    assert b"[the bends](01-bends.md#why-it-bends)" in moved.files[f"{UP}/02-spring.md"]
    assert errors(moved) == []
    assert after(moved, move_lesson(moved, f"{UP}/01-bends.md", UP, 1)) == folder


def test_a_lesson_moves_to_another_module_and_everything_still_leads_where_it_led() -> None:
    folder = sample_folder()
    moved = after(folder, move_lesson(folder, f"{UP}/01-spring.md", DOWN, 1))
    assert order(moved) == [("upstream", ["bends"]), ("downstream", ["delta", "spring", "extra", "unfinished"])]
    text = moved.files[f"{DOWN}/02-spring.md"].decode()
    assert "(../01-upstream/02-bends.md#why-it-bends)" in text
    assert "![A drop](../../images/drop.png)" in text
    assert f"{DOWN}/02-spring.quiz.yaml" in moved.files
    assert errors(moved) == []


def test_a_module_moves_with_all_that_is_in_it_also_what_nobody_knows() -> None:
    folder = sample_folder(modules__01_upstream="")
    odd = replace(folder, files={**sample_folder().files, f"{UP}/notes.txt": b"mine", "README.md": b"about"})
    moved = after(odd, move_module(odd, DOWN, 0))
    assert [module for module, _ in order(moved)] == ["downstream", "upstream"]
    assert moved.files["modules/02-upstream/notes.txt"] == b"mine"
    assert moved.files["README.md"] == b"about"
    assert after(moved, move_module(moved, "modules/01-downstream", 1)) == odd


def test_code_that_looks_like_a_link_stays_as_it_is() -> None:
    text = "---\nid: a\ntitle: A\nminutes: 2\n---\nSee [b](02-b.md), not `[b](02-b.md)`.\n\n```\n[b](02-b.md)\n```\n"
    other = "---\nid: b\ntitle: B\nminutes: 2\n---\n[ref] and [up]\n\n[ref]: 01-a.md\n[up]: <01-a.md#x>\n"
    files = {"modules/01-m/01-a.md": text.encode(), "modules/01-m/02-b.md": other.encode()}
    moved = after(Folder(files), move_lesson(Folder(files), "modules/01-m/02-b.md", "modules/01-m", 0))
    assert moved.files["modules/01-m/02-a.md"].decode() == text.replace("See [b](02-b", "See [b](01-b")
    assert moved.files["modules/01-m/01-b.md"].decode() == other.replace("01-a.md", "02-a.md")


@pytest.mark.parametrize(
    ("names", "new"),
    [
        (["02-b", "01-a"], ["01-b", "02-a"]),
        (["01-a", "05-c", "03-b"], ["01-a", "03-c", "05-b"]),
        (["02-b", "02-a"], ["01-b", "02-a"]),
        (["100-b", "09-a"], ["009-b", "100-a"]),
    ],
)
def test_numbers_are_dealt_out_anew_with_as_few_changes_as_can_be(names: list[str], new: list[str]) -> None:
    assert list(renumbered(names).values()) == new


def test_new_ones_come_last_and_removed_ones_take_their_quizzes_along() -> None:
    folder = sample_folder()
    path, changes = add_lesson(folder, UP, "mouth", "The mouth: an end", 5)
    assert path == f"{UP}/03-mouth.md"
    longer = after(folder, changes)
    assert order(longer)[0] == ("upstream", ["spring", "bends", "mouth"])
    module, changes = add_module(longer, "sea", "The sea")
    assert module == "modules/03-sea"
    assert order(after(longer, changes))[-1] == ("sea", [])
    assert set(remove(folder, f"{UP}/02-bends.md")) == {
        f"{UP}/02-bends{end}" for end in (".md", ".pre.yaml", ".quiz.yaml")
    }
    assert lesson_names(after(folder, remove(folder, DOWN)), DOWN) == []
    assert free_id("spring", ["spring", "spring-2"]) == "spring-3"


def test_a_finding_knows_its_field() -> None:
    course = sample_folder().files["course.yaml"].decode()
    broken = sample_folder(
        course_dot_yaml=course.replace("hours: 0.5", "hours: long")
        .replace("  id: CC-BY-4.0\n", "")
        .replace("eqf: 3", "eqf: 9"),
        modules__01_upstream="",
    )
    files = {**broken.files, f"{UP}/01-spring.md": b"---\nid: spring\nminutes: 4\nvideo:\n  url: x\n---\n[a](b.md)\n"}
    found = {
        (finding.path.rsplit("/", 1)[-1], field_of(finding, files[finding.path]), finding.code)
        for finding in read_course(replace(broken, files=files)).findings
        if finding.path in files
    }
    assert {
        ("course.yaml", "hours", "E105"),
        ("course.yaml", "licence.id", "E104"),
        ("course.yaml", "eqf", "E106"),
        ("01-spring.md", "title", "E104"),
        ("01-spring.md", "video.url", "E106"),
        ("01-spring.md", "video.title", "E104"),
        ("01-spring.md", "text", "E310"),
    } <= found
