"""Names and titles: set as they are spelled, or refused before issue."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from certificates import Holder, Unprintable, misfits, name_fits, render, unprintable
from certificates.rendering.page.column import NAME_ROOM, name_block, title_block
from certificates.rendering.text.faces import CHAINS, NAME
from certificates.rendering.text.glyphs import shape
from certificates.rendering.text.scripts import graphemes
from tests.certificates.conftest import make_certificate, run

NAMES = [
    ("Zoë", "Šćepanović-Nguyễn"),
    ("Joris", "van ’t Hoff"),
    ("Nguyễn", "Văn"),
    (unicodedata.normalize("NFD", "Nguyễn"), unicodedata.normalize("NFD", "Thị Bích Ngọc")),
    ("Conan", "O'Brien"),
    ("J. R. R.", "Example"),
    ("Łukasz", "Żółć"),
    ("Þórdís", "Ægisdóttir"),
    ("Ġużeppi", "Ħal-Għaxaq"),
    ("İpek", "Çağlıoğlu"),
    ("Ștefan", "Țepeș"),
    ("Chukwuemekaṅ", "Ọ́kọ́nkwọ̀ Ẹkwueme"),
    ("Ελένη", "Παπαδοπούλου-Αγγέλου"),
    ("Олександр", "Шевченко-Їжак"),
    ("Fiona", "Affleck-Fflint"),
    ("Max “Sparky”", "O’Neil"),
    ("A", "B"),
    ("Wolfeschlegelsteinhausenbergerdorff", "Wolfeschlegelsteinhausenbergerdorff"),
    ("abcdefgh " * 7 + "z", "ijklmnop " * 7 + "z"),
    ("a" * 64, "b" * 64),
]


def spelled(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


@pytest.mark.parametrize(("first", "last"), NAMES)
def test_the_name_that_comes_out_of_the_page_is_the_name_that_went_in(
    first: str, last: str, save: Callable[[bytes], Path]
) -> None:
    path = save(render(make_certificate(first, last)))
    assert spelled(f"{first} {last}") in spelled(run("pdftotext", "-raw", path, "-"))


@pytest.mark.parametrize(
    "title", ["Data & <Law>: “100 %”", "Extraordinarily " * 7, "Secure " * 17, "Fast fluff and official files"]
)
def test_a_title_comes_out_as_it_went_in(title: str, save: Callable[[bytes], Path]) -> None:
    path = save(render(make_certificate(certificate_title=title)))
    assert spelled(title) in spelled(run("pdftotext", "-raw", path, "-"))


@pytest.mark.parametrize(("first", "last"), NAMES)
def test_no_name_is_drawn_with_a_box(first: str, last: str) -> None:
    assert name_fits(Holder(first, last), "en")
    line = shape(f"{first} {last}", NAME)
    assert all(glyph.id for run_ in line.runs for glyph in run_.glyphs)
    assert "".join(glyph.text for run_ in line.runs for glyph in run_.glyphs) == line.text


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("ᏣᎳᎩ", ["Ꮳ", "Ꮃ", "Ꭹ"]),
        ("ᠮᠣᠩ", ["ᠮ", "ᠣ", "ᠩ"]),
        ("𐎀Ada", ["𐎀"]),
        ("Ada 🎓", ["🎓"]),
        ("A\u202eda", ["\u202e"]),
        ("A\u200bda", ["\u200b"]),
        ("A\x07da", ["\x07"]),
        ("ꦗꦮ", ["ꦗ", "ꦮ"]),
        ("Zoë", []),
    ],
)
def test_letters_that_no_face_has_are_named(text: str, missing: list[str]) -> None:
    assert unprintable(text) == missing
    assert name_fits(Holder(text, ""), "en") is not bool(missing)


@given(st.text(min_size=1, max_size=12))
@settings(deadline=None)
def test_every_text_is_either_named_unprintable_or_shaped_without_a_box(text: str) -> None:
    if unprintable(text):
        return
    for chain in CHAINS:
        line = shape(text, chain)
        assert all(glyph.id for run_ in line.runs for glyph in run_.glyphs)


@pytest.mark.parametrize("alike", ["Hawaiʼi isn’t far", "Δx and ∆x"])  # the face has one glyph for each pair
def test_two_characters_that_share_a_shape_keep_their_own_text(alike: str, save: Callable[[bytes], Path]) -> None:
    path = save(render(make_certificate(outcomes=(alike,))))
    assert alike in run("pdftotext", "-raw", path, "-")


def test_every_glyph_is_drawn_where_the_shaper_put_it() -> None:
    (drawn,) = shape("Ọ́kọ́nkwọ̀ AVAToḄ̥", NAME).runs
    pen, wanted, found = 0, [], []
    for glyph in drawn.glyphs:
        wanted.append(pen + glyph.x)
        pen += glyph.advance
    pen = 0
    for digits, back in re.findall(rb"<([0-9a-f]+)>|(-?\d+)", drawn.operands):
        pen -= int(back or 0)
        for glyph_id in re.findall(rb"....", digits):
            found.append(pen)
            pen += drawn.face.width(int(glyph_id, 16))
    assert found == wanted
    assert any(glyph.x for glyph in drawn.glyphs)


def test_a_mark_stays_with_its_letter() -> None:
    assert graphemes("ọ́a") == ["ọ́", "a"]


def test_a_name_without_room_is_refused_and_never_cut() -> None:
    endless = make_certificate("W" * 64, "W" * 64)
    assert not name_fits(endless.holder, "en")
    assert [misfit.part for misfit in misfits(endless, str)] == ["name"]
    with pytest.raises(Unprintable):
        render(endless)


def test_what_cannot_be_set_is_named_part_by_part() -> None:
    certificate = make_certificate("ᏣᎳ", "Ali", certificate_title="ᠮᠣ", outcomes=("x" * 400,))
    found = {misfit.part: misfit.graphemes for misfit in misfits(certificate, str)}
    assert found == {"name": ("Ꮳ", "Ꮃ"), "title": ("ᠮ", "ᠣ")}
    assert [misfit.part for misfit in misfits(make_certificate(outcomes=("x" * 400,)), str)] == ["substance"]
    assert misfits(make_certificate(), str) == []


@pytest.mark.parametrize(
    ("first", "last", "title"),
    [
        (
            "Karl-Theodor Maria Nikolaus Johann Jacob Philipp Franz",
            "Example von und zu Musterstadt",
            "Requirements " * 9,
        ),
        ("Ọ́kọ́nkwọ̀ Ễ", "Ẹkwueme ỗ́", "Ễ Ẫ Ǻ and so on, Part 1: Requirements, Design, and Reuse of it"),
    ],
)
def test_nothing_runs_into_the_panel_or_over_the_edge(
    first: str, last: str, title: str, save: Callable[[bytes], Path], tmp_path: Path
) -> None:
    path = save(render(make_certificate(first, last, certificate_title=title)))
    run("pdftoppm", "-r", "72", "-png", "-singlefile", path, tmp_path / "page")
    page = Image.open(tmp_path / "page.png").convert("L")
    for edge in ((568, 0, 610, 595), (0, 0, 59, 595)):
        darkest = page.crop(edge).getextrema()[0]
        assert isinstance(darkest, int)
        assert darkest > 200, "ink in the margin"


@pytest.mark.parametrize("name", ["Ẹ́gọ̣ṵ Ẹ́gọ̣ṵ " + "Ễỗ́" * 9 + " " + "ọ̣" * 20, "Ễ " * 60, "Ạ̊́ " * 30])
def test_marks_of_one_line_do_not_touch_the_next(name: str) -> None:
    block = name_block(make_certificate(name, ""))
    assert len(block.lines) > 1
    for (upper, high), (lower, low) in pairwise(block.lines):
        assert high + upper.ink[0] * block.size / 1000 > low + lower.ink[1] * block.size / 1000
    assert block.lines[0][1] + block.lines[0][0].ink[1] * block.size / 1000 <= NAME_ROOM.top + 0.01
    assert block.lines[-1][1] + block.lines[-1][0].ink[0] * block.size / 1000 >= NAME_ROOM.bottom - 0.01


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("Developing Secure Software, Part 1: Requirements, Design, and Reuse", "Developing Secure Software, Part 1:"),
        ("Version control with Git", "Version control with Git"),
    ],
)
def test_a_long_title_breaks_where_the_sense_ends(title: str, first: str) -> None:
    assert title_block(make_certificate(certificate_title=title)).lines[0][0].text == first


def test_a_title_with_the_words_of_a_pdf_stays_a_title(save: Callable[[bytes], Path]) -> None:
    words = "%%EOF startxref /ByteRange [0 1 2 3] endobj"
    file = render(replace(make_certificate(), course=replace(make_certificate().course, certificate_title=words)))
    assert file.count(b"%%EOF") == file.count(b"startxref") == 1
    assert b"/ByteRange" not in file
    assert words in run("pdftotext", "-raw", save(file), "-")


def test_a43_markup_in_a_title_is_text_and_opens_no_file(save: Callable[[bytes], Path]) -> None:
    markup = '<img src="file:///etc/passwd"/>'
    path = save(render(make_certificate(certificate_title=markup)))
    assert markup in run("pdftotext", "-raw", path, "-")
