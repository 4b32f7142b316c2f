"""A drawing in one colour: an SVG path (SVG 2, section 9.3) as the operators of a PDF path."""

import re
from collections.abc import Iterator

from certificates.rendering.pdf.objects import numbers
from certificates.rendering.shapes.arc import arc
from certificates.rendering.text.glyphs import Unprintable

_LETTER = re.compile(r"[\s,]*([MmLlHhVvCcSsQqTtAaZz])")
_NUMBER = re.compile(r"[\s,]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_FLAG = re.compile(r"[\s,]*([01])")
_END = re.compile(r"[\s,]*\Z")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_LONGEST = 40_000  # characters; a drawing, not a picture

Point = tuple[float, float]
Box = tuple[float, float, float, float]


class Outline:
    """A path as straight lines and Bézier curves, y downwards. A path that cannot be read is Unprintable."""

    def __init__(self, path: str) -> None:
        if len(path) > _LONGEST:
            raise Unprintable("the drawing is too long")
        self._steps: list[tuple[bytes, list[Point]]] = []
        self._here: Point = (0.0, 0.0)
        self._start: Point = (0.0, 0.0)
        self._handle: tuple[str, Point] | None = None
        for command, values in _commands(path):
            self._follow(command, values)
        if not any(points for _, points in self._steps):
            raise Unprintable("the drawing is empty")

    def placed(self, x: float, y: float, width: float, height: float) -> tuple[bytes, Box]:
        """Operators that draw it as large as the box allows, from its lower left corner, and where it then lies."""
        points = [point for _, found in self._steps for point in found]
        left, right = min(point[0] for point in points), max(point[0] for point in points)
        high, low = min(point[1] for point in points), max(point[1] for point in points)
        scale = min(width / (right - left or 1), height / (low - high or 1))
        parts = [
            b"%b %b"
            % (
                numbers(*[part for px, py in found for part in (x + (px - left) * scale, y + (low - py) * scale)]),
                operator,
            )
            for operator, found in self._steps
        ]
        return b"\n".join(parts), (x, y, x + (right - left) * scale, y + (low - high) * scale)

    def _follow(self, command: str, values: list[float]) -> None:
        kind, origin = command.upper(), (0.0, 0.0) if command.isupper() else self._here
        if kind == "Z":
            self._steps.append((b"h", []))
            self._here = self._start
        elif kind == "H":
            self._line((origin[0] + values[0], self._here[1]))
        elif kind == "V":
            self._line((self._here[0], origin[1] + values[0]))
        elif kind == "A":
            self._arc(values[:5], (origin[0] + values[5], origin[1] + values[6]))
        else:
            points = [(origin[0] + px, origin[1] + py) for px, py in zip(values[::2], values[1::2], strict=True)]
            self._move_or_curve(kind, points)
        if kind not in "CSQT":
            self._handle = None

    def _move_or_curve(self, kind: str, points: list[Point]) -> None:
        if kind == "M":
            self._steps.append((b"m", points))
            self._here = self._start = points[0]
        elif kind == "L":
            self._line(points[0])
        elif kind in "CS":
            out = points.pop(0) if kind == "C" else self._reflected("C")
            self._curve("C", out, points[0], points[0], points[1])
        else:
            bend = points.pop(0) if kind == "Q" else self._reflected("Q")
            end = points[0]
            self._curve("Q", bend, _towards(self._here, bend), _towards(end, bend), end)

    def _arc(self, shape: list[float], end: Point) -> None:
        for curve in arc(self._here, shape, end):
            self._steps.append((b"c", curve))
        self._here = end

    def _curve(self, kind: str, handle: Point, out: Point, back: Point, end: Point) -> None:
        cubic = [handle if kind == "C" else out, back, end]
        self._steps.append((b"c", cubic))
        self._handle = (kind, back if kind == "C" else handle)
        self._here = end

    def _reflected(self, kind: str) -> Point:
        """The handle of the curve before, on the other side; where there is none, the place itself."""
        if not self._handle or self._handle[0] != kind:
            return self._here
        return 2 * self._here[0] - self._handle[1][0], 2 * self._here[1] - self._handle[1][1]

    def _line(self, end: Point) -> None:
        self._steps.append((b"l", [end]))
        self._here = end


def _towards(start: Point, bend: Point) -> Point:
    """A quadratic handle as a cubic one: two thirds of the way."""
    return start[0] + (bend[0] - start[0]) * 2 / 3, start[1] + (bend[1] - start[1]) * 2 / 3


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers; repeated numbers repeat the command, after a move as lines."""
    place, command = 0, ""
    while not _END.match(path, place):
        letter = _LETTER.match(path, place)
        if letter:
            starts_well = command or letter[1] in "Mm"
            command, place = letter[1], letter.end()
        else:
            starts_well = command not in ("", "Z", "z")
        if not starts_well:
            raise Unprintable("the drawing is not an SVG path")
        values, place = _numbers(path, place, command.upper())
        yield command, values
        command = {"M": "L", "m": "l"}.get(command, command)


def _numbers(path: str, place: int, command: str) -> tuple[list[float], int]:
    """What one command takes, and where it ends. The flags of an arc are single digits; a blank may be missing."""
    values: list[float] = []
    while len(values) < _TAKES[command]:
        is_flag = command == "A" and len(values) in (3, 4)
        found = (_FLAG if is_flag else _NUMBER).match(path, place)
        if found is None:
            raise Unprintable("the drawing is not an SVG path, or ends in the middle of a command")
        values.append(float(found[1]))
        place = found.end()
    return values, place
