"""Text to glyphs: which face draws each grapheme, in which direction; HarfBuzz shapes it, every glyph keeps its text.

`unprintable` names what no face has, so that it is refused before a certificate is issued.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

import uharfbuzz as hb

from certificates.rendering.text.bidi import levels, visual_order
from certificates.rendering.text.faces import CHAINS, Chain, Face
from certificates.rendering.text.scripts import graphemes, script_of, without_joiners

_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
# Readers turn the letters of a backward run round one by one, so there no glyph may stand for three of them.
_FEATURES = {False: {"kern": True, "liga": True, "dlig": False}, True: {"kern": True, "liga": False, "dlig": False}}


class Unprintable(ValueError):
    """Text that no face can draw, or that has no room; asked for before issue, so at drawing time it is a fault."""


class Glyph(NamedTuple):
    """Lengths in thousandths of the size; `text` is empty for the later glyphs of one character."""

    id: int
    advance: int
    x: int
    y: int
    text: str


@dataclass(frozen=True, eq=False)
class Run:
    """Glyphs of one face from left to right, whatever the direction of the text."""

    face: Face
    glyphs: tuple[Glyph, ...]
    is_backward: bool = False

    @cached_property
    def texts(self) -> dict[int, str]:
        """What each of its glyphs stands for, where it first occurs."""
        return {glyph.id: glyph.text for glyph in reversed(self.glyphs)}

    @cached_property
    def is_plain(self) -> bool:
        """Whether every glyph always stands for the same text, and for some."""
        return all(glyph.text and self.texts[glyph.id] == glyph.text for glyph in self.glyphs)

    @cached_property
    def is_level(self) -> bool:
        return not any(glyph.y for glyph in self.glyphs)

    @cached_property
    def operands(self) -> bytes:
        """Of a TJ operator, for a run whose glyphs all stand on the line."""
        return show(self.face, self.glyphs)


@dataclass(frozen=True, eq=False)
class Line:
    """Shaped text, in thousandths of the size it will be drawn at; runs from left to right."""

    text: str
    runs: tuple[Run, ...]

    @cached_property
    def is_backward(self) -> bool:
        """Whether a part of it runs from right to left."""
        return any(run.is_backward for run in self.runs)

    @cached_property
    def width(self) -> int:
        return sum(glyph.advance for run in self.runs for glyph in run.glyphs)

    @cached_property
    def ink(self) -> tuple[float, float]:
        """The lowest and the highest point of the ink, marks included."""
        edges = [
            (bottom + glyph.y, top + glyph.y)
            for run in self.runs
            for glyph in run.glyphs
            for bottom, top in [run.face.ink(glyph.id)]
        ]
        return min((edge[0] for edge in edges), default=0.0), max((edge[1] for edge in edges), default=0.0)


def unprintable(text: str, language: str | None = None) -> list[str]:
    """The graphemes that no face draws, each once, in their order. Empty: the text can be set.

    `language` is for scripts whose shapes depend on it: Han.
    """
    return list(dict.fromkeys(part for part in graphemes(_composed(text)) if not can_draw(part, language)))


def shape(text: str, chain: Chain, language: str | None = None, base: int | None = None) -> Line:
    """Shapes one line. Nothing is remembered: this is the way for names.

    `base` is the direction of the paragraph that the line is a part of: 0 from the left, 1 from the right.
    """
    composed = _composed(text)
    return Line(composed, tuple(_shape_runs(composed, chain, language, base)))


@lru_cache(maxsize=4096)
def shape_known(text: str, chain: Chain, language: str | None = None, base: int | None = None) -> Line:
    """The same for texts that many certificates share; never for a name."""
    return shape(text, chain, language, base)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=4096)
def can_draw(grapheme: str, language: str | None) -> bool:
    """Whether every chain of faces has it, and nothing in it is invisible. `language` is for Han."""
    if any(unicodedata.category(character) in _INVISIBLE for character in without_joiners(grapheme)):
        return False
    return bool(without_joiners(grapheme)) and all(chain.face_for(grapheme, language) for chain in CHAINS)


class _Part(NamedTuple):
    """A stretch of one face, script and level, in the order of the text."""

    face: Face
    script: str
    level: int
    text: str


def _shape_runs(text: str, chain: Chain, language: str | None, base: int | None) -> Iterator[Run]:
    parts = [
        _Part(face, script, level, "".join(placed.text for placed in group))
        for (face, script, level), group in groupby(_placed(text, chain, language, base), key=lambda part: part[:3])
    ]
    for part in visual_order(parts, [part.level for part in parts]):
        is_backward = part.level % 2 == 1
        yield Run(part.face, _shape_run(part, language, is_backward), is_backward)


def _placed(text: str, chain: Chain, language: str | None, base: int | None) -> Iterator[_Part]:
    """Each grapheme with its face and script. Blanks stay in the main face, punctuation with what stands before it."""
    embedding, place = levels(text, base), 0
    before: tuple[Face, str] = (chain.main, next(filter(None, map(script_of, text)), "Latn"))
    for grapheme in graphemes(text):
        if any(unicodedata.category(character) in _INVISIBLE for character in without_joiners(grapheme)):
            raise Unprintable(f"U+{ord(grapheme[0]):04X} cannot be drawn")
        script = script_of(grapheme[0])
        face = before[0] if script is None and before[0].draws(grapheme) else chain.face_for(grapheme, language)
        if grapheme.isspace() and chain.main.draws(grapheme):
            face = chain.main
        if face is None:
            raise Unprintable(f"no face draws {grapheme!r}")
        before = (face, script or before[1])
        yield _Part(*before, embedding[place] or 0, grapheme)
        place += len(grapheme)


def _shape_run(part: _Part, language: str | None, is_backward: bool) -> tuple[Glyph, ...]:
    buffer = hb.Buffer()
    buffer.add_str(part.text)
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS  # marks keep a text of their own
    buffer.direction = "rtl" if is_backward else "ltr"
    buffer.script, buffer.language = part.script, language or "und"
    hb.shape(part.face.font, buffer, _FEATURES[is_backward])
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    texts = _texts_of(part.text, [info.cluster for info in infos])
    scale = part.face.scale
    return tuple(
        Glyph(
            info.codepoint,
            round(position.x_advance * scale),
            round(position.x_offset * scale),
            round(position.y_offset * scale),
            own,
        )
        for info, position, own in zip(infos, positions, texts, strict=True)
    )


def _texts_of(text: str, starts: list[int]) -> list[str]:
    """The characters of each glyph: up to where the next one starts; none for a second glyph of the same ones."""
    ends = dict(pairwise([*sorted(set(starts)), len(text)]))
    found, seen = [], set[int]()
    for start in starts:
        found.append("" if start in seen else text[start : ends[start]])
        seen.add(start)
    return found


def show(face: Face, glyphs: Iterable[Glyph]) -> bytes:
    """Glyph numbers, and between them how far to move back; blanks keep two numbers apart."""
    parts: list[bytes] = []
    pending = 0
    for glyph in glyphs:
        pending -= glyph.x
        if pending:
            parts.append(b"%d" % pending)
        parts.append(b"<%04x>" % glyph.id)
        pending = face.width(glyph.id) - glyph.advance + glyph.x
    if pending:
        parts.append(b"%d" % pending)
    return b"[" + b" ".join(parts).replace(b"> <", b"") + b"]"
