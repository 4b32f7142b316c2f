"""Other people's programs, each asked what it has against a signed certificate. They know nothing of our code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import zxingcpp
from PIL import Image

from tests.certificates.conftest import run

RESOLUTIONS = (72, 100, 150, 300)
JARS = ("pdfbox2", "preflight", "xmpbox", "fontbox2", "commons-logging", "jaxb-api", "javax.activation")
CLASS_PATH = ":".join(f"/usr/share/java/{jar}.jar" for jar in JARS)
PREFLIGHT = Path(__file__).parent / "preflight" / "Preflight.java"
# Rules of PDF/A-1 that part 3 took back: code, and a word of what is said.
ONLY_IN_PART_ONE = (
    ("1.4.7", "EmbeddedFile"),
    ("1.2.9", "EmbeddedFile"),
    ("3.1.11", "CIDSet entry is missing"),
    ("7.11.2", "part must be 1"),
)


def syntax(pdf: Path) -> None:
    """qpdf: no error, no warning."""
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", pdf)


def signature(pdf: Path) -> None:
    """pdfsig and mutool: one valid signature over the whole file, nothing changed since."""
    said = run("pdfsig", "-nocert", pdf)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert said.count("Signature #") == 1
    assert "unchanged since signing" in run("mutool", "sign", "-v", pdf)


def trust(pdf: Path, root: Path) -> None:
    """pdfsig with our root in its store: trusted. The chain ends there and nowhere else."""
    store = pdf.with_suffix(".nss")
    store.mkdir()
    run("certutil", "-d", store, "-N", "--empty-password")
    assert "Certificate is Trusted" not in run("pdfsig", "-nssdir", store, pdf)
    run("certutil", "-d", store, "-A", "-n", "ca", "-t", "C,C,C", "-i", root)
    assert "Certificate is Trusted" in run("pdfsig", "-nssdir", store, pdf)


def cades(pdf: Path, root: Path) -> None:
    """openssl: the signature value is CAdES over the two ranges, by a certificate of our root."""
    file = pdf.read_bytes()
    found = re.search(rb"/ByteRange \[0 0*(\d+) 0*(\d+) 0*\d+\]", file)
    assert found
    end, resume = map(int, found.groups())
    value, content = pdf.with_suffix(".der"), pdf.with_suffix(".content")
    value.write_bytes(bytes.fromhex(file[end + 1 : resume - 1].decode()))
    content.write_bytes(file[:end] + file[resume:])
    trusted = ("-CAfile", str(root), "-purpose", "any", "-cades", "-out", "/dev/null")
    run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", value, "-content", content, *trusted)


def attachment(pdf: Path) -> str:
    """pdfdetach: one file, credential.json. What it holds."""
    assert "1 embedded files" in run("pdfdetach", "-list", pdf)
    saved = pdf.with_suffix(".credential.json")
    run("pdfdetach", "-save", "1", "-o", saved, pdf)
    text = saved.read_text()
    assert json.loads(text)["proof"]
    return text


def fonts(pdf: Path) -> None:
    """pdffonts: each embedded, subset, with a map to Unicode."""
    lines = run("pdffonts", pdf).splitlines()[2:]
    assert lines
    assert all(line.split()[-5:-2] == ["yes"] * 3 for line in lines), lines


def structure(pdf: Path) -> None:
    """pdfinfo: tagged, titled, one landscape page; headings, pictures, link and field in the order of the tags."""
    said = run("pdfinfo", pdf)
    for wanted in (r"Tagged: +yes", r"Pages: +1\b", r"JavaScript: +no", r"Page size: +841.89 x 595.28", r"Title: +\S"):
        assert re.search(wanted, said), wanted
    order = run("pdfinfo", "-struct-text", pdf)
    kinds = re.findall(r"^ *(H1|H2|Figure|Link|Form)\b", order, re.M)
    assert kinds[:2] == ["H1", "H2"]
    assert {"Figure", "Link", "Form"} <= set(kinds)


def letters_of_words(text: str) -> set[str]:
    """Each word as its letters and marks in a fixed order: Poppler gives the marks of right-to-left letters in its own,
    and moves blanks beside a change of direction."""
    cut = re.sub("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", " ", text)
    return {"".join(sorted(unicodedata.normalize("NFD", word))) for word in cut.split()}


def text(pdf: Path) -> str:
    """pdftotext: the page as somebody copies it."""
    return run("pdftotext", "-layout", pdf, "-")


def code(pdf: Path, resolutions: Iterable[int] = RESOLUTIONS) -> str:
    """zbar and zxing at each resolution: all read the same address."""
    read = set[str]()
    for dpi in resolutions:
        picture = pdf.with_suffix(f".{dpi}.png")
        run("pdftoppm", "-r", str(dpi), "-png", "-singlefile", pdf, picture.with_suffix(""))
        read.add(run("zbarimg", "-q", "--raw", picture).strip())
        with Image.open(picture) as page:
            (found,) = zxingcpp.read_barcodes(page)
        read.add(found.text)
    (address,) = read
    return address


def accessibility(pdf: Path) -> None:
    """pdfua: no finding against PDF/UA-1 among the rules it knows."""
    said = run(Path(sys.executable).with_name("pdfua"), "check", pdf)
    assert "PASS (no findings)" in said, said


def preflight(pdfs: Iterable[Path]) -> Iterator[tuple[str, str, str]]:
    """Apache PDFBox: file, code and words of each fault against PDF/A-1b. One Java machine for all files."""
    command = ["java", "-cp", CLASS_PATH, str(PREFLIGHT), *map(str, pdfs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        name, found, words = line.split("\t", 2)
        yield name, found, words


def is_only_in_part_one(found: str, words: str) -> bool:
    return any(found == rule and word in words for rule, word in ONLY_IN_PART_ONE)
