"""An owner's own logo, colours and signature, and pages that run from the right."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from math import hypot
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from certificates import (
    READABLE,
    Card,
    Certificate,
    Holder,
    UnusableDrawing,
    badge,
    contrast,
    is_color,
    misfits,
    read_drawing,
    render,
    share_image,
)
from certificates.rendering.shapes.arc import arc
from certificates.rendering.shapes.outline import Outline
from certificates.rendering.shapes.palette import HOUSE, palette_of
from tests.certificates import outside
from tests.certificates.conftest import ISSUED_BY, make_certificate, run

LOGO = b"""<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><title>Ring</title>
<g fill="#123456"><path d="M10 0a10 10 0 110 20 10 10 0 010-20z"/><path d="m30 0 10 0 0 20-10 0z"/></g></svg>"""
OWN = replace(ISSUED_BY, logo_path=read_drawing(LOGO), panel_color="#3a1030", engraving_color="#f0c0d8")

# A small catalogue from the right, for the shape of the page; not a translation anybody should print.
ARABIC = {
    "language:en": "language:ar",
    "Certificate of completion": "شهادة إتمام",
    "This certifies that": "نشهد بأن",
    "has completed": "قد أتم",
    "Issued": "صدرت",
    "Effort": "الجهد",
    "Exam": "الامتحان",
    "Skills": "مهارات",
    "Digitally signed": "موقعة رقميا",
    "Verify this certificate": "تحقق من الشهادة",
}


def in_arabic(text: str) -> str:
    return ARABIC.get(text, text)


def own() -> Certificate:
    return replace(make_certificate(), issuer=OWN)


def page_of(path: Path, dpi: int = 72) -> Image.Image:
    run("pdftoppm", "-r", dpi, "-png", "-singlefile", path, path.with_suffix(""))
    return Image.open(path.with_suffix(".png")).convert("RGB")


def test_own_colours_reach_page_picture_and_badge(save: Callable[[bytes], Path]) -> None:
    path = save(render(own()))
    outside.syntax(path)
    assert misfits(own(), str) == []
    red, green, blue = page_of(path).getpixel((835, 590))  # type: ignore[misc]
    assert red > green
    assert red > blue
    picture = Image.open(io.BytesIO(share_image(Card.of(own()), str))).convert("RGB")
    red, green, _blue = picture.getpixel((1190, 620))  # type: ignore[misc]
    assert red > green
    assert "#3a1030" in badge(Card.of(own()), str)


def test_every_shade_that_is_read_follows_readably_from_the_two_chosen() -> None:
    as_code = "#" + "".join(f"{round(part * 255):02x}" for part in palette_of(OWN).gold_text)
    assert contrast(as_code, "#fcfbf8") >= READABLE
    assert palette_of(ISSUED_BY) is HOUSE
    assert palette_of(replace(ISSUED_BY, panel_color="#3a1030")) is HOUSE


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert is_color("#0c2f2d")
    assert not is_color("0c2f2d")
    assert not is_color("#0C2F2D")


def test_the_record_keeps_logo_and_colours_and_old_records_do_without() -> None:
    certificate = own()
    record = certificate.record()
    assert Certificate.from_record(record, "Ada", "Lovelace") == certificate
    for name in ("logo_path", "panel_color", "engraving_color"):
        del record["issuer"][name]
    assert Certificate.from_record(record, "Ada", "Lovelace").issuer.logo_path is None


def test_a_drawing_of_several_paths_becomes_one() -> None:
    path = read_drawing(LOGO)
    assert path.count("M") == 2
    _, box = Outline(path).placed(0, 0, 400, 200)
    assert (box[2] - box[0]) / (box[3] - box[1]) == pytest.approx(40 / 20, rel=0.05)


@pytest.mark.parametrize(
    ("svg", "reason"),
    [
        (b"not xml", "not an SVG"),
        (b"<html/>", "not an SVG"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>', "not an SVG"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "no path"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>', "has a circle"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "has a script"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><path transform="scale(2)" d="M0 0h1"/></svg>', "turned or moved"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0 L1"/></svg>', "middle of a command"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="L1 1"/></svg>', "not an SVG path"),
        (b" " * 200_001, "larger than"),
    ],
)
def test_a_file_that_is_no_drawing_is_refused_with_a_reason(svg: bytes, reason: str) -> None:
    with pytest.raises(UnusableDrawing, match=reason):
        read_drawing(svg)


@pytest.mark.parametrize("flags", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_an_arc_keeps_its_distance_from_its_centre(flags: tuple[int, int]) -> None:
    """On the unit circle every curve must stay within a thousandth of the circle, and end where it should."""
    start, end = (1.0, 0.0), (0.0, 1.0)
    curves = list(arc(start, [1, 1, 0, *flags], end))
    assert curves[-1][-1] == pytest.approx(end)
    assert len(curves) == (3 if flags[0] else 1)
    centre = (0.0, 0.0) if flags in {(0, 1), (1, 0)} else (1.0, 1.0)
    here = start
    for out, back, there in curves:
        middle = tuple((a + 3 * b + 3 * c + d) / 8 for a, b, c, d in zip(here, out, back, there, strict=True))
        assert hypot(middle[0] - centre[0], middle[1] - centre[1]) == pytest.approx(1, abs=1e-3)
        here = there


def test_an_arc_too_small_for_its_ends_grows_and_one_without_size_is_a_line() -> None:
    assert next(iter(arc((0, 0), [1, 1, 0, 0, 1], (10, 0))))
    assert list(arc((0, 0), [0, 5, 0, 0, 1], (3, 4))) == [[(0, 0), (3, 4), (3, 4)]]


def test_a_page_from_the_right_is_mirrored_and_its_code_is_not(save: Callable[[bytes], Path]) -> None:
    certificate = replace(own(), holder=Holder("محمد", "الخوارزمي"))
    assert misfits(certificate, in_arabic) == []
    path = save(render(certificate, translate=in_arabic))
    outside.syntax(path)
    outside.accessibility(path)
    page = page_of(path, 150)
    assert sum(page.getpixel((20, 1100))) < 300  # type: ignore[arg-type]
    assert sum(page.getpixel((page.width - 20, 1100))) > 600  # type: ignore[arg-type]
    codes = zxingcpp.read_barcodes(page)
    assert [code.text for code in codes] == [certificate.short_address]
    assert max(point.x for point in (codes[0].position.top_left, codes[0].position.bottom_right)) < page.width * 0.3
    # The name stands at the right edge of its column.
    name = page.crop((0, 340, page.width - 110, 480)).convert("L")
    beside = page.crop((page.width - 125, 340, page.width, 480)).convert("L")
    assert name.getextrema()[0] < 100  # type: ignore[operator]
    assert beside.getextrema()[0] > 200  # type: ignore[operator]
