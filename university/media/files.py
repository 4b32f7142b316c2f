"""The files of a course that learners see: pictures, downloads, films and captions, and where each is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from university.course_folders.files.folder import FILE_FOLDERS
from university.course_folders.files.links import is_picture_name
from university.drafting.draft_saving import Edit, OpenDraft
from university.drafting.draft_steps import Step
from university.drafting.finding_words import place_of
from university.drafting.previews import PREVIEW
from university.errors import NotFound
from university.language import gettext as _


@dataclass(frozen=True)
class CourseFileLine:
    """One file: `used_in` are (title, address) of the pages that name it."""

    path: str
    address: str
    size: int
    is_picture: bool
    used_in: tuple[tuple[str, str], ...]


def file_lines(opened: OpenDraft) -> list[CourseFileLine]:
    return [
        CourseFileLine(
            path=path,
            address=f"{opened.address}/{PREVIEW}/files/{opened.hashes[path]}/{path}",
            size=len(opened.folder.files[path]),
            is_picture=is_picture_name(path),
            used_in=tuple(_users(opened, path)),
        )
        for path in opened.folder.under(*FILE_FOLDERS)
    ]


def _users(opened: OpenDraft, path: str) -> Iterator[tuple[str, str]]:
    """Pages of the editor whose file mentions this one by its name."""
    name = path.encode()
    for other, content in opened.folder.files.items():
        if other.endswith((".md", ".yaml")) and name in content:
            yield place_of(opened, other)


def with_file(_opened: OpenDraft, path: str, content: bytes) -> Edit:
    """The same content twice is one file."""
    return Edit({path: content}, Step("file"))


def without(opened: OpenDraft, path: str) -> Edit:
    """The history brings it back."""
    if path not in opened.folder.files or path.split("/", 1)[0] not in FILE_FOLDERS:
        raise NotFound(_("There is no such file in this course."))
    return Edit({path: None}, Step("file_gone", path))
