"""WeasyPrint, its fonts and pictures kept from one document to the next; tagged, PDF/A-3."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from certificates import Certificate
from tests.benchmarks.made import Make
from tests.benchmarks.makers.page import SANS, SERIF, code_of, ornament, words_of

PAGE = """<!doctype html><html lang="en"><head><title>{name}, {title}</title><style>
@font-face {{ font-family: Inter; src: url({sans}) }} @font-face {{ font-family: Display; src: url({serif}) }}
@page {{ size: 841.89pt 595.28pt; margin: 0; background: #fcfbf8 }}
body {{ margin: 0; font: 8.6pt Inter }} h1, h2, p, ul, div {{ position: absolute; left: 62pt; margin: 0 }}
h1 {{ top: 130pt; font-size: 8.2pt; letter-spacing: 1.2pt }} h2 {{ top: 290pt; font: 25pt Display }}
.panel {{ left: 612pt; top: 0; width: 229.89pt; height: 595.28pt; background: #0c2f2d; overflow: hidden; color: #fff }}
.panel img {{ position: absolute; left: 0; top: 0 }}
.panel .code {{ left: 72pt; top: 400pt; width: 104pt; background: #fff }}
table {{ position: absolute; left: 62pt; top: 390pt; width: 512pt }}
</style></head><body><p style="top: 60pt">{issuer}</p><h1>{kind}</h1>
<p style="top: 180pt; font: 40pt Display">{name}</p><h2>{title}</h2><ul style="top: 330pt">{outcomes}</ul>
<table><tr>{facts}</tr></table><p style="top: 440pt">{skills}</p><p style="top: 480pt">{signatory}</p>
<p style="top: 575pt; font-size: 6.8pt">{assurance}</p><div class="panel">
<img src="{ornament}" alt="Ornament"><img class="code" src="{code}" alt="{address}">
<p style="left: 28pt; top: 520pt; font-size: 7pt"><a href="{address}">{address}</a></p></div></body></html>"""


def prepare() -> Make:
    fonts, pictures = FontConfiguration(), dict[str, Any]()
    return partial(_with_weasyprint, fonts, pictures)


def _with_weasyprint(fonts: FontConfiguration, pictures: dict[str, Any], certificate: Certificate) -> bytes:
    words = words_of(certificate)
    listed: dict[str, Callable[[Any], str]] = {
        "outcomes": lambda texts: "".join(f"<li>{escape(text)}</li>" for text in texts),
        "facts": lambda texts: "".join(f"<td>{escape(text)}</td>" for text in texts),
        "skills": lambda texts: escape("   ".join(texts)),
    }
    shown = {name: listed.get(name, lambda text: escape(str(text)))(value) for name, value in words.items()}
    drawings = {"ornament": _data(ornament()), "code": _data(code_of(words["address"]))}
    page = PAGE.format(sans=SANS.as_uri(), serif=SERIF.as_uri(), **drawings, **shown)
    made = HTML(string=page).write_pdf(font_config=fonts, cache=pictures, pdf_variant="pdf/a-3b", pdf_tags=True)
    return bytes(made or b"")


def _data(svg: str) -> str:
    return "data:image/svg+xml," + svg.replace("%", "%25").replace("#", "%23").replace('"', "%22").replace("<", "%3C")
