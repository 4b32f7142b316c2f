"""Pictures and documents that staff upload: judged by their bytes, pictures drawn anew so that nothing else comes in.

Rules: at most 5 MB and 25 million pixels for PNG, JPEG and WebP; PDF at most 20 MB, handed out as a download only.
A file is called by the hash of what is kept; the name it was sent with is never looked at.
"""

from __future__ import annotations

import hashlib
import io
import warnings

from PIL import Image, ImageCms, ImageOps

from university.errors import Problem, TooLarge
from university.language import gettext as _

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
MOST_DOCUMENT_BYTES = 20 * 1024 * 1024
# Enough for a whole page on a dense screen; photographs come in four times as large.
LONGEST_SIDE = 2000
STARTS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff", "WEBP": b"RIFF"}
ENDINGS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
OPTIONS: dict[str, dict[str, object]] = {
    "PNG": {"optimize": True},
    "JPEG": {"quality": 84, "optimize": True, "progressive": True},
    "WEBP": {"quality": 84, "method": 4},
}


class BadUpload(Problem):
    """The file is none of those we take. Nothing was kept."""

    status = 422

    @property
    def title(self) -> str:
        return _("We could not take this file")


def picture_file(content: bytes) -> tuple[str, bytes]:
    """Path in the course's folder and bytes of the picture, drawn anew without metadata and scaled to fit a page."""
    if len(content) > MOST_BYTES:
        raise TooLarge(_("The picture is larger than 5 MB. Save it smaller and try again."))
    kind = next((kind for kind, start in STARTS.items() if content.startswith(start)), None)
    if kind is None or (kind == "WEBP" and content[8:12] != b"WEBP"):
        raise BadUpload(_("This is no picture we take. Use PNG, JPEG or WebP."))
    kept = _drawn_anew(content, kind)
    return f"images/{_name(kept)}.{ENDINGS[kind]}", kept


def document_file(content: bytes) -> tuple[str, bytes]:
    """Path and bytes of a PDF for learners to download."""
    if len(content) > MOST_DOCUMENT_BYTES:
        raise TooLarge(_("The PDF is larger than 20 MB."))
    if not content.startswith(b"%PDF-"):
        raise BadUpload(_("This is no PDF. For downloads we take PDF files only."))
    return f"files/{_name(content)}.pdf", content


def _drawn_anew(content: bytes, kind: str) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=(kind,))
            # The header alone says this: nothing was unpacked yet.
            if picture.width * picture.height > MOST_PIXELS:
                raise BadUpload(_("The picture has more than 25 million pixels. Make it smaller and try again."))
            return _encoded(_plain(picture), kind)
    except BadUpload:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise BadUpload(_("The picture has more than 25 million pixels. Make it smaller and try again.")) from bomb
    # Pillow raises whatever a damaged picture leads it to.
    except Exception as damage:
        raise BadUpload(_("This picture is damaged. Save it anew and try again.")) from damage


def _plain(picture: Image.Image) -> Image.Image:
    """The pixels alone, upright, in the colours of the web, not larger than a page needs."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode not in ("RGB", "RGBA", "L", "LA", "P"):
        upright = upright.convert("RGB")
    upright = _in_web_colours(upright, picture.info.get("icc_profile"))
    if max(upright.size) > LONGEST_SIDE:
        upright = upright.convert("RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    transparency = upright.info.get("transparency")
    upright.info = {} if transparency is None else {"transparency": transparency}
    return upright


def _in_web_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture


def _encoded(picture: Image.Image, kind: str) -> bytes:
    if kind == "JPEG" and picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    written = io.BytesIO()
    picture.save(written, format=kind, **OPTIONS[kind])
    return written.getvalue()


def _name(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def uploaded_file(content: bytes) -> tuple[str, bytes]:
    """A picture or a PDF, whichever it is."""
    if not content:
        raise BadUpload(_("Choose a file first."))
    return document_file(content) if content.startswith(b"%PDF-") else picture_file(content)
