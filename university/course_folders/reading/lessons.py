"""Lesson files: fields between `---` lines at the very top, then the text."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from university.course_folders.course.model import Captions, Lesson, Video
from university.course_folders.reading.documents import Document, MarkdownField, decode, parse_fields
from university.course_folders.reading.fields import Fields
from university.course_folders.yaml.tree import Place

FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)(?:^|(?<=\n))---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    r"(-[0-9A-WY-Za-wy-z](-[A-Za-z0-9]{2,8})+)*(-x(-[A-Za-z0-9]{1,8})+)?"
)
LONG_MINUTES = 15


@dataclass(frozen=True)
class PlacedLesson:
    lesson: Lesson
    document: Document
    id_place: Place
    alias_places: tuple[tuple[str, Place], ...]


def read_lesson(document: Document) -> PlacedLesson | None:
    """The lesson in this file; None when its fields cannot be read. Missing ones are reported and stand here empty."""
    text = decode(document, document.files[document.path])
    if text is None:
        return None
    front = FRONT_MATTER.match(text)
    if not front:
        expected = "the fields id, title and minutes between two lines ---"
        document.has_gaps = True
        document.report(Place(1, 1), "E120", "the file does not begin with front matter", expected)
        return None
    # The fields begin in line 2 of the file.
    document.line_offset = 1
    mapping = parse_fields(document, front[1])
    found = None if mapping is None else _lesson(Fields(document, mapping), unix_lines(text[front.end() :]))
    body_line = len(re.findall(r"\r\n|\r|\n", text[: front.end()])) + 1
    _remember_text(document, unix_lines(text[front.end() :]), body_line)
    lesson = found.lesson if found else None
    if lesson and not lesson.draft and not lesson.text.strip() and not lesson.video:
        document.report(Place(body_line - document.line_offset, 1), "E123", "the lesson is empty", "a text or a film")
    return found


def unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _remember_text(document: Document, text: str, line: int) -> None:
    document.markdown.append(MarkdownField(document.path, Place(line, 1), text, line, True))


def _lesson(fields: Fields, text: str) -> PlacedLesson:
    id_, title = fields.id(), fields.text("title", required=True, most=160)
    minutes = fields.integer("minutes", 1, 600, required=True)
    aliases = fields.placed_texts("aliases", ids=True)
    lesson = Lesson(
        id=id_ or "",
        path=fields.document.path,
        title=title or "",
        minutes=minutes or 0,
        text=text,
        objectives=fields.texts("objectives"),
        aliases=tuple(alias for alias, _ in aliases),
        optional=fields.boolean("optional", False),
        draft=fields.boolean("draft", False),
        video=_video(fields.mapping_of("video")),
    )
    fields.close()
    if minutes and minutes > LONG_MINUTES:
        fields.report("minutes", "W128", f"the lesson takes {minutes} minutes", f"at most {LONG_MINUTES}; split it")
    return PlacedLesson(lesson, fields.document, fields.place_of("id"), tuple(aliases))


def _video(fields: Fields | None) -> Video | None:
    if fields is None:
        return None
    video = Video(
        title=fields.text("title", required=True) or "",
        url=fields.web_address("url"),
        file=fields.file("file"),
        poster=fields.file("poster", is_shown=True),
        captions=tuple(_captions(inner) for inner in fields.mappings("captions")),
        transcript=fields.markdown("transcript"),
        minutes=fields.number("minutes", "0", "600"),
    )
    fields.close()
    if fields.has("url") == fields.has("file"):
        found = "both url and file" if fields.has("url") else "neither url nor file"
        fields.report("file", "E121", f"the film has {found}", "one of them")
    if not video.captions and not video.transcript:
        fields.document.report(fields.place, "W122", "the film has no captions and no transcript", "one of them")
    return video


def _captions(fields: Fields) -> Captions:
    language = fields.matching("lang", LANGUAGE, "a language tag such as en or nl-BE", required=True)
    file = fields.file("file", required=True)
    if file and PurePosixPath(file).suffix != ".vtt":
        fields.against_rule("file", f"is {file}", "a file that ends in .vtt")
    fields.close()
    return Captions(language or "", file or "")
