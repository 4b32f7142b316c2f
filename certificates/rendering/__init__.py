"""Certificate to PDF. The only place that knows reportlab, HarfBuzz and QR codes."""

from certificates.rendering.document import BYTE_RANGE, Hole, Misfit, draw, misfits
from certificates.rendering.labels import Labels, Translate
from certificates.rendering.page import name_fits
from certificates.rendering.text import Unprintable, unprintable

__all__ = [
    "BYTE_RANGE",
    "Hole",
    "Labels",
    "Misfit",
    "Translate",
    "Unprintable",
    "draw",
    "misfits",
    "name_fits",
    "unprintable",
]
