"""What the metadata inside a file says about itself. Signed or not is not asked here."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from certificates.number import read_number

_START, _END = b"<x:xmpmeta", b"</x:xmpmeta>"
_LONGEST = 64 * 1024
_IDENTIFIER = re.compile(r"/verify/([0-9A-Za-z-]{16,24})#([1-9][0-9]{0,5})\Z")
_DC = "{http://purl.org/dc/elements/1.1/}"
_RDF_ITEM = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"


@dataclass(frozen=True)
class FileMetadata:
    """What the metadata says; nothing where it says nothing readable."""

    number: str | None = None
    version: int | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    title: str | None = None
    issuer: str | None = None
    host: str | None = None


def read_metadata(file: bytes) -> FileMetadata:
    """Reads the one XMP packet, wherever it is."""
    start, end = file.find(_START), file.find(_END)
    if file.count(_START) != 1 or not 0 < end - start < _LONGEST:
        return FileMetadata()
    try:
        root = ElementTree.fromstring(file[start : end + len(_END)])
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return FileMetadata()
    identifier = _text(root, "identifier")
    number, version = _number_and_version(identifier)
    first, last = _days(_text(root, "coverage"))
    return FileMetadata(number, version, first, last, _item(root, "title"), _item(root, "creator"), _host(identifier))


def _number_and_version(identifier: str) -> tuple[str | None, int | None]:
    found = _IDENTIFIER.search(identifier)
    number = read_number(found[1]) if found else None
    return (number, int(found[2])) if found and number else (None, None)


def _days(coverage: str) -> tuple[date | None, date | None]:
    first, _, last = coverage.partition("/")
    return _day(first), _day(last)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _host(identifier: str) -> str | None:
    try:
        return urlsplit(identifier).netloc or None
    except ValueError:
        return None


def _text(root: Element, name: str) -> str:
    return root.findtext(f".//{_DC}{name}", "").strip()


def _item(root: Element, name: str) -> str | None:
    """The first entry of a list."""
    return root.findtext(f".//{_DC}{name}//{_RDF_ITEM}")
