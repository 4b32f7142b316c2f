"""The logical structure of the page (tagged PDF): what a screen reader reads, in reading order."""

from dataclasses import dataclass, field

from certificates.rendering.pdf.objects import File, numbers, text_string

Rectangle = tuple[float, float, float, float]


@dataclass
class Element:
    """A structure element; kids are marked content numbers, other elements or objects of the page."""

    kind: str
    reference: bytes
    parent: bytes
    entries: list[bytes] = field(default_factory=list)
    kids: list[bytes] = field(default_factory=list)


class Structure:
    """Elements of one page and the tree that leads from marks and annotations back to them."""

    def __init__(self, file: File, page: bytes) -> None:
        self._file = file
        self._page = page
        self.reference = file.reserve()
        self._elements: list[Element] = []
        self._marks: list[bytes] = []
        self._annotations: list[bytes] = []
        self.document = self._make("Document", self.reference)

    def element(
        self,
        kind: str,
        inside: Element | None = None,
        language: str | None = None,
        text: str | None = None,
        alternative: str | None = None,
        box: Rectangle | None = None,
    ) -> Element:
        """A new last kid. `text` is what its glyphs say, `alternative` describes a figure, a link or a field."""
        parent = inside or self.document
        made = self._make(kind, parent.reference)
        parent.kids.append(made.reference)
        if language:
            made.entries.append(b"/Lang " + text_string(language))
        if text:
            made.entries.append(b"/ActualText " + text_string(text))
        if alternative:
            made.entries.append(b"/Alt " + text_string(alternative))
        if box:
            made.entries.append(b"/A <</O /Layout /Placement /Block /BBox [%b]>>" % numbers(*box))
        return made

    def mark(self, element: Element) -> int:
        """A new marked content number that belongs to the element."""
        self._marks.append(element.reference)
        element.kids.append(b"%d" % (len(self._marks) - 1))
        return len(self._marks) - 1

    def add_annotation(self, element: Element, annotation: bytes) -> int:
        """Ties an annotation to its element; the number is its /StructParent (the page itself is 0)."""
        element.kids.append(b"<</Type /OBJR /Obj %b /Pg %b>>" % (annotation, self._page))
        self._annotations.append(element.reference)
        return len(self._annotations)

    def write(self) -> None:
        """The whole tree and its parent tree (ISO 32000-1, 14.7), once everything was drawn."""
        for element in self._elements:
            self._file.fill(element.reference, self._body(element))
        numbered = b" ".join(b"%d %b" % pair for pair in enumerate(self._annotations, start=1))
        parents = self._file.add(b"<</Nums [0 [%b] %b]>>" % (b" ".join(self._marks), numbered))
        self._file.fill(
            self.reference,
            b"<</Type /StructTreeRoot /K %b /ParentTree %b /ParentTreeNextKey %d>>"
            % (self.document.reference, parents, len(self._annotations) + 1),
        )

    def _make(self, kind: str, parent: bytes) -> Element:
        element = Element(kind, self._file.reserve(), parent)
        self._elements.append(element)
        return element

    def _body(self, element: Element) -> bytes:
        kids, entries = b" ".join(element.kids), b" ".join(element.entries)
        head = b"<</Type /StructElem /S /%b /P %b" % (element.kind.encode(), element.parent)
        return head + b" /Pg %b /K [%b] %b>>" % (self._page, kids, entries)
