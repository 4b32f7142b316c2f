"""A value in a YAML text made to say something else, with as few changes to the text as that takes.

What stays the same keeps its bytes: comments, order and quotes too. Lists are compared place by place; a thing that
moves within its list is moved by `moved`, with the comments above it.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from university.course_folders.writing.editing import edited
from university.course_folders.yaml.tree import FieldPath, Node, YamlList, YamlMapping, YamlScalar, node_at, parse


def aligned(text: str, path: FieldPath, wanted: Any) -> str:
    """The text in which the value at `path` is `wanted`. Raises ValueError as `edited` does."""
    there = plain_at(text, path)
    if there is None:
        return edited(text, {path: wanted})
    return edited(text, dict(_changes(path, there, wanted)))


def plain_at(text: str, path: FieldPath) -> Any:
    """The value at this path as plain lists, mappings and scalars; None where there is nothing."""
    root, _ = parse(text)
    node = node_at(root, path)
    return plain_of(node) if node else None


def plain_of(node: Node) -> Any:
    """The value as plain lists, mappings and scalars; what was refused is None."""
    if isinstance(node, YamlMapping):
        return {name: plain_of(entry.value) for name, entry in node.entries.items()}
    if isinstance(node, YamlList):
        return [plain_of(item) for item in node.items]
    return node.value if isinstance(node, YamlScalar) else None


def moved(text: str, field: str, here: int, to: int) -> str:
    """The item of a list at the top of the file in another place, with its own lines and the comments above them.

    Raises ValueError where there is no such list of items that stand below each other, each on lines of its own.
    """
    starts, end = _item_starts(text, field)
    if not (0 <= here < len(starts) and 0 <= to < len(starts)):
        raise ValueError(f"there is no item {here} or {to}")
    pieces = [_ended(text[start:stop]) for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    pieces.insert(to, pieces.pop(here))
    return text[: starts[0]] + "".join(pieces) + text[end:]


def without(text: str, field: str, at: int) -> str:
    """The text without this item of a list at its top; without the list when it was the last one."""
    starts, end = _item_starts(text, field)
    if len(starts) == 1 and at == 0:
        return edited(text, {(field,): None})
    if not 0 <= at < len(starts):
        raise ValueError(f"there is no item {at}")
    stop = starts[at + 1] if at + 1 < len(starts) else end
    return text[: starts[at]] + text[stop:]


def _changes(path: FieldPath, there: Any, wanted: Any) -> Iterator[tuple[FieldPath, Any]]:
    if isinstance(there, dict) and isinstance(wanted, dict) and wanted:
        for name in [*wanted, *(name for name in there if name not in wanted)]:
            if name not in there or name not in wanted:
                yield (*path, name), wanted.get(name)
            else:
                yield from _changes((*path, name), there[name], wanted[name])
    elif isinstance(there, list) and isinstance(wanted, list) and there and wanted:
        for at, (was, now) in enumerate(zip(there, wanted, strict=False)):
            yield from _changes((*path, at), was, now)
        yield from (((*path, at), wanted[at]) for at in range(len(there), len(wanted)))
        yield from (((*path, at), None) for at in reversed(range(len(wanted), len(there))))
    elif not _alike(there, wanted):
        yield path, wanted


def _alike(there: Any, wanted: Any) -> bool:
    """Line breaks at the end of a text are the file's own affair; a form cannot tell one from none."""
    if isinstance(there, str) and isinstance(wanted, str):
        return there.rstrip("\n") == wanted.rstrip("\n")
    if isinstance(there, bool) or isinstance(wanted, bool):
        return there is wanted
    if isinstance(there, (int, Decimal)) and isinstance(wanted, (int, Decimal)):
        return there == wanted
    return bool(there == wanted) and type(there) is type(wanted)


def _item_starts(text: str, field: str) -> tuple[list[int], int]:
    """Where each item's first line begins, the comments above it included, and where the list ends."""
    root, problems = parse(text)
    if not isinstance(root, YamlMapping) or problems:
        raise ValueError("the text is not valid YAML")
    entry = root.entries.get(field)
    if entry is None or not isinstance(entry.value, YamlList) or not entry.value.items:
        raise ValueError(f"there is no list {field}")
    lines = [text.rfind("\n", 0, item.place.start) + 1 for item in entry.value.items]
    if len(set(lines)) < len(lines) or not all(text[line:].lstrip(" ").startswith("-") for line in lines):
        raise ValueError(f"the items of {field} do not stand below each other")
    below = entry.key.place.end
    first = text.find("\n", below) + 1
    starts = [_with_comments(text, line, first) for line in lines]
    after = [one.key.place.start for one in root.entries.values() if one.key.place.start > lines[-1]]
    return starts, _with_comments(text, min(after), lines[-1]) if after else len(text)


def _with_comments(text: str, line: int, first: int) -> int:
    """The beginning of the comment lines right above a line, not above `first`."""
    while line > first:
        above = text.rfind("\n", 0, line - 1) + 1
        if above < first or not text[above:line].lstrip().startswith("#"):
            break
        line = above
    return line


def _ended(piece: str) -> str:
    return piece if piece.endswith("\n") else f"{piece}\n"
