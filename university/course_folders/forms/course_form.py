"""course.yaml and module.yaml as forms, and the files of a new course."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from university.course_folders.files.folder import Folder
from university.course_folders.forms.typed import Blank, Layout, Rows, changed, shown
from university.course_folders.writing.editing import edited
from university.course_folders.yaml.tree import FieldPath
from university.course_folders.yaml.writing import as_yaml

COURSE: Layout = (
    Blank("title", required=True),
    Blank("summary", required=True),
    Blank("description", "block"),
    Blank("audience", "block"),
    Blank("language", required=True),
    Blank("translation_of"),
    Blank("version"),
    Rows("authors", ("name", "url", "orcid")),
    Blank("licence.id", required=True),
    Blank("licence.file"),
    Blank("licence.attribution", "block"),
    Blank("licence.source"),
    Blank("licence.changes", "block"),
    Blank("hours", "number", required=True),
    Blank("ects", "number"),
    Blank("eqf", "whole"),
    Blank("level"),
    Rows("skills", ("name", "uri")),
    Blank("outcomes", "lines"),
    Blank("prerequisites", "lines"),
    Blank("cover.file"),
    Blank("cover.alt"),
    Blank("completion.lessons", "share"),
    Blank("completion.quizzes"),
    Blank("completion.exam", "switch"),
    Blank("certificate.enabled", "flag"),
    Blank("certificate.title"),
    Blank("certificate.template"),
    Blank("certificate.valid_months", "whole"),
    Blank("aliases", "lines"),
)
MODULE: Layout = (
    Blank("title", required=True),
    Blank("summary", "block"),
    Blank("objectives", "lines"),
    Blank("aliases", "lines"),
)
MARK = "\ufeff"


def yaml_values(content: bytes, layout: Layout) -> dict[str, str]:
    """What the form shows of this file."""
    return shown(content.decode("utf-8-sig", "replace"), layout)


def yaml_with(content: bytes, layout: Layout, typed: Mapping[str, str]) -> bytes:
    """The file with what was typed. Raises ValueError for a file that is no UTF-8 or no valid YAML."""
    text = content.decode()
    mark = MARK if text.startswith(MARK) else ""
    return (mark + changed(text.removeprefix(MARK), layout, typed)).encode()


def new_course(slug: str, title: str, summary: str, language: str, licence: Mapping[str, str], module: str) -> Folder:
    """A course with one empty module, as its author begins."""
    fields = {
        "format": 1,
        "slug": slug,
        "title": title,
        "summary": summary,
        "language": language,
        "status": "draft",
        "licence": dict(licence),
        "hours": Decimal(1),
        "completion": {"lessons": "all", "quizzes": "attempted"},
        "certificate": {"enabled": True},
    }
    first = as_yaml({"id": "start", "title": module})
    return Folder({"course.yaml": as_yaml(fields).encode(), "modules/01-start/module.yaml": first.encode()}, slug)


def moved(folder: Folder, slug: str, old_slugs: Collection[str]) -> Folder:
    """The same course at another address, with these old ones in its list. Raises ValueError for unreadable YAML."""
    changes: dict[FieldPath, Any] = {("slug",): slug, ("aliases",): sorted({*old_slugs} - {slug}) or None}
    course = edited(folder.files["course.yaml"].decode("utf-8-sig"), changes)
    return replace(folder, name=slug, files={**folder.files, "course.yaml": course.encode()})


def copied(folder: Folder, slug: str, changes: Mapping[str, Any]) -> Folder:
    """The same course under another slug, as a draft; `changes` are further fields of course.yaml. Old slugs stay
    with the original."""
    path_changes: dict[FieldPath, Any] = {("slug",): slug, ("status",): "draft", ("aliases",): None}
    path_changes |= {(name,): value for name, value in changes.items()}
    course = edited(folder.files["course.yaml"].decode("utf-8-sig"), path_changes)
    return replace(folder, name=slug, files={**folder.files, "course.yaml": course.encode()})
