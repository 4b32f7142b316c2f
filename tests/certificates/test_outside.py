"""C14: every script with our own key, some with a key of the owner's, every outside checker; all agree.

A key changes what is signed with, a script what is drawn: the second key need not sign every script again.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import uharfbuzz as hb
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from openbadgeslib.ob3.ldp import OB3LdpVerifier

from certificates import Issuer, make_authority, make_holder, make_specimen_keys, render
from tests.certificates import outside
from tests.certificates.conftest import FOUNDED, ISSUED_BY, make_certificate
from tests.owners_key import certify, issuer_of

NAMES = {
    "latin": ("Zoë", "Šćepanović-Nguyễn"),
    "greek": ("Ὑπατία", "Ἀλεξανδρεύς"),
    "cyrillic": ("Олександр", "Шевченко-Їжак"),
    "arabic": ("محمد", "الخوارزمي"),
    "hebrew": ("דבורה", "הנביאה"),
    "devanagari": ("श्रीनिवास", "रामानुजन्"),
    "tamil": ("திருவள்ளுவர்", "கோவை"),
    "thai": ("ปรีดี", "พนมยงค์"),
    "chinese": ("小明", "王"),
    "korean": ("세종", "이"),
    "mixed": ("Ada שרה", "王 van Berg"),
}
PAPERS = [*(("p256", script) for script in NAMES), *(("rsa", script) for script in ("latin", "arabic", "mixed"))]
# These do the same once more, by other hands, and take the longest.
FEWER_PAPERS = [("p256", "arabic"), ("p256", "mixed"), ("rsa", "latin")]
SHARED = Path(__file__).parents[3] / "shared" / "checks" / "pdf" / "check.sh"


@dataclass(frozen=True)
class Paper:
    """A signed certificate on disk, with the root its signature leads to."""

    pdf: Path
    root: Path
    name: str
    credential: str


def make_issuer(kind: str, folder: Path) -> tuple[Issuer, Path]:
    root = folder / "root.pem"
    if kind == "p256":
        authority = make_authority("Example University", FOUNDED)
        key = authority.make_signer("cert-2026", FOUNDED)
        root.write_bytes(authority.certificate)
        return Issuer.load(key.id, key.private_key, key.certificate), root
    keys = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
    certificate = certify("Root", keys[0], "Root", keys[0], is_authority=True)
    root.write_bytes(certificate.public_bytes(Encoding.PEM))
    return issuer_of("cert-2026", keys[1], certify("Signer", keys[1], "Root", keys[0])), root


@pytest.fixture(scope="module", params=["p256", "rsa"])
def papers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Paper]:
    folder = tmp_path_factory.mktemp(request.param)
    issuer, root = make_issuer(request.param, folder)
    specimens = make_specimen_keys(ISSUED_BY, FOUNDED)
    made = {}
    for script, (first, last) in NAMES.items():
        certificate = make_certificate(holder=make_holder(first, last, "en"))
        credential = specimens.credential(certificate)
        pdf = folder / f"{script}.pdf"
        pdf.write_bytes(render(certificate, issuer, attached=credential))
        made[script] = Paper(pdf, root, certificate.holder.full_name, credential)
    return made


@pytest.mark.parametrize(("papers", "script"), PAPERS, indirect=["papers"])
def test_c14_every_outside_reader_accepts_the_file(papers: dict[str, Paper], script: str) -> None:
    paper = papers[script]
    outside.syntax(paper.pdf)
    outside.signature(paper.pdf)
    outside.trust(paper.pdf, paper.root)
    outside.cades(paper.pdf, paper.root)
    outside.fonts(paper.pdf)
    outside.accessibility(paper.pdf)
    assert outside.attachment(paper.pdf) == paper.credential
    # The code is the same on every paper: only what is drawn around it differs.
    resolutions = outside.RESOLUTIONS if script in {"latin", "mixed"} else outside.RESOLUTIONS[:1]
    assert outside.code(paper.pdf, resolutions) == "HTTPS://LEARN.EXAMPLE.ORG/V/7KQ2-9FXD-M4TB-W8HC"
    outside.structure(paper.pdf)
    assert outside.letters_of_words(paper.name) <= outside.letters_of_words(outside.text(paper.pdf))


def test_c14_archive_rules_are_broken_only_where_part_three_allows_it(papers: dict[str, Paper]) -> None:
    faults = outside.preflight(paper.pdf for paper in papers.values())
    assert [fault for fault in faults if not outside.is_only_in_part_one(*fault[1:])] == []


def test_c14_without_what_part_three_adds_the_archive_rules_find_nothing(tmp_path: Path) -> None:
    """The same drawing as PDF/A-1: no attachment, and the set of glyphs beside each font that only part 1 wants."""
    pdfs = []
    for script, (first, last) in NAMES.items():
        pdfs.append(tmp_path / f"{script}.pdf")
        as_part_one(render(make_certificate(holder=make_holder(first, last, "en")))).save(
            pdfs[-1], object_stream_mode=pikepdf.ObjectStreamMode.disable
        )
    assert list(outside.preflight(pdfs)) == []


def as_part_one(file: bytes) -> pikepdf.Pdf:
    pdf = pikepdf.open(io.BytesIO(file))
    root: Any = pdf.Root
    for added in ("/Names", "/AF"):
        if added in root:
            del root[added]
    packet = root.Metadata.read_bytes().replace(b"<pdfaid:part>3<", b"<pdfaid:part>1<")
    root.Metadata = pikepdf.Stream(pdf, packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    fonts: list[Any] = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
    for font in fonts:
        if font.get("/Subtype") == "/CIDFontType2":
            glyphs = hb.Face(font.FontDescriptor.FontFile2.read_bytes()).glyph_count
            every = (1 << glyphs) - 1 << -glyphs % 8
            font.FontDescriptor.CIDSet = pikepdf.Stream(pdf, every.to_bytes((glyphs + 7) // 8, "big"))
    return pdf


def test_c14_a_checker_that_finds_nothing_would_be_no_checker(papers: dict[str, Paper], tmp_path: Path) -> None:
    """Each of them is shown a broken file once, and says so."""
    whole = papers["latin"].pdf.read_bytes()
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(whole.replace(b"/ActualText", b"/ActualTxet").replace(b"/StructTreeRoot", b"/StructTreeRoof"))
    root = papers["latin"].root
    for check in (outside.signature, outside.accessibility, outside.structure):
        with pytest.raises(AssertionError):
            check(broken)
    with pytest.raises(AssertionError):
        outside.cades(broken, root)
    broken.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(AssertionError):
        outside.syntax(broken)
    unembedded = pikepdf.open(io.BytesIO(whole))
    fonts: list[Any] = [one for one in unembedded.objects if isinstance(one, pikepdf.Dictionary)]
    for font in fonts:
        if "/FontFile2" in font:
            del font["/FontFile2"]
    unembedded.save(broken)
    with pytest.raises(AssertionError):
        outside.fonts(broken)
    assert [found for _, found, words in outside.preflight([broken]) if not outside.is_only_in_part_one(found, words)]


def test_another_library_reads_the_credential(papers: dict[str, Paper]) -> None:
    document = json.loads(papers["latin"].credential)
    verifier = OB3LdpVerifier.for_issuer_did(document["issuer"]["id"])
    assert verifier.verify(document, check_status=False)


@pytest.mark.skipif(not SHARED.is_file(), reason="the independent checks are not beside the project")
@pytest.mark.parametrize(("papers", "script"), FEWER_PAPERS, indirect=["papers"])
def test_c14_the_independent_checks_agree(papers: dict[str, Paper], script: str) -> None:
    paper = papers[script]
    address = "HTTPS://LEARN.EXAMPLE.ORG/V/7KQ2-9FXD-M4TB-W8HC"
    options = ("--name", paper.name, "--ca", str(paper.root), "--address", address)
    bin_folder = str(Path(sys.executable).parent)
    environment = {**os.environ, "PYTHON": sys.executable, "PATH": f"{bin_folder}:{os.environ['PATH']}"}
    command = ["bash", str(SHARED), str(paper.pdf), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout
    assert "absent" not in done.stdout, done.stdout
