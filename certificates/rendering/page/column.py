"""The left column of the page: who, what, how much, and by whom. Places are baselines in points from the bottom."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from certificates.certificate import Certificate, Holder
from certificates.rendering import labels as words
from certificates.rendering.labels import Labels
from certificates.rendering.pdf.canvas import Canvas, color, width_of
from certificates.rendering.pdf.structure import Element, Rectangle
from certificates.rendering.shapes.ornament import circle, small_star, star
from certificates.rendering.shapes.outline import Outline
from certificates.rendering.shapes.palette import GREY, INK, Palette, palette_of
from certificates.rendering.text.faces import NAME, REGULAR, STRONG, TITLE, Chain
from certificates.rendering.text.fitting import Block, Room, Step, fit, wrap
from certificates.rendering.text.glyphs import Line, Unprintable, shape_known, unprintable

LEFT, RIGHT = 62.0, 566.0
COLUMN = RIGHT - LEFT
HAIRLINE = color("#d5d6d2")
PILL = color("#b9b6a6")
SIGNATURE_INK = color("#1d3a6e")
LOGO_WIDEST = 150.0

NAME_STEPS = (
    Step(1, 50, 30),
    Step(2, 30, 16),
    Step(1, 30, 16),
    Step(3, 16, 11),
    Step(2, 16, 11),
    Step(1, 16, 11),
)
TITLE_STEPS = (Step(1, 25, 19), Step(2, 18, 11), Step(1, 19, 11))
NAME_BASELINE = 372.0
NAME_ROOM = Room(COLUMN, 351, 421)
TITLE_ROOM = Room(COLUMN, 272, 309)


@dataclass
class Sheet:
    """What every part of the page needs."""

    canvas: Canvas
    certificate: Certificate
    labels: Labels

    @property
    def palette(self) -> Palette:
        return palette_of(self.certificate.issuer)

    def line(self, text: str, chain: Chain) -> Line:
        """In the language of the labels."""
        return shape_known(text, chain, self.labels.language)

    def course_line(self, text: str, chain: Chain) -> Line:
        return shape_known(text, chain, self.certificate.course.language)

    @property
    def course_language(self) -> str | None:
        """The language to mark on a text of the course: none where the document has the same."""
        language = self.certificate.course.language
        return language if language != self.labels.language else None


def draw_issuer(sheet: Sheet) -> None:
    width = _draw_mark(sheet)
    line = sheet.line(sheet.certificate.issuer.name, STRONG)
    with sheet.canvas.tagged(sheet.canvas.structure.element("P")):
        sheet.canvas.text(line, LEFT + width, 522, shrunk(line, COLUMN - width - 1, 10.8, 6), INK)


def _draw_mark(sheet: Sheet) -> float:
    """The issuer's logo, or the star of the house; the room it takes before the name."""
    canvas, palette, logo = sheet.canvas, sheet.palette, sheet.certificate.issuer.logo_path
    if logo:
        return draw_logo(canvas, logo, (LEFT, 512.5, LOGO_WIDEST, 27.0), palette) + 9
    with canvas.ornament():
        canvas.put(b"q", star(LEFT + 13, 526, 13.5, palette.star_light, palette.star_dark), b"Q")
        canvas.fill_color(palette.gold)
        canvas.put(small_star(LEFT + 13, 526, 4.2) + b" f")
    return 35.0


def draw_logo(canvas: Canvas, path: str, room: tuple[float, float, float, float], palette: Palette) -> float:
    """The logo from the left end of its room (x, y, width, height), never turned over; how wide it came out.

    It says nothing that the name beside it does not say.
    """
    x, y, width, height = room
    _, (left, _, right, _) = placed_drawing(path, x, y, width, height)
    drawn, _ = placed_drawing(path, canvas.left_of(x, right - left), y, width, height)
    with canvas.artifact(), canvas.kept():
        canvas.fill_color(palette.panel)
        canvas.put(drawn, b"f*")
    return right - left


def draw_kind(sheet: Sheet) -> None:
    canvas = sheet.canvas
    kind = sheet.labels.say(words.KIND)
    with canvas.tagged(canvas.structure.element("H1")):
        canvas.text(sheet.line(kind.upper(), STRONG), LEFT, 455, 8.2, sheet.palette.gold_text, tracking=1.9)
    with canvas.tagged(canvas.structure.element("P")):
        canvas.text(sheet.line(sheet.labels.say(words.CERTIFIES), REGULAR), LEFT, 431, 10.5, GREY)


def name_fits(holder: Holder, course_language: str) -> bool:
    """Whether this name can be printed: every letter has a face and the whole has room."""
    if unprintable(holder.full_name, holder.name_language or course_language):
        return False
    try:
        _fit_name(holder, course_language)
    except Unprintable:
        return False
    return True


def name_block(certificate: Certificate) -> Block:
    return _fit_name(certificate.holder, certificate.course.language)


def _fit_name(holder: Holder, course_language: str) -> Block:
    """In the language that the letters tell, else in the course's. Never remembered."""
    language = holder.name_language or course_language
    return fit(holder.full_name, NAME, NAME_ROOM, NAME_STEPS, NAME_BASELINE, language)


def draw_name(sheet: Sheet) -> None:
    holder = sheet.certificate.holder
    element = sheet.canvas.structure.element("P", language=holder.name_language, text=holder.full_name)
    draw_block(sheet.canvas, name_block(sheet.certificate), element)
    with sheet.canvas.ornament():
        sheet.canvas.rule(LEFT, 343, 40, sheet.palette.gold, 0.8)


def title_block(certificate: Certificate) -> Block:
    return _fit_title(certificate.course.certificate_title, certificate.course.language)


@lru_cache(maxsize=256)
def _fit_title(title: str, language: str) -> Block:
    return fit(title, TITLE, TITLE_ROOM, TITLE_STEPS, 284, language)


def draw_title(sheet: Sheet) -> None:
    canvas = sheet.canvas
    with canvas.tagged(canvas.structure.element("P")):
        canvas.text(sheet.line(sheet.labels.say(words.COMPLETED), REGULAR), LEFT, 318, 10.5, GREY)
    draw_block(canvas, title_block(sheet.certificate), canvas.structure.element("H2", language=sheet.course_language))


def draw_block(canvas: Canvas, block: Block, element: Element) -> None:
    """One element, however many lines."""
    with canvas.tagged(element):
        for line, baseline in block.lines:
            # the outermost stem stands on the edge of the column, not the empty space beside it
            bearing = side_bearing(line) if canvas.mirrored_at is None else far_bearing(line)
            canvas.text(line, LEFT - bearing * block.size / 1000, baseline, block.size, INK)


def side_bearing(line: Line) -> float:
    """The empty space before the first ink, in thousandths of the size."""
    first = line.runs[0]
    extents = first.face.font.get_glyph_extents(first.glyphs[0].id)
    return extents.x_bearing * first.face.scale if extents else 0


def far_bearing(line: Line) -> float:
    """The empty space after the last ink, in thousandths of the size."""
    last = line.runs[-1]
    letter = next((glyph for glyph in reversed(last.glyphs) if glyph.advance), last.glyphs[-1])  # not a mark over it
    extents = last.face.font.get_glyph_extents(letter.id)
    return letter.advance - (extents.x_bearing + extents.width) * last.face.scale if extents else 0


def draw_signatory(sheet: Sheet) -> None:
    canvas, issuer = sheet.canvas, sheet.certificate.issuer
    if issuer.signature_path and issuer.signatory_name:
        draw_signature(sheet, issuer.signature_path, issuer.signatory_name)
    if issuer.signatory_name:
        line = sheet.line(issuer.signatory_name, STRONG)
        size = shrunk(line, COLUMN / 2, 9, 6)
        with canvas.ornament():
            canvas.rule(LEFT, 62.5, max(170.0, width_of(line, size)), HAIRLINE)
        with canvas.tagged(canvas.structure.element("P")):
            canvas.text(line, LEFT, 49.5, size, INK)
    if issuer.signatory_role:
        line = sheet.line(issuer.signatory_role, REGULAR)
        size = shrunk(line, COLUMN / 2, 8.4, 5.5)
        with canvas.tagged(canvas.structure.element("P")):
            canvas.text(line, LEFT, 37.5, size, GREY)


def draw_signature(sheet: Sheet, path: str, name: str) -> None:
    canvas = sheet.canvas
    _, (left, _, right, _) = placed_drawing(path, LEFT, 60, 172, 50)
    drawn, box = placed_drawing(path, canvas.left_of(LEFT, right - left), 60, 172, 50)
    described = sheet.labels.say(words.SIGNATURE_OF, name=name)
    with canvas.tagged(canvas.structure.element("Figure", alternative=described, box=box)), canvas.kept():
        canvas.fill_color(SIGNATURE_INK)
        canvas.put(drawn, b"f")


@lru_cache(maxsize=64)
def placed_drawing(path: str, x: float, y: float, width: float, height: float) -> tuple[bytes, Rectangle]:
    """An SVG path as large as its room allows, from its lower left corner, and where it then lies."""
    return Outline(path).placed(x, y, width, height)


def draw_seal(sheet: Sheet) -> Rectangle:
    """The words beside the digital signature; the box is where its field lies."""
    canvas = sheet.canvas
    signed = sheet.line(sheet.labels.say(words.SIGNED), STRONG)
    left = RIGHT - width_of(signed, 9)
    with canvas.ornament():
        canvas.stroke_color(sheet.palette.gold_text)
        canvas.put(b"0.7 w", circle(left - 9.5, 52.5, 5.2) + b" S")
        canvas.fill_color(sheet.palette.gold_text)
        canvas.put(small_star(left - 9.5, 52.5, 3.9) + b" f")
    with canvas.tagged(canvas.structure.element("P")):
        canvas.text(signed, left, 49.5, 9, INK)
    check = sheet.line(sheet.labels.say(words.CHECK), REGULAR)
    with canvas.tagged(canvas.structure.element("P")):
        canvas.text(check, RIGHT - width_of(check, 8.4), 37.5, 8.4, GREY)
    return canvas.moved((left - 16, 46, RIGHT, 60))


def draw_assurance(sheet: Sheet) -> None:
    line = sheet.line(sheet.labels.say(words.ASSURANCE), REGULAR)
    size = shrunk(line, COLUMN, 6.8, 5.5)
    with sheet.canvas.tagged(sheet.canvas.structure.element("P")):
        sheet.canvas.text(line, LEFT, 20, size, GREY)


def draw_specimen(sheet: Sheet) -> None:
    """The word across the page, under everything else."""
    canvas = sheet.canvas
    line = sheet.line(sheet.labels.say(words.SPECIMEN).upper(), STRONG)
    size = 560_000 / line.width
    with canvas.tagged(canvas.structure.element("P")), canvas.kept():
        canvas.put(b"0.8829 0.4695 -0.4695 0.8829 92 132 cm")
        canvas.set(line, 0, 0, size, color("#f1ebdd"))


def shrunk(line: Line, width: float, size: float, smallest: float) -> float:
    """The size in which a line is no wider than asked."""
    size = min(size, width * 1000 / (line.width or 1))
    if size < smallest:
        raise Unprintable("a line has no room, not even in its smallest size")
    return size


def paragraph(text: str, sizes: tuple[float, ...], most: int, language: str) -> tuple[Sequence[Line], float]:
    """A running text on at most so many lines, in the largest of the sizes that has room."""
    for size in sizes:
        lines = wrap(text, REGULAR, COLUMN, size, language)
        if len(lines) <= most:
            return lines, size
    raise Unprintable("a text has no room, not even in its smallest size")
