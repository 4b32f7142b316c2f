"""Rules for every Markdown text of a course: its links, pictures, HTML and headings."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from markdown_it.token import Token

from university.course_folders.files.folder import FILE_FOLDERS, Folder
from university.course_folders.files.links import PICTURE_TYPES, kind_of, resolved, split_anchor
from university.course_folders.files.pictures import is_picture
from university.course_folders.findings import Finding
from university.course_folders.markdown.html_tags import FORBIDDEN, Tag, pieces
from university.course_folders.markdown.output import plain_text
from university.course_folders.markdown.parser import MOST_BRACKETS, is_crowded, parsed
from university.course_folders.reading.documents import MarkdownField

COMMENT = re.compile(r"(?<!\\)<!--")
# Code, what is wrong, what was expected.
Said = tuple[str, str, str]


@dataclass
class TextCheck:
    """Checks Markdown texts one after the other and gathers which files they use."""

    folder: Folder
    used: set[str] = field(default_factory=set)
    _pictures: dict[str, bool] = field(default_factory=dict)

    def check(self, text: MarkdownField) -> Iterator[Finding]:
        """Everything that is wrong with one text; the files it uses are added to `used`."""
        if not any(sign in text.text for sign in "<[#="):
            return
        opened: set[str] = set()
        for token in parsed(text.text):
            if token.type == "heading_open" and token.tag == "h1" and text.path != "ATTRIBUTION.md":
                yield self._finding(
                    text, token, 0, "W124", "a heading of level 1", "## or deeper; the title is level 1"
                )
            if is_crowded(token):
                count = token.content.count("[")
                yield self._finding(
                    text, token, 0, "E106", f"one paragraph has {count} opening brackets", f"at most {MOST_BRACKETS}"
                )
            for part, offset in _parts(token):
                yield from self._check_part(text, token, part, offset, opened)

    def _check_part(
        self, text: MarkdownField, block: Token, part: Token | Tag, offset: int, opened: set[str]
    ) -> Iterator[Finding]:
        found: Iterable[Said]
        if isinstance(part, Tag):
            found = self._tag(text, part, opened)
        elif part.type == "image":
            found = self._picture(text, part)
        elif part.type == "link_open":
            found = self._link(text, str(part.attrs.get("href", "")))
        else:
            found = [("W311", "an HTML comment is shown as text", "the text without it")]
        for code, what, expected in found:
            yield self._finding(text, block, offset, code, what, expected)

    def _finding(self, text: MarkdownField, block: Token, offset: int, code: str, what: str, expected: str) -> Finding:
        line, column = _place(text, block, offset)
        return Finding(text.path, line, column, code, what, expected)

    def _tag(self, text: MarkdownField, tag: Tag, opened: set[str]) -> Iterator[Said]:
        if tag.is_closing and (tag.name in opened or tag.is_allowed):
            return
        opened.add(tag.name)
        if tag.name in FORBIDDEN:
            yield "E308", f"<{tag.name}> is not allowed", "Markdown, or the tag in a code span (`)"
        elif not tag.is_allowed:
            yield (
                "W311",
                f"{_shortened(tag.source)} is no tag for lessons and is shown as text",
                "a code span (`), if so meant",
            )
        for name in tag.dropped if tag.is_allowed else ():
            yield "W311", f'the attribute "{name}" of <{tag.name}> is dropped', "the tag without it"
        if tag.href is not None:
            yield from self._link(text, tag.href)

    def _link(self, text: MarkdownField, target: str) -> Iterator[Said]:
        kind = kind_of(target)
        shown = _shortened(unquote(target))
        if kind == "forbidden":
            yield (
                "E307",
                f"the link leads to {shown}",
                "https:, http:, mailto:, # or the path of a file in the course",
            )
        elif kind == "file":
            path = resolved(text.path, split_anchor(target)[0])
            if path is None or not self._may_be_linked(path):
                yield (
                    "E310",
                    f"the link leads to no file of the course: {shown}",
                    "a lesson (.md) or a file in files/",
                )
            else:
                self.used.add(path)

    def _may_be_linked(self, path: str) -> bool:
        """Lessons and what is for learners; a link to the YAML of an exam would hand out its answers."""
        is_public = path.endswith(".md") or path == "LICENSE" or path.split("/")[0] in FILE_FOLDERS
        return path in self.folder.files and is_public

    def _picture(self, text: MarkdownField, token: Token) -> Iterator[Said]:
        target = str(token.attrs.get("src", ""))
        shown = _shortened(unquote(target))
        if kind_of(target) != "file":
            # A path from the top of a disk or site is outside as well; an address is another site.
            is_path = target.startswith(("/", "\\")) and not target.startswith("//")
            code = "E302" if is_path else "E301"
            what = "outside the course folder" if is_path else "from another site"
            yield code, f"a picture {what}: {shown}", "a picture in images/"
        else:
            yield from self._picture_file(resolved(text.path, target), shown)
        if not plain_text(token.children or ()).strip() and token.attrs.get("title") != "decorative":
            yield (
                "W306",
                f"the picture {shown} has no description",
                '![what it shows](…) or ![](… "decorative")',
            )

    def _picture_file(self, path: str | None, shown: str) -> Iterator[Said]:
        if path is None:
            yield "E302", f"a picture outside the course folder: {shown}", "a picture in images/"
        elif path not in self.folder.files:
            yield "E303", f"no such picture: {shown}", "an existing file; names are case-sensitive"
        else:
            self.used.add(path)
            if not self._is_picture(path):
                yield "E304", f"this is no picture: {shown}", f"one of {', '.join(PICTURE_TYPES)}"

    def _is_picture(self, path: str) -> bool:
        if path not in self._pictures:
            self._pictures[path] = is_picture(path, self.folder.files[path])
        return self._pictures[path]


def _parts(block: Token) -> Iterator[tuple[Token | Tag, int]]:
    """What is to be checked in a block, with its offset in the block's text."""
    if block.type == "html_block":
        yield from ((piece, offset) for offset, piece in pieces(block.content) if isinstance(piece, Tag))
    for token in block.children or ():
        if token.type == "tag":
            yield token.meta["tag"], token.meta["offset"]
        elif token.type in ("image", "link_open"):
            yield token, token.meta.get("offset", 0)
        elif token.type == "text" and "<!--" in token.content and (written := COMMENT.search(block.content)):
            yield token, written.start()


def _place(text: MarkdownField, block: Token, offset: int) -> tuple[int, int]:
    """Line and column in the file; where folding moved lines, those of the value."""
    if not text.keeps_lines or not block.map:
        return text.place.line, text.place.column
    line = block.map[0] + block.content.count("\n", 0, offset)
    start = block.content.rfind("\n", 0, offset) + 1
    end = block.content.find("\n", start)
    piece = block.content[start : end if end >= 0 else None]
    lines = text.text.split("\n")
    at = lines[line].find(piece) if line < len(lines) else -1
    return text.first_line + line, max(at, 0) + (offset - start) + 1


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}…"
