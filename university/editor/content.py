"""What a course consists of, as its editor sees it, and the moves that change its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from university.course_folders import Lesson, Module
from university.course_folders.reading.fields import as_id
from university.course_folders.writing.restructuring import (
    add_lesson,
    add_module,
    free_id,
    lesson_names,
    module_names,
    move_lesson,
    move_module,
    remove,
)
from university.drafting.draft_saving import Edit, OpenDraft
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


def moved(opened: OpenDraft, order: Mapping[str, str]) -> Edit:
    """A lesson or module one place on (`do` is up or down), or at a place (`to`, counted from 0; a lesson may name
    another module with `into`). Raises Unprocessable for any other order."""
    if order["lesson"]:
        module, lesson = find_lesson(opened, order["lesson"])
        target = find_module(opened, order["into"]) if order["into"] else module
        names = lesson_names(opened.folder, target.path)
        here = names.index(_name(lesson.path)) if target is module else len(names)
        changes = move_lesson(opened.folder, lesson.path, target.path, _wanted(order, here, len(names)))
        return Edit(changes, Step("order", lesson.title))
    module = find_module(opened, order["module"])
    names = module_names(opened.folder)
    here = names.index(_name(module.path))
    return Edit(move_module(opened.folder, module.path, _wanted(order, here, len(names))), Step("order", module.title))


def anchor(order: Mapping[str, str]) -> str:
    """Where on the page the thing stands that was moved."""
    return f"lesson-{order['lesson']}" if order["lesson"] else f"module-{order['module']}"


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


def with_module(opened: OpenDraft, title: str) -> Edit:
    """With one more module, still empty."""
    taken = [id_ for module in opened.value.modules for id_ in (module.id, *module.aliases)]
    _path, changes = add_module(opened.folder, free_id(as_id(title) or "module", taken), title)
    return Edit(changes, Step("add", title))


def with_lesson(opened: OpenDraft, module_id: str, title: str) -> Edit:
    """With a new lesson at the end of the module."""
    module = find_module(opened, module_id)
    taken = [id_ for lesson in opened.value.lessons for id_ in (lesson.id, *lesson.aliases)]
    id_ = free_id(as_id(title) or "lesson", taken)
    _path, changes = add_lesson(opened.folder, module.path, id_, title, MINUTES_AT_FIRST)
    return Edit(changes, Step("add", title))


def last_lesson(opened: OpenDraft, module_id: str) -> str:
    """The id of the lesson at the end of the module."""
    return find_module(opened, module_id).lessons[-1].id


def without(opened: OpenDraft, lesson_id: str, module_id: str) -> Edit:
    """Without this lesson and its quizzes, or this module and its lessons; the history brings them back."""
    if lesson_id:
        _module, lesson = find_lesson(opened, lesson_id)
        return Edit(remove(opened.folder, lesson.path), Step("remove", lesson.title))
    module = find_module(opened, module_id)
    return Edit(remove(opened.folder, module.path), Step("remove", module.title))
