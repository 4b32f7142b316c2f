"""The few HTML tags that lessons may hold; everything else in angle brackets is text and stays visible."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ALLOWED = frozenset(
    {"a", "b", "br", "details", "i", "kbd", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "tt"}
)
FORBIDDEN = frozenset({"script", "iframe", "object", "embed", "form", "style", "link", "meta", "base"})
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
# Only these begin a block of HTML, in which Markdown rests until the next empty line.
BLOCKS = "details|summary|table|tbody|td|th|thead|tr"

_VALUE = r"[^\"'=<>`\x00-\x20]+|'[^']*'|\"[^\"]*\""
_ATTRIBUTE = rf"\s+[a-zA-Z_:][a-zA-Z0-9:._-]*(?:\s*=\s*(?:{_VALUE}))?"
TAG = re.compile(rf"<(?P<close>/)?(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<attributes>(?:{_ATTRIBUTE})*)\s*/?>")
ATTRIBUTE = re.compile(rf"\s+(?P<name>[a-zA-Z_:][a-zA-Z0-9:._-]*)(?:\s*=\s*(?P<value>{_VALUE}))?")
BLOCK_START = re.compile(rf"</?({BLOCKS})(?=\s|/?>|$)", re.IGNORECASE)

LinkFunction = Callable[[str], str | None]


@dataclass(frozen=True)
class Tag:
    """A tag as written. `attributes` of a closing tag are empty."""

    name: str
    is_closing: bool
    attributes: tuple[tuple[str, str], ...]
    source: str

    @property
    def is_allowed(self) -> bool:
        return self.name in ALLOWED

    @property
    def href(self) -> str | None:
        return dict(self.attributes).get("href") if self.name == "a" else None

    @property
    def dropped(self) -> list[str]:
        """Names of the attributes that are not kept."""
        return [name for name, _ in self.attributes if name not in ATTRIBUTES.get(self.name, ())]


def tag_of(found: re.Match[str]) -> Tag:
    """The tag that TAG found: its names in lower case, its values without quotes and entities."""
    attributes = tuple(
        (one["name"].lower(), html.unescape((one["value"] or "").strip("\"'")))
        for one in ATTRIBUTE.finditer(found["attributes"] or "")
    )
    return Tag(found["name"].lower(), bool(found["close"]), attributes, found[0])


def tag_at(text: str, start: int, end: int) -> Tag | None:
    found = TAG.match(text, start, end)
    return tag_of(found) if found else None


def pieces(text: str) -> Iterator[tuple[int, str | Tag]]:
    """The text between tags and the tags, each with its offset."""
    position = 0
    for found in TAG.finditer(text):
        if found.start() > position:
            yield position, text[position : found.start()]
        yield found.start(), tag_of(found)
        position = found.end()
    if position < len(text):
        yield position, text[position:]


def rendered_tag(tag: Tag, link: LinkFunction) -> str:
    """The tag with what may stay of it; a tag that is not allowed as visible text."""
    if not tag.is_allowed:
        return html.escape(tag.source)
    if tag.is_closing:
        return f"</{tag.name}>"
    kept = [(name, value) for name, value in tag.attributes if name in ATTRIBUTES.get(tag.name, ())]
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in _linked(kept, link))
    return f"<{tag.name}{written}>"


def _linked(attributes: list[tuple[str, str]], link: LinkFunction) -> Iterator[tuple[str, str]]:
    for name, value in attributes:
        target = link(value) if name == "href" else value
        if target is not None:
            yield name, target


def rendered_block(text: str, link: LinkFunction) -> str:
    """A block of HTML: allowed tags, and text in which entities keep their meaning."""
    return "".join(
        piece.replace("<", "&lt;").replace(">", "&gt;") if isinstance(piece, str) else rendered_tag(piece, link)
        for _, piece in pieces(text)
    )
