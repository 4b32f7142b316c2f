"""The picture that other sites show with a link to a course: 1200 × 630, of one family with the certificate's."""

from dataclasses import dataclass

from certificates.certificate import IssuedBy
from certificates.rendering.page.column import shrunk
from certificates.rendering.pdf.canvas import Canvas
from certificates.rendering.pictures.share_image import (
    LEFT,
    ROOM,
    draw,
    draw_address,
    draw_issuer,
    draw_panel,
    draw_rule,
    fitted,
    picture,
)
from certificates.rendering.shapes.palette import GREY, INK, palette_of
from certificates.rendering.text.faces import REGULAR, STRONG, TITLE
from certificates.rendering.text.fitting import Room, Step
from certificates.rendering.text.glyphs import shape

_STEPS = (Step(1, 84, 58), Step(2, 70, 36), Step(3, 50, 26), Step(4, 36, 14))


@dataclass(frozen=True)
class Poster:
    """`kind` stands above the title and `line` below it, both in the language that runs `from_the_right` or not."""

    kind: str
    title: str
    line: str
    address: str
    language: str
    from_the_right: bool
    issuer: IssuedBy


def poster_image(poster: Poster) -> bytes:
    """PNG. Raises Unprintable for words that no typeface of ours can set."""
    palette = palette_of(poster.issuer)

    def paint(canvas: Canvas) -> None:
        draw_panel(canvas, palette)
        draw_issuer(canvas, poster.issuer.name, poster.issuer.logo_path, palette)
        kind = shape(poster.kind.upper(), STRONG)
        canvas.text(kind, LEFT, 458, shrunk(kind, ROOM * 0.7, 17, 8), palette.gold_text, tracking=3)
        draw(canvas, fitted(poster.title, TITLE, Room(ROOM, 212, 424), _STEPS, 320, poster.language), INK)
        draw_rule(canvas, 166, palette.gold)
        line = shape(poster.line, REGULAR)
        canvas.text(line, LEFT, 120, shrunk(line, ROOM, 24, 10), GREY)
        draw_address(canvas, poster.address)

    return picture(paint, palette, poster.from_the_right)
