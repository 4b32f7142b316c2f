"""A QR code for a page, as SVG: one path, black on white in both themes, because cameras want it so."""

from __future__ import annotations

from itertools import groupby

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4


def qr_code(address: str) -> Markup:
    """Decorative to a screen reader: what it says must stand beside it as text."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(address)
    code.make(fit=True)
    size = len(code.modules) + 2 * QUIET_ZONE
    runs = "".join(_row(y + QUIET_ZONE, row) for y, row in enumerate(code.modules))
    box = f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{runs}" fill="#000"/>'
    return Markup(  # noqa: S704 - numbers only
        f'<svg class="qr" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" aria-hidden="true">{box}</svg>'
    )


def _row(y: int, row: list[bool]) -> str:
    """The dark runs of one row, each as a box."""
    parts, x = [], QUIET_ZONE
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            parts.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return "".join(parts)
