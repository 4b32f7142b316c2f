"""What PDF/A-3b and PDF/UA-1 ask of the file, rule by rule; the claim in the metadata is worth nothing without."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import uharfbuzz as hb

from certificates import PublicKeys, render
from certificates.rendering.pdf.metadata import srgb_profile
from certificates.rendering.text.faces import CHAINS, EAST_ASIAN, SCRIPTS
from tests.certificates.conftest import make_certificate, run

FONTS = Path(__file__).parents[3] / "certificates" / "artwork" / "fonts"


@pytest.fixture(scope="module")
def pdf(signed: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(signed)) as opened:
        yield opened


def elements(node: Any) -> Iterator[Any]:
    """The structure tree in reading order."""
    for kid in node.K if isinstance(node.K, pikepdf.Array) else [node.K]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/S"):
            yield kid
            yield from elements(kid)


def is_object(kid: Any) -> bool:
    return isinstance(kid, pikepdf.Dictionary)


def test_c7_the_catalogue_says_what_readers_and_archives_need(pdf: pikepdf.Pdf) -> None:
    root: Any = pdf.Root
    assert pdf.pdf_version == "1.7"
    assert str(root.Lang) == "en"
    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    assert str(root.OutputIntents[0].S) == "/GTS_PDFA1"
    assert root.OutputIntents[0].DestOutputProfile.read_bytes() == srgb_profile()
    assert str(pdf.pages[0].Tabs) == "/S"


def test_c7_the_metadata_is_plain_and_agrees_with_the_older_dictionary(signed: bytes, pdf: pikepdf.Pdf) -> None:
    root: Any = pdf.Root
    packet = root.Metadata.read_raw_bytes().decode()
    assert packet.encode() in signed
    for said in (
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<dc:identifier>https://learn.example.org/verify/7KQ2-9FXD-M4TB-W8HC#1</dc:identifier>",
        "<dc:coverage>2026-11-14/..</dc:coverage>",
        "<xmp:CreateDate>2026-11-14T09:30:00Z</xmp:CreateDate>",
    ):
        assert said in packet
    assert packet.index("pdfaExtension:schemas") < packet.index("<pdfuaid:part>")
    assert str(pdf.docinfo["/CreationDate"]) == "D:20261114093000Z"
    assert f">{pdf.docinfo['/Title']}</rdf:li>" in packet


def test_c7_a_reader_hears_the_page_in_order(pdf: pikepdf.Pdf) -> None:
    root: Any = pdf.Root
    kinds = "".join(f"{str(element.S)[1:]} " for element in elements(root.StructTreeRoot))
    skills, facts = "L LI LBody LI LBody ", "L " + "LI Lbl LBody " * 4
    order = f"Document P H1 P P P H2 {skills}{facts}P {skills}Figure P P P P Form Figure P P Link P P "
    assert kinds == order


def test_c7_every_figure_link_and_field_has_words(pdf: pikepdf.Pdf) -> None:
    root: Any = pdf.Root
    described = [element for element in elements(root.StructTreeRoot) if str(element.S) in ("/Figure", "/Form")]
    assert [bool(str(element.Alt)) for element in described] == [True] * 3
    assert all("/BBox" in element.A for element in described)
    assert all(str(note.get("/Contents", note.get("/TU"))) for note in pdf.pages[0].Annots)
    assert all(int(note.F) & 4 for note in pdf.pages[0].Annots)


def test_c7_everything_drawn_is_tagged_or_ornament(pdf: pikepdf.Pdf) -> None:
    for stream in pdf.pages[0].Contents:
        depth = 0
        for instruction in pikepdf.parse_content_stream(stream):
            operator = str(instruction.operator)
            if operator in ("BDC", "BMC"):
                depth += 1
            elif operator == "EMC":
                depth -= 1
            elif operator in ("TJ", "S", "f", "sh"):
                assert depth, f"{instruction.operands} {operator} belongs to nothing"
        assert depth == 0


def test_c7_each_mark_leads_back_to_its_element(pdf: pikepdf.Pdf) -> None:
    root: Any = pdf.Root
    marks = root.StructTreeRoot.ParentTree.Nums[1]
    content = b"\n".join(stream.read_bytes() for stream in pdf.pages[0].Contents)
    drawn = re.findall(rb"/(\w+) <</MCID (\d+)>> BDC", content)
    assert [int(place) for _, place in drawn] == list(range(len(marks)))
    claimed = [int(kid) for element in elements(root.StructTreeRoot) for kid in element.K if not is_object(kid)]
    assert claimed == list(range(len(marks)))
    assert [str(marks[int(place)].S)[1:].encode() for _, place in drawn] == [kind for kind, _ in drawn]


def test_c7_every_font_is_embedded_in_part_and_knows_its_text(pdf: pikepdf.Pdf) -> None:
    fonts: Any = pdf.pages[0].Resources.Font
    assert len(fonts) == 5
    for font in fonts.values():
        descendant = font.DescendantFonts[0]
        program = descendant.FontDescriptor.FontFile2.read_bytes()
        assert re.fullmatch(r"/[A-Z]{6}\+[\w-]+", str(font.BaseFont))
        assert font.BaseFont == descendant.BaseFont == descendant.FontDescriptor.FontName
        assert b"beginbfchar" in font.ToUnicode.read_bytes()
        assert len(program) < 40_000
        for place in range(0, len(descendant.W), 2):
            advance = hb.Font(hb.Face(program)).get_glyph_h_advance(int(descendant.W[place]))
            upem = hb.Face(program).upem
            assert abs(float(descendant.W[place + 1][0]) - advance * 1000 / upem) < 1


def test_c7_there_is_nothing_an_archive_forbids(signed: bytes, pdf: pikepdf.Pdf) -> None:
    everything = b"".join(obj.read_bytes() if isinstance(obj, pikepdf.Stream) else obj.unparse() for obj in pdf.objects)
    for forbidden in (
        b"/JavaScript",
        b"/Encrypt",
        b"/Launch",
        b"/SMask",
        b"/ca ",
        b"/CA ",
        b"/LZWDecode",
        b"Helvetica",
    ):
        assert forbidden not in everything
    assert signed.splitlines()[1][:1] == b"%"
    assert sum(byte > 127 for byte in signed.splitlines()[1]) >= 4


def test_the_text_map_has_no_character_that_nobody_typed(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        texts = re.findall(rb"<[0-9a-f]{4}> <([0-9a-f]+)>", font.ToUnicode.read_bytes())
        decoded = "".join(bytes.fromhex(text.decode()).decode("utf-16-be") for text in texts)
        assert not re.search("[\ue000-\uf8ff\ufffd\x00]", decoded)


def test_the_file_stays_small(signed: bytes) -> None:
    assert len(signed) <= 60_000


def test_the_file_is_sound(tmp_path: Path, signed: bytes, keys: PublicKeys) -> None:
    (tmp_path / "file.pdf").write_bytes(signed)
    run("qpdf", "--check", tmp_path / "file.pdf")
    said = run("pdfinfo", tmp_path / "file.pdf")
    assert re.search(r"Tagged: +yes", said)
    assert re.search(r"Page size: +841.89 x 595.28 pts \(A4\)", said)


# the faces


@pytest.mark.parametrize("path", sorted(FONTS.rglob("*.ttf")), ids=lambda path: path.stem)
def test_c6_every_face_is_static_truetype_may_be_embedded_and_has_its_licence(path: Path) -> None:
    face = hb.Face(hb.Blob.from_file_path(str(path)))
    assert not {"fvar", "CFF ", "CFF2"} & set(face.table_tags)
    assert int.from_bytes(face.reference_table("OS/2").data[8:10], "big") & 0b1110 == 0
    assert "SIL Open Font License" in " ".join((path.parent / "OFL.txt").read_text().split())
    assert path.relative_to(FONTS).as_posix() in (FONTS / "SOURCES").read_text()


def test_every_face_that_is_brought_along_is_used() -> None:
    faces = [*(face for chain in CHAINS for face in chain.faces), *SCRIPTS, *EAST_ASIAN.values()]
    used = {face.name for face in faces}
    assert used == {path.stem.replace("_", "-") for path in FONTS.rglob("*.ttf")}


def test_a_page_in_two_alphabets_is_still_sound(tmp_path: Path) -> None:
    (tmp_path / "file.pdf").write_bytes(render(make_certificate("Олександр", "Ελένη Ọ́kọ́nkwọ̀")))
    run("qpdf", "--check", tmp_path / "file.pdf")
