"""What every file of ours has around its page, so that archives and screen readers take it (PDF/A-3, PDF/UA)."""

import zlib
from functools import lru_cache

from certificates.rendering.pdf.metadata import srgb_profile
from certificates.rendering.pdf.objects import File, numbers, stream, text_string
from certificates.rendering.pdf.structure import Element, Rectangle, Structure


def add_surroundings(file: File, packet: bytes) -> bytes:
    """Metadata, colours and how a reader shows the file; the entries that the catalogue needs to find them."""
    metadata = file.add_stream(packet, b"/Type /Metadata /Subtype /XML", deflate=False)
    profile = file.add(deflated(_profile(), b"/N 3"))
    intent = file.add(
        b"<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1)"
        b" /Info (sRGB IEC61966-2.1) /DestOutputProfile %b>>" % profile
    )
    return b" /Metadata %b /OutputIntents [%b] /ViewerPreferences <</DisplayDocTitle true>>" % (metadata, intent)


def add_catalog(file: File, pages: bytes, structure: Structure, language: str, entries: bytes) -> bytes:
    """`entries` begin with those of `add_surroundings`."""
    return file.add(
        b"<</Type /Catalog /Pages %b /Lang %b /MarkInfo <</Marked true>> /StructTreeRoot %b%b>>"
        % (pages, text_string(language), structure.reference, entries)
    )


def add_link(
    file: File, page: bytes, structure: Structure, element: Element, box: Rectangle, address: str, described: str
) -> bytes:
    """An annotation over the box that leads to the address and belongs to the element."""
    link = file.reserve()
    place = structure.add_annotation(element, link)
    action = b"<</S /URI /URI %b>>" % ascii_string(address)
    file.fill(
        link,
        b"<</Type /Annot /Subtype /Link /Rect [%b] /Border [0 0 0] /F 4 /P %b /StructParent %d /Contents %b /A %b>>"
        % (numbers(*box), page, place, text_string(described), action),
    )
    return link


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    """A stream of bytes that are compressed already."""
    return stream(data, entries + b" /Filter /FlateDecode", deflate=False)


def ascii_string(text: str) -> bytes:
    """An address is ASCII; what could end the string is escaped."""
    return b"(%b)" % text.encode("ascii", "xmlcharrefreplace").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(
        b")", rb"\)"
    )


@lru_cache(maxsize=1)
def _profile() -> bytes:
    return zlib.compress(srgb_profile(), 9)
