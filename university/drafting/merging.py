"""Two people change one form at once: what each changed, brought together, and where both changed the same field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from university.drafting.text_differences import Line, text_difference


@dataclass(frozen=True)
class Merge:
    """`values` hold both people's work; where both changed a field, mine, and `clashes` shows how theirs differs:
    what is gone stands in theirs, what is new in mine."""

    values: dict[str, str]
    theirs: list[str] = field(default_factory=list)
    clashes: dict[str, list[Line]] = field(default_factory=dict)
    their_values: dict[str, str] = field(default_factory=dict)


def merge(base: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]) -> Merge:
    """Values of one form by name: as they were when I opened it, as they are stored now, and as I typed them."""
    merged = Merge(dict(mine), their_values=dict(theirs))
    for name in {**theirs, **mine}:
        was, now, typed = (_plain(values.get(name, "")) for values in (base, theirs, mine))
        if now in (was, typed):
            continue
        if typed == was:
            merged.values[name] = theirs.get(name, "")
            merged.theirs.append(name)
        else:
            merged.clashes[name] = text_difference(now, typed)
    return merged


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip()
