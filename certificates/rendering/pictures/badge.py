"""The badge: a seal in SVG that any site can show. Outlines only, no font, no script, no name (SVG 1.1)."""

import re
from xml.sax.saxutils import escape

from certificates.card import Card
from certificates.rendering import labels as words
from certificates.rendering.labels import Labels, Translate
from certificates.rendering.pdf.canvas import Color, mix
from certificates.rendering.pictures.vector import placed_outlines
from certificates.rendering.shapes.ornament import small_star, wave
from certificates.rendering.shapes.palette import HOUSE, Palette, palette_of
from certificates.rendering.text.faces import STRONG, TITLE, Chain
from certificates.rendering.text.fitting import Block, Room, Step, fit
from certificates.rendering.text.glyphs import Unprintable

SIZE = 320
_MIDDLE = SIZE / 2
_WHITE: Color = (1.0, 1.0, 1.0)
_GREY: Color = (0.42, 0.45, 0.44)
_TITLE_STEPS = (Step(1, 25, 20), Step(2, 23, 14), Step(3, 18, 9), Step(2, 14, 9), Step(1, 20, 7))
_SMALL_STEPS = (Step(1, 12, 8), Step(2, 11, 6), Step(1, 8, 3))


def badge(card: Card, translate: Translate) -> str:
    """The seal of a certificate; grey, with the word and nothing of the course, once it counts no more."""
    labels = Labels(translate)
    certificate, ended = card.certificate, {"revoked": words.REVOKED, "withdrawn": words.WITHDRAWN}
    title = certificate.course.certificate_title if certificate else labels.say(ended[card.word])
    language = certificate.course.language if certificate else None
    described = labels.say(words.BADGE_TITLE, course=title, issuer=card.issuer_name) if certificate else title
    kind = labels.say(words.EXPIRED if card.word == "expired" else words.KIND) if certificate else ""
    palette = palette_of(certificate.issuer) if certificate else HOUSE
    pale = mix(palette.gold, _WHITE, 0.75)
    small = palette.gold if card.word == "valid" else pale
    field = palette.panel if card.word == "valid" else mix(_GREY, palette.panel, 0.35)
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" '
            f'role="img"><title>{escape(described)}</title>',
            _seal(field, palette, card.word == "valid"),
            _text(kind, STRONG, Room(170, 182, 200), _SMALL_STEPS, 186, small, language),
            _text(title, TITLE, Room(226, 108, 172), _TITLE_STEPS, 134, pale, language),
            _text(card.issuer_name, STRONG, Room(150, 62, 92), _SMALL_STEPS, 76, small, language),
            "</svg>\n",
        ]
    )


def _seal(field: Color, palette: Palette, is_bright: bool) -> str:
    """Field, engraved waves, rings and star; places count from the bottom, as on paper."""
    line = mix(field, palette.gold, 0.26 if is_bright else 0.12)
    gold = palette.gold if is_bright else mix(_GREY, _WHITE, 0.45)
    waves = "".join(f'<use href="#wave" transform="rotate({turn * 1.25:g})"/>' for turn in range(1, 8))
    return (
        f'<circle cx="{_MIDDLE:g}" cy="{_MIDDLE:g}" r="156" fill="{_hex(field)}"/>'
        f'<g transform="translate({_MIDDLE:g} {_MIDDLE:g})" fill="none" stroke="{_hex(line)}" stroke-width=".5">'
        f'<path id="wave" d="{_path(wave(128, 20, 36))}"/>{waves}</g>'
        f'<g fill="none" stroke="{_hex(gold)}"><circle cx="160" cy="160" r="151" stroke-width="3"/>'
        f'<circle cx="160" cy="160" r="145" stroke-width=".8"/></g>'
        f'<circle cx="160" cy="160" r="118" fill="{_hex(field)}"/>'
        f'<path transform="matrix(1 0 0 -1 0 {SIZE})" fill="{_hex(gold)}" d="{_path(small_star(160, 236, 26))}"/>'
    )


def _text(
    text: str, chain: Chain, room: Room, steps: tuple[Step, ...], baseline: float, ink: Color, language: str | None
) -> str:
    """Lines in the middle of the seal, as outlines."""
    if not text:
        return ""
    block = _fitted(text, chain, room, steps, baseline, language)
    outlines = "".join(
        placed_outlines(line, _MIDDLE - line.width * block.size / 2000, SIZE - place, block.size)
        for line, place in block.lines
    )
    return f'<g fill="{_hex(ink)}">{outlines}</g>'


def _fitted(
    text: str, chain: Chain, room: Room, steps: tuple[Step, ...], baseline: float, language: str | None
) -> Block:
    try:
        return fit(text, chain, room, steps, baseline, language)
    except Unprintable:
        return fit(text, chain, room, tuple(Step(lines, 9, 1) for lines in (4, 3, 2, 1)), baseline, language)


def _path(operators: bytes) -> str:
    """A path in the operators of PDF as one in SVG."""
    written = re.sub(rb"([-\d. ]+?) ?([mlc])(?=\s|$)", rb"\2\1", operators).replace(b" h", b"Z").replace(b"\n", b"")
    return written.decode().translate(str.maketrans("mlc", "MLC"))


def _hex(value: Color) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in value)
