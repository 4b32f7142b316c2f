"""How well one colour reads on another: relative luminance and contrast of WCAG 2.2."""

import re

READABLE = 4.5  # the least contrast of small text

_CODE = re.compile(r"#[0-9a-f]{6}")


def is_color(code: str) -> bool:
    """Whether it is a colour as we write them: ``#`` and six lower-case hexadecimal digits."""
    return bool(_CODE.fullmatch(code))


def contrast(one: str, other: str) -> float:
    """Between 1 (the same) and 21 (black on white), of two colours such as ``#0c2f2d``."""
    return contrast_of(*(luminance(_parts(code)) for code in (one, other)))


def contrast_of(one: float, other: float) -> float:
    """The same of two luminances."""
    dark, light = sorted((one, other))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: tuple[float, float, float]) -> float:
    """Between 0 and 1, of red, green and blue between 0 and 1."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(code: str) -> tuple[float, float, float]:
    red, green, blue = (int(code[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue
