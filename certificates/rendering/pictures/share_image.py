"""The picture that other sites show with a link: 1200 × 630, set by the same engine as the document."""

import io
from collections.abc import Callable
from threading import Lock
from urllib.parse import urlsplit

import pypdfium2

from certificates.card import Card
from certificates.number import show_number
from certificates.rendering import labels as words
from certificates.rendering.labels import Labels, Translate
from certificates.rendering.page.column import draw_logo, shrunk
from certificates.rendering.pdf.canvas import Canvas, Color, color, width_of
from certificates.rendering.pdf.embedding import embed
from certificates.rendering.pdf.objects import File, numbers
from certificates.rendering.shapes.ornament import HEIGHT, WIDTH as SHEET_WIDTH, glow, operators, small_star
from certificates.rendering.shapes.palette import GREY, HOUSE, INK, PAPER, Palette, palette_of
from certificates.rendering.text.faces import MEDIUM, NAME, REGULAR, STRONG, TITLE, Chain
from certificates.rendering.text.fitting import Block, Room, Step, fit
from certificates.rendering.text.glyphs import Unprintable, shape

WIDTH, TALL = 1200, 630  # pixels, and points of the page they are drawn from
LEFT, ROOM = 76.0, 800.0
_ALARM = color("#8f2d22")
LARGE_STEPS = (Step(1, 84, 50), Step(2, 56, 26), Step(1, 50, 26), Step(3, 30, 16))
_SMALL_STEPS = (Step(1, 44, 30), Step(2, 34, 20), Step(1, 30, 20), Step(3, 24, 12))

# PDFium keeps state of its own and is not made for threads.
_one_at_a_time = Lock()


def share_image(card: Card, translate: Translate) -> bytes:
    """PNG. With the holder's name where the card shows it; neutral once the certificate counts no more."""
    labels = Labels(translate)
    palette = palette_of(card.certificate.issuer) if card.certificate else HOUSE

    def paint(canvas: Canvas) -> None:
        if card.certificate:
            draw_panel(canvas, palette)
            _draw_certificate(canvas, card, labels, palette)
        else:
            _draw_end(canvas, card, labels)
        _draw_issuer(canvas, card, palette)
        _draw_address(canvas, card)

    return picture(paint, palette, labels.run_from_the_right)


def picture(paint: Callable[[Canvas], None], palette: Palette, from_the_right: bool) -> bytes:
    """PNG of what `paint` draws on the paper, `WIDTH` by `TALL`."""
    return page_image(_page(paint, palette, from_the_right))


def page_image(pdf: bytes, scale: float = 1) -> bytes:
    """PNG of the first page of a document of ours, `scale` pixels for each of its points."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            drawn = document[0].render(scale=scale).to_pil()
        finally:
            document.close()
    out = io.BytesIO()
    drawn.convert("RGB").save(out, "PNG", compress_level=6)
    return out.getvalue()


def _page(paint: Callable[[Canvas], None], palette: Palette, from_the_right: bool) -> bytes:
    file = File()
    page, pages = file.reserve(), file.reserve()
    canvas = Canvas(file, page, WIDTH if from_the_right else None)
    canvas.fill_box(0, 0, WIDTH, TALL, PAPER)
    paint(canvas)
    fonts = b" ".join(b"/%b %b" % (font.resource, embed(file, font)) for font in canvas.fonts.values())
    resources = b"<</Font <<%b>> /Shading <</Glow %b>>>>" % (fonts, file.add(glow(palette)))
    file.fill(
        page,
        b"<</Type /Page /Parent %b /MediaBox [0 0 %d %d] /Resources %b /Contents %b>>"
        % (pages, WIDTH, TALL, resources, file.add_stream(canvas.content)),
    )
    file.fill(pages, b"<</Type /Pages /Count 1 /Kids [%b]>>" % page)
    catalog = file.add(b"<</Type /Catalog /Pages %b>>" % pages)
    return file.write(catalog, file.add(b"<<>>"), bytes(16))


def draw_panel(canvas: Canvas, palette: Palette) -> None:
    """The engraved panel of the document, at the right edge and as tall as the picture."""
    scale = TALL / HEIGHT
    with canvas.ornament(), canvas.kept():
        canvas.put(b"%b 0 0 %b %b 0 cm" % (numbers(scale), numbers(scale), numbers(WIDTH - SHEET_WIDTH * scale)))
        canvas.put(operators(palette))


def _draw_issuer(canvas: Canvas, card: Card, palette: Palette) -> None:
    logo = card.certificate.issuer.logo_path if card.certificate else None
    draw_issuer(canvas, card.issuer_name, logo, palette)


def draw_issuer(canvas: Canvas, name: str, logo_path: str | None, palette: Palette) -> None:
    """Logo, or the house's star, and the name, at the top."""
    width = _draw_mark(canvas, logo_path, palette)
    line = shape(name, STRONG)
    canvas.text(line, LEFT + width, 537, shrunk(line, ROOM - width - 10, 24, 10), INK)


def _draw_mark(canvas: Canvas, logo_path: str | None, palette: Palette) -> float:
    if logo_path:
        return draw_logo(canvas, logo_path, (LEFT, 521, 260, 48), palette) + 18
    with canvas.ornament():
        canvas.fill_color(palette.gold)
        canvas.put(small_star(LEFT + 17, 545, 21) + b" f")
    return 50


def _draw_address(canvas: Canvas, card: Card) -> None:
    place = urlsplit(card.issuer_url)
    draw_address(canvas, f"{place.netloc}{place.path.rstrip('/')}/verify/{show_number(card.number)}")


def draw_address(canvas: Canvas, address: str) -> None:
    line = shape(address, MEDIUM)
    canvas.text(line, LEFT, 72, shrunk(line, ROOM, 21, 8), GREY)


def _draw_certificate(canvas: Canvas, card: Card, labels: Labels, palette: Palette) -> None:
    certificate = card.certificate
    if certificate is None:
        raise ValueError("a card without a certificate is neutral")
    _draw_kind(canvas, card, labels, palette)
    course, holder = certificate.course, certificate.holder
    title = course.certificate_title
    if card.shows_name:
        language = holder.name_language or course.language
        draw(canvas, fitted(holder.full_name, NAME, Room(ROOM, 306, 420), LARGE_STEPS, 338, language), INK)
        draw_rule(canvas, 276, palette.gold)
        draw(canvas, fitted(title, TITLE, Room(ROOM, 168, 252), _SMALL_STEPS, 210, course.language), INK)
    else:
        draw(canvas, fitted(title, TITLE, Room(ROOM, 200, 410), LARGE_STEPS, 320, course.language), INK)
    label, value = labels.facts(certificate)[0]
    canvas.text(shape(f"{label} {value}", REGULAR), LEFT, 112, 21, GREY)


def _draw_kind(canvas: Canvas, card: Card, labels: Labels, palette: Palette) -> None:
    kind = shape(labels.say(words.KIND).upper(), STRONG)
    size = shrunk(kind, ROOM * 0.6, 17, 8)
    canvas.text(kind, LEFT, 458, size, palette.gold_text, tracking=3)
    if card.word == "expired":
        beside = LEFT + width_of(kind, size, 3) + 28
        canvas.text(shape(labels.say(words.EXPIRED), STRONG), beside, 457, 21, _ALARM)


def _draw_end(canvas: Canvas, card: Card, labels: Labels) -> None:
    """Nothing but what happened: no name, no course."""
    said = words.REVOKED if card.word == "revoked" else words.WITHDRAWN
    draw(canvas, fitted(labels.say(said), TITLE, Room(WIDTH - 2 * LEFT, 250, 420), LARGE_STEPS, 320, None), INK)
    draw_rule(canvas, 230, GREY)


def draw_rule(canvas: Canvas, y: float, ink: Color) -> None:
    with canvas.ornament():
        canvas.rule(LEFT, y, 66, ink, 1.4)


def fitted(
    text: str, chain: Chain, room: Room, steps: tuple[Step, ...], baseline: float, language: str | None
) -> Block:
    """Smaller still where the document, which has more room, could set it."""
    try:
        return fit(text, chain, room, steps, baseline, language)
    except Unprintable:
        return fit(text, chain, room, (*(Step(lines, 26, 4) for lines in (4, 3, 2, 1)),), baseline, language)


def draw(canvas: Canvas, block: Block, ink: Color) -> None:
    for line, baseline in block.lines:
        canvas.text(line, LEFT, baseline, block.size, ink)
