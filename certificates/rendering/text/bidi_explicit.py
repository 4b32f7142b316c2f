"""The explicit half of the Unicode Bidirectional Algorithm: embeddings, overrides and isolates (UAX #9, P2 to X9)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_DEEPEST = 125
_EMBEDDINGS = {"RLE": (1, None), "LRE": (0, None), "RLO": (1, "R"), "LRO": (0, "L")}
ISOLATES = {"RLI", "LRI", "FSI"}
REMOVED = {*_EMBEDDINGS, "PDF", "BN"}


@lru_cache(maxsize=4096)
def kind_of(character: str) -> str:
    return unicodedata.bidirectional(character) or "L"


def matching_isolates(kinds: Sequence[str]) -> dict[int, int]:
    """Each isolate initiator with the PDI that closes it (BD9)."""
    closing, waiting = {}, []
    for place, kind in enumerate(kinds):
        if kind in ISOLATES:
            waiting.append(place)
        elif kind == "PDI" and waiting:
            closing[waiting.pop()] = place
        elif kind == "B":
            waiting.clear()
    return closing


def first_strong(kinds: Sequence[str], closing: dict[int, int], start: int, end: int) -> int | None:
    """0 or 1 by the first strong letter between these places, isolates skipped (P2, P3); None without one."""
    place = start
    while place < end:
        kind = kinds[place]
        if kind in ("L", "R", "AL"):
            return 0 if kind == "L" else 1
        if kind in ISOLATES:
            place = closing.get(place, end)
        place += 1
    return None


@dataclass
class Explicit:
    levels: list[int | None]
    kinds: list[str]


@dataclass(frozen=True)
class _Entry:
    """An entry of the directional status stack."""

    level: int
    override: str | None = None
    is_isolate: bool = False


class _Embedding:
    """The directional status stack with its three counters (X1)."""

    def __init__(self, paragraph: int) -> None:
        self.stack = [_Entry(paragraph)]
        self.lost_isolates = self.lost_embeddings = self.open_isolates = 0

    @property
    def top(self) -> _Entry:
        return self.stack[-1]

    def embed(self, odd: int, override: str | None) -> None:
        entry = _Entry(self._next(odd), override)
        if entry.level <= _DEEPEST and not self.lost_isolates and not self.lost_embeddings:
            self.stack.append(entry)
        elif not self.lost_isolates:
            self.lost_embeddings += 1

    def isolate(self, odd: int) -> None:
        entry = _Entry(self._next(odd), is_isolate=True)
        if entry.level <= _DEEPEST and not self.lost_isolates and not self.lost_embeddings:
            self.open_isolates += 1
            self.stack.append(entry)
        else:
            self.lost_isolates += 1

    def end_isolate(self) -> None:
        if self.lost_isolates:
            self.lost_isolates -= 1
        elif self.open_isolates:
            self.lost_embeddings = 0
            while not self.top.is_isolate:
                self.stack.pop()
            self.stack.pop()
            self.open_isolates -= 1

    def end_embedding(self) -> None:
        if self.lost_isolates:
            return
        if self.lost_embeddings:
            self.lost_embeddings -= 1
        elif not self.top.is_isolate and len(self.stack) > 1:
            self.stack.pop()

    def _next(self, odd: int) -> int:
        """The next level above the present one that is odd or even as asked."""
        return self.top.level + 1 + ((self.top.level + 1) % 2 != odd)


def explicit(kinds: Sequence[str], closing: dict[int, int], paragraph: int) -> Explicit:
    """X1 to X8."""
    status, found = _Embedding(paragraph), Explicit([], list(kinds))
    for place, kind in enumerate(kinds):
        if kind == "PDI":
            status.end_isolate()
        found.levels.append(None if kind in REMOVED else paragraph if kind == "B" else status.top.level)
        if kind not in REMOVED and kind != "B" and status.top.override:
            found.kinds[place] = status.top.override
        if kind in _EMBEDDINGS:
            status.embed(*_EMBEDDINGS[kind])
        elif kind in ISOLATES:
            inner = first_strong(kinds, closing, place + 1, closing.get(place, len(kinds)))
            status.isolate({"RLI": 1, "LRI": 0}.get(kind, inner or 0))
        elif kind == "PDF":
            status.end_embedding()
    return found
