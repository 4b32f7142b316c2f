"""A paper of the house: one upright page of words, facts and an address, tagged, with a file inside that proves it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from certificates.certificate import IssuedBy
from certificates.rendering.labels import runs_from_the_right
from certificates.rendering.page.column import HAIRLINE, shrunk
from certificates.rendering.pdf.archive import add_catalog, add_link, add_surroundings
from certificates.rendering.pdf.attachment import Attachment, attach
from certificates.rendering.pdf.canvas import Canvas, Color, color, rounded, width_of
from certificates.rendering.pdf.embedding import embed
from certificates.rendering.pdf.metadata import Described, information, xmp
from certificates.rendering.pdf.objects import File, numbers
from certificates.rendering.pdf.structure import Element
from certificates.rendering.shapes import qr
from certificates.rendering.shapes.ornament import glow, operators, small_star, star
from certificates.rendering.shapes.palette import GREY, INK, PAPER, Palette, palette_of
from certificates.rendering.text.faces import MEDIUM, REGULAR, STRONG, TITLE, Chain
from certificates.rendering.text.fitting import Room, Step, fit, wrap
from certificates.rendering.text.glyphs import Line, Unprintable, shape

WIDTH, HEIGHT = 595.28, 841.89
LEFT = 56.0
COLUMN = WIDTH - 2 * LEFT
VALUES = LEFT + 158  # where the values of facts begin
CODE = 92.0
LOWEST = 186.0  # nothing of the text below: there stand code and address
_PALE = color("#e9e6dc")
_CODE_INK = color("#0b201f")
_WHITE = (1.0, 1.0, 1.0)
_TITLE_STEPS = (Step(1, 34, 22), Step(2, 28, 14))


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """Every word is in `language`; `at` is in UTC and whole seconds, `described` says where the address leads."""

    kind: str
    title: str
    lede: str
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    address: str
    address_label: str
    described: str
    at: datetime
    language: str
    issuer: IssuedBy
    proof: Attachment


def paper_pdf(paper: Paper) -> bytes:
    """One A4 page as PDF/A-3 and PDF/UA. The same bytes for the same words. Raises Unprintable."""
    file = File()
    page = file.reserve()
    canvas = Canvas(file, page, WIDTH if runs_from_the_right(paper.language) else None)
    sheet = _Sheet(canvas, paper)
    sheet.draw()
    link = _add_link(sheet, file, page)
    about = Described(paper.title, paper.issuer.name, paper.at, (paper.language,), ("Receipt",), paper.address)
    return _written(file, page, sheet, link, about)


class _Sheet:
    """The page as it is filled, from the top down."""

    def __init__(self, canvas: Canvas, paper: Paper) -> None:
        self.canvas, self.paper, self.y = canvas, paper, 664.0
        self.palette: Palette = palette_of(paper.issuer)

    def draw(self) -> None:
        self._band()
        self._heading()
        self._facts()
        for note in self.paper.notes:
            self._running(note, 9.4, GREY, 13.4)
            self.y -= 6
        if self.y < LOWEST - 24:
            raise Unprintable("the text has no room on one page")
        self._code()
        self.link, self.link_box = self._address()

    def _band(self) -> None:
        """The engraved panel of the certificate, turned to lie along the upper edge, with the issuer's name in it."""
        canvas, left, baseline = self.canvas, LEFT, 771.0
        with canvas.artifact():
            canvas.fill_box(0, 0, WIDTH, HEIGHT, PAPER)
        with canvas.kept():
            canvas.put(numbers(0, 712, WIDTH, HEIGHT - 712) + b" re W n")
            canvas.put(numbers(0, 1, 1, 0, 0, 100) + b" cm", operators(self.palette))
        with canvas.ornament():
            canvas.put(b"q", star(left + 13, baseline + 4, 13.5, self.palette.gold, _PALE), b"Q")
            canvas.fill_color(self.palette.panel)
            canvas.put(small_star(left + 13, baseline + 4, 4.2) + b" f")
        line = self._line(self.paper.issuer.name, STRONG)
        with canvas.tagged(canvas.structure.element("P")):
            canvas.text(line, left + 35, baseline, shrunk(line, COLUMN - 35, 13, 7), _WHITE)

    def _heading(self) -> None:
        canvas, paper = self.canvas, self.paper
        kind = self._line(paper.kind.upper(), STRONG)
        with canvas.tagged(canvas.structure.element("P")):
            canvas.text(kind, LEFT, self.y, shrunk(kind, COLUMN * 0.8, 8.2, 5), self.palette.gold_text, tracking=1.9)
        block = fit(
            paper.title, TITLE, Room(COLUMN, self.y - 62, self.y - 12), _TITLE_STEPS, self.y - 44, paper.language
        )
        with canvas.tagged(canvas.structure.element("H1")):
            for line, baseline in block.lines:
                canvas.text(line, LEFT, baseline, block.size, INK)
        self.y -= 72
        with canvas.ornament():
            canvas.rule(LEFT, self.y + 2, 40, self.palette.gold, 0.8)
        self.y -= 20
        self._running(paper.lede, 11.5, INK, 16.5)
        self.y -= 16

    def _facts(self) -> None:
        table = self.canvas.structure.element("L")
        for fact in self.paper.facts:
            self._hairline()
            self._fact(fact, self.canvas.structure.element("LI", table))
        self._hairline()
        self.y -= 26

    def _fact(self, fact: Fact, item: Element) -> None:
        canvas, room = self.canvas, LEFT + COLUMN - VALUES
        baseline = self.y - 17
        label = self._line(fact.label, REGULAR)
        with canvas.tagged(canvas.structure.element("Lbl", item)):
            canvas.text(label, LEFT, baseline, shrunk(label, VALUES - LEFT - 12, 9.4, 5), GREY)
        value = self._line(fact.value, MEDIUM)
        body = canvas.structure.element("LBody", item)
        with canvas.tagged(body):
            canvas.text(value, VALUES, baseline, shrunk(value, room, 10.4, 5), INK)
        for line in self._wrapped(fact.note, room, 8.2):
            baseline -= 12
            with canvas.tagged(body):
                canvas.text(line, VALUES, baseline, min(8.2, room * 1000 / line.width), GREY)
        self.y = baseline - 9

    def _running(self, text: str, size: float, ink: Color, leading: float) -> None:
        """One paragraph over the whole column."""
        with self.canvas.tagged(self.canvas.structure.element("P")):
            for line in self._wrapped(text, COLUMN, size):
                self.canvas.text(line, LEFT, self.y, size, ink)
                self.y -= leading

    def _code(self) -> None:
        canvas, modules = self.canvas, qr.matrix(self.paper.address)
        card = CODE * (1 + 2 * qr.QUIET_ZONE / len(modules))
        left, bottom = canvas.left_of(LEFT, card), 44.0
        inset, box = (card - CODE) / 2, (left, bottom, left + card, bottom + card)
        figure = canvas.structure.element("Figure", alternative=self.paper.described, box=box)
        with canvas.tagged(figure), canvas.kept():
            canvas.fill_color(_WHITE)
            canvas.put(rounded(left, bottom, card, card, 5.5) + b" f")
            canvas.fill_color(_CODE_INK)
            canvas.put(qr.path(modules, left + inset, bottom + inset, CODE))
        self.code_width = card

    def _address(self) -> tuple[Element, tuple[float, float, float, float]]:
        """Beside the code: what stands at the address, and the address; the link element waits for its annotation."""
        canvas, left = self.canvas, LEFT + self.code_width + 18
        room = LEFT + COLUMN - left
        lines = self._wrapped(self.paper.address_label, room, 10)
        top = 88 + 7 * len(lines)
        with canvas.tagged(canvas.structure.element("P")):
            for place, line in enumerate(lines):
                canvas.text(line, left, top - 14 * place, 10, INK)
        parts = urlsplit(self.paper.address)
        line = self._line(parts.netloc + parts.path, MEDIUM)
        size, baseline = shrunk(line, room, 9.4, 4), top - 14 * len(lines) - 4
        link = canvas.structure.element("Link", canvas.structure.element("P"))
        with canvas.tagged(link):
            canvas.text(line, left, baseline, size, self.palette.gold_text)
        return link, canvas.moved((left, baseline - 3, left + width_of(line, size), baseline + size))

    def _hairline(self) -> None:
        with self.canvas.ornament():
            self.canvas.rule(LEFT, self.y, COLUMN, HAIRLINE)

    def _line(self, text: str, chain: Chain) -> Line:
        return shape(text, chain, self.paper.language)

    def _wrapped(self, text: str, width: float, size: float) -> Sequence[Line]:
        """Lines as wide as there is room; a single word that is wider stays whole. The blank between two lines is
        drawn, or whoever listens or copies gets two words as one."""
        if " " not in text:
            return [self._line(text, REGULAR)] if text else []
        *before, last = wrap(text, REGULAR, width, size, self.paper.language)
        return [*(self._line(f"{line.text} ", REGULAR) for line in before), last]


def _add_link(sheet: _Sheet, file: File, page: bytes) -> bytes:
    paper = sheet.paper
    return add_link(file, page, sheet.canvas.structure, sheet.link, sheet.link_box, paper.address, paper.described)


def _written(file: File, page: bytes, sheet: _Sheet, link: bytes, about: Described) -> bytes:
    canvas, pages, packet = sheet.canvas, file.reserve(), xmp(about)
    fonts = b" ".join(b"/%b %b" % (font.resource, embed(file, font)) for font in canvas.fonts.values())
    file.fill(
        page,
        b"<</Type /Page /Parent %b /MediaBox [0 0 %b] /Resources <</Font <<%b>> /Shading <</Glow %b>>>> /Contents %b"
        b" /Annots [%b] /Tabs /S /StructParents 0>>"
        % (
            pages,
            numbers(WIDTH, HEIGHT),
            fonts,
            file.add(glow(sheet.palette)),
            file.add_stream(canvas.content),
            link,
        ),
    )
    file.fill(pages, b"<</Type /Pages /Count 1 /Kids [%b]>>" % page)
    canvas.structure.write()
    entries = add_surroundings(file, packet) + attach(file, sheet.paper.proof, about.moment)
    catalog = add_catalog(file, pages, canvas.structure, sheet.paper.language, entries)
    identity = hashlib.sha256(canvas.content + packet + sheet.paper.proof.content).digest()[:16]
    return file.write(catalog, file.add(information(about)), identity)
