"""The file around the page: catalogue, metadata, colours, annotations and the place for the signature."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from certificates.certificate import Certificate
from certificates.number import SPECIMEN_NUMBER
from certificates.rendering import labels as words
from certificates.rendering.labels import Labels, Translate
from certificates.rendering.page.column import (
    Sheet,
    draw_assurance,
    draw_issuer,
    draw_kind,
    draw_name,
    draw_seal,
    draw_signatory,
    draw_specimen,
    draw_title,
)
from certificates.rendering.page.facts import draw_facts, draw_skills, draw_substance
from certificates.rendering.page.panel import draw_address, draw_code
from certificates.rendering.pdf.archive import add_catalog, add_link, add_surroundings, deflated
from certificates.rendering.pdf.attachment import Attachment, attach
from certificates.rendering.pdf.canvas import Canvas
from certificates.rendering.pdf.embedding import embed
from certificates.rendering.pdf.metadata import described, information, pdf_date, xmp
from certificates.rendering.pdf.objects import File, numbers, stream, text_string
from certificates.rendering.pdf.structure import Element, Rectangle
from certificates.rendering.shapes.ornament import HEIGHT, WIDTH, artwork, glow
from certificates.rendering.text.glyphs import Unprintable, unprintable

_PARTS: dict[str, Callable[[Sheet], object]] = {
    "issuer": draw_issuer,
    "kind": draw_kind,
    "name": draw_name,
    "title": draw_title,
    "substance": draw_substance,
    "facts": draw_facts,
    "skills": draw_skills,
    "signatory": draw_signatory,
}

BYTE_RANGE = b"/ByteRange [0 %010d %010d %010d]"


@dataclass(frozen=True)
class Hole:
    """What the file must know of a signature before there is one: its length in bytes, its moment, its key."""

    length: int
    signed_at: datetime
    signer: str


def draw(
    certificate: Certificate,
    translate: Translate,
    specimen: bool = False,
    hole: Hole | None = None,
    credential: bytes | None = None,
) -> bytes:
    """The file. With a hole, /ByteRange and /Contents are zeros for the signer to fill in.

    `credential` is embedded as it is. A text that cannot be set raises Unprintable; `misfits` says so before a
    certificate is issued.
    """
    file = File()
    page = file.reserve()
    sheet = _sheet(file, page, certificate, translate)
    annotations = _draw_page(sheet, file, page, specimen or certificate.number == SPECIMEN_NUMBER, hole)
    return _Writer(file, page, sheet, specimen, hole, credential).write(annotations)


def _sheet(file: File, page: bytes, certificate: Certificate, translate: Translate) -> Sheet:
    """Mirrored where the words of the page run from the right."""
    labels = Labels(translate)
    return Sheet(Canvas(file, page, WIDTH if labels.run_from_the_right else None), certificate, labels)


def document_title(certificate: Certificate, labels: Labels, specimen: bool = False) -> str:
    """Holder, course and issuer; what a reader shows in its title bar."""
    course, issuer = certificate.course.certificate_title, certificate.issuer.name
    title = f"{certificate.holder.full_name} – {course} – {issuer}"
    return f"{labels.say(words.SPECIMEN).upper()} – {title}" if specimen else title


@dataclass(frozen=True)
class Misfit:
    """A part that cannot be drawn: for the graphemes that no face has, or, without any, for its length."""

    part: str
    graphemes: tuple[str, ...] = ()


def misfits(certificate: Certificate, translate: Translate) -> list[Misfit]:
    """What stands in the way of drawing it, part by part; to be asked before a certificate is issued."""
    foreign = [Misfit(part, tuple(found)) for part, text in _texts(certificate) if (found := unprintable(text))]
    if foreign:
        return foreign
    file = File()
    sheet = _sheet(file, file.reserve(), certificate, translate)
    return [Misfit(part) for part, draw_part in _PARTS.items() if not _has_room(draw_part, sheet)]


def _has_room(draw_part: Callable[[Sheet], object], sheet: Sheet) -> bool:
    try:
        draw_part(sheet)
    except Unprintable:
        return False
    return True


def _texts(certificate: Certificate) -> Iterator[tuple[str, str]]:
    course, issuer = certificate.course, certificate.issuer
    yield "name", certificate.holder.full_name
    yield "title", course.certificate_title
    yield "substance", " ".join(course.outcomes) or course.summary
    yield "facts", course.level or ""
    yield "skills", " ".join(skill.name for skill in course.skills)
    yield "issuer", issuer.name
    yield "signatory", f"{issuer.signatory_name or ''} {issuer.signatory_role or ''}"


@dataclass(frozen=True)
class _Annotations:
    references: tuple[bytes, ...]
    field: bytes | None = None
    signature: bytes | None = None


def _draw_page(sheet: Sheet, file: File, page: bytes, specimen: bool, hole: Hole | None) -> _Annotations:
    """Everything in reading order; under it all, the word across the page that says it is none."""
    if specimen:
        draw_specimen(sheet)
    for draw_part in _PARTS.values():
        draw_part(sheet)
    field = signature = None
    if hole:
        box = draw_seal(sheet)
        field, signature = _add_field(sheet, file, page, box, hole)
    draw_code(sheet)
    link = _add_link(sheet, file, page, *draw_address(sheet))
    draw_assurance(sheet)
    return _Annotations((link,) if field is None else (field, link), field, signature)


def _add_link(sheet: Sheet, file: File, page: bytes, element: Element, box: Rectangle) -> bytes:
    address = sheet.certificate.address
    said = sheet.labels.say(words.PUBLIC_PAGE, address=address)
    return add_link(file, page, sheet.canvas.structure, element, box, address, said)


def _add_field(sheet: Sheet, file: File, page: bytes, box: Rectangle, hole: Hole) -> tuple[bytes, bytes]:
    """The signature field and the signature; an empty appearance, for the words under it are part of the page."""
    said = sheet.labels.say(words.SEAL, issuer=sheet.certificate.issuer.name)
    structure = sheet.canvas.structure
    field = file.reserve()
    place = structure.add_annotation(structure.element("Form", alternative=said, box=box), field)
    left, bottom, right, top = box
    appearance = file.add(
        stream(
            b"",
            b"/Type /XObject /Subtype /Form /Resources <<>> /BBox [0 0 %b]" % numbers(right - left, top - bottom),
        )
    )
    signature = file.add(_empty_signature(sheet.certificate, hole))
    file.fill(
        field,
        b"<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature) /TU %b /V %b /Rect [%b] /F 132 /P %b"
        b" /StructParent %d /AP <</N %b>>>>" % (text_string(said), signature, numbers(*box), page, place, appearance),
    )
    return field, signature


def _empty_signature(certificate: Certificate, hole: Hole) -> bytes:
    rule = b"<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</Type /TransformParams /V /1.2 /P 1>>>>"
    return (
        b"<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Name %b /M %b /Reference [%b]\n"
        b"%b /Contents<%b>>>"
        % (
            text_string(certificate.issuer.name),
            pdf_date(hole.signed_at),
            rule,
            BYTE_RANGE % (0, 0, 0),
            b"00" * hole.length,
        )
    )


class _Writer:
    """Puts the drawn page and everything it refers to into the file."""

    def __init__(
        self, file: File, page: bytes, sheet: Sheet, specimen: bool, hole: Hole | None, credential: bytes | None
    ) -> None:
        self._file, self._page, self._sheet, self._hole, self._credential = file, page, sheet, hole, credential
        self._labels, self._certificate = sheet.labels, sheet.certificate
        self._specimen = specimen or sheet.certificate.number == SPECIMEN_NUMBER

    def write(self, annotations: _Annotations) -> bytes:
        title = document_title(self._certificate, self._labels, self._specimen)
        about = described(self._certificate, title, self._labels.language, self._specimen)
        packet = xmp(about)
        pages = self._write_page(annotations)
        self._sheet.canvas.structure.write()
        catalog = self._write_catalog(pages, packet, annotations)
        info = self._file.add(information(about))
        return self._file.write(catalog, info, self._identity(packet))

    def _write_page(self, annotations: _Annotations) -> bytes:
        file, canvas = self._file, self._sheet.canvas
        pages = file.reserve()
        fonts = b" ".join(b"/%b %b" % (font.resource, embed(file, font)) for font in canvas.fonts.values())
        palette = self._sheet.palette
        engraved = deflated(artwork(palette, canvas.mirrored_at is not None))
        contents = b"%b %b" % (file.add(engraved), file.add_stream(canvas.content))
        resources = b"<</Font <<%b>> /Shading <</Glow %b>>>>" % (fonts, file.add(glow(palette)))
        file.fill(
            self._page,
            b"<</Type /Page /Parent %b /MediaBox [0 0 %b] /Resources %b /Contents [%b] /Annots [%b] /Tabs /S"
            b" /StructParents 0>>"
            % (pages, numbers(WIDTH, HEIGHT), resources, contents, b" ".join(annotations.references)),
        )
        file.fill(pages, b"<</Type /Pages /Count 1 /Kids [%b]>>" % self._page)
        return pages

    def _write_catalog(self, pages: bytes, packet: bytes, annotations: _Annotations) -> bytes:
        entries = add_surroundings(self._file, packet) + _signature_entries(annotations) + self._attachment()
        return add_catalog(self._file, pages, self._sheet.canvas.structure, self._labels.language, entries)

    def _attachment(self) -> bytes:
        if self._credential is None:
            return b""
        said = self._labels.say(words.CREDENTIAL)
        attached = Attachment("credential.json", "application/vc+ld+json", self._credential, said)
        return attach(self._file, attached, self._certificate.present_since)

    def _identity(self, packet: bytes) -> bytes:
        """Differs with everything that is seen or read, and with who signs when."""
        content = self._sheet.canvas.content + packet + repr(self._hole).encode() + (self._credential or b"")
        return hashlib.sha256(content).digest()[:16]


def _signature_entries(annotations: _Annotations) -> bytes:
    if not annotations.field or not annotations.signature:
        return b""
    form = b" /AcroForm <</Fields [%b] /SigFlags 3>>" % annotations.field
    return form + b" /Perms <</DocMDP %b>>" % annotations.signature
