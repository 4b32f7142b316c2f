"""typst-py, its compiler kept from one document to the next; tagged, PDF/A-3."""

from __future__ import annotations

import json

import typst

from certificates import Certificate
from tests.benchmarks.made import Make
from tests.benchmarks.makers.page import FONTS, code_of, ornament, words_of

SOURCE = b"""
#let c = json(bytes(sys.inputs.certificate))
#set document(title: c.name + ", " + c.title)
#set page(width: 841.89pt, height: 595.28pt, margin: 0pt, fill: rgb("#fcfbf8"))
#set text(font: "Inter", size: 8.6pt, lang: "en")
#place(dx: 612pt, rect(width: 229.89pt, height: 595.28pt, fill: rgb("#0c2f2d")))
#place(dx: 612pt, box(clip: true, width: 229.89pt, height: 595.28pt,
  image(bytes(sys.inputs.ornament), format: "svg", alt: "Ornament")))
#place(dx: 62pt, dy: 60pt, text(size: 10.8pt, c.issuer))
#place(dx: 62pt, dy: 130pt, heading(level: 1, text(size: 8.2pt, tracking: 1.2pt, upper(c.kind))))
#place(dx: 62pt, dy: 180pt, text(font: "Noto Serif Display", size: 40pt, c.name))
#place(dx: 62pt, dy: 290pt, heading(level: 2, text(font: "Noto Serif Display", size: 25pt, weight: 300, c.title)))
#place(dx: 62pt, dy: 330pt, box(width: 500pt, list(..c.outcomes)))
#place(dx: 62pt, dy: 390pt, grid(columns: 4 * (128pt,), ..c.facts))
#place(dx: 62pt, dy: 440pt, c.skills.join("   "))
#place(dx: 62pt, dy: 480pt, c.signatory)
#place(dx: 62pt, dy: 575pt, text(size: 6.8pt, c.assurance))
#place(dx: 684pt, dy: 400pt, rect(width: 104pt, height: 104pt, fill: white, inset: 3pt,
  image(bytes(sys.inputs.code), format: "svg", alt: c.address)))
#place(dx: 640pt, dy: 520pt, text(fill: white, size: 7pt, link(c.address)[#c.address]))
"""


def prepare() -> Make:
    compiler = typst.Compiler(SOURCE, font_paths=[str(FONTS)], ignore_system_fonts=True)

    def make(certificate: Certificate) -> bytes:
        words = words_of(certificate)
        inputs = {"certificate": json.dumps(words), "ornament": ornament(), "code": code_of(words["address"])}
        return bytes(compiler.compile(SOURCE, format="pdf", sys_inputs=inputs, pdf_standards=["a-3a"]))

    return make
