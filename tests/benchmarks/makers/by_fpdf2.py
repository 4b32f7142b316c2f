"""fpdf2, with HarfBuzz; without the ornament and without tags: it has neither in reach."""

from __future__ import annotations

from typing import Any

import qrcode
from fpdf import FPDF

from certificates import Certificate
from tests.benchmarks.made import Make
from tests.benchmarks.makers.page import SANS, SERIF, words_of


def prepare() -> Make:
    def make(certificate: Certificate) -> bytes:
        words, pdf = words_of(certificate), FPDF("landscape", "pt", "A4")
        pdf.set_title(f"{words['name']}, {words['title']}")
        pdf.add_font("Inter", fname=SANS)
        pdf.add_font("Display", fname=SERIF)
        pdf.set_text_shaping(use_shaping_engine=True)
        pdf.add_page()
        pdf.set_fill_color(12, 47, 45)
        pdf.rect(612, 0, 229.89, 595.28, "F")
        for height, face, size, text in _lines(words):
            pdf.set_font(face, size=size)
            pdf.text(62, height, text)
        code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=4, mask_pattern=3)
        code.add_data(words["address"].upper())
        pdf.image(code.make_image().get_image(), 684, 400, 104, 104, alt_text=words["address"])
        return bytes(pdf.output())

    return make


def _lines(words: dict[str, Any]) -> list[tuple[float, str, float, str]]:
    return [
        (60, "Inter", 10.8, words["issuer"]),
        (140, "Inter", 8.2, words["kind"].upper()),
        (223, "Display", 40, words["name"]),
        (311, "Display", 25, words["title"]),
        *((338 + 12 * place, "Inter", 8.6, text) for place, text in enumerate(words["outcomes"])),
        (420, "Inter", 8.6, "   ".join(words["facts"])),
        (450, "Inter", 8.6, "   ".join(words["skills"])),
        (490, "Inter", 8.6, words["signatory"]),
        (575, "Inter", 6.8, words["assurance"]),
    ]
