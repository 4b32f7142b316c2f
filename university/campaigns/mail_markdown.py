"""Markdown as a mail shows it: HTML that carries its own styles and loads nothing, and text for programs without."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# No HTML of one's own.
_PARSER = MarkdownIt("js-default", {"linkify": False}).disable(["table", "strikethrough"])
_PATH = re.compile(r"/(?!/)")
_WAYS_OUT = ("https://", "http://", "mailto:", "tel:")

# Mail programs know no style sheets; colours come from the frame of the mail, in light and in dark.
_STYLES = {
    "p": "margin:0 0 16px;",
    "h1": "margin:0 0 16px;font:400 28px/1.2 Georgia,serif;",
    "h2": "margin:28px 0 12px;font:600 19px/1.3 'Helvetica Neue',Arial,sans-serif;",
    "h3": "margin:24px 0 10px;font:600 16px/1.4 'Helvetica Neue',Arial,sans-serif;",
    "ul": "margin:0 0 16px;padding:0 0 0 22px;",
    "ol": "margin:0 0 16px;padding:0 0 0 22px;",
    "li": "margin:0 0 6px;",
    "blockquote": "margin:0 0 16px;padding:2px 0 2px 16px;border-left:3px solid #8fb8a8;",
    "hr": "margin:28px 0;border:0;border-top:1px solid #c9cfc8;",
    "pre": "margin:0 0 16px;white-space:pre-wrap;font:14px/1.5 Menlo,Consolas,monospace;",
    "code": "font:14px/1.5 Menlo,Consolas,monospace;",
}


def as_html(markdown: str, base: str = "") -> Markup:
    """`base` stands before the paths of this site."""
    tokens = _parsed(markdown, base)
    for token in _with_children(tokens):
        if token.nesting >= 0 and token.tag in _STYLES:
            token.attrSet("style", _STYLES[token.tag])
    return Markup(_PARSER.renderer.render(tokens, _PARSER.options, {}))  # noqa: S704 - the parser lets no HTML through


def as_text(markdown: str, base: str = "") -> str:
    """Paragraphs as they were written, links followed by their address, list items with a dash or their number."""
    lines: list[str] = []
    places: list[int | None] = []
    prefix = ""
    for token in _parsed(markdown, base):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            places.append(None if token.tag == "ul" else int(token.attrGet("start") or 1))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            places.pop()
            if not places:
                lines.append("")
        elif token.type == "list_item_open":
            prefix = _bullet(places)
        elif token.type == "list_item_close":
            prefix = ""
        elif token.type == "inline":
            lines.append(prefix + _inline(token.children or []))
            prefix = " " * len(prefix)
        elif token.type in {"fence", "code_block"}:
            lines += [token.content.rstrip("\n"), ""]
        elif token.type == "hr":
            lines += ["* * *", ""]
        elif token.type in {"paragraph_close", "heading_close"} and not places:
            lines.append("")
    return "\n".join(lines).strip("\n")


def dead_links(markdown: str) -> list[str]:
    """Addresses that lead somewhere on a page, but nowhere from a mailbox."""
    links = (
        str(one.attrGet("href")) for one in _with_children(_parsed(markdown, "https://")) if one.type == "link_open"
    )
    return [href for href in links if not href.startswith(_WAYS_OUT)]


def _parsed(markdown: str, base: str) -> list[Token]:
    """Without pictures, which would tell their server who opened the mail: what they show stays, in words."""
    tokens = _PARSER.parse(markdown)
    for token in _with_children(tokens):
        if token.type == "image":
            token.type, token.tag, token.children, token.attrs = "text", "", None, {}
        elif token.type == "link_open" and _PATH.match(href := str(token.attrGet("href"))):
            token.attrSet("href", base + href)
    return tokens


def _bullet(places: list[int | None]) -> str:
    place = places[-1]
    indent = "  " * (len(places) - 1)
    if place is None:
        return f"{indent}- "
    places[-1] = place + 1
    return f"{indent}{place}. "


def _inline(tokens: Sequence[Token]) -> str:
    text, addresses = "", []
    for token in tokens:
        if token.type == "link_open":
            addresses.append(str(token.attrGet("href")))
        elif token.type == "link_close":
            address = addresses.pop()
            text += "" if text.endswith(address) else f" ({address})"
        elif token.type in {"softbreak", "hardbreak"}:
            text += "\n"
        else:
            text += token.content
    return text


def _with_children(tokens: Sequence[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *(token.children or []))]
