"""Markdown of a course to HTML that a strict page may show as it is."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import nh3
from markdown_it.token import Token
from pygments.token import STANDARD_TYPES

from university.course_folders.files.links import kind_of
from university.course_folders.files.pictures import Picture
from university.course_folders.markdown.html_tags import ALLOWED
from university.course_folders.markdown.output import plain_text
from university.course_folders.markdown.parser import PARSER, parsed
from university.course_folders.markdown.words import ENGLISH, Words

MADE_BY_MARKDOWN = {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong"}
TAGS = ALLOWED | MADE_BY_MARKDOWN | {"s", "hr", "img", "div", "aside", "span", "input"}
ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "pre": {"tabindex"},
    "div": {"tabindex", "role", "aria-label"},
    "aside": {"role"},
    "input": {"type", "disabled", "checked", "aria-label"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
ALIGNMENTS = {"align-left", "align-center", "align-right"}
CLASSES = {
    "div": {"table-scroll"},
    "aside": {"callout", "callout--note", "callout--tip", "callout--warning", "callout--danger"},
    "p": {"callout__title"},
    "ul": {"contains-task-list"},
    "li": {"task-list-item"},
    "td": ALIGNMENTS,
    "th": ALIGNMENTS,
    "span": {f"hl-{name}" for name in STANDARD_TYPES.values() if name},
}


@dataclass(frozen=True)
class Rendered:
    """Safe HTML, the headings as (level, id, text), and how many words there are to read."""

    html: str
    headings: list[tuple[int, str, str]]
    words: int


LinkFunction = Callable[[str], str | None]
PictureFunction = Callable[[str], Picture | None]


def keep(target: str) -> str | None:
    return target


def no_picture(target: str) -> Picture | None:
    return None


def render(
    text: str, link: LinkFunction = keep, picture: PictureFunction = no_picture, words: Words = ENGLISH
) -> Rendered:
    """Render a Markdown text.

    `link` gets the target of each relative link as written and answers the address, or None for no link. `picture`
    gets the path of each picture in the folder and answers what to show, or None to show its description as text.
    `words` are those of the language of the text.
    """
    env = _environment(link, picture, words)
    tokens = _prepared(parsed(text, env), env)
    headings = _headings(tokens)
    html = PARSER.renderer.render(tokens, PARSER.options, env)
    return Rendered(clean(html), headings, _words(tokens))


def render_inline(
    text: str, link: LinkFunction = keep, picture: PictureFunction = no_picture, words: Words = ENGLISH
) -> str:
    """Render a short field: one paragraph comes without a paragraph around it, headings get no ids."""
    env = _environment(link, picture, words)
    tokens = _prepared(parsed(text, env), env)
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        tokens = tokens[1:2]
    return clean(PARSER.renderer.render(tokens, PARSER.options, env)).strip()


def plain(text: str) -> str:
    """What a reader sees of a Markdown text, on one line: for page descriptions and search."""
    seen = (plain_text(token.children or ()) for token in parsed(text) if token.type == "inline")
    return " ".join(" ".join(seen).split())


def clean(html: str) -> str:
    """The last gate, whatever came before: only known tags, attributes, classes and schemes pass."""
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=set(),
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes={"https", "http", "mailto"},
        link_rel=None,
    )


def heading_id(title: str) -> str:
    """The id that code hosts give a heading: small letters, blanks as hyphens, other signs left out."""
    kept = (sign for sign in title.strip().lower().replace(" ", "-") if sign == "-" or _is_word_sign(sign))
    return "".join(kept) or "section"


def _is_word_sign(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category[0] in "LMN" or category == "Pc"


def _environment(link: LinkFunction, picture: PictureFunction, words: Words) -> dict[str, Any]:
    return {"link": lambda target: _address(target, link), "picture": picture, "words": words}


def _address(target: str, link: LinkFunction) -> str | None:
    """Where a link leads; None when it may not be one."""
    kind = kind_of(target)
    if kind == "file":
        return link(target)
    return None if kind == "forbidden" else target


def _prepared(tokens: list[Token], env: dict[str, Any]) -> list[Token]:
    """Tokens as we show them: links lead somewhere, headings make one outline, alerts speak the language."""
    _outline(tokens)
    title = False
    for token in tokens:
        if token.type == "inline":
            token.children = list(_with_links(token.children or [], env))
            if title:
                _translate(token, env["words"])
        elif token.attrs.get("style"):
            token.attrs = {"class": "align-" + str(token.attrs["style"]).removeprefix("text-align:")}
        title = token.type == "alert_title_open"
    return tokens


def _outline(tokens: list[Token]) -> None:
    """Headings from level 2 down without a gap, for the title is level 1 and readers' aids follow the levels."""
    outer: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            level = max(token.tag, "h2")
            while outer and outer[-1] >= level:
                outer.pop()
            outer.append(level)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{1 + len(outer)}"


def _translate(title: Token, words: Words) -> None:
    word = str(getattr(words, title.content.lower(), title.content))
    text = Token("text", "", 0, content=word)
    title.content, title.children = word, [text]


def _with_links(children: list[Token], env: dict[str, Any]) -> Iterable[Token]:
    """Without the links that may not be; their words stay."""
    kept: list[bool] = []
    for token in children:
        if token.type == "link_open":
            address = env["link"](str(token.attrs.get("href", "")))
            kept.append(address is not None)
            if address is None:
                continue
            token.attrs["href"] = address
            if kind_of(address) == "outside":
                token.attrs["rel"] = "noopener noreferrer"
        elif token.type == "link_close" and not kept.pop():
            continue
        yield token


def _headings(tokens: list[Token]) -> list[tuple[int, str, str]]:
    """Gives every heading its id, in the order of the text, and lists them."""
    found: list[tuple[int, str, str]] = []
    taken: set[str] = set()
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            title = plain_text(inline.children or ()).strip()
            id_ = _free(heading_id(title), taken)
            token.attrs["id"] = id_
            found.append((int(token.tag[1]), id_, title))
    return found


def _free(id_: str, taken: set[str]) -> str:
    free, number = id_, 0
    while free in taken:
        number += 1
        free = f"{id_}-{number}"
    taken.add(free)
    return free


def _words(tokens: list[Token]) -> int:
    texts = (plain_text(token.children or ()) for token in tokens if token.type == "inline")
    return sum(len(re.findall(r"[\w'’-]+", text)) for text in texts)
