"""Changes in files that people wrote by hand: comments, the order of fields and quotes stay as they are.

A field is named by its path: `("completion", "exam")`, `("questions", 0, "text")`. A new value of None takes the
field away.
"""

import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from university.course_folders.yaml.tree import FieldPath, Node, YamlList, YamlMapping, YamlScalar, node_at, parse
from university.course_folders.yaml.writing import as_yaml, styled, writer

Scalar = str | int | bool | Decimal
SEQUENCE_DASH = re.compile(r"^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*( *)- ", re.MULTILINE)
FIELD_BELOW = re.compile(r"^[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*( +)[^\s#-]", re.MULTILINE)
# Empty lines and comments that end a piece of the text.
TAIL = re.compile(r"(?<=\n)(?:[ \t]*(?:#[^\n]*)?\r?\n)+\Z")


def edited(text: str, changes: Mapping[FieldPath, Any]) -> str:
    """The YAML text with these fields changed. Raises ValueError when it is no valid YAML or a path leads nowhere."""
    for path, value in changes.items():
        text = _with_value(text, path, value)
    return text


def with_items(text: str, field: str, replaced: Mapping[int, Any], added: Sequence[Any]) -> str:
    """The YAML text with these items of a list replaced and these put at its end; all others stay as they are."""
    root, problems = parse(text)
    if root is None or problems:
        raise ValueError("the text is not valid YAML")
    items = node_at(root, (field,))
    if not isinstance(items, YamlList) or not items.items:
        return edited(text, {(field,): list(added)}) if added else text
    start, end = _piece(text, root, field)
    piece = text[start:end]
    yaml = writer(_dash_offset(piece), _indent(piece))
    document = yaml.load(piece)
    for at, value in replaced.items():
        document[field][at] = styled(value)
    document[field].extend(styled(value) for value in added)
    written = io.StringIO()
    yaml.dump(document, written)
    return text[:start] + _with_line_ends_of(piece, written.getvalue()) + text[end:]


def _with_value(text: str, path: FieldPath, value: Any) -> str:
    root, problems = parse(text)
    if root is None or problems:
        raise ValueError("the text is not valid YAML")
    node = node_at(root, path)
    if isinstance(node, YamlScalar) and isinstance(value, Scalar):
        in_place = _in_place(text, node, value)
        if in_place is not None and _reads_as(in_place, path, value):
            return in_place
    if isinstance(root, YamlMapping) and path[0] not in root.entries and all(isinstance(step, str) for step in path):
        longer = text if value is None else _appended(text, path, value)
        if value is None or node_at(parse(longer)[0] or root, path) is not None:
            return longer
    return _rewritten(text, root, path, value)


def _appended(text: str, path: FieldPath, value: Any) -> str:
    """A new field below the others."""
    start = text if not text or text.endswith("\n") else f"{text}\n"
    for step in reversed(path):
        value = {step: value}
    return start + _with_line_ends_of(text, as_yaml(value))


def _in_place(text: str, node: YamlScalar, value: Scalar) -> str | None:
    """Only this value replaced, in the quotes it had; None when it does not fit on one line."""
    if isinstance(value, str) and node.style == "'" and value.isprintable():
        written = "'" + value.replace("'", "''") + "'"
    elif isinstance(value, str) and node.style == '"' and value.isprintable():
        written = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    else:
        written = as_yaml({"x": value}).removeprefix("x: ").removesuffix("\n")
    if "\n" in written or "\n" in text[node.place.start : node.place.end] or not node.text:
        return None
    return text[: node.place.start] + written + text[node.place.end :]


def _reads_as(text: str, path: FieldPath, value: Scalar) -> bool:
    root, problems = parse(text)
    node = node_at(root, path) if root and not problems else None
    return (
        isinstance(node, YamlScalar) and node.value == value and isinstance(node.value, bool) == isinstance(value, bool)
    )


def _rewritten(text: str, root: Node, path: FieldPath, value: Any) -> str:
    """Through a loader that keeps comments, order and quotes: the one field at the top that holds the value."""
    start, end = _piece(text, root, path[0])
    piece = text[start:end]
    yaml = writer(_dash_offset(piece), _indent(piece))
    document = yaml.load(piece) or {}
    holder = document
    for step in path[:-1]:
        if isinstance(holder, dict) and step not in holder and value is not None:
            holder[step] = {}
        holder = _inside(holder, step)
    _put(holder, path[-1], value)
    if not document and (start, end) != (0, len(text)):
        return text[:start] + text[end:]
    written = io.StringIO()
    yaml.dump(document, written)
    return text[:start] + _with_line_ends_of(piece, written.getvalue()) + text[end:]


def _piece(text: str, root: Node, field: str | int) -> tuple[int, int]:
    """Where the field and its value stand, in whole lines, without the empty and comment lines below it; the whole
    text where the fields do not stand below each other."""
    entries = root.entries if isinstance(root, YamlMapping) else {}
    starts = sorted(entry.key.place.start for entry in entries.values())
    if field not in entries or any(start and text[start - 1] != "\n" for start in starts):
        return 0, len(text)
    start = entries[str(field)].key.place.start
    end = next((one for one in starts if one > start), len(text))
    below = TAIL.search(text, _end_of(entries[str(field)].value), end)
    return start, below.start() if below else end


def _end_of(node: Node) -> int:
    """Where the last text in it ends: a sign # further up may be part of a text."""
    if isinstance(node, YamlMapping):
        return max((_end_of(entry.value) for entry in node.entries.values()), default=node.place.end)
    if isinstance(node, YamlList):
        return max(map(_end_of, node.items), default=node.place.end)
    return node.place.end


def _with_line_ends_of(text: str, written: str) -> str:
    return written.replace("\n", "\r\n") if "\r\n" in text else written


def _inside(holder: Any, step: str | int) -> Any:
    try:
        return holder[step]
    except (KeyError, IndexError, TypeError) as problem:
        raise ValueError(f"there is no field {step}") from problem


def _put(holder: Any, step: str | int, value: Any) -> None:
    if isinstance(holder, dict):
        if value is None:
            holder.pop(step, None)
        else:
            holder[step] = styled(value)
    elif isinstance(holder, list) and isinstance(step, int) and step <= len(holder):
        if value is None:
            del holder[step]
        elif step == len(holder):
            holder.append(styled(value))
        else:
            holder[step] = styled(value)
    else:
        raise ValueError(f"there is no place for {step}")


def _indent(text: str) -> int:
    """How far in this text the fields of a mapping stand from the field they belong to."""
    found = FIELD_BELOW.search(text)
    return len(found[1]) if found else 2


def _dash_offset(text: str) -> int:
    """How far in this text the dashes of a list stand from the field they belong to."""
    found = SEQUENCE_DASH.search(text)
    return max(len(found[2]) - len(found[1]), 0) if found else 2
