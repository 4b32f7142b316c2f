"""Plain text to Markdown that says the same, and the small things every reader of foreign text needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from university.course_folders.imports.results import BrokenFile, marked
from university.course_folders.markdown.rendering import plain

Loss = tuple[str, Mapping[str, str | int]]

FORMULA = re.compile(r"\\\(.+?\\\)|\\\[.+?\\\]|\$\$.+?\$\$|\$[^$\n]*\\+[a-zA-Z]+[^$\n]*\$", re.DOTALL)
SPECIAL = re.compile(r"([\\`*_\[\]<>&~|!])")
TAG_LIKE = re.compile(r"(?<!\\)<[/a-zA-Z!?]")
LINE_START = re.compile(r"^([ \t]*)([#+=-])", re.MULTILINE)
LINE_NUMBER = re.compile(r"^([ \t]*[0-9]{1,9})([.)])", re.MULTILINE)
# What no text file holds on purpose.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufeff]")

FORMULAS = marked("a formula stays as it was typed: %(formula)s")


@dataclass(frozen=True)
class Formed:
    """A Markdown text, and what of its former shape is lost."""

    text: str
    losses: tuple[Loss, ...] = ()


def from_plain(text: str) -> Formed:
    """Plain text as Markdown that shows just these words."""
    text = tidy(text)
    return Formed(as_typed(text), formulas_in(text))


def from_markdown(text: str) -> Formed:
    return Formed(tidy(text), formulas_in(text))


def as_typed(text: str) -> str:
    """Markdown that shows these words: the text itself where that does, else with signs escaped."""
    if _shows(text, text):
        return text
    flat = "\n".join(line.strip() for line in text.split("\n"))
    return flat if _shows(flat, text) else escaped(flat)


def escaped(text: str) -> str:
    """Every sign that Markdown may read as more than itself, with a backslash before it."""
    text = SPECIAL.sub(r"\\\1", text)
    text = LINE_START.sub(r"\1\\\2", text)
    return LINE_NUMBER.sub(r"\1\\\2", text)


def formulas_in(text: str) -> tuple[Loss, ...]:
    return tuple((FORMULAS, {"formula": shortened(found[0])}) for found in FORMULA.finditer(text))


def tidy(text: str) -> str:
    """One kind of line end, no control signs, no blanks around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS.sub("", text).strip().expandtabs(4)


def one_line(text: str) -> str:
    return " ".join(text.split())


def shortened(text: str, most: int = 80) -> str:
    """On one line, of at most so many characters."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark. Raises BrokenFile at the place that is neither."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        column = problem.start - content.rfind(b"\n", 0, problem.start)
        raise BrokenFile(marked("the text is not UTF-8; save the file as UTF-8"), line, column) from None


def _shows(markdown: str, words: str) -> bool:
    """Whether this Markdown shows these words and no more; what looks like a tag is never left to chance."""
    return "  \n" not in markdown and not TAG_LIKE.search(markdown) and plain(markdown) == one_line(words)
