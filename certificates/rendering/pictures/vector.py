"""Text as outlines in SVG: what a page or picture shows is then what the document prints, whatever fonts are there."""

from functools import lru_cache
from xml.sax.saxutils import quoteattr

import uharfbuzz as hb

from certificates.certificate import Holder
from certificates.rendering.page.column import COLUMN, NAME_BASELINE, NAME_ROOM, NAME_STEPS, side_bearing
from certificates.rendering.text.faces import NAME, Face
from certificates.rendering.text.fitting import fit
from certificates.rendering.text.glyphs import Line


def name_picture(holder: Holder, course_language: str) -> str:
    """The name as the certificate prints it, in the colour of the text around it. Unprintable as for the document."""
    name, language = holder.full_name, holder.name_language or course_language
    block = fit(name, NAME, NAME_ROOM, NAME_STEPS, NAME_BASELINE, language)
    lines = "".join(
        placed_outlines(line, -side_bearing(line) * block.size / 1000, NAME_ROOM.top - baseline, block.size)
        for line, baseline in block.lines
    )
    height = NAME_ROOM.top - NAME_ROOM.bottom
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {COLUMN:g} {height:g}" fill="currentColor" role="img" '
        f"aria-label={quoteattr(name)}>{lines}</svg>"
    )


def placed_outlines(line: Line, x: float, y: float, size: float) -> str:
    """One line from its left end; y counts downwards."""
    scale = size / 1000
    return f'<g transform="matrix({scale:.5f} 0 0 {-scale:.5f} {x:.2f} {y:.2f})">{_outlines(line)}</g>'


def _outlines(line: Line) -> str:
    parts, x = [], 0.0
    for run in line.runs:
        for glyph in run.glyphs:
            path = outline(run.face, glyph.id)
            if path:
                parts.append(f'<path transform="translate({x + glyph.x:g} {glyph.y:g})" d="{path}"/>')
            x += glyph.advance
    return "".join(parts)


@lru_cache(maxsize=1024)
def outline(face: Face, glyph: int) -> str:
    """One glyph in thousandths of the size, y upwards."""
    parts: list[str] = []

    def put(command: str) -> object:
        def take(*values: object) -> None:
            points = [value for value in values if isinstance(value, (int, float))]
            parts.append(command + " ".join(f"{round(value * face.scale)}" for value in points))

        return take

    draw = hb.DrawFuncs()
    draw.set_move_to_func(put("M"))
    draw.set_line_to_func(put("L"))
    draw.set_quadratic_to_func(put("Q"))
    draw.set_cubic_to_func(put("C"))
    draw.set_close_path_func(lambda _data: parts.append("Z"))
    face.font.draw_glyph(glyph, draw, None)
    return "".join(parts)
