"""An elliptical arc of an SVG path as Bézier curves (SVG 2, appendix B.2: from end points to centre)."""

from collections.abc import Iterator
from math import atan2, ceil, cos, hypot, pi, radians, sin, sqrt, tan

Point = tuple[float, float]


def arc(start: Point, shape: list[float], end: Point) -> Iterator[list[Point]]:
    """Cubic curves, each as two handles and an end.

    `shape`: both radii, the turn of the ellipse in degrees, whether the longer way is meant, and whether clockwise.
    """
    wide, high, turned = abs(shape[0]), abs(shape[1]), radians(shape[2])
    if not wide or not high or start == end:
        yield [start, end, end]
        return
    half = _turn(((start[0] - end[0]) / 2, (start[1] - end[1]) / 2), -turned)
    too_small = hypot(half[0] / wide, half[1] / high)
    if too_small > 1:
        wide, high = wide * too_small, high * too_small
    centre = _centre(half, wide, high, is_near=bool(shape[3]) == bool(shape[4]))
    first = atan2((half[1] - centre[1]) / high, (half[0] - centre[0]) / wide)
    last = atan2((-half[1] - centre[1]) / high, (-half[0] - centre[0]) / wide)
    sweep = (last - first) % (2 * pi) if shape[4] else -((first - last) % (2 * pi))
    middle = _turn(centre, turned)
    place = (middle[0] + (start[0] + end[0]) / 2, middle[1] + (start[1] + end[1]) / 2)
    yield from _curves(place, (wide, high), turned, first, sweep)


def _centre(half: Point, wide: float, high: float, *, is_near: bool) -> Point:
    """Of the ellipse, from the middle between the ends, before it is turned."""
    ratio = wide * wide * half[1] * half[1] + high * high * half[0] * half[0]
    length = sqrt(max(wide * wide * high * high / ratio - 1, 0)) * (-1 if is_near else 1)
    return length * wide * half[1] / high, -length * high * half[0] / wide


def _curves(centre: Point, radii: Point, turned: float, first: float, sweep: float) -> Iterator[list[Point]]:
    """At most a quarter of the ellipse each."""
    count = max(ceil(abs(sweep) / (pi / 2) - 1e-9), 1)
    step = sweep / count
    handle = 4 / 3 * tan(step / 4)

    def on_page(x: float, y: float) -> Point:
        placed = _turn((x * radii[0], y * radii[1]), turned)
        return centre[0] + placed[0], centre[1] + placed[1]

    for place in range(count):
        begin, end = first + place * step, first + (place + 1) * step
        yield [
            on_page(cos(begin) - handle * sin(begin), sin(begin) + handle * cos(begin)),
            on_page(cos(end) + handle * sin(end), sin(end) - handle * cos(end)),
            on_page(cos(end), sin(end)),
        ]


def _turn(point: Point, angle: float) -> Point:
    return point[0] * cos(angle) - point[1] * sin(angle), point[0] * sin(angle) + point[1] * cos(angle)
