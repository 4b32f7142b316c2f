"""The QR code as one path."""

from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.util import ALPHA_NUM, MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from certificates.rendering.pdf.objects import numbers

QUIET_ZONE = 4  # modules of white around the code, as the standard wants
_MASK = 3  # always the same: searching the best one takes as long as the rest of the page and reads no better


def matrix(address: str) -> list[list[bool]]:
    """The modules, rows from the top, without the quiet zone."""
    data = address.encode()
    mode = MODE_ALPHA_NUM if all(bytes([byte]) in ALPHA_NUM for byte in data) else MODE_8BIT_BYTE
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=_MASK)
    code.add_data(QRData(data, mode=mode), optimize=0)
    code.make()
    return [[bool(module) for module in row] for row in code.modules]


def path(modules: list[list[bool]], x: float, y: float, size: float) -> bytes:
    """The dark runs of every row as boxes; a painting operator follows."""
    module = size / len(modules)
    parts = [b"q %b 0 0 %b %b cm" % (_exact(module), _exact(module), numbers(x, y))]
    for row, line in enumerate(reversed(modules)):
        column = 0
        for dark, run in groupby(line):
            length = len(list(run))
            if dark:
                parts.append(b"%d %d %d 1 re" % (column, row, length))
            column += length
    return b"\n".join([*parts, b"f Q"])


def _exact(value: float) -> bytes:
    """Finer than `number`: forty of these are added up."""
    return f"{value:.5f}".encode()
