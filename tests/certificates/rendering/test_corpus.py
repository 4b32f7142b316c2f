"""Names of two dozen scripts: drawn without a box, in the right order, within their room, and read out as typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from bidi.algorithm import get_display
from PIL import Image

from certificates import Holder, forget_names, make_holder, name_fits, render, unprintable
from certificates.rendering.page.column import NAME_ROOM, name_block
from certificates.rendering.text import faces
from certificates.rendering.text.bidi import base_level, closing_bracket, levels, visual_order
from certificates.rendering.text.scripts import script_of, without_joiners
from tests.certificates.conftest import make_certificate, run

UNICODE = Path("/usr/share/unicode")
LINES = (Path(__file__).parents[1] / "corpus.txt").read_text(encoding="utf-8").splitlines()
NAMES = [tuple(line.split("\t")) for line in LINES if not line.startswith("#")]


def lines_of(name: str) -> list[str]:
    full = (UNICODE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in (whole.partition("#")[0].strip() for whole in full) if line]


def holder_of(first: str, last: str) -> Holder:
    return make_holder(unicodedata.normalize("NFC", first), unicodedata.normalize("NFC", last), "en")


def test_c5_the_corpus_is_large_enough() -> None:
    scripts = {script_of(letter) for name in NAMES for letter in "".join(name) if letter.isalpha()} - {None}
    assert len(NAMES) >= 60
    assert len(scripts) >= 24


@pytest.mark.parametrize(("first", "last"), NAMES)
def test_c5_every_name_is_set_without_a_box_and_within_its_room(first: str, last: str) -> None:
    holder = holder_of(first, last)
    assert unprintable(holder.full_name, holder.name_language) == []
    assert name_fits(holder, "en")
    block = name_block(make_certificate(holder=holder))
    for line, baseline in block.lines:
        assert all(glyph.id for run_ in line.runs for glyph in run_.glyphs)
        low, high = (baseline + edge * block.size / 1000 for edge in line.ink)
        assert NAME_ROOM.bottom - 0.01 <= low < high <= NAME_ROOM.top + 0.01
        assert line.width * block.size / 1000 <= NAME_ROOM.width + 0.01


@pytest.mark.parametrize(("first", "last"), NAMES)
def test_c5_what_is_read_out_is_what_was_typed(first: str, last: str, save: Callable[[bytes], Path]) -> None:
    holder = holder_of(first, last)
    path = save(render(make_certificate(holder=holder)))
    read = unicodedata.normalize("NFC", run("pdftotext", "-layout", path, "-"))
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in holder.full_name):
        # A reader sees it in the order of the page, and places marks by guess: every word must be there.
        for word in re.split(r"[\s־-]+", holder.full_name):
            assert letters(word) in letters(read), f"{word!r} is not in {read[:300]!r}"
    else:
        assert "".join(holder.full_name.split()) in "".join(read.split())


def letters(written: str) -> str:
    return "".join(character for character in written if character.isalpha())


@pytest.mark.parametrize(("first", "last"), NAMES)
def test_c4_letters_stand_in_the_order_that_another_program_gives(first: str, last: str) -> None:
    name = without_joiners(holder_of(first, last).full_name)
    embedding = [level or 0 for level in levels(name)]
    ours = "".join(visual_order(list(name), embedding))
    assert letters(ours) == letters(get_display(name))


def test_c4_every_case_of_the_unicode_consortium() -> None:
    wrong = [line for line in lines_of("BidiCharacterTest.txt") if not is_as_expected(line)]
    assert wrong == []


def is_as_expected(line: str) -> bool:
    codes, direction, paragraph, expected, order = line.split(";")
    characters = "".join(chr(int(code, 16)) for code in codes.split())
    found = levels(characters, None if direction == "2" else int(direction))
    places = [place for place, level in enumerate(found) if level is not None]
    drawn = visual_order(places, [found[place] or 0 for place in places])
    return (
        ["x" if level is None else str(level) for level in found] == expected.split()
        and drawn == [int(place) for place in order.split()]
        and (direction != "2" or base_level(characters) == int(paragraph))
    )


def test_c4_brackets_are_paired_as_unicode_pairs_them() -> None:
    rows = [[cell.strip() for cell in line.split(";")] for line in lines_of("BidiBrackets.txt")]
    expected = {chr(int(one, 16)): chr(int(other, 16)) for one, other, kind in rows if kind == "o"}
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    assert {one: other for one in characters if (other := closing_bracket(one))} == expected


def test_c5_nothing_of_any_name_leaves_its_column(tmp_path: Path) -> None:
    for place, (first, last) in enumerate(NAMES[::4]):
        path = tmp_path / f"{place}.pdf"
        path.write_bytes(render(make_certificate(holder=holder_of(first * 3, last * 3))))
        run("pdftoppm", "-r", "40", "-png", "-singlefile", path, path.with_suffix(""))
        page = Image.open(path.with_suffix(".png")).convert("L")
        for left, right in ((0, 32), (317, 339)):
            darkest = page.crop((left, 60, right, 320)).getextrema()[0]
            assert isinstance(darkest, int)
            assert darkest > 200, (first, last)


def test_without_the_extra_faces_east_asian_names_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "EAST_ASIAN", {})
    forget_names()
    assert unprintable("李小龍") == ["李", "小", "龍"]
    assert not name_fits(Holder("小龍", "李", family_first=True), "en")
    forget_names()


@pytest.mark.parametrize(
    ("first", "last", "course", "shown", "language"),
    [
        ("小龍", "李", "nl", "李小龍", "zh"),
        ("太郎", "山田", "ja", "山田太郎", "ja"),
        ("しきぶ", "紫", "en", "紫しきぶ", "ja"),
        ("길동", "홍", "en", "홍길동", "ko"),
        ("Ada", "Lovelace", "en", "Ada Lovelace", None),
        ("Bruce", "李", "en", "Bruce 李", "zh"),
    ],
)
def test_east_asian_names_begin_with_the_family(
    first: str, last: str, course: str, shown: str, language: str | None
) -> None:
    holder = make_holder(first, last, course)
    assert (holder.full_name, holder.name_language) == (shown, language)
