"""Tokens to HTML: no script, no style, nothing inline; code is coloured by classes."""

import html
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from university.course_folders.files.links import kind_of
from university.course_folders.markdown.html_tags import rendered_block, rendered_tag

CODE_CLASSES = HtmlFormatter(nowrap=True, classprefix="hl-")
# How the five alerts of the field look; "important" is a note in bolder words.
CALLOUTS = {"note": "note", "tip": "tip", "important": "note", "warning": "warning", "caution": "danger"}


class CourseRenderer(RendererHTML):
    """Every public method renders the token of its name. `env` holds the functions given to `render`."""

    def tag(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return rendered_tag(tokens[idx].meta["tag"], env["link"])

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return rendered_block(tokens[idx].content, env["link"])

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # The parser makes none of these; should it ever, they are text.
        return html.escape(tokens[idx].content)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        language = tokens[idx].info.strip().split(" ")[0]
        return f'<pre tabindex="0"><code>{coloured(tokens[idx].content, language)}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<pre tabindex="0"><code>{html.escape(tokens[idx].content)}</code></pre>\n'

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        alt = self.renderInlineAsText(token.children, options, env)
        target = str(token.attrGet("src") or "")
        picture = env["picture"](target) if kind_of(target) == "file" else None
        if picture is None:
            return html.escape(alt)
        shown = "" if token.attrGet("title") == "decorative" else alt
        size = f' width="{picture.width}" height="{picture.height}"' if picture.width and picture.height else ""
        return f'<img src="{html.escape(picture.src)}" alt="{html.escape(shown)}"{size} loading="lazy">'

    def renderInlineAsText(self, tokens: Sequence[Token] | None, options: OptionsDict, env: EnvType) -> str:
        return plain_text(tokens or ())

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        env["tables"] = env.get("tables", 0) + 1
        # A number, because two regions of a page may not have the same name.
        label = f"{env['words'].table} {env['tables']}"
        return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{html.escape(label)}">\n<table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table>\n</div>\n"

    def alert_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        look = CALLOUTS.get(_alert(tokens[idx]), "note")
        # A note is no landmark: a lesson may hold many.
        return f'<aside class="callout callout--{look}" role="note">\n'

    def alert_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</aside>\n"

    def alert_title_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<p class="callout__title">'

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        opening = self.renderToken(tokens, idx, options, env)
        if "checked" not in tokens[idx].meta:
            return opening
        done = bool(tokens[idx].meta["checked"])
        label = env["words"].done if done else env["words"].to_do
        checked = " checked" if done else ""
        return f'{opening}<input type="checkbox" disabled{checked} aria-label="{html.escape(label)}"> '


def _alert(token: Token) -> str:
    return str(token.meta.get("kind", "")).lower()


def plain_text(tokens: Sequence[Token]) -> str:
    """What a reader sees of inline tokens, without marks."""
    return "".join(_seen(token) for token in tokens)


def _seen(token: Token) -> str:
    if token.type == "image":
        return plain_text(token.children or ())
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "tag":
        return "" if token.meta["tag"].is_allowed else token.content
    return token.content if token.type in ("text", "code_inline", "text_special") else ""


def coloured(code: str, language: str) -> str:
    """The code as HTML in which words have classes, or escaped when nobody knows the language."""
    lexer = _lexer(language.lower()) if language else None
    if lexer is None:
        return html.escape(code)
    result: Any = highlight(code, lexer, CODE_CLASSES)
    return str(result)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
