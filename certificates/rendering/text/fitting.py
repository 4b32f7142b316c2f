"""Long texts made to fit: first smaller, then on more lines, never cut."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise, takewhile, zip_longest
from typing import TypeVar

from certificates.rendering.text.bidi import base_level
from certificates.rendering.text.faces import Chain
from certificates.rendering.text.glyphs import Line, Unprintable, shape, shape_known
from certificates.rendering.text.scripts import graphemes, may_break_between

T = TypeVar("T")
_BREAKS = " -\u2010\u2013/"


@dataclass(frozen=True)
class Room:
    """Space for a text: its width, and the lowest and highest point its ink may reach, in points."""

    width: float
    bottom: float
    top: float


@dataclass(frozen=True)
class Step:
    """So many lines, from the largest size down to the smallest."""

    lines: int
    largest: float
    smallest: float


@dataclass(frozen=True)
class Block:
    """Lines with their baselines."""

    size: float
    lines: tuple[tuple[Line, float], ...]


def fit(text: str, chain: Chain, room: Room, steps: Sequence[Step], baseline: float, language: str | None) -> Block:
    """The first step that has room; a single line stands on `baseline` if its ink lets it. Never remembers the text."""
    base = base_level(text)
    for step in steps:
        lines = broken(text, step.lines, _BREAKS, lambda part: shape(part, chain, language, base))
        if lines and (size := _largest(lines, room, step)) >= step.smallest:
            return _placed(lines, size, room, baseline)
    raise Unprintable("the text has no room, not even in its smallest size")


@lru_cache(maxsize=512)
def wrap(text: str, chain: Chain, width: float, size: float, language: str | None) -> Sequence[Line]:
    """As few lines as have room, all about as long; a word wider than the line is a fault. Never for a name."""
    words = [(word, shape_known(word, chain, language).width) for word in text.split()]
    space, widest = shape_known(" ", chain, language).width, width * 1000 / size
    if any(length > widest for _, length in words):
        raise Unprintable("a word is wider than its line")
    fewest = len(_filled(words, space, widest))
    if fewest < 2:
        return [shape_known(line, chain, language) for line in _filled(words, space, widest)]
    narrow = (1 - step / 20 for step in range(1, 20))
    balanced = widest * min(takewhile(lambda share: _has(fewest, words, space, widest * share), narrow), default=1.0)
    return [shape_known(line, chain, language) for line in _filled(words, space, balanced)]


def _has(count: int, words: list[tuple[str, int]], space: int, width: float) -> bool:
    """Whether the words still fit on so many lines of this width."""
    return max(length for _, length in words) <= width and len(_filled(words, space, width)) == count


def _filled(words: list[tuple[str, int]], space: int, width: float) -> list[str]:
    """Each line takes words while they have room."""
    lines: list[str] = []
    taken = 0.0
    for word, length in words:
        if lines and taken + space + length <= width:
            lines[-1] += f" {word}"
            taken += space + length
        else:
            lines.append(word)
            taken = length
    return lines


def broken(text: str, count: int, ends: str, shaped: Callable[[str], Line]) -> list[Line]:
    """The text on exactly `count` lines, the longest as short as can be; nothing if it has too few words."""
    pieces = _pieces(text, ends)
    if len(pieces) < count:
        return []
    options = combinations(range(1, len(pieces)), count - 1)
    best = min(options, key=lambda breaks: _cost(_slices(pieces, breaks)))
    return [shaped("".join(part).strip()) for part in _slices(pieces, best)]


def _cost(lines: list[list[str]]) -> float:
    """The longest line in letters, a fair guess of its width; less where lines end with the sense, more after "de"."""
    texts = ["".join(line).strip() for line in lines]
    cost = float(max(map(len, texts)))
    for line, text in zip(lines[:-1], texts, strict=False):
        if text[-1] in ",:;.":
            cost *= 0.88
        elif len(line[-1].strip()) < 4:
            cost *= 1.1
    return cost


def _slices(items: list[T], breaks: tuple[int, ...]) -> list[list[T]]:
    return [items[start:end] for start, end in zip((0, *breaks), (*breaks, len(items)), strict=True)]


def _pieces(text: str, ends: str) -> list[str]:
    """What must stay together: up to each grapheme after which a line may end."""
    parts = graphemes(text)
    pieces = [""]
    for part, following in zip_longest(parts, parts[1:], fillvalue=""):
        pieces[-1] += part
        if part in ends or (following and may_break_between(part, following)):
            pieces.append("")
    return [piece for piece in pieces if piece]


def _largest(lines: list[Line], room: Room, step: Step) -> float:
    widest = max(line.width for line in lines) or 1
    return min(step.largest, room.width * 1000 / widest, (room.top - room.bottom) * 1000 / _height(lines))


def _height(lines: list[Line]) -> float:
    return lines[0].ink[1] - lines[-1].ink[0] + sum(_distances(lines))


def _distances(lines: list[Line]) -> list[float]:
    """From baseline to baseline: wide enough that marks below one line and above the next stay apart."""
    return [max(1160.0, upper.ink[0] * -1 + lower.ink[1] + 70) for upper, lower in pairwise(lines)]


def _placed(lines: list[Line], size: float, room: Room, baseline: float) -> Block:
    scale = size / 1000
    spare = room.top - room.bottom - _height(lines) * scale
    first = room.top - spare / 2 - lines[0].ink[1] * scale
    if len(lines) == 1:
        lowest, highest = room.bottom - lines[0].ink[0] * scale, room.top - lines[0].ink[1] * scale
        first = min(max(baseline, lowest), highest)
    baselines = [first]
    for distance in _distances(lines):
        baselines.append(baselines[-1] - distance * scale)
    return Block(size, tuple(zip(lines, baselines, strict=True)))
