"""YAML 1.2 text to a tree in which every value knows its place.

Only what the core schema calls a number, `true`, `false` or nothing is read as such; `Yes`, `on`, dates, `12:30`,
`1_000` and `=` stay text, because authors mean them so. Tags, anchors and aliases are refused.
"""

import bisect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, overload

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

MOST_BYTES = 1024 * 1024
# A course needs five levels; a deep nest of brackets is an attack on the reader's stack.
MOST_DEPTH = 40
MOST_REMEMBERED = 16 * 1024
INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?", re.ASCII)
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
NOTHING = ("", "~", "null", "Null", "NULL")
# Longer ones stay text: no field needs them, and arithmetic with them takes for ever.
LONGEST_NUMBER = 40


@dataclass(frozen=True)
class Place:
    """Where a value begins, and which piece of the text it takes up."""

    line: int
    column: int
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class YamlScalar:
    """`text` is what stands there after quotes and folding; `is_plain` says that no quotes make it text."""

    place: Place
    text: str
    is_plain: bool
    style: str = ""

    @property
    def value(self) -> str | int | Decimal | bool | None:
        return plain_value(self.text) if self.is_plain else self.text


@dataclass(frozen=True)
class YamlList:
    place: Place
    items: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class YamlMapping:
    place: Place
    entries: dict[str, "Entry"] = field(default_factory=dict)


@dataclass(frozen=True)
class BrokenNode:
    """Stands where something was refused and reported; nothing more is said about it."""

    place: Place


Node = YamlScalar | YamlList | YamlMapping | BrokenNode
# Names of fields and numbers of items, from the root on: `("questions", 0, "text")`.
FieldPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Entry:
    key: YamlScalar
    value: Node


@dataclass(frozen=True)
class Problem:
    """What is wrong with the text itself."""

    line: int
    column: int
    code: str
    what: str
    expected: str


def plain_value(text: str) -> str | int | Decimal | bool | None:
    """The value of an unquoted text by the core schema."""
    if text in NOTHING:
        return None
    if text in ("true", "false"):
        return text == "true"
    if len(text) <= LONGEST_NUMBER:
        if INTEGER.fullmatch(text):
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if DECIMAL.fullmatch(text):
            return Decimal(text)
    return text


def node_at(root: Node | None, path: FieldPath) -> Node | None:
    """What stands at this path; None where nothing does."""
    node = root
    for step in path:
        if isinstance(node, YamlMapping) and isinstance(step, str):
            entry = node.entries.get(step)
            node = entry.value if entry else None
        elif isinstance(node, YamlList) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


@overload
def node_of(value: Mapping[str, Any], place: Place) -> YamlMapping: ...


@overload
def node_of(value: Any, place: Place) -> Node: ...


def node_of(value: Any, place: Place) -> Node:
    """What would be read of this value if it were written down at this place."""
    if isinstance(value, Mapping):
        entries = {name: Entry(YamlScalar(place, name, True), node_of(one, place)) for name, one in value.items()}
        return YamlMapping(place, entries)
    if isinstance(value, (list, tuple)):
        return YamlList(place, [node_of(one, place) for one in value])
    if isinstance(value, str):
        return YamlScalar(place, value, False)
    return YamlScalar(place, "" if value is None else str(value).lower(), True)


def parse(text: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The one document of a YAML text; an empty one is an empty mapping, an invalid one None."""
    return _parsed(text) if len(text) > MOST_REMEMBERED else _remembered(text)


@lru_cache(maxsize=128)
def _remembered(text: str) -> tuple[Node | None, tuple[Problem, ...]]:
    # An editor checks the whole course after each change of one file; parsing is nearly all of that work.
    return _parsed(text)


def _parsed(text: str) -> tuple[Node | None, tuple[Problem, ...]]:
    builder = _Builder(text)
    try:
        root = builder.build()
    except (YAMLError, ValueError, IndexError, _TooDeep) as problem:
        return None, (*builder.problems, _as_problem(problem, builder))
    return root, tuple(builder.problems)


class _TooDeep(Exception):
    pass


class _Builder:
    """Makes the tree from the events of the parser."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        # Lines are counted here, because the parser also counts separators that are no line breaks in YAML 1.2.
        self.line_starts = [0] + [found.end() for found in re.finditer(r"\r\n|\r|\n", text)]
        self.events: Iterator[Any] = iter(())

    def build(self) -> Node:
        # One parser a text: it keeps state of the text it read.
        self.events = iter(YAML(typ="safe", pure=True).parse(self.text))
        root: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise ValueError("a second document begins with ---")
                root = self.node(next(self.events), 0)
        return root if isinstance(root, Node) and not _is_nothing(root) else YamlMapping(Place(1, 1))

    def place(self, event: Any) -> Place:
        start = event.start_mark.index
        line = bisect.bisect_right(self.line_starts, start)
        return Place(line, start - self.line_starts[line - 1] + 1, start, event.end_mark.index)

    def node(self, event: Any, depth: int) -> Node:
        if depth > MOST_DEPTH:
            raise _TooDeep
        if isinstance(event, AliasEvent):
            return self.refused(event, f"*{event.anchor} is an alias")
        if event.anchor is not None:
            self.refused(event, f"&{event.anchor} is an anchor")
        if event.tag is not None and not isinstance(event.tag, bool):
            self.refused(event, f"{event.tag} is a tag".replace("tag:yaml.org,2002:", "!!"))
        if isinstance(event, SequenceStartEvent):
            return self.sequence(event, depth)
        if isinstance(event, MappingStartEvent):
            return self.mapping(event, depth)
        return self.scalar(event)

    def scalar(self, event: ScalarEvent) -> YamlScalar | BrokenNode:
        style = event.style or ""
        place = self.place(event)
        if HALF_CHARACTER.search(event.value):
            self.problem(place, "E100", "the text has half a character (\\ud800 to \\udfff)", "the character itself")
            return BrokenNode(place)
        return YamlScalar(place, event.value, not style, style)

    def sequence(self, event: SequenceStartEvent, depth: int) -> YamlList:
        found = YamlList(self.place(event))
        for item in self.events:
            if isinstance(item, SequenceEndEvent):
                break
            found.items.append(self.node(item, depth + 1))
        return found

    def mapping(self, event: MappingStartEvent, depth: int) -> YamlMapping:
        found = YamlMapping(self.place(event))
        for item in self.events:
            if isinstance(item, MappingEndEvent):
                break
            key = self.node(item, depth + 1)
            value = self.node(next(self.events), depth + 1)
            self.add(found, key, value)
        return found

    def add(self, mapping: YamlMapping, key: Node, value: Node) -> None:
        if not isinstance(key, YamlScalar):
            if not isinstance(key, BrokenNode):
                self.problem(key.place, "E102", "a field has a list or mapping as its name", "a word as its name")
        elif key.text in mapping.entries:
            first = mapping.entries[key.text].key.place.line
            self.problem(
                key.place,
                "E101",
                f'"{key.text}" stands here twice',
                f"it once; it is in line {first} already",
            )
        else:
            mapping.entries[key.text] = Entry(key, value)

    def refused(self, event: Any, what: str) -> BrokenNode:
        place = self.place(event)
        self.problem(place, "E107", what, "the value itself; a text that begins with !, & or * goes in quotes")
        return BrokenNode(place)

    def problem(self, place: Place, code: str, what: str, expected: str) -> None:
        self.problems.append(Problem(place.line, place.column, code, what, expected))


def _is_nothing(node: Node) -> bool:
    return isinstance(node, YamlScalar) and node.value is None


def _as_problem(problem: Exception, builder: _Builder) -> Problem:
    if isinstance(problem, _TooDeep):
        return Problem(1, 1, "E100", "the values are nested too deeply", f"at most {MOST_DEPTH} levels")
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    said = (problem.problem if isinstance(problem, MarkedYAMLError) else None) or str(problem)
    first_line = said.strip().splitlines()[0] if said.strip() else "it ends too early"
    expected = "valid YAML"
    if "mapping values are not allowed" in said:
        first_line, expected = 'a plain text has ": " in it', "put the text in quotes"
    position = mark.index if mark else getattr(problem, "position", 0)
    line = bisect.bisect_right(builder.line_starts, position if isinstance(position, int) else 0)
    column = max(1, position - builder.line_starts[line - 1] + 1) if isinstance(position, int) else 1
    return Problem(line, column, "E100", f"this is not valid YAML: {first_line}", expected)
