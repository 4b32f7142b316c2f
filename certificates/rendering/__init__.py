"""Certificate to PDF. The only place that knows reportlab, HarfBuzz and QR codes."""

from certificates.rendering.attachment import Attachment
from certificates.rendering.badge import badge
from certificates.rendering.document import BYTE_RANGE, Hole, Misfit, draw, misfits
from certificates.rendering.drawings import UnusableDrawing, read_drawing
from certificates.rendering.labels import Labels, Translate
from certificates.rendering.page import name_fits
from certificates.rendering.paper import Fact, Paper, paper_pdf
from certificates.rendering.poster import Poster, poster_image
from certificates.rendering.remembering import forget_names
from certificates.rendering.share_image import page_image, share_image
from certificates.rendering.text import Unprintable, unprintable
from certificates.rendering.vector import name_picture

__all__ = [
    "BYTE_RANGE",
    "Attachment",
    "Fact",
    "Hole",
    "Labels",
    "Misfit",
    "Paper",
    "Poster",
    "Translate",
    "Unprintable",
    "UnusableDrawing",
    "badge",
    "draw",
    "forget_names",
    "misfits",
    "name_fits",
    "name_picture",
    "page_image",
    "paper_pdf",
    "poster_image",
    "read_drawing",
    "share_image",
    "unprintable",
]
