"""The engraved part of the page, computed once: panel, woven band, guilloche and stars. It says nothing to a reader."""

import zlib
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, pi, sin

from certificates.rendering.pdf.canvas import Color, mix
from certificates.rendering.pdf.objects import number, numbers
from certificates.rendering.shapes.palette import PAPER, Palette

WIDTH, HEIGHT = 841.89, 595.28
PANEL_LEFT, BAND = 612.0, 18.0
CENTRE = (735.9, 384.0)
MIRROR = b"-1 0 0 1 " + numbers(WIDTH, 0) + b" cm"  # left becomes right
# radius, swing, waves around the circle, copies turned against each other, gold on the panel, line
_ROSETTES = (
    (262.0, 58.0, 36, 8, 0.10, 0.35),
    (176.0, 50.0, 30, 8, 0.17, 0.35),
    (109.0, 25.0, 36, 8, 0.34, 0.35),
    (65.0, 9.5, 40, 6, 0.80, 0.32),
)


@lru_cache(maxsize=16)
def artwork(palette: Palette, is_mirrored: bool = False) -> bytes:
    """The static operators of the whole page, deflated."""
    drawn = operators(palette)
    return zlib.compress(b"q " + MIRROR + b"\n" + drawn + b"\nQ" if is_mirrored else drawn, 9)


@lru_cache(maxsize=16)
def operators(palette: Palette) -> bytes:
    """Paper and panel, on a sheet in A4; the shading is the resource /Glow."""
    parts = [
        b"/Artifact BMC",
        _paper(),
        b"q",
        numbers(PANEL_LEFT, 0, WIDTH - PANEL_LEFT, HEIGHT) + b" re W n",
        b"/Glow sh",
    ]
    parts += [part(palette) for part in (_rosettes, _rings, _compass, _band)]
    return b"\n".join([*parts, b"Q EMC"])


def glow(palette: Palette) -> bytes:
    """The shading of the panel: lighter around the star, darker towards the corners."""
    lights = [mix(palette.panel, palette.gold, 0.10), palette.panel, palette.depth]
    first, second = (
        b"<</FunctionType 2 /Domain [0 1] /C0 [%b] /C1 [%b] /N 1>>" % (_tint(inner), _tint(outer))
        for inner, outer in pairwise(lights)
    )
    stitched = b"<</FunctionType 3 /Domain [0 1] /Functions [%b %b] /Bounds [0.4] /Encode [0 1 0 1]>>" % (
        first,
        second,
    )
    place = numbers(*CENTRE, 0, *CENTRE, 420)
    return b"<</ShadingType 3 /ColorSpace /DeviceRGB /Coords [%b] /Extend [true true] /Function %b>>" % (
        place,
        stitched,
    )


def star(x: float, y: float, reach: float, light: Color, dark: Color, inner: float = 0.14) -> bytes:
    """A four-pointed star whose points are folded along the middle: one half light, one dark."""
    parts = []
    for quarter in range(4):
        angle = quarter * pi / 2
        tip = (x + reach * sin(angle), y + reach * cos(angle))
        for side, shade in ((-1, light), (1, dark)):
            bend = angle + side * pi / 4
            notch = (x + inner * reach * sin(bend) * 1.3, y + inner * reach * cos(bend) * 1.3)
            path = numbers(x, y) + b" m " + numbers(*tip) + b" l " + numbers(*notch) + b" l f"
            parts.append(_tint(shade) + b" rg " + path)
    return b"\n".join(parts)


def small_star(x: float, y: float, reach: float) -> bytes:
    """The four-pointed star in one piece, for small sizes; the path only."""
    waist = reach * 0.17
    corners = []
    for eighth in range(8):
        length = reach if eighth % 2 == 0 else waist * 1.3
        corners.append(numbers(x + length * sin(eighth * pi / 4), y + length * cos(eighth * pi / 4)))
    return corners[0] + b" m " + b" ".join(corner + b" l" for corner in corners[1:]) + b" h"


def circle(x: float, y: float, radius: float) -> bytes:
    """The path of a circle."""
    bend = radius * 0.5523
    return b" ".join(
        [
            numbers(x + radius, y) + b" m",
            numbers(x + radius, y + bend, x + bend, y + radius, x, y + radius) + b" c",
            numbers(x - bend, y + radius, x - radius, y + bend, x - radius, y) + b" c",
            numbers(x - radius, y - bend, x - bend, y - radius, x, y - radius) + b" c",
            numbers(x + bend, y - radius, x + radius, y - bend, x + radius, y) + b" c h",
        ]
    )


def _paper() -> bytes:
    return _tint(PAPER) + b" rg " + numbers(0, 0, WIDTH, HEIGHT) + b" re f"


def _rosettes(palette: Palette) -> bytes:
    parts = []
    for radius, swing, waves, copies, share, line in _ROSETTES:
        path = wave(radius, swing, waves)
        parts.append(_tint(palette.engraved(share)) + b" RG " + number(line) + b" w")
        for copy in range(copies):
            turn = 2 * pi * copy / (waves * copies)
            parts.append(b"q %b cm\n%b S Q" % (_turned(turn), path))
    return b"\n".join(parts)


def wave(radius: float, swing: float, waves: int) -> bytes:
    """A closed curve around the origin whose distance swings `waves` times, two Bézier curves a wave."""
    step = pi / waves
    points = [_polar(radius + swing * (-1) ** place, place * step) for place in range(2 * waves)]
    curves = []
    for place in range(2 * waves):
        start, end = points[place], points[(place + 1) % (2 * waves)]
        # handles along the circle: where the distance is largest or smallest, the curve runs parallel to it
        out = _moved(start, place * step, hypot(*start) * step * 0.42)
        back = _moved(end, (place + 1) * step, -hypot(*end) * step * 0.42)
        curves.append(numbers(*out, *back, *end) + b" c")
    return numbers(*points[0]) + b" m " + b"\n".join(curves) + b" h"


def _rings(palette: Palette) -> bytes:
    x, y = CENTRE
    field = _tint(palette.engraved(0.04)) + b" rg " + circle(x, y, 50.5) + b" f"
    rings = [(50.5, 0.95, 0.9), (47.6, 0.55, 0.35), (79.5, 0.6, 0.5), (82.2, 0.3, 0.3)]
    drawn = [
        b"%b RG %b w %b S" % (_tint(palette.engraved(share)), number(line), circle(x, y, radius))
        for radius, share, line in rings
    ]
    ticks = [b"%b RG 0.45 w" % _tint(palette.engraved(0.5))]
    for place in range(72):
        inner = 41.5 if place % 6 == 0 else 43.6
        angle = place * pi / 36
        ends = (
            (x + inner * cos(angle), y + inner * sin(angle)),
            (x + 45.4 * cos(angle), y + 45.4 * sin(angle)),
        )
        ticks.append(b"%b m %b l" % (numbers(*ends[0]), numbers(*ends[1])))
    return b"\n".join([field, *drawn, *ticks, b"S"])


def _compass(palette: Palette) -> bytes:
    x, y = CENTRE
    light, shade = mix(palette.gold, (1.0, 1.0, 1.0), 0.25), palette.engraved(0.72)
    dim, dimmer = palette.engraved(0.46), palette.engraved(0.30)
    eighth = b"q %b cm 0.7071 0.7071 -0.7071 0.7071 0 0 cm\n%b Q" % (
        b"1 0 0 1 " + numbers(x, y),
        star(0, 0, 17.5, dim, dimmer, 0.2),
    )
    return eighth + b"\n" + star(x, y, 34, light, shade)


def _band(palette: Palette) -> bytes:
    """Six threads woven around the middle of the band, between two pairs of straight ones."""
    middle, wave = PANEL_LEFT + BAND / 2, 21.0
    parts = [
        _tint(mix(palette.panel, (0.0, 0.0, 0.0), 0.22)) + b" rg " + numbers(PANEL_LEFT, 0, BAND, HEIGHT) + b" re f"
    ]
    parts.append(_tint(palette.engraved(0.62)) + b" RG 0.32 w")
    for thread in range(6):
        lift = thread * wave / 6 - wave
        parts.append(b"q 1 0 0 1 %b cm\n%b S Q" % (numbers(middle, lift), _thread(5.4, wave)))
    for place, line, share in ((1.4, 0.35, 0.5), (2.4, 0.8, 0.85), (15.6, 0.8, 0.85), (16.6, 0.35, 0.5)):
        parts.append(_tint(palette.engraved(share)) + b" RG " + number(line) + b" w")
        parts.append(b"%b m %b l S" % (numbers(PANEL_LEFT + place, 0), numbers(PANEL_LEFT + place, HEIGHT)))
    return b"\n".join(parts)


def _thread(swing: float, wave: float) -> bytes:
    parts = [numbers(swing, 0) + b" m"]
    for half in range(int(2 * HEIGHT / wave) + 4):
        side, start = swing * (-1) ** half, half * wave / 2
        end = start + wave / 2
        parts.append(numbers(side, start + wave * 0.18, -side, end - wave * 0.18, -side, end) + b" c")
    return b"\n".join(parts)


def _polar(radius: float, angle: float) -> tuple[float, float]:
    return radius * cos(angle), radius * sin(angle)


def _moved(point: tuple[float, float], angle: float, length: float) -> tuple[float, float]:
    return point[0] - length * sin(angle), point[1] + length * cos(angle)


def _turned(angle: float) -> bytes:
    turn = b" ".join(f"{value:.4f}".encode() for value in (cos(angle), sin(angle), -sin(angle), cos(angle)))
    return turn + b" " + numbers(*CENTRE)


def _tint(value: Color) -> bytes:
    return b" ".join(f"{round(part, 3):g}".encode() for part in value)
