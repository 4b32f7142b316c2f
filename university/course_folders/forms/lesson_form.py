"""A lesson file as a form: the fields of its front matter and its text, and back with every other byte as it was."""

from __future__ import annotations

from collections.abc import Mapping

from university.course_folders.forms.typed import Blank, Layout, Rows, changed, shown
from university.course_folders.reading.field_places import BODY
from university.course_folders.reading.lessons import FRONT_MATTER, unix_lines

LESSON: Layout = (
    Blank("title", required=True),
    Blank("minutes", "whole", required=True),
    Blank("objectives", "lines"),
    Blank("optional", "flag"),
    Blank("draft", "flag"),
    Blank("video.title"),
    Blank("video.url"),
    Blank("video.file"),
    Blank("video.minutes", "number"),
    Blank("video.poster"),
    Rows("video.captions", ("lang", "file")),
    Blank("video.transcript", "block"),
    Blank("aliases", "lines"),
)
MARK = "\ufeff"


def lesson_values(content: bytes) -> dict[str, str]:
    """What the form shows of this file; `text` is the text below the front matter."""
    text = content.decode("utf-8-sig", "replace")
    front = FRONT_MATTER.match(text)
    if front is None:
        return {**shown("", LESSON), BODY: unix_lines(text)}
    return {**shown(front[1], LESSON), BODY: unix_lines(text[front.end() :])}


def lesson_with(content: bytes, typed: Mapping[str, str]) -> bytes:
    """The file with what was typed. Raises ValueError where the file cannot be read: not UTF-8, no front matter, no
    valid YAML."""
    text = content.decode()
    mark = MARK if text.startswith(MARK) else ""
    text = text.removeprefix(MARK)
    front = FRONT_MATTER.match(text)
    if front is None:
        raise ValueError("the lesson has no front matter")
    fields = changed(front[1], LESSON, typed)
    body = text[front.end() :]
    if BODY in typed and unix_lines(typed[BODY]) != unix_lines(body):
        body = _ended(unix_lines(typed[BODY]))
        body = body.replace("\n", "\r\n") if "\r\n" in front[0] else body
    return (mark + text[: front.start(1)] + fields + text[front.end(1) : front.end()] + body).encode()


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
