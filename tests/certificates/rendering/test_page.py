"""The page: what it says, in which language, and what a camera reads from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from certificates import Certificate, Holder, IssuedBy, Labels, Skill, make_specimen, misfits, render
from certificates.rendering import labels
from certificates.rendering.labels import LEVELS
from tests.certificates.conftest import COURSE, ISSUED, ISSUED_BY, make_certificate, run
from university.language import catalogue

DUTCH = {
    "language:en": "language:nl",
    "Certificate of completion": "Certificaat van voltooiing",
    "This certifies that": "Hiermee verklaren wij dat",
    "has completed": "met goed gevolg heeft afgerond",
    "{count} hours": "{count} uur",
    "Passed, pass mark {percent} %": "Geslaagd, norm {percent} %",
}


def in_dutch(text: str) -> str:
    return DUTCH.get(text, text)


def text_of(path: Path) -> str:
    return re.sub(r"\s+", " ", run("pdftotext", "-layout", path, "-"))


def test_the_page_says_what_was_learned_by_whom_and_where_to_check(save: Callable[[bytes], Path]) -> None:
    text = text_of(save(render(make_certificate(ects=1.5, eqf=5))))
    for said in (
        "Example University",
        "CERTIFICATE OF COMPLETION",
        "Ada Lovelace",
        "Secure design of web applications",
        "Draw the trust boundaries of a system",
        "14 November 2026",
        "6 hours · 1.5 ECTS",
        "Passed, pass mark 70 %",
        "Intermediate · EQF 5",
        "Threat modelling",
        "Ida Example",
        "Head of examples",
        "learn.example.org/verify/7KQ2-9FXD-M4TB-W8HC",
        "Name as entered by the holder, e-mail address confirmed, identity not checked.",
    ):
        assert said in text


def test_the_labels_speak_dutch_where_the_catalogue_does(save: Callable[[bytes], Path]) -> None:
    path = save(render(make_certificate(language="nl", hours=2.5), translate=in_dutch))
    text = text_of(path)
    for said in ("CERTIFICAAT VAN VOLTOOIING", "Hiermee verklaren wij dat", "14 november 2026", "2,5 uur"):
        assert said in text
    assert "(nl)" not in text
    assert b"/Lang <feff006e006c>" in path.read_bytes()


def test_without_a_catalogue_the_document_is_english_and_marks_the_language_of_the_course() -> None:
    file = render(make_certificate(language="nl"))
    assert file.count(b"/Lang <feff0065006e>") == 1
    assert file.count(b"/Lang <feff006e006c>") == 3  # title, outcomes, skills


def test_the_dutch_catalogue_keeps_the_places_for_figures_and_names_its_language() -> None:
    translate = catalogue("nl").gettext
    strings = [*LEVELS.values(), *(value for value in vars(labels).values() if isinstance(value, str))]
    for text in strings:
        assert re.findall(r"\{\w+\}", translate(text)) == re.findall(r"\{\w+\}", text)
    assert Labels(translate).language == "nl"
    assert misfits(make_certificate(language="nl"), translate) == []


def test_effort_is_said_as_people_say_it() -> None:
    def effort(**course: Any) -> str:
        return dict(Labels(str).facts(make_certificate(**course))).get("Effort", "")

    assert effort(hours=1.0) == "1 hour"
    assert effort(hours=0.5) == "30 minutes"
    assert effort(hours=1250.0) == "1,250 hours"
    assert effort(hours=None, ects=3.0) == "3 ECTS"
    assert effort(hours=None) == ""


def test_only_what_is_true_is_printed() -> None:
    plain = make_certificate(hours=None, level=None, pass_mark=None)
    assert dict(Labels(str).facts(plain)) == {"Issued": "14 November 2026"}
    later = replace(plain, version=2, expires_on=date(2028, 11, 30))
    assert dict(Labels(str).facts(later)) == {
        "Issued": "14 November 2026",
        "Valid until": "30 November 2028",
        "Version": "2",
    }


@pytest.mark.parametrize("count", [0, 1, 3, 8, 40])
def test_however_many_skills_and_outcomes_there_are_none_is_lost_in_silence(
    count: int, save: Callable[[bytes], Path]
) -> None:
    skills = tuple(Skill(f"Skill that has number {place}") for place in range(count))
    outcomes = tuple(f"Do the thing that has number {place}" for place in range(count))
    certificate = make_certificate(skills=skills, outcomes=outcomes)
    assert misfits(certificate, str) == []
    text = text_of(save(render(certificate)))
    hidden = list(map(int, re.findall(r"and (\d+) more on the public page", text)))
    assert text.count("Skill that has") + text.count("Do the thing that has") + sum(hidden) == 2 * count
    assert ("SKILLS" in text) == (count > 0)


EDGES: list[Certificate] = [
    make_certificate(hours=None, level=None, pass_mark=None, outcomes=(), skills=(), summary=""),
    make_certificate(summary="Short words. " * 23, outcomes=()),
    make_certificate(outcomes=("A sentence of some length that goes on and on. " * 4,) * 3),
    replace(
        make_certificate(hours=120.5, ects=4.5, eqf=8, level="introductory"), version=12, expires_on=date(2029, 9, 30)
    ),
    replace(make_certificate(), issuer=IssuedBy("E", "http://127.0.0.1:8000")),
    replace(
        make_certificate(),
        issuer=replace(
            ISSUED_BY,
            name="The Institute for Advanced Professional Education, Examples and Further Examples",
            url="https://certificates.learning.long-institute-name.example.org:8443/base/path",
            signatory_name="Prof. dr. ir. Ida Maximiliane Alexandra von Example-Examplewood",
            signatory_role="Vice-President for Education, Certification and International Affairs",
        ),
    ),
]


@pytest.mark.parametrize("certificate", EDGES)
def test_every_combination_of_facts_can_be_drawn(certificate: Certificate, save: Callable[[bytes], Path]) -> None:
    assert misfits(certificate, str) == []
    run("qpdf", "--check", save(render(certificate)))


@pytest.mark.parametrize("dpi", [72, 100, 150])
@pytest.mark.parametrize("base", ["https://learn.example.org", "http://127.0.0.1:8000", "https://example.org/learn"])
def test_a_camera_reads_the_address_from_the_page(
    dpi: int, base: str, save: Callable[[bytes], Path], tmp_path: Path
) -> None:
    certificate = replace(make_certificate(), issuer=replace(ISSUED_BY, url=base))
    run("pdftoppm", "-r", str(dpi), "-png", "-singlefile", save(render(certificate)), tmp_path / "page")
    found = zxingcpp.read_barcodes(Image.open(tmp_path / "page.png"))
    assert [code.text for code in found] == [certificate.short_address]


def test_a_specimen_says_so_on_the_page_and_in_its_title(save: Callable[[bytes], Path]) -> None:
    certificate = make_specimen(Holder("Ada Lovelace", ""), COURSE, ISSUED_BY, ISSUED)
    path = save(render(certificate))
    assert "SPECIMEN" in run("pdftotext", "-raw", path, "-")
    assert "0000-0000-0000-0000" in text_of(path)
    assert "SPECIMEN – Ada Lovelace" in run("pdfinfo", path)
    assert b"<rdf:li>SPECIMEN</rdf:li>" in path.read_bytes()


def test_a_real_certificate_is_no_specimen(save: Callable[[bytes], Path]) -> None:
    path = save(render(make_certificate()))
    assert "SPECIMEN" not in run("pdftotext", "-raw", path, "-") + run("pdfinfo", path)


def test_a_broken_signature_drawing_is_refused_before_issue() -> None:
    certificate = replace(make_certificate(), issuer=replace(ISSUED_BY, signature_path="M 0 0 A 1 1 0 0 2 5 5"))
    assert [misfit.part for misfit in misfits(certificate, str)] == ["signatory"]
