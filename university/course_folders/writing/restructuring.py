"""Modules and lessons added, moved, taken away: changes of a folder, in which every link still leads where it led.

The order is the number in a name, so that moving renames files; identity is the id inside, which never changes here.
A change is new content by path, None where a file goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from university.course_folders.files.folder import Folder
from university.course_folders.reading.whole_course import LESSON_FILES, NUMBERED, by_number
from university.course_folders.writing.relinking import relinked
from university.course_folders.yaml.writing import as_yaml

Changes = dict[str, bytes | None]
LONGEST_NAME = 40


def module_names(folder: Folder) -> list[str]:
    """Names of the module folders in their order."""
    return [
        name
        for name in by_number({path.split("/")[1] for path in folder.under("modules") if path.count("/") > 1})
        if NUMBERED.fullmatch(name)
    ]


def lesson_names(folder: Folder, module: str) -> list[str]:
    """Names of the lessons in this module folder, without ending, in their order."""
    inside = (PurePosixPath(path) for path in folder.files if path.startswith(f"{module}/") and path.count("/") == 2)
    return [
        name for name in by_number({path.stem for path in inside if path.suffix == ".md"}) if NUMBERED.fullmatch(name)
    ]


def move_module(folder: Folder, module: str, position: int) -> Changes:
    """The module `modules/NN-name` at this position, counted from 0."""
    names, name = module_names(folder), module.removeprefix("modules/")
    return _renamed(folder, _with_prefix("modules/", renumbered(_moved(names, name, position)), folder.files))


def move_lesson(folder: Folder, lesson: str, module: str, position: int) -> Changes:
    """The lesson in this file at this position of this module, which may be another one; its quizzes go with it."""
    home, name = lesson.removesuffix(".md").rsplit("/", 1)
    names = lesson_names(folder, module)
    if home == module:
        new = renumbered(_moved(names, name, position))
        return _renamed(folder, _lesson_files(folder, {f"{home}/{old}": f"{home}/{new[old]}" for old in new}))
    # A number that is surely free stands for the newcomer while the numbers are shared out.
    guest = _next_name(names, name.split("-", 1)[1])
    new = renumbered(_moved([*names, guest], guest, position))
    renames = {f"{module}/{old}": f"{module}/{new[old]}" for old in names}
    return _renamed(folder, _lesson_files(folder, {**renames, f"{home}/{name}": f"{module}/{new[guest]}"}))


def add_module(folder: Folder, id_: str, title: str) -> tuple[str, Changes]:
    """The new module's folder, and the change that makes it, after all others."""
    path = f"modules/{_next_name(module_names(folder), id_)}"
    return path, {f"{path}/module.yaml": as_yaml({"id": id_, "title": title}).encode()}


def add_lesson(folder: Folder, module: str, id_: str, title: str, minutes: int) -> tuple[str, Changes]:
    """The new lesson's file, and the change that makes it, after all others of the module."""
    path = f"{module}/{_next_name(lesson_names(folder, module), id_)}.md"
    front = as_yaml({"id": id_, "title": title, "minutes": minutes})
    return path, {path: f"---\n{front}---\n".encode()}


def remove(folder: Folder, path: str) -> Changes:
    """Without this lesson and its quizzes, or without this module and all that is in it."""
    stem = path.removesuffix(".md")
    if path.endswith(".md"):
        return {stem + end: None for end in LESSON_FILES if stem + end in folder.files}
    return {one: None for one in folder.files if one.startswith(f"{path}/")}


def free_id(wanted: str, taken: Iterable[str]) -> str:
    """The id itself, or with a number behind it when it is taken."""
    used, number, free = set(taken), 1, wanted[:80]
    while free in used:
        number += 1
        free = f"{wanted[:76]}-{number}"
    return free


def renumbered(names: Sequence[str]) -> dict[str, str]:
    """Names in a new order, by what they are called now. The numbers that are there are dealt out anew, so that few
    files change; where two are equal, all are counted from 1."""
    numbers = sorted(int(name.split("-", 1)[0]) for name in names)
    if len(set(numbers)) < len(numbers):
        numbers = list(range(1, len(names) + 1))
    width = max([2, *(len(name.split("-", 1)[0]) for name in names)])
    return {name: _numbered(name, number, width) for name, number in zip(names, numbers, strict=True)}


def _numbered(name: str, number: int, width: int) -> str:
    digits, rest = name.split("-", 1)
    return name if int(digits) == number else f"{number:0{width}d}-{rest}"


def _moved(names: Sequence[str], name: str, position: int) -> list[str]:
    if name not in names:
        raise ValueError(f"there is no {name} here")
    others = [one for one in names if one != name]
    return [*others[: max(position, 0)], name, *others[max(position, 0) :]]


def _next_name(names: Sequence[str], rest: str) -> str:
    number = 1 + max((int(name.split("-", 1)[0]) for name in names), default=0)
    return f"{number:02d}-{rest[:LONGEST_NAME].strip('-') or 'new'}"


def _with_prefix(prefix: str, names: Mapping[str, str], files: Iterable[str]) -> dict[str, str]:
    """Every file below the renamed folders, old path to new."""
    renames = {}
    for path in files:
        for old, new in names.items():
            if old != new and path.startswith(f"{prefix}{old}/"):
                renames[path] = f"{prefix}{new}/{path.removeprefix(f'{prefix}{old}/')}"
    return renames


def _lesson_files(folder: Folder, stems: Mapping[str, str]) -> dict[str, str]:
    return {
        old + end: new + end
        for old, new in stems.items()
        for end in LESSON_FILES
        if old != new and old + end in folder.files
    }


def _renamed(folder: Folder, renames: Mapping[str, str]) -> Changes:
    """The files under their new names, and every link of the course to where it led before."""
    changes: Changes = dict.fromkeys(renames)
    for path, content in folder.files.items():
        new = renames.get(path, path)
        linked = relinked(content, path, new, renames, folder.files) if _has_links(path) else content
        if new != path or linked != content:
            changes[new] = linked
    return changes


def _has_links(path: str) -> bool:
    return bool(re.search(r"\.(md|yaml)$", path))
