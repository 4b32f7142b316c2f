"""The Unicode Bidirectional Algorithm (UAX #9) for one paragraph: embedding levels, and the order of what is drawn.

Complete: explicit embeddings and isolates (X), weak types (W), bracket pairs (N0), neutrals (N1, N2), implicit levels
(I), trailing blanks (L1), reordering (L2). Rule names are those of the annex.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TypeVar

from certificates.rendering.text.bidi_explicit import (
    ISOLATES,
    REMOVED,
    explicit,
    first_strong,
    kind_of,
    matching_isolates,
)

T = TypeVar("T")

_MOST_OPEN_BRACKETS = 63
_APART = dict(zip("[{［｛⦍⦏", "]}］｝⦐⦎", strict=True))
_NEUTRAL = {"B", "S", "WS", "ON", *ISOLATES, "PDI"}
_CANONICAL = {"\u2329": "\u3008", "\u232a": "\u3009"}


def levels(text: str, base: int | None = None) -> list[int | None]:
    """The level of each character, odd where it runs right to left; None for one that only controls (X9).

    `base` is the level of the paragraph, 0 or 1; by default that of its first strong character (P2, P3).
    """
    kinds = [kind_of(character) for character in text]
    closing = matching_isolates(kinds)
    paragraph = base if base is not None else first_strong(kinds, closing, 0, len(kinds))
    resolved, found = list(kinds), explicit(kinds, closing, paragraph or 0)
    kinds_now = found.kinds
    for sequence in _sequences(kinds, found.levels, closing, paragraph or 0):
        _weak(sequence, kinds_now)
        _brackets(sequence, kinds_now, resolved, text)
        _neutral(sequence, kinds_now)
    implicit = [_implicit(level, kind) for level, kind in zip(found.levels, kinds_now, strict=True)]
    return _reset_blanks(resolved, implicit, paragraph or 0)


def base_level(text: str) -> int:
    """0 for a text that begins from the left, 1 for one that begins from the right; 0 if nothing in it says so."""
    kinds = [kind_of(character) for character in text]
    return first_strong(kinds, matching_isolates(kinds), 0, len(kinds)) or 0


def visual_order(items: Sequence[T], item_levels: Sequence[int]) -> list[T]:
    """Runs in the order in which they stand from left to right (L2). A run is reversed inside by whoever draws it."""
    order = list(range(len(items)))
    lowest_odd = min((level for level in item_levels if level % 2), default=0)
    for limit in range(max(item_levels, default=0), lowest_odd - 1, -1):
        if limit:
            order = _reversed_from(order, item_levels, limit)
    return [items[place] for place in order]


def _reversed_from(order: list[int], item_levels: Sequence[int], limit: int) -> list[int]:
    turned: list[int] = []
    for is_deep, places in groupby(order, key=lambda place: item_levels[place] >= limit):
        group = list(places)
        turned += reversed(group) if is_deep else group
    return turned


@dataclass(frozen=True)
class _Sequence:
    """An isolating run sequence (BD13): its places, its level, and the kinds before and after it."""

    places: list[int]
    level: int
    before: str
    after: str

    @property
    def direction(self) -> str:
        return _direction(self.level)


def _direction(level: int) -> str:
    return "R" if level % 2 else "L"


def _sequences(
    kinds: Sequence[str], found: Sequence[int | None], closing: dict[int, int], paragraph: int
) -> Iterator[_Sequence]:
    """X10."""
    kept = [(place, level) for place, level in enumerate(found) if level is not None]
    runs = [[place for place, _ in run] for _, run in groupby(kept, key=lambda pair: pair[1])]
    by_start = {run[0]: run for run in runs}
    opening = {end: start for start, end in closing.items()}
    for run in runs:
        if kinds[run[0]] == "PDI" and run[0] in opening:
            continue  # goes on a sequence that began earlier
        places = list(run)
        while kinds[places[-1]] in ISOLATES and places[-1] in closing:
            places += by_start[closing[places[-1]]]
        yield _bounded(places, kinds, found, paragraph)


def _bounded(places: list[int], kinds: Sequence[str], found: Sequence[int | None], paragraph: int) -> _Sequence:
    level = found[places[0]] or 0
    before = next((found[place] for place in range(places[0] - 1, -1, -1) if found[place] is not None), paragraph)
    after = next((found[place] for place in range(places[-1] + 1, len(found)) if found[place] is not None), paragraph)
    if kinds[places[-1]] in ISOLATES:
        after = paragraph
    edges = [_direction(max(level, edge or 0)) for edge in (before, after)]
    return _Sequence(places, level, *edges)


def _weak(sequence: _Sequence, kinds: list[str]) -> None:
    """W1 to W7, each over the whole sequence."""
    _weak_marks_and_numbers(sequence, kinds)
    _weak_separators(sequence, kinds)
    strong = sequence.before
    for place in sequence.places:
        if kinds[place] in ("L", "R"):
            strong = kinds[place]
        elif kinds[place] == "EN" and strong == "L":  # W7
            kinds[place] = "L"


def _weak_marks_and_numbers(sequence: _Sequence, kinds: list[str]) -> None:
    """W1 to W3."""
    previous, strong = sequence.before, sequence.before
    for place in sequence.places:
        kind = kinds[place]
        if kind == "NSM":
            kind = "ON" if previous in ISOLATES or previous == "PDI" else previous
        previous = kind
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kind = "AN"
        kinds[place] = kind
    for place in sequence.places:
        if kinds[place] == "AL":
            kinds[place] = "R"


def _weak_separators(sequence: _Sequence, kinds: list[str]) -> None:
    """W4 to W6."""
    places = sequence.places
    for before, place, after in zip(places, places[1:], places[2:], strict=False):
        around = (kinds[before], kinds[after])
        if (kinds[place] == "ES" and around == ("EN", "EN")) or (
            kinds[place] == "CS" and around in (("EN", "EN"), ("AN", "AN"))
        ):
            kinds[place] = kinds[before]
    groups = [(kind, list(group)) for kind, group in groupby(places, key=lambda place: kinds[place])]
    for position, (kind, group) in enumerate(groups):
        if kind == "ET" and "EN" in {
            groups[beside][0] for beside in (position - 1, position + 1) if 0 <= beside < len(groups)
        }:
            for place in group:
                kinds[place] = "EN"
    for place in places:
        if kinds[place] in ("ES", "ET", "CS"):
            kinds[place] = "ON"


def _brackets(sequence: _Sequence, kinds: list[str], original: Sequence[str], text: str) -> None:
    """N0: both brackets of a pair take one direction."""
    for start, end in _pairs(sequence, kinds, text):
        inside = {_strong(kinds[place]) for place in sequence.places if start < place < end} - {None}
        if sequence.direction in inside:
            direction = sequence.direction
        elif inside:
            earlier = [_strong(kinds[place]) for place in sequence.places if place < start]
            context = next((kind for kind in reversed(earlier) if kind), sequence.before)
            direction = context if context in inside else sequence.direction
        else:
            continue
        for bracket in (start, end):
            _turn(sequence, kinds, original, bracket, direction)


def _turn(sequence: _Sequence, kinds: list[str], original: Sequence[str], bracket: int, direction: str) -> None:
    """The bracket, and the marks on it."""
    kinds[bracket] = direction
    position = sequence.places.index(bracket)
    for place in sequence.places[position + 1 :]:
        if original[place] != "NSM":
            break
        kinds[place] = direction


def _pairs(sequence: _Sequence, kinds: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Places of matching brackets in the order of the opening ones (BD16)."""
    found, waiting = [], list[tuple[str, int]]()
    for place in sequence.places:
        character = _CANONICAL.get(text[place], text[place])
        if kinds[place] != "ON":
            continue
        if closing := closing_bracket(character):
            if len(waiting) == _MOST_OPEN_BRACKETS:
                break
            waiting.append((_CANONICAL.get(closing, closing), place))
        elif any(wanted == character for wanted, _ in waiting):
            while waiting[-1][0] != character:
                waiting.pop()
            found.append((waiting.pop()[1], place))
    return sorted(found)


@lru_cache(maxsize=1024)
def closing_bracket(character: str) -> str | None:
    """The closing bracket of an opening one. Unicode pairs exactly the mirrored ones that stand side by side."""
    if unicodedata.category(character) != "Ps" or not unicodedata.mirrored(character) or kind_of(character) != "ON":
        return None
    following = _APART.get(character) or chr(ord(character) + 1)
    return following if unicodedata.category(following) == "Pe" and unicodedata.mirrored(following) else None


def _strong(kind: str) -> str | None:
    """For brackets and neutrals a number counts as running right to left."""
    return "R" if kind in ("R", "EN", "AN") else "L" if kind == "L" else None


def _neutral(sequence: _Sequence, kinds: list[str]) -> None:
    """N1 and N2."""
    groups = [
        (is_neutral, list(group))
        for is_neutral, group in groupby(sequence.places, key=lambda place: kinds[place] in _NEUTRAL)
    ]
    for position, (is_neutral, group) in enumerate(groups):
        if not is_neutral:
            continue
        before = _strong(kinds[groups[position - 1][1][-1]]) if position else sequence.before
        is_last = position == len(groups) - 1
        after = sequence.after if is_last else _strong(kinds[groups[position + 1][1][0]])
        for place in group:
            kinds[place] = before if before is not None and before == after else sequence.direction


def _implicit(level: int | None, kind: str) -> int | None:
    """I1 and I2."""
    if level is None:
        return None
    if level % 2:
        return level + (kind in ("L", "EN", "AN"))
    return level + {"R": 1, "EN": 2, "AN": 2}.get(kind, 0)


def _reset_blanks(kinds: Sequence[str], found: list[int | None], paragraph: int) -> list[int | None]:
    """L1: separators, and the blanks before them and at the end, stand at the level of the paragraph."""
    is_trailing = True
    for place in range(len(kinds) - 1, -1, -1):
        kind = kinds[place]
        if kind in ("B", "S"):
            is_trailing = True
        if is_trailing and (kind in ("B", "S", "WS", "PDI") or kind in ISOLATES):
            found[place] = paragraph
        elif kind not in REMOVED:
            is_trailing = False
    return found
