"""The texts of one course as safe HTML: links and pictures lead to addresses that never change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from university.course_folders import Course, Picture, Rendered, render, render_inline, size_of
from university.course_folders.files.folder import FILE_FOLDERS
from university.course_folders.files.links import resolved, split_anchor
from university.course_folders.markdown.words import Words, words_in
from university.language import catalogue, primary


@dataclass(frozen=True)
class Press:
    """Renders the texts of one course. `files` are the bytes of its folder by path; `preview` is where staff look at
    a draft, and empty for what learners see."""

    course: Course
    files: Mapping[str, bytes]
    preview: str = ""

    @property
    def address(self) -> str:
        return self.preview or f"/courses/{self.course.slug}"

    @property
    def words(self) -> Words:
        """From the catalogue of the course's language, whatever language its reader chose for the pages."""
        return words_in(self.course.language, catalogue(primary(self.course.language)).gettext)

    def block(self, text: str | None, path: str) -> str | None:
        """A text of several paragraphs in the file `path`."""
        return self.rendered(text, path).html if text else None

    def rendered(self, text: str, path: str) -> Rendered:
        return render(text, self._link(path), self._picture(path), self.words)

    def inline(self, text: str, path: str) -> str:
        """A short text, such as a choice."""
        return render_inline(text, self._link(path), self._picture(path), self.words)

    def file_address(self, path: str) -> str | None:
        """Where a learner's file is served: its hash is in the address, so it never changes. None for other files."""
        content = self.files.get(path)
        if content is None or not is_served(path, self.course.licence.file):
            return None
        return f"{self.address}/files/{hashlib.sha256(content).hexdigest()}/{quote(path)}"

    def _link(self, path: str) -> Callable[[str], str | None]:
        def link(target: str) -> str | None:
            name, anchor = split_anchor(target)
            wanted = resolved(path, name)
            lesson = self.course.lesson_at(wanted) if wanted else None
            if lesson:
                return f"{self.address}/{lesson.id}{anchor}" if self.preview or not lesson.draft else None
            return self.file_address(wanted) if wanted else None

        return link

    def _picture(self, path: str) -> Callable[[str], Picture | None]:
        def picture(target: str) -> Picture | None:
            wanted = resolved(path, target)
            address = self.file_address(wanted) if wanted else None
            if wanted is None or address is None:
                return None
            return Picture(address, *(size_of(wanted, self.files[wanted]) or ()))

        return picture


def is_served(path: str, licence_file: str | None) -> bool:
    """Whether learners may have this file: never course, quiz or exam files, which hold keys."""
    if path.split("/", 1)[0] in FILE_FOLDERS and "/" in path:
        return True
    return path == licence_file and not path.endswith((".yaml", ".md"))
