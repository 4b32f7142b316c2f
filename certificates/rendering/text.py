"""Text to glyphs: which face draws each grapheme, HarfBuzz shapes it, every glyph keeps the characters it stands for.

Only left-to-right scripts without reordering are shaped here; `unprintable` names everything else, so that it is
refused before a certificate is issued.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import NamedTuple

import uharfbuzz as hb

from certificates.rendering.faces import CHAINS, Chain, Face

_SCRIPTS = {"LATIN": "Latn", "GREEK": "Grek", "CYRILLIC": "Cyrl"}
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_FEATURES = {"kern": True, "liga": True, "dlig": False}


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
    face: Face
    glyphs: tuple[Glyph, ...]

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
    """Shaped text, in thousandths of the size it will be drawn at."""

    text: str
    runs: tuple[Run, ...]

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


def graphemes(text: str) -> list[str]:
    """Letters with the marks that belong to them; enough for the scripts that are drawn."""
    found: list[str] = []
    for character in text:
        if found and unicodedata.category(character).startswith("M"):
            found[-1] += character
        else:
            found.append(character)
    return found


def unprintable(text: str, language: str | None = None) -> list[str]:
    """The graphemes that no face draws, each once, in their order. Empty: the text can be set.

    `language` is for scripts whose shapes depend on it; none of those drawn now does.
    """
    return list(dict.fromkeys(part for part in graphemes(_composed(text)) if not _can_draw(part)))


def shape(text: str, chain: Chain, language: str | None = None) -> Line:
    """Shapes one line. Nothing is remembered: this is the way for names."""
    composed = _composed(text)
    return Line(composed, tuple(_shape_runs(composed, chain, language)))


@lru_cache(maxsize=4096)
def shape_known(text: str, chain: Chain, language: str | None = None) -> Line:
    """The same for texts that many certificates share; never for a name."""
    return shape(text, chain, language)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=4096)
def _can_draw(grapheme: str) -> bool:
    if any(unicodedata.category(character) in _INVISIBLE for character in grapheme):
        return False
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in grapheme):
        return False
    return all(chain.face_for(grapheme) for chain in CHAINS)


def _shape_runs(text: str, chain: Chain, language: str | None) -> Iterator[Run]:
    for (face, script), parts in groupby(_placed(text, chain), key=lambda placed: placed[:2]):
        yield Run(face, _shape_run("".join(part[2] for part in parts), face, script, language))


def _placed(text: str, chain: Chain) -> Iterator[tuple[Face, str, str]]:
    """Each grapheme with its face and script. Blanks stay in the main face, punctuation with what stands before it."""
    before: tuple[Face, str] = (chain.main, "Latn")
    for grapheme in graphemes(text):
        if any(unicodedata.category(character) in _INVISIBLE for character in grapheme):
            raise Unprintable(f"U+{ord(grapheme[0]):04X} cannot be drawn")
        script = _script_of(grapheme[0])
        face = before[0] if script is None and before[0].draws(grapheme) else chain.face_for(grapheme)
        if grapheme.isspace() and chain.main.draws(grapheme):
            face = chain.main
        if face is None:
            raise Unprintable(f"no face draws {grapheme!r}")
        before = (face, script or before[1])
        yield *before, grapheme


@lru_cache(maxsize=4096)
def _script_of(character: str) -> str | None:
    return _SCRIPTS.get(unicodedata.name(character, "").partition(" ")[0])


def _shape_run(text: str, face: Face, script: str, language: str | None) -> tuple[Glyph, ...]:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS  # marks keep a text of their own
    buffer.direction, buffer.script, buffer.language = "ltr", script, language or "und"
    hb.shape(face.font, buffer, _FEATURES)
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    starts = [info.cluster for info in infos]
    return tuple(
        Glyph(
            info.codepoint,
            round(position.x_advance * face.scale),
            round(position.x_offset * face.scale),
            round(position.y_offset * face.scale),
            _text_of(text, starts, place),
        )
        for place, (info, position) in enumerate(zip(infos, positions, strict=True))
    )


def _text_of(text: str, starts: list[int], place: int) -> str:
    """The characters of a glyph: up to where the next one starts; none for a second glyph of the same character."""
    if place and starts[place] == starts[place - 1]:
        return ""
    following = next((start for start in starts[place + 1 :] if start > starts[place]), len(text))
    return text[starts[place] : following]


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
