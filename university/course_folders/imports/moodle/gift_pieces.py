"""The signs of GIFT: blocks with their lines, what a backslash guards, formats and weights before a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from university.course_folders.imports.html_texts import from_html
from university.course_folders.imports.results import BrokenFile, marked
from university.course_folders.imports.texts import Formed, from_markdown, from_plain

ESCAPE = re.compile(r"\\([\\~=#{}:n])")
FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
WEIGHT = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]{1,10})?)%")
TITLE = re.compile(r"\s*::((?:\\.|[^\\])*?)::", re.DOTALL)
# The format "moodle" is plain text in which tags still count.
TAGS = re.compile(r"</?(p|br|b|i|u|em|strong|div|span|img|a|ul|ol|li|pre|code|table|h[1-6]|sub|sup)\b[^>]*>", re.I)
ID = re.compile(r"\[id:([^\x00-\x1f\x7f\]]+)\]")
TAG = re.compile(r"\[tag:([^\x00-\x1f\x7f\]]+)\]")

UNCLOSED = marked("this { is never closed")
UNOPENED = marked("this } closes nothing; a brace that is meant is written \\}")
NESTED = marked("a { within an answer; a brace that is meant is written \\{")


@dataclass
class Block:
    """The lines of one question, with their numbers, and what the comments above it say."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    id: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line for _, line in self.lines)

    @property
    def line(self) -> int:
        return self.lines[0][0]

    def note(self, comment: str) -> None:
        """Takes id and tags out of a comment, as Moodle writes them there."""
        found = ID.search(comment)
        self.id = found[1].strip() if found else self.id
        self.tags += tuple(tag.strip() for tag in TAG.findall(comment) if tag.strip())


def blocks(text: str) -> Iterator[Block]:
    """Questions, descriptions and categories. An empty line ends one, except between braces.

    Raises BrokenFile at a brace that does not fit.
    """
    block = Block()
    opened: tuple[int, int] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("//"):
            block.note(line)
            continue
        if opened is None and (not line.strip() or line.startswith("$CATEGORY:")):
            if block.lines:
                yield block
            block = Block()
        if line.strip() or block.lines:
            block.lines.append((number, line))
            opened = _opened(line, number, opened)
        if line.startswith("$CATEGORY:"):
            yield block
            block = Block()
    if opened:
        raise BrokenFile(UNCLOSED, *opened)
    if block.lines:
        yield block


def _opened(line: str, number: int, opened: tuple[int, int] | None) -> tuple[int, int] | None:
    """Where the brace stands that is open at the end of this line."""
    if line.startswith("$CATEGORY:"):
        return None
    for at in bare(line, "{}"):
        if line[at] == "{":
            if opened:
                raise BrokenFile(NESTED, number, at + 1)
            opened = number, at + 1
        elif opened is None:
            raise BrokenFile(UNOPENED, number, at + 1)
        else:
            opened = None
    return opened


def bare(text: str, signs: str) -> Iterator[int]:
    """Offsets of these signs where no backslash guards them."""
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        if text[at] in signs:
            yield at
        at += 1


def cut(text: str, sign: str) -> tuple[str, str | None]:
    """The text before this unguarded sign and the text after it, None without one."""
    for at in bare(text, sign[0]):
        if text.startswith(sign, at):
            return text[:at], text[at + len(sign) :]
    return text, None


def unescaped(text: str) -> str:
    return ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def formed(text: str, default: str = "moodle") -> Formed:
    """A text in its format: the one it names, else that of the question."""
    name, rest = format_of(text, default)
    words = unescaped(rest).strip()
    if name == "html" or (name == "moodle" and TAGS.search(words)):
        return from_html(words)
    return from_markdown(words) if name == "markdown" else from_plain(words)


def format_of(text: str, default: str = "moodle") -> tuple[str, str]:
    """The format that the text names in brackets, else the default, and the text after that."""
    found = FORMAT.match(text)
    return (found[1].lower(), text[found.end() :]) if found else (default, text)


def weight_of(text: str) -> tuple[Fraction | None, str]:
    """The share of the points a text is worth, where it says so, and the text after that."""
    found = WEIGHT.match(text)
    return (Fraction(found[1]) / 100, text[found.end() :]) if found else (None, text)
