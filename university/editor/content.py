"""What a course consists of, as its editor sees it, and the moves that change its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from university.course_folders import Lesson, Module
from university.course_folders.files.folder import Folder
from university.course_folders.reading.fields import as_id
from university.course_folders.writing.restructuring import (
    Changes,
    add_lesson,
    add_module,
    free_id,
    lesson_names,
    module_names,
    move_lesson,
    move_module,
    remove,
)
from university.drafting.draft_saving import OpenDraft, save
from university.drafting.draft_steps import Step
from university.errors import NotFound, Unprocessable
from university.language import gettext as _

MINUTES_AT_FIRST = 5


@dataclass(frozen=True)
class LessonLine:
    lesson: Lesson
    address: str
    errors: int
    warnings: int
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class ModuleBlock:
    module: Module
    address: str
    lessons: list[LessonLine]
    minutes: int
    errors: int
    is_first: bool
    is_last: bool


def outline(opened: OpenDraft) -> list[ModuleBlock]:
    modules = opened.value.modules
    counts = _counts(opened)
    return [
        ModuleBlock(
            module=module,
            address=f"{opened.address}/modules/{module.id}",
            lessons=[
                _line(opened, counts, lesson, at, len(module.lessons)) for at, lesson in enumerate(module.lessons)
            ],
            minutes=sum(lesson.minutes for lesson in module.lessons),
            errors=counts[f"{module.path}/module", True],
            is_first=at == 0,
            is_last=at == len(modules) - 1,
        )
        for at, module in enumerate(modules)
    ]


def _line(opened: OpenDraft, counts: Mapping[tuple[str, bool], int], lesson: Lesson, at: int, count: int) -> LessonLine:
    stem = lesson.path.removesuffix(".md")
    return LessonLine(
        lesson=lesson,
        address=f"{opened.address}/lessons/{lesson.id}",
        errors=counts[stem, True],
        warnings=counts[stem, False],
        is_first=at == 0,
        is_last=at == count - 1,
    )


def _counts(opened: OpenDraft) -> Counter[tuple[str, bool]]:
    """How many errors (True) and warnings (False) belong to a lesson with its quizzes, or to a module."""
    return Counter((finding.path.split(".", 1)[0], finding.is_error) for finding in opened.findings)


def find_lesson(opened: OpenDraft, lesson_id: str) -> tuple[Module, Lesson]:
    for module in opened.value.modules:
        for lesson in module.lessons:
            if lesson.id == lesson_id:
                return module, lesson
    raise NotFound(_("This course has no such lesson."))


def find_module(opened: OpenDraft, module_id: str) -> Module:
    for module in opened.value.modules:
        if module.id == module_id:
            return module
    raise NotFound(_("This course has no such module."))


def move(session: Session, opened: OpenDraft, order: Mapping[str, str], by: UUID) -> OpenDraft:
    """Moves a lesson or module one place (`do` is up or down), or to a place (`to`, counted from 0; a lesson may name
    another module with `into`). Raises Unprocessable for any other order."""
    if order["lesson"]:
        module, lesson = find_lesson(opened, order["lesson"])
        target = find_module(opened, order["into"]) if order["into"] else module
        names = lesson_names(opened.folder, target.path)
        here = names.index(_name(lesson.path)) if target is module else len(names)
        changes = move_lesson(opened.folder, lesson.path, target.path, _wanted(order, here, len(names)))
        title = lesson.title
    else:
        module = find_module(opened, order["module"])
        names = module_names(opened.folder)
        here = names.index(_name(module.path))
        changes, title = move_module(opened.folder, module.path, _wanted(order, here, len(names))), module.title
    return save(session, opened, changes, Step("order", title, by))


def _name(path: str) -> str:
    return path.removesuffix(".md").rsplit("/", 1)[-1]


def _wanted(order: Mapping[str, str], here: int, count: int) -> int:
    if order["do"] in ("up", "down"):
        return here - 1 if order["do"] == "up" else here + 1
    if order["do"] == "to" and not order["to"]:
        return count
    if order["do"] == "to" and order["to"].isascii() and order["to"].isdecimal() and len(order["to"]) < 5:
        return int(order["to"])
    raise Unprocessable(_("We could not read this form."))


def new_module(session: Session, opened: OpenDraft, title: str, by: UUID) -> OpenDraft:
    taken = [id_ for module in opened.value.modules for id_ in (module.id, *module.aliases)]
    _path, changes = add_module(opened.folder, free_id(as_id(title) or "module", taken), title)
    return save(session, opened, changes, Step("add", title, by))


def new_lesson(session: Session, opened: OpenDraft, module: Module, title: str, by: UUID) -> str:
    """The id of a new lesson at the end of the module."""
    taken = [id_ for lesson in opened.value.lessons for id_ in (lesson.id, *lesson.aliases)]
    id_ = free_id(as_id(title) or "lesson", taken)
    _path, changes = add_lesson(opened.folder, module.path, id_, title, MINUTES_AT_FIRST)
    save(session, opened, changes, Step("add", title, by))
    return id_


def take_out(session: Session, opened: OpenDraft, lesson_id: str, module_id: str, by: UUID) -> OpenDraft:
    """Without this lesson and its quizzes, or this module and its lessons; the history brings them back."""
    if lesson_id:
        _module, lesson = find_lesson(opened, lesson_id)
        changes, title = remove(opened.folder, lesson.path), lesson.title
    else:
        module = find_module(opened, module_id)
        changes, title = _without_module(opened.folder, module), module.title
    return save(session, opened, changes, Step("remove", title, by))


def _without_module(folder: Folder, module: Module) -> Changes:
    return remove(folder, module.path)
