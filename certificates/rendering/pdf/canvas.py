"""One page: lines of text, shapes and what they mean, as the operators of a PDF content stream."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby

from certificates.rendering.pdf.objects import File, number, numbers, text_string
from certificates.rendering.pdf.structure import Element, Rectangle, Structure
from certificates.rendering.text.faces import Face, always_embedded
from certificates.rendering.text.glyphs import Line, Run, show

Color = tuple[float, float, float]


def color(code: str) -> Color:
    """From the six hexadecimal digits of the web."""
    red, green, blue = (int(code[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def mix(under: Color, over: Color, share: float) -> Color:
    """What a translucent colour would look like: an archive file stays free of transparency."""
    red, green, blue = (low + (high - low) * share for low, high in zip(under, over, strict=True))
    return red, green, blue


class FontUse:
    """A face on the page: which glyphs, and which characters each stands for."""

    def __init__(self, face: Face, resource: bytes, texts: dict[int, str]) -> None:
        self.face = face
        self.resource = resource
        self.texts = texts

    def learn(self, run: Run) -> bool:
        """Takes up the glyphs of a run; whether the one text that the font keeps for each is right everywhere."""
        kept = [self.texts.setdefault(glyph, text) == text for glyph, text in run.texts.items()]
        return run.is_plain and all(kept)


class Canvas:
    """Places in points from the lower left corner.

    With `mirrored_at`, the width of the page, everything goes to the other side of it, as scripts from the right want
    it: texts and pictures are moved there and stay as they are, ornament is turned over.
    """

    def __init__(self, file: File, page: bytes, mirrored_at: float | None = None) -> None:
        self.structure = Structure(file, page)
        self.mirrored_at = mirrored_at
        self.fonts: dict[Face, FontUse] = {}
        self._operators: list[bytes] = []

    @property
    def content(self) -> bytes:
        return b"\n".join(self._operators)

    def left_of(self, x: float, width: float) -> float:
        """Where the left edge of something so wide lies that would begin at `x` on a page from the left."""
        return x if self.mirrored_at is None else self.mirrored_at - x - width

    def moved(self, box: Rectangle) -> Rectangle:
        """The box of something on this page, given where it would lie on a page from the left."""
        left, bottom, right, top = box
        place = self.left_of(left, right - left)
        return place, bottom, place + right - left, top

    def put(self, *operators: bytes) -> None:
        self._operators.extend(operators)

    @contextmanager
    def tagged(self, element: Element) -> Iterator[None]:
        """What is drawn inside belongs to the element."""
        self.put(b"/%b <</MCID %d>> BDC" % (element.kind.encode(), self.structure.mark(element)))
        yield
        self.put(b"EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside means nothing to a reader."""
        self.put(b"/Artifact BMC")
        yield
        self.put(b"EMC")

    @contextmanager
    def ornament(self) -> Iterator[None]:
        """The same, of shapes that a mirrored page turns over."""
        with self.artifact():
            if self.mirrored_at is None:
                yield
                return
            with self.kept():
                self.put(b"-1 0 0 1 " + numbers(self.mirrored_at, 0) + b" cm")
                yield

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Colours and places changed inside do not last."""
        self.put(b"q")
        yield
        self.put(b"Q")

    def fill_color(self, value: Color) -> None:
        self.put(_components(value) + b" rg")

    def stroke_color(self, value: Color) -> None:
        self.put(_components(value) + b" RG")

    def fill_box(self, x: float, y: float, width: float, height: float, value: Color) -> None:
        self.fill_color(value)
        self.put(numbers(x, y, width, height) + b" re f")

    def rule(self, x: float, y: float, width: float, value: Color, thickness: float = 0.5) -> None:
        self.stroke_color(value)
        self.put(number(thickness) + b" w", numbers(x, y) + b" m " + numbers(x + width, y) + b" l S")

    def rounded_box(self, x: float, y: float, width: float, height: float, radius: float) -> None:
        """Only the path; a painting operator follows."""
        self.put(rounded(x, y, width, height, radius))

    def text(self, line: Line, x: float, y: float, size: float, value: Color, tracking: float = 0) -> None:
        """One line from its left end; `tracking` is extra space after every glyph, in points."""
        self.set(line, self.left_of(x, width_of(line, size, tracking)), y, size, value, tracking)

    def set(self, line: Line, x: float, y: float, size: float, value: Color, tracking: float = 0) -> None:
        """The same, exactly there on every page."""
        tracking = 0 if line.is_backward else tracking
        self.fill_color(value)
        known = [self._font(run.face).learn(run) for run in line.runs]
        # Readers turn such a text round once more where it runs from the right: there the element has it.
        spelled = (tracking > 0 or not all(known)) and not line.is_backward
        if spelled:  # otherwise an extractor reads "C E R T", or the wrong one of two characters
            self.put(b"/Span <</ActualText %b>> BDC" % text_string(line.text))
        spacing = b"%b Tc " % number(tracking) if tracking else b""
        self.put(b"BT %b1 0 0 1 %b Tm" % (spacing, numbers(x, y)))
        self.put(*(self._run(run, size) for run in line.runs), b"0 Tc ET" if tracking else b"ET")
        if spelled:
            self.put(b"EMC")

    def _font(self, face: Face) -> FontUse:
        if face not in self.fonts:
            self.fonts[face] = FontUse(face, b"F%d" % (len(self.fonts) + 1), dict(always_embedded(face)))
        return self.fonts[face]

    def _run(self, run: Run, size: float) -> bytes:
        font = b"/%b %b Tf " % (self._font(run.face).resource, number(size))
        return font + _shown(run, size)


def width_of(line: Line, size: float, tracking: float = 0) -> float:
    """In points, without the tracking after the last glyph; letters that join have none."""
    glyphs = 0 if line.is_backward else sum(len(run.glyphs) for run in line.runs)
    return line.width * size / 1000 + tracking * max(glyphs - 1, 0)


def rounded(x: float, y: float, width: float, height: float, radius: float) -> bytes:
    """The path of a box with round corners."""
    bend = radius * 0.5523  # a quarter of a circle as one Bézier curve
    right, top = x + width, y + height
    near, far = radius - bend, radius
    return b" ".join(
        [
            numbers(x + far, y) + b" m",
            numbers(right - far, y) + b" l",
            numbers(right - near, y, right, y + near, right, y + far) + b" c",
            numbers(right, top - far) + b" l",
            numbers(right, top - near, right - near, top, right - far, top) + b" c",
            numbers(x + far, top) + b" l",
            numbers(x + near, top, x, top - near, x, top - far) + b" c",
            numbers(x, y + far) + b" l",
            numbers(x, y + near, x + near, y, x + far, y) + b" c h",
        ]
    )


def _components(value: Color) -> bytes:
    return b" ".join(f"{round(part, 3):g}".encode() for part in value)


def _shown(run: Run, size: float) -> bytes:
    if run.is_level:
        return run.operands + b" TJ"
    parts = []
    for rise, glyphs in groupby(run.glyphs, key=lambda glyph: glyph.y):
        parts.append(b"%b Ts %b TJ" % (number(rise * size / 1000), show(run.face, glyphs)))
    return b" ".join([*parts, b"0 Ts"])
