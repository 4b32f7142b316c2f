"""What kind of picture a file really is, and how large it is shown."""

import io
import re
import warnings
from dataclasses import dataclass
from typing import Any

from defusedxml import ElementTree
from PIL import Image

from university.course_folders.files.links import is_picture_name

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# Of a picture with very many pixels only the header is read here, and uploads refuse it themselves. Set once and for
# all: threads share the filters.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
LENGTH = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)(px)?\s*", re.ASCII)


@dataclass(frozen=True)
class Picture:
    """A picture as a page shows it: its address, and its size in CSS pixels where that is known."""

    src: str
    width: int | None = None
    height: int | None = None


def size_of(path: str, content: bytes) -> tuple[int, int] | None:
    """Width and height of the picture; None for a file that is no picture or does not tell."""
    return _svg_size(content) if path.lower().endswith(".svg") else _raster_size(content)


def is_picture(path: str, content: bytes) -> bool:
    """Whether the name is one of a picture, and the bytes are what it says."""
    if not is_picture_name(path):
        return False
    if path.lower().endswith(".svg"):
        return _svg_root(content) is not None
    return _raster_size(content) is not None


def _raster_size(content: bytes) -> tuple[int, int] | None:
    """Reads the header only, so that a picture of many pixels costs nothing."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            return picture.size
    # Pillow raises whatever a damaged header leads it to.
    except Exception:
        return None


def _svg_root(content: bytes) -> Any | None:
    try:
        root = ElementTree.fromstring(content)
    # Malformed XML, and the entities and DTDs that defusedxml refuses.
    except Exception:
        return None
    return root if str(root.tag).rpartition("}")[2] == "svg" else None


def _svg_size(content: bytes) -> tuple[int, int] | None:
    root = _svg_root(content)
    if root is None:
        return None
    sides = [LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
    if sides[0] and sides[1]:
        return _whole(sides[0][1], sides[1][1])
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    lengths = [LENGTH.fullmatch(side) for side in box[2:]]
    if len(box) == 4 and lengths[0] and lengths[1]:
        return _whole(lengths[0][1], lengths[1][1])
    return None


def _whole(width: str, height: str) -> tuple[int, int] | None:
    if len(width) > 9 or len(height) > 9:
        return None
    size = round(float(width)), round(float(height))
    return size if all(size) else None
