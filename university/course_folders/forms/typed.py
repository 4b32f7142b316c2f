"""What people type into the fields of a form, as changes of a YAML text that leave everything else as it stands.

A field of a form is called by its path in the file: `licence.id`, `authors.0.name`. What is typed is kept even where
it breaks a rule: the checker then says so beside the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from university.course_folders.writing.editing import edited
from university.course_folders.yaml.tree import FieldPath, Node, YamlList, YamlMapping, YamlScalar, node_at, parse

# text: one line · block: several lines · lines: a list, one text a line · whole, number: figures · flag: true or not
# there · switch: true, false or not there · share: a word or a whole number.
Kind = Literal["text", "block", "lines", "whole", "number", "flag", "switch", "share"]
WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)
NUMBER = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,9})?", re.ASCII)


@dataclass(frozen=True)
class Blank:
    """One field. A `required` one stays in the file when nothing is typed, for the checker to point at."""

    name: str
    kind: Kind = "text"
    required: bool = False

    @property
    def path(self) -> FieldPath:
        return tuple(int(step) if step.isdigit() else step for step in self.name.split("."))


@dataclass(frozen=True)
class Rows:
    """A list of mappings, a row each: `authors.0.name`. A row in which nothing is typed is taken away."""

    name: str
    fields: tuple[str, ...]

    def blanks(self, row: int) -> list[Blank]:
        return [Blank(f"{self.name}.{row}.{field}") for field in self.fields]


Layout = tuple[Blank | Rows, ...]


def shown(text: str, layout: Layout) -> dict[str, str]:
    """What each field shows of this YAML text, by name; rows as many as there are."""
    root, _ = parse(text)
    found: dict[str, str] = {}
    for part in layout:
        blanks = [part] if isinstance(part, Blank) else _blanks_of(part, rows_in(text, part))
        found.update({blank.name: _shown(node_at(root, blank.path), blank.kind) for blank in blanks})
    return found


def rows_in(text: str, rows: Rows) -> int:
    """How many rows the list in the text has."""
    root, _ = parse(text)
    node = node_at(root, (rows.name,) if "." not in rows.name else Blank(rows.name).path)
    return len(node.items) if isinstance(node, YamlList) else 0


def changed(text: str, layout: Layout, typed: Mapping[str, str]) -> str:
    """The text with what was typed. A field that is not among `typed` stays; one that says what the file says stays
    byte by byte. Raises ValueError when the text is no valid YAML."""
    before = shown(text, layout)
    for part in layout:
        if isinstance(part, Rows):
            text = edited(text, dict(_rows_changed(part, rows_in(text, part), before, typed)))
        elif part.name in typed and _clean(typed[part.name], part.kind) != before[part.name]:
            text = _with(text, part, _clean(typed[part.name], part.kind))
    return _without_empty(text, layout)


def _with(text: str, blank: Blank, typed: str) -> str:
    if blank.kind == "lines":
        return edited(text, dict(_lines_changed(text, blank.path, typed.split("\n") if typed else [])))
    return edited(text, {blank.path: _value(blank, typed)})


def _shown(node: Node | None, kind: Kind) -> str:
    if kind == "lines" and isinstance(node, YamlList):
        return "\n".join(item.text for item in node.items if isinstance(item, YamlScalar))
    if not isinstance(node, YamlScalar):
        return ""
    if kind == "flag":
        return "true" if node.value is True else ""
    return "" if node.is_plain and node.value is None else node.text


def _clean(typed: str, kind: Kind) -> str:
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    if kind == "block":
        return text if text.strip() else ""
    if kind == "lines":
        return "\n".join(line.strip() for line in text.split("\n") if line.strip())
    return " ".join(text.split())


def _value(blank: Blank, typed: str) -> Any:
    if not typed:
        return "" if blank.required else None
    if blank.kind == "flag" or (blank.kind == "switch" and typed in ("true", "false")):
        return typed == "true"
    if blank.kind in ("whole", "share") and WHOLE.fullmatch(typed):
        return int(typed)
    if blank.kind == "number" and NUMBER.fullmatch(typed):
        figure = Decimal(typed.replace(",", "."))
        return int(figure) if figure == figure.to_integral_value() and "." not in str(figure) else figure
    return typed


def _lines_changed(text: str, path: FieldPath, lines: list[str]) -> Iterator[tuple[FieldPath, Any]]:
    """Item by item, so that comments between them stay."""
    node = node_at(parse(text)[0], path)
    there = len(node.items) if isinstance(node, YamlList) else 0
    if not there or not lines:
        yield path, lines or None
        return
    for at, line in enumerate(lines):
        item = node.items[at] if isinstance(node, YamlList) and at < there else None
        if not isinstance(item, YamlScalar) or item.text != line:
            yield (*path, at), line
    for at in range(there - 1, len(lines) - 1, -1):
        yield (*path, at), None


def _rows_changed(
    rows: Rows, there: int, before: Mapping[str, str], typed: Mapping[str, str]
) -> Iterator[tuple[FieldPath, Any]]:
    """Changes inside the rows that stay, then new rows at the end, then rows taken away from the end on."""
    path = Blank(rows.name).path
    gone, new = [], []
    for row in sorted(_rows_typed(rows, typed)):
        values = {blank: _clean(typed.get(blank.name, ""), "text") for blank in rows.blanks(row)}
        if row >= there:
            new.append({str(blank.path[-1]): value for blank, value in values.items() if value})
        elif not any(values.values()):
            gone.append(row)
        else:
            for blank, value in values.items():
                if value != before.get(blank.name, ""):
                    yield blank.path, value or None
    added = [one for one in new if one]
    if added and not there:
        yield path, added
    else:
        yield from (((*path, there + at), one) for at, one in enumerate(added))
    if gone and len(gone) == there and not added:
        yield path, None
    else:
        yield from (((*path, row), None) for row in reversed(gone))


def _rows_typed(rows: Rows, typed: Mapping[str, str]) -> set[int]:
    pattern = re.compile(rf"{re.escape(rows.name)}\.([0-9]{{1,3}})\.({'|'.join(rows.fields)})", re.ASCII)
    return {int(found[1]) for name in typed if (found := pattern.fullmatch(name))}


def _without_empty(text: str, layout: Layout) -> str:
    """Without mappings that lost their last field: `cover:` with nothing below it would ask for a file."""
    root, _ = parse(text)
    names = {str(Blank(part.name).path[0]) for part in layout if "." in part.name}
    empty = [
        name for name in sorted(names) if isinstance(node := node_at(root, (name,)), YamlMapping) and not node.entries
    ]
    return edited(text, {(name,): None for name in empty})


def _blanks_of(rows: Rows, count: int) -> Iterable[Blank]:
    return [blank for row in range(count) for blank in rows.blanks(row)]
