"""The dark panel at the right: QR code, address, number."""

from urllib.parse import urlsplit

from certificates.number import show_number
from certificates.rendering import labels as words
from certificates.rendering.page.column import Sheet
from certificates.rendering.pdf.canvas import color, mix, rounded, width_of
from certificates.rendering.pdf.structure import Element, Rectangle
from certificates.rendering.shapes import qr
from certificates.rendering.shapes.ornament import CENTRE, PANEL_LEFT, WIDTH
from certificates.rendering.text.faces import MEDIUM, REGULAR
from certificates.rendering.text.fitting import broken
from certificates.rendering.text.glyphs import Line, Unprintable, shape

_CODE = 98.0
_CARD_BOTTOM = 104.0
_ROOM = WIDTH - PANEL_LEFT - 18 - 24  # the panel without its band and margins
_WHITE = (1.0, 1.0, 1.0)
_PALE = color("#e9e6dc")
_CODE_INK = color("#0b201f")


def draw_code(sheet: Sheet) -> None:
    canvas, address = sheet.canvas, sheet.certificate.short_address
    modules = qr.matrix(address)
    card = _CODE * (1 + 2 * qr.QUIET_ZONE / len(modules))
    left = canvas.left_of(CENTRE[0] - card / 2, card)
    box = (left, _CARD_BOTTOM, left + card, _CARD_BOTTOM + card)
    figure = canvas.structure.element("Figure", alternative=sheet.labels.say(words.QR_CODE, address=address), box=box)
    inset = (card - _CODE) / 2
    with canvas.tagged(figure):
        canvas.fill_color(_WHITE)
        canvas.put(rounded(left, _CARD_BOTTOM, card, card, 5.5) + b" f")
        canvas.fill_color(_CODE_INK)
        canvas.put(qr.path(modules, left + inset, _CARD_BOTTOM + inset, _CODE))


def draw_address(sheet: Sheet) -> tuple[Element, Rectangle]:
    """The label, the printed address and the number; the link element waits for its annotation."""
    canvas = sheet.canvas
    label = sheet.line(sheet.labels.say(words.VERIFY).upper(), MEDIUM)
    tracking = min(1.1, (_ROOM - width_of(label, 6.6)) / max(len(label.text) - 1, 1))
    with canvas.tagged(canvas.structure.element("P")):
        canvas.text(label, _centred(width_of(label, 6.6, tracking)), 85.5, 6.6, sheet.palette.gold, tracking=tracking)
    link = canvas.structure.element("Link", canvas.structure.element("P"))
    lines, size = _printed_address(sheet.certificate.address)
    with canvas.tagged(link):
        for place, line in enumerate(lines):
            canvas.text(line, _centred(width_of(line, size)), 70.5 - place * 10, size, _PALE)
    widest, lowest = max(width_of(line, size) for line in lines), 70.5 - 10 * (len(lines) - 1)
    _draw_number(sheet, lowest - 19)
    return link, canvas.moved((_centred(widest), lowest - 2.5, _centred(widest) + widest, 70.5 + size))


def _draw_number(sheet: Sheet, baseline: float) -> None:
    line = shape(show_number(sheet.certificate.number), MEDIUM)
    with sheet.canvas.tagged(sheet.canvas.structure.element("P")):
        left = _centred(width_of(line, 9.4, 0.9))
        sheet.canvas.text(line, left, baseline, 9.4, mix(sheet.palette.gold, _WHITE, 0.12), tracking=0.9)


def _printed_address(address: str) -> tuple[list[Line], float]:
    """Without the scheme, which nobody types; a long one on two or three lines."""
    place = urlsplit(address)
    printed = place.netloc + place.path
    for lines, smallest in ((1, 7.2), (2, 6.4), (3, 4.0)):
        block = broken(printed, lines, "/.", lambda part: shape(part, REGULAR))
        size = min(8.4, _ROOM * 1000 / max((line.width for line in block), default=1))
        if block and size >= smallest:
            return block, size
    raise Unprintable("the address has no room, not even in its smallest size")


def _centred(width: float) -> float:
    return CENTRE[0] - width / 2
