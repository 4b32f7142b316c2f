"""Makes the fonts that pages are set in from the published ones: python -m tests.fonts [FOLDER]

Every face in two files: what every page in English or Dutch needs, small enough for a first visit, and what is beyond,
which browsers fetch only for a page that has it (`unicode-range` in static/style/1-tokens.css). The same input makes
the same bytes. The published fonts come from the npm packages named below, fetched with npm.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz as hb
from fontTools import subset
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib import instancer

TARGET = Path(__file__).parents[2] / "university" / "static" / "fonts"
PACKAGES = {
    "instrument-sans": (
        "@fontsource-variable/instrument-sans@5.3.0",
        "b227c74ad6c1bd5448d9ab4cc03662c083fcb814f450c712e93bd7091e9bbb89",
    ),
    "newsreader": (
        "@fontsource-variable/newsreader@5.3.0",
        "4b8cfba8f4e79abe7b221b761b751d76569fd2d2303a9cace2e90b862c56630d",
    ),
}
# What English and Dutch are written with, and the signs that pages use; static/style/1-tokens.css says the same.
BASIC = [*range(0x20, 0x7F), 0xA0, 0xB7, *range(0xE0, 0xFD), *range(0x2013, 0x203B), 0x20AC]
BEYOND = [code for code in (*range(0xA1, 0x250), *range(0x1E00, 0x1F00), *range(0x20AD, 0x2300)) if code not in BASIC]
# Units of an em in the small files: a twentieth of a pixel in the largest heading, and a tenth fewer bytes.
UNITS = 512
PARTS = ("latin", "latin-ext", "vietnamese")
FEATURES = ("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "lnum", "tnum")


@dataclass(frozen=True)
class Face:
    """One face: where it is cut from, at which place of its axes, and in which share of an em kerning is counted.

    Letters beyond the basic ones have a file where `goes_on`; elsewhere browsers slant or thicken another face.
    """

    name: str
    family: str
    style: str
    axes: dict[str, float | tuple[float, float]]
    kerning: float
    features: tuple[str, ...] = ()
    goes_on: bool = False

    def source(self, part: str) -> str:
        axis = "opsz" if self.family == "newsreader" else "wght"
        return f"package/files/{self.family}-{part}-{axis}-{self.style}.woff2"


FACES = (
    Face("sans", "instrument-sans", "normal", {"wght": (400, 700)}, 0.012, ("tnum",), goes_on=True),
    Face("display", "newsreader", "normal", {"opsz": 48, "wght": 400}, 0.006, ("lnum",), goes_on=True),
    Face("display-italic", "newsreader", "italic", {"opsz": 48, "wght": 400}, 0.006),
    Face("serif", "newsreader", "normal", {"opsz": 20, "wght": (400, 700)}, 0.012, goes_on=True),
    Face("serif-italic", "newsreader", "italic", {"opsz": 20, "wght": 400}, 0.012),
)


def make_all(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        published = {family: fetched(name, digest, Path(scratch)) for family, (name, digest) in PACKAGES.items()}
    for face in FACES:
        files = published[face.family]
        write(basic(files[face.source("latin")], face), folder / f"{face.name}.woff2")
        if not face.goes_on:
            continue
        parts = beyond([files[path] for part in PARTS if (path := face.source(part)) in files], face)
        for ending, font in parts.items():
            write(font, folder / f"{face.name}-{ending}.woff2")


def fetched(package: str, digest: str, scratch: Path) -> dict[str, bytes]:
    """The files of a package by their paths in it, if it is the very one we know."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=scratch, capture_output=True, check=True, text=True
    )
    content = (scratch / packed.stdout.strip().splitlines()[-1]).read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise SystemExit(f"{package} is not what it was: {hashlib.sha256(content).hexdigest()}")
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive if one.name.endswith(".woff2")}  # type: ignore[union-attr]


def basic(published: bytes, face: Face) -> TTFont:
    """The small file. Its kerning is between its own letters alone, only as fine as can be seen, and the same in every
    weight: the published one takes more bytes than all outlines."""
    font = placed(published, face)
    pairs = seen_pairs(font, face.kerning)
    keep(font, BASIC, face.features)
    addOpenTypeFeaturesFromString(font, kerning(font.getBestCmap(), pairs), tables=["GPOS"])
    scale_upem(font, UNITS)
    for tag in {"STAT", "gasp"} & set(font.keys()):
        del font[tag]
    return font


def kerning(letters: dict[int, str], pairs: dict[tuple[int, int], int]) -> str:
    """The pairs as a feature between classes: letters that do the same on one side stand together."""
    codes = [code for code in BASIC if code in letters]
    firsts, seconds = defaultdict(list), defaultdict(list)
    for one in codes:
        firsts[tuple(pairs.get((one, other), 0) for other in codes)].append(one)
        seconds[tuple(pairs.get((other, one), 0) for other in codes)].append(one)
    lines = (
        f"pos {group(letters, before)} {group(letters, after)} {value};"
        for before in firsts.values()
        for after in seconds.values()
        if (value := pairs.get((before[0], after[0]), 0))
    )
    return "feature kern {\n" + "\n".join(lines) + "\n} kern;"


def group(letters: dict[int, str], codes: list[int]) -> str:
    return "[" + " ".join(letters[code] for code in codes) + "]"


def beyond(published: list[bytes], face: Face) -> dict[str, TTFont]:
    """Everything else in the published files, with all that those letters do to each other. Files with an axis cannot
    be put together, so only the sans keeps its own here."""
    left, parts = set(BEYOND), []
    for content in published:
        font = placed(content, face, steady=face.name != "sans")
        codes = left & set(font.getBestCmap())
        left -= codes
        keep(font, sorted(codes), FEATURES)
        parts.append(font)
    if face.name == "sans":
        return dict(zip(("more", "most"), parts, strict=True))
    return {"more": merged(parts)}


def merged(fonts: list[TTFont]) -> TTFont:
    with tempfile.TemporaryDirectory() as scratch:
        paths = [str(Path(scratch) / f"{number}.ttf") for number in range(len(fonts))]
        for font, path in zip(fonts, paths, strict=True):
            for tag in {"STAT", "gasp", "GDEF"} & set(font.keys()):
                del font[tag]
            font.save(path)
        font = Merger().merge(paths)
        font["head"].created = font["head"].modified = fonts[0]["head"].modified
        font.recalcTimestamp = False
        return font


def placed(published: bytes, face: Face, *, steady: bool = False) -> TTFont:
    """The font at the face's place on its axes, as fresh as read from a file; `steady` has no axis left."""
    font = TTFont(io.BytesIO(published), recalcTimestamp=False)
    axes = {axis.axisTag for axis in font["fvar"].axes}
    place = {tag: at[0] if steady and isinstance(at, tuple) else at for tag, at in face.axes.items() if tag in axes}
    font = instancer.instantiateVariableFont(font, place)
    buffer = io.BytesIO()
    font.flavor = None
    font.save(buffer, reorderTables=True)
    return TTFont(io.BytesIO(buffer.getvalue()), recalcTimestamp=False)


def keep(font: TTFont, codes: list[int], features: tuple[str, ...]) -> None:
    options = subset.Options()
    options.layout_features = list(features)
    options.hinting = False
    options.name_IDs = []
    options.notdef_outline = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)


def seen_pairs(font: TTFont, share: float) -> dict[tuple[int, int], int]:
    """How far the second of two letters is moved, in steps of `share` of an em; pairs that words are made of."""
    buffer = io.BytesIO()
    font.save(buffer)
    shaper = hb.Font(hb.Face(buffer.getvalue()))
    if "fvar" in font:
        shaper.set_variations({"wght": 500})
    codes = [code for code in BASIC if code in font.getBestCmap()]
    alone = {code: advance(shaper, chr(code)) for code in codes}
    step = share * font["head"].unitsPerEm
    moved = {
        (a, b): advance(shaper, chr(a) + chr(b)) - alone[a] for a in codes for b in codes if is_usual(chr(a), chr(b))
    }
    steps = {pair: round(round(value / step) * step) for pair, value in moved.items()}
    return {pair: value for pair, value in steps.items() if value}


def is_usual(first: str, second: str) -> bool:
    """Whether words hold this pair: never a capital inside of one, and signs only beside letters."""
    if first.isalpha() and second.isalpha():
        return second.islower() or first.isupper()
    return (first.isalpha() and second in ".,:;’”)-") or (first in "‘“(-’" and second.isalpha())


def advance(shaper: hb.Font, text: str) -> int:
    """How far the pen moves after the first sign of `text`."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(shaper, buffer, {"kern": True, "liga": False, "calt": False})
    return int(buffer.glyph_positions[0].x_advance)


def write(font: TTFont, path: Path) -> None:
    font.flavor = "woff2"
    font.save(path)
    print(f"{path.stat().st_size:7} {path.name}  {len(font.getBestCmap())} signs")


make_all(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
