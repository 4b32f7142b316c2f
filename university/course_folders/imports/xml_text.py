"""XML as plain nodes that know their line; bombs, entities and broken files are refused with their place."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from university.course_folders.imports.results import BrokenFile, marked

MOST_NODES = 500_000
DEEPEST = 200
# HTML tags that hold nothing and are never closed.
VOID = frozenset({"br", "img", "hr", "input", "col", "source", "track", "wbr"})

AMPERSAND = marked("a bare & in the XML; it is written &amp;")
MALFORMED = marked("this is no well-formed XML: %(why)s")
BOMB = marked("the XML declares entities or fetches others; that is refused")
TOO_MANY = marked("the XML has more than %(most)s elements")
TOO_DEEP = marked("the XML is nested more than %(most)s deep")


@dataclass
class Node:
    """An element without its namespace. `parts` are texts and nodes in their order."""

    name: str
    attributes: dict[str, str]
    line: int
    parts: list[str | Node] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        return [part for part in self.parts if isinstance(part, Node)]

    @property
    def text(self) -> str:
        """All text in it, without tags."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def get(self, attribute: str, default: str = "") -> str:
        return self.attributes.get(attribute, default)

    def first(self, *path: str) -> Node | None:
        """The first child of this name, of that the first child of the next name …"""
        node: Node | None = self
        for name in path:
            node = next((one for one in node.nodes if one.name == name), None) if node else None
        return node

    def every(self, name: str) -> list[Node]:
        return [one for one in self.nodes if one.name == name]

    def below(self, *names: str) -> Iterator[Node]:
        """Every node of these names at any depth, in document order."""
        for node in self.nodes:
            if node.name in names:
                yield node
            yield from node.below(*names)

    def said(self, *path: str) -> str:
        """The text of the first node there, without blanks around it; empty when there is none."""
        node = self.first(*path)
        return node.text.strip() if node else ""

    def html(self) -> str:
        """What is in it as HTML."""
        return "".join(html.escape(part, quote=False) if isinstance(part, str) else part.outer() for part in self.parts)

    def outer(self) -> str:
        written = "".join(f' {name}="{html.escape(value)}"' for name, value in self.attributes.items())
        return f"<{self.name}{written}>" + ("" if self.name in VOID else f"{self.html()}</{self.name}>")


class _Builder:
    """The target of the parser. `parser` tells the line."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.open: list[Node] = []
        self.count = 0
        self.parser: Any = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        self.count += 1
        if self.count > MOST_NODES:
            raise BrokenFile(TOO_MANY, line, most=MOST_NODES)
        if len(self.open) >= DEEPEST:
            raise BrokenFile(TOO_DEEP, line, most=DEEPEST)
        node = Node(_local(tag), {_local(name): value for name, value in attributes.items()}, line)
        if self.open:
            self.open[-1].parts.append(node)
        else:
            self.root = node
        self.open.append(node)

    def end(self, tag: str) -> None:
        self.open.pop()

    def data(self, text: str) -> None:
        if self.open:
            self.open[-1].parts.append(text)

    def close(self) -> Node | None:
        return self.root


def read_xml(content: bytes) -> Node:
    """The root. Raises BrokenFile with line and column."""
    builder = _Builder()
    parser: Any = DefusedXMLParser(target=builder, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    builder.parser = parser.parser
    try:
        parser.feed(content)
        root = parser.close()
    except ParseError as problem:
        raise _malformed(content, problem) from None
    except DefusedXmlException:
        raise BrokenFile(BOMB, builder.parser.CurrentLineNumber, builder.parser.CurrentColumnNumber + 1) from None
    except (LookupError, ValueError) as problem:  # an encoding nobody knows
        raise BrokenFile(MALFORMED, why=str(problem)) from None
    if not isinstance(root, Node):
        raise BrokenFile(MALFORMED, why="no element found")
    return root


def _malformed(content: bytes, problem: ParseError) -> BrokenFile:
    """The parser stops behind an ampersand that begins nothing; that is the commonest fault of all."""
    line, column = problem.position
    written = content.split(b"\n")[line - 1] if content.count(b"\n") >= line - 1 else b""
    if written[column - 1 : column] == b"&":
        return BrokenFile(AMPERSAND, line, column)
    return BrokenFile(MALFORMED, line, column + 1, why=re.sub(r": line.*", "", str(problem)))


def _local(name: str) -> str:
    return name.rpartition("}")[2]
