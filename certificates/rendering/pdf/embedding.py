"""The faces of a page as objects of the file: subset, embedded, with the text of every glyph."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from certificates.rendering.pdf.canvas import FontUse
from certificates.rendering.pdf.objects import File, stream
from certificates.rendering.text.faces import SHARED, Face

Texts = tuple[tuple[int, str], ...]  # glyph and what it stands for, in order of glyphs

_BLOCK = 100  # entries that one section of a character map may have

_MAP_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
"""
_MAP_TAIL = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


@dataclass(frozen=True)
class _Parts:
    """What the objects of an embedded face say."""

    name: bytes
    program: bytes
    widths: bytes
    texts: bytes


def embed(file: File, font: FontUse) -> bytes:
    """The reference of a Type 0 font whose codes are the glyph numbers of the face."""
    kept = tuple(sorted(font.texts.items()))
    parts = (shared_parts if font.face in SHARED else _make_parts)(font.face, kept)
    metrics = font.face.metrics
    descriptor = file.add(
        b"<</Type /FontDescriptor /FontName /%b /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d"
        b" /Descent %d /CapHeight %d /StemV 80 /FontFile2 %b>>"
        % (
            parts.name,
            *metrics.box,
            metrics.ascent,
            metrics.descent,
            metrics.cap_height,
            file.add(parts.program),
        )
    )
    descendant = file.add(
        b"<</Type /Font /Subtype /CIDFontType2 /BaseFont /%b /CIDToGIDMap /Identity /DW 0 /W [%b]"
        b" /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %b>>"
        % (parts.name, parts.widths, descriptor)
    )
    return file.add(
        b"<</Type /Font /Subtype /Type0 /BaseFont /%b /Encoding /Identity-H /DescendantFonts [%b] /ToUnicode %b>>"
        % (parts.name, descendant, file.add(parts.texts))
    )


def _make_parts(face: Face, texts: Texts) -> _Parts:
    data = face.subset(glyph for glyph, _ in texts)
    return _Parts(
        name=b"%b+%b" % (_tag(face, texts), face.name.encode()),
        program=stream(data, b"/Length1 %d" % len(data)),
        widths=b" ".join(b"%d [%d]" % (glyph, face.width(glyph)) for glyph, _ in texts),
        texts=stream(_character_map(texts)),
    )


shared_parts = lru_cache(maxsize=64)(_make_parts)  # for the texts of a course; names are not remembered


def _tag(face: Face, texts: Texts) -> bytes:
    """Six capitals that differ with the glyphs kept."""
    digest = hashlib.sha256(f"{face.name} {texts}".encode()).digest()
    return bytes(ord("A") + byte % 26 for byte in digest[:6])


def _character_map(texts: Texts) -> bytes:
    entries = [b"<%04x> <%b>" % (glyph, text.encode("utf-16-be").hex().encode()) for glyph, text in texts if text]
    blocks = [entries[start : start + _BLOCK] for start in range(0, len(entries), _BLOCK)]
    sections = [b"%d beginbfchar\n%b\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks]
    return _MAP_HEAD + b"".join(sections) + _MAP_TAIL
