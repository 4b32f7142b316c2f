"""The dialect of Markdown that courses are written in, as tokens that know their place in the text.

CommonMark with tables, strikethrough, task lists and alerts. Two rules of the parser are our own: which HTML is HTML,
and that forbidden links are still recognised, so that a check can name them; rendering leaves them out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink, image, link
from markdown_it.token import Token

from university.course_folders.markdown.html_tags import BLOCK_START, Tag, tag_at
from university.course_folders.markdown.output import CourseRenderer

InlineRule = Callable[[StateInline, bool], bool]

# Each may begin a link, and whether it does is looked up to the end of its paragraph: many would take minutes.
MOST_BRACKETS = 500


class CourseMarkdown(MarkdownIt):
    def __init__(self) -> None:
        super().__init__("js-default", {"tasklists": True, "alerts": True}, renderer_cls=CourseRenderer)
        self.core.ruler.at("inline", _inline)
        self.inline.ruler.at("html_inline", _tag)
        self.block.ruler.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})
        for name, rule in (("link", link), ("image", image), ("autolink", autolink)):
            self.inline.ruler.at(name, _located(rule))

    def validateLink(self, url: str) -> bool:
        return True


@dataclass(frozen=True)
class Found:
    """A token worth a look: a picture, link, tag or text, with its line (from 0) and column (from 1) in the text."""

    token: Token
    line: int
    column: int
    children: list[Token]

    @property
    def tag(self) -> Tag | None:
        tag = self.token.meta.get("tag")
        return tag if isinstance(tag, Tag) else None


def is_crowded(block: Token) -> bool:
    """Whether this paragraph has more brackets than we look into; it stays plain text."""
    return block.type == "inline" and block.content.count("[") > MOST_BRACKETS


def _inline(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline":
            block.children = []
            if is_crowded(block):
                block.children.append(Token("text", "", 0, content=block.content))
            else:
                state.md.inline.parse(block.content, state.md, state.env, block.children)


def _located(rule: InlineRule) -> InlineRule:
    """The same rule; its first token of interest also says where in the block it began."""

    def with_offset(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        for token in state.tokens[before:]:
            if token.type in ("link_open", "image"):
                token.meta["offset"] = start
                break
        return True

    return with_offset


def _tag(state: StateInline, silent: bool) -> bool:
    """Any HTML tag. What may stay of it is decided when it is rendered."""
    if state.src[state.pos] != "<":
        return False
    tag = tag_at(state.src, state.pos, state.posMax)
    if tag is None:
        return False
    if not silent:
        token = state.push("tag", "", 0)
        token.content = tag.source
        token.meta = {"tag": tag, "offset": state.pos}
    state.pos += len(tag.source)
    return True


def _html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines from an allowed block-level tag up to the next empty line."""
    first = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not BLOCK_START.match(state.src, first, state.eMarks[start]):
        return False
    if silent:
        return True
    line = start + 1
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        line += 1
    state.line = line
    token = state.push("html_block", "", 0)
    token.map = [start, line]
    token.content = state.getLines(start, line, state.blkIndent, True)
    return True


PARSER = CourseMarkdown()


def parsed(text: str, env: dict[str, Any] | None = None) -> list[Token]:
    return PARSER.parse(text, {} if env is None else env)
