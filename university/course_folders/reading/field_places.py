"""Which field of a file a finding is about, so that a form can show it there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from university.course_folders.findings import Finding
from university.course_folders.reading.lessons import FRONT_MATTER
from university.course_folders.yaml.tree import Node, Place, YamlList, YamlMapping, parse

# The name of the text below the front matter of a lesson, which is no field of it.
BODY = "text"
NAMED = re.compile(r'"([A-Za-z0-9_.-]+)" is missing')


def field_of(finding: Finding, content: bytes) -> str | None:
    """The dotted path of the field, `text` for the text of a lesson, None for the file as a whole."""
    text = content.decode("utf-8-sig", "replace")
    front = FRONT_MATTER.match(text) if finding.path.endswith(".md") else None
    if finding.path.endswith(".md") and front is None:
        return None if finding.code == "E120" else BODY
    if front and finding.line > body_line(text) - 1:
        return BODY
    missing = NAMED.match(finding.what)
    if missing:
        return missing[1]
    root, _ = parse(front[1] if front else text)
    place = (finding.line - (1 if front else 0), finding.column)
    names = dict(_names(root, "")) if root else {}
    return names.get(place) or _nearest(names, place)


def body_line(text: str) -> int:
    """The line of the file in which the text of a lesson begins; 1 in a file without front matter."""
    front = FRONT_MATTER.match(text)
    return len(re.findall(r"\r\n|\r|\n", text[: front.end()])) + 1 if front else 1


def _names(node: Node, name: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Place and name of every value and key. What stands further in wins, except over the whole file."""
    if name:
        yield _key(node.place), name
    if isinstance(node, YamlMapping):
        for field, entry in node.entries.items():
            inner = f"{name}.{field}" if name else field
            yield _key(entry.key.place), inner
            yield from _names(entry.value, inner)
    elif isinstance(node, YamlList):
        for at, item in enumerate(node.items):
            yield from _names(item, f"{name}.{at}")


def _key(place: Place) -> tuple[int, int]:
    return place.line, place.column


def _nearest(names: dict[tuple[int, int], str], place: tuple[int, int]) -> str | None:
    """The last field that begins before a place inside a text of several lines."""
    before = [known for known in names if known <= place]
    return names[max(before)] if before and place != (1, 1) else None
