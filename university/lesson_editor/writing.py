"""One lesson as its author writes it: its form, its preview, and pictures that go into the text."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from university.course_folders import Lesson, Module
from university.course_folders.files.folder import Folder
from university.course_folders.files.links import is_picture_name
from university.course_folders.forms.lesson_form import lesson_values, lesson_with
from university.course_folders.reading.field_places import BODY
from university.drafting.draft_saving import Edit, OpenDraft, imagined
from university.drafting.draft_steps import Step
from university.drafting.form_views import FormView, view_of, view_of_conflict
from university.drafting.pictured import Pictured
from university.drafting.previews import Preview, nobody_yet, preview
from university.errors import NotFound, Refused
from university.language import gettext as _
from university.learning.lesson_pages import LessonPage, lesson_page, outline_of

FILMS = (".mp4", ".webm", ".m4v", ".mov", ".ogv")


@dataclass(frozen=True)
class Place:
    """Where a lesson stands in its course."""

    module: Module
    lesson: Lesson
    previous: Lesson | None
    next: Lesson | None


def find(opened: OpenDraft, lesson_id: str) -> Place:
    lessons = opened.value.lessons
    at = next((number for number, lesson in enumerate(lessons) if lesson.id == lesson_id), None)
    if at is None:
        raise NotFound(_("This course has no such lesson."))
    lesson = lessons[at]
    module = next(one for one in opened.value.modules if lesson in one.lessons)
    return Place(module, lesson, lessons[at - 1] if at else None, lessons[at + 1] if at + 1 < len(lessons) else None)


def form_of(opened: OpenDraft, lesson: Lesson) -> FormView:
    return view_of(opened, lesson.path, lesson_values)


def form_of_conflict(
    looking: Session, opened: OpenDraft, lesson: Lesson, typed: Mapping[str, str], base: str
) -> FormView:
    return view_of_conflict(looking, opened, lesson.path, lesson_values, typed, base)


def form_as_typed(
    opened: OpenDraft, lesson: Lesson, typed: Mapping[str, str], base: str, errors: Mapping[str, str]
) -> FormView:
    return replace(form_of(opened, lesson), values=typed, base=base, errors=errors)


def with_lesson(
    opened: OpenDraft,
    lesson_id: str,
    typed: Mapping[str, str],
    base: str,
    *,
    is_auto: bool = False,
    picture: Pictured | None = None,
) -> Edit:
    """With what was typed, and a picture at the end of the text where one came along."""
    lesson = find(opened, lesson_id).lesson
    if picture:
        typed = {**typed, BODY: _with_picture(typed[BODY], picture, lesson.path)}
    changes: dict[str, bytes | None] = {lesson.path: _written(opened, lesson, typed)}
    if picture:
        changes[picture.path] = picture.content
    title = " ".join(typed["title"].split()) or lesson.title
    return Edit(changes, Step("picture" if picture else "lesson", title, is_auto=is_auto), {lesson.path: base})


def look_ahead(session: Session, opened: OpenDraft, lesson_id: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """The lesson page as it would be with what was typed. Nothing is saved."""
    return shown_as_lesson(session, imagined(opened, with_lesson(opened, lesson_id, typed, "")), lesson_id)


def shown_as_lesson(session: Session, opened: OpenDraft, lesson_id: str) -> dict[str, Any]:
    """Everything the real lesson page is made of, from the draft."""
    course = preview(opened, lesson_id)
    if lesson_id not in course.lessons:
        raise NotFound(_("This course has no such lesson."))
    page: LessonPage = lesson_page(session, course.lessons[lesson_id], nobody_yet(course))
    return {"course": course, "page": page, "description": course.summary, "offer": DraftOffer(opened.slug, course)}


def shown_as_course(opened: OpenDraft) -> dict[str, Any]:
    """Everything the real page of the course is made of, from the draft."""
    course = preview(opened)
    progress = nobody_yet(course)
    return {
        **{"course": course, "offer": DraftOffer(opened.slug, course), "progress": progress, "alternates": []},
        **{"versions": [], "instead": None, "last_day": None, "review_is_due": False},
        **outline_of(progress),
    }


@dataclass(frozen=True)
class DraftOffer:
    """Stands where the lesson page expects what is on offer to learners."""

    slug: str
    course: Preview
    is_archived: bool = False


def choices(opened: OpenDraft, lesson: Lesson) -> dict[str, Any]:
    """What the form offers to choose from: files of the course, and links to its lessons as they are written."""
    folder = posixpath.dirname(lesson.path)
    others = [one for one in opened.value.lessons if one.path != lesson.path]
    return {
        "films": _files(opened.folder, "files", FILMS),
        "posters": [(path, path) for path in opened.folder.under("images") if is_picture_name(path)],
        "captions": _files(opened.folder, "captions", (".vtt",)),
        "links": [(posixpath.relpath(one.path, folder), one.title) for one in others],
    }


def _files(folder: Folder, top: str, endings: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(path, path) for path in folder.under(top) if path.lower().endswith(endings)]


def _with_picture(text: str, picture: Pictured, path: str) -> str:
    return f"{text.rstrip()}\n\n{picture.markdown(posixpath.dirname(path))}\n".lstrip("\n")


def _written(opened: OpenDraft, lesson: Lesson, typed: Mapping[str, str]) -> bytes:
    try:
        return lesson_with(opened.folder.files[lesson.path], typed)
    except ValueError as fault:
        raise Refused(_("This file cannot be read. Go back to an earlier version in the history.")) from fault
