"""Two texts side by side for people: which words of which lines differ, with a little around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Tone = Literal["same", "gone", "new"]
WORDS = re.compile(r"\w+|\s+|[^\w\s]")
AROUND = 2


@dataclass(frozen=True)
class Line:
    """One line; `parts` are its pieces with how they differ. `gap` says that equal lines were left out before it."""

    tone: Tone
    parts: tuple[tuple[Tone, str], ...]
    gap: bool = False


def text_difference(before: str, after: str) -> list[Line]:
    """What was changed from `before` to `after`; empty when they are the same."""
    old, new = before.split("\n"), after.split("\n")
    found: list[Line] = []
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND)
    for number, group in enumerate(groups):
        lines = [line for one in group for line in _lines(one, old, new)]
        if lines and (number or group[0][1]):
            lines[0] = Line(lines[0].tone, lines[0].parts, gap=True)
        found += lines
    return found


def _lines(opcode: tuple[str, int, int, int, int], old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    kind, a, b, c, d = opcode
    if kind == "equal":
        yield from (Line("same", (("same", line),)) for line in old[a:b])
    elif kind == "replace" and b - a == d - c:
        for before, after in zip(old[a:b], new[c:d], strict=True):
            yield from _pair(before, after)
    else:
        yield from (Line("gone", (("same", line),)) for line in old[a:b])
        yield from (Line("new", (("same", line),)) for line in new[c:d])


def _pair(before: str, after: str) -> Iterator[Line]:
    """A line and what became of it, with the words that differ marked."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    gone: list[tuple[Tone, str]] = []
    come: list[tuple[Tone, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone.append(("same" if kind == "equal" else "gone", "".join(old[a:b])))
        come.append(("same" if kind == "equal" else "new", "".join(new[c:d])))
    yield Line("gone", tuple(part for part in gone if part[1]))
    yield Line("new", tuple(part for part in come if part[1]))
