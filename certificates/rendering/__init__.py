"""Certificate to PDF. The only place that knows reportlab, HarfBuzz and QR codes."""

from certificates.rendering.labels import Labels, Translate
from certificates.rendering.page.column import name_fits
from certificates.rendering.page.document import BYTE_RANGE, Hole, Misfit, draw, misfits
from certificates.rendering.paper import Fact, Paper, paper_pdf
from certificates.rendering.pdf.attachment import Attachment
from certificates.rendering.pictures.badge import badge
from certificates.rendering.pictures.poster import Poster, poster_image
from certificates.rendering.pictures.share_image import page_image, share_image
from certificates.rendering.pictures.vector import name_picture
from certificates.rendering.remembering import forget_names
from certificates.rendering.shapes.drawings import UnusableDrawing, read_drawing
from certificates.rendering.text.glyphs import Unprintable, unprintable

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
