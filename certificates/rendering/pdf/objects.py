"""The objects of a PDF file: reportlab numbers them and writes the file, its cross-references and its trailer."""

import zlib

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject


class Body(PDFObject):  # type: ignore[misc]
    """One numbered object whose bytes may be known later than its number."""

    __RefOnly__ = 1  # reportlab: written once, mentioned by number everywhere else

    def __init__(self, content: bytes = b"") -> None:
        self.content = content

    def format(self, _document: PDFDocument) -> bytes:
        return self.content


class File:
    """A growing PDF 1.7 file. References are bytes such as b"12 0 R"."""

    def __init__(self) -> None:
        self._document = PDFDocument(compression=0, invariant=1, pdfVersion=(1, 7))
        self._bodies: dict[bytes, Body] = {}

    def reserve(self) -> bytes:
        """A number for an object that others mention before it can be written."""
        return self.add(b"")

    def add(self, content: bytes) -> bytes:
        """Writes the object; returns the reference (`7 0 R`) by which others mention it."""
        body = Body(content)
        name = self._document.Reference(body).name
        reference = b"%d 0 R" % self._document.idToObjectNumberAndVersion[name][0]
        self._bodies[reference] = body
        return reference

    def fill(self, reference: bytes, content: bytes) -> None:
        """The content of an object that was reserved."""
        self._bodies[reference].content = content

    def add_stream(self, data: bytes, entries: bytes = b"", deflate: bool = True) -> bytes:
        return self.add(stream(data, entries, deflate))

    def write(self, catalog: bytes, info: bytes, identity: bytes) -> bytes:
        """The whole file; `identity` is 16 bytes that differ with the content."""
        document = self._document
        document.Catalog, document.info = self._bodies[catalog], self._bodies[info]
        document._ID = b"[<%b> <%b>]" % (identity.hex().encode(), identity.hex().encode())
        return bytes(document.format())


def stream(data: bytes, entries: bytes = b"", deflate: bool = True) -> bytes:
    """A stream object (ISO 32000-1, 7.3.8) of these bytes; `entries` go into its dictionary."""
    if deflate:
        data, entries = zlib.compress(data), entries + b" /Filter /FlateDecode"
    return b"<<%b /Length %d>>\nstream\n%b\nendstream" % (entries, len(data), data)


def text_string(text: str) -> bytes:
    """In hexadecimal, so that no word in it can look like a part of the file."""
    return b"<%b>" % ("\ufeff" + text).encode("utf-16-be").hex().encode()


def number(value: float) -> bytes:
    """Hundredths of a point are finer than any printer."""
    return f"{round(value, 2) + 0.0:g}".encode()


def numbers(*values: float) -> bytes:
    """The same for several, with blanks between."""
    return b" ".join(map(number, values))
