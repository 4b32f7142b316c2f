"""The vendored faces: what they can draw, how wide it is, and the part of them that goes into a document."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import uharfbuzz as hb

from certificates.number import ALPHABET
from certificates.rendering.text.scripts import without_joiners

_FOLDER = Path(__file__).parents[2] / "artwork" / "fonts"
_UNUSED_IN_PDF = (
    "GSUB",
    "GPOS",
    "GDEF",
    "name",
    "OS/2",
    "cmap",
    "post",
    "STAT",
    "DSIG",
    "gasp",
    "prep",
    "fpgm",
    "cvt ",
)


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")


@dataclass(frozen=True)
class Metrics:
    """In thousandths of the size, as the font descriptor of a PDF wants them."""

    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]


class Face:
    """One font file. Lengths are in thousandths of the size. The file is mapped, not read."""

    def __init__(self, file: str) -> None:
        self.name = Path(file).stem.replace("_", "-")
        self._face = hb.Face(hb.Blob.from_file_path(str(_FOLDER / file)))
        self.font = hb.Font(self._face)
        self.scale = 1000 / self._face.upem

    @cached_property
    def metrics(self) -> Metrics:
        extents = self.font.get_font_extents("ltr")
        head = self._face.reference_table("head").data
        box = [int.from_bytes(head[start : start + 2], "big", signed=True) for start in range(36, 44, 2)]
        capital = self.ink(self.font.get_nominal_glyph(ord("H")) or 0)[1]
        left, bottom, right, top = (round(edge * self.scale) for edge in box)
        return Metrics(
            round(extents.ascender * self.scale),
            round(extents.descender * self.scale),
            round(capital),
            (left, bottom, right, top),
        )

    def draws(self, text: str) -> bool:
        """Whether it has a glyph for each character, joiners aside."""
        return all(self.font.get_nominal_glyph(ord(character)) is not None for character in without_joiners(text))

    def width(self, glyph: int) -> int:
        """How far the next glyph stands from this one, in thousandths of the size."""
        advance: float = self.font.get_glyph_h_advance(glyph) * self.scale
        return round(advance)

    def ink(self, glyph: int) -> tuple[float, float]:
        """The lowest and the highest point of a glyph."""
        extents = self.font.get_glyph_extents(glyph)
        if extents is None or extents.height == 0:
            return 0.0, 0.0
        return (extents.y_bearing + extents.height) * self.scale, extents.y_bearing * self.scale

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """A font file with these outlines under their own numbers, without hints and layout tables."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update(glyphs)
        wanted.drop_table_tag_set.update(map(_tag, _UNUSED_IN_PDF))
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.RETAIN_GIDS
        return bytes(hb.subset(self._face, wanted).blob.data)


@dataclass(frozen=True)
class Chain:
    """Faces in the order in which they are asked for a letter; the first is the look, the rest fill its gaps."""

    faces: tuple[Face, ...]

    @property
    def main(self) -> Face:
        return self.faces[0]

    def face_for(self, text: str, language: str | None = None) -> Face | None:
        """The first face that has the whole grapheme; after those of the chain the faces of other scripts."""
        others = (*SCRIPTS, *_east_asian((language or "")[:2]))
        return next((face for face in (*self.faces, *others) if face.draws(text)), None)


def _east_asian(language: str) -> tuple[Face, ...]:
    """Han letters differ with the language; Chinese where it is not known."""
    order = {"ja": ("JP", "SC", "KR"), "ko": ("KR", "JP", "SC")}.get(language, ("SC", "JP", "KR"))
    return tuple(EAST_ASIAN[name] for name in order if name in EAST_ASIAN)


_SERIF = Face("noto-serif/NotoSerif_400Regular.ttf")
_SANS = Face("inter/Inter_400Regular.ttf")
NAME = Chain((Face("noto-serif-display/NotoSerifDisplay_300Light.ttf"), _SERIF, _SANS))
TITLE = Chain((Face("noto-serif-display/NotoSerifDisplay_400Regular.ttf"), _SERIF, _SANS))
REGULAR = Chain((_SANS, _SERIF))
MEDIUM = Chain((Face("inter/Inter_500Medium.ttf"), _SERIF, _SANS))
STRONG = Chain((Face("inter/Inter_600SemiBold.ttf"), _SERIF, _SANS))
SCRIPTS = tuple(Face(f"noto-scripts/{path.name}") for path in sorted((_FOLDER / "noto-scripts").glob("*.ttf")))
# An extra of 25 MB that an installation may leave out: such names are then refused.
EAST_ASIAN = {
    path.stem.removeprefix("NotoSerif").partition("_")[0]: Face(f"cjk/{path.name}")
    for path in sorted((_FOLDER / "cjk").glob("*.ttf"))
}
# Faces of the texts that courses share; what is drawn in any other may be a name.
SHARED = frozenset({TITLE.main, REGULAR.main, MEDIUM.main, STRONG.main})
_NUMBERED = {REGULAR.main, MEDIUM.main}


@lru_cache(maxsize=8)
def always_embedded(face: Face) -> tuple[tuple[int, str], ...]:
    """Glyphs that a face brings along wherever it is used: those of any number and date.

    Without them no two certificates of a course would share a subset, and making one is a good part of the work.
    """
    letters = ALPHABET + "-" if face in _NUMBERED else ""
    glyphs = ((face.font.get_nominal_glyph(ord(letter)), letter) for letter in letters)
    return tuple((glyph, letter) for glyph, letter in glyphs if glyph)


CHAINS = (NAME, TITLE, REGULAR, MEDIUM, STRONG)
