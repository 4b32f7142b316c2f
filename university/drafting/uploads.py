"""What staff upload: judged by its bytes, pictures drawn anew so that nothing else comes in.

Rules: at most 5 MB and 25 million pixels for PNG, JPEG and WebP; PDF at most 20 MB, handed out as a download only;
films (MP4, WebM) at most 20 MB, captions (WebVTT) at most 1 MB.
A file is called by the hash of what is kept; the name it was sent with is never looked at.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping

from PIL import Image, ImageCms, ImageOps
from PIL.ExifTags import IFD

from university.errors import Problem, TooLarge
from university.language import gettext as _

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
MOST_DOCUMENT_BYTES = 20 * 1024 * 1024
# Enough for a whole page on a dense screen; photographs come in four times as large.
LONGEST_SIDE = 2000
MOST_CAPTIONS_BYTES = 1024 * 1024
# Kinds of MP4 that browsers play; QuickTime, 3GP and pictures in the same wrapping are none of them.
MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash")
STARTS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff", "WEBP": b"RIFF"}
ENDINGS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
# How notes of cameras and programs begin inside of a picture.
NOTES = {
    "PNG": (b"eXIf", b"XML:com.adobe.xmp", b"Raw profile type"),
    "JPEG": (b"Exif\0\0", b"http://ns.adobe.com/xap/", b"Photoshop 3.0\0"),
    "WEBP": (b"EXIF", b"XMP "),
}
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
    kind = _kind_of(content)
    if kind is None:
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


def plain_pictures(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a course with every picture that says where it was taken drawn anew, as an upload is.

    All other files stay byte for byte, so that a folder comes back as it went in. Raises BadUpload, naming the file,
    for one that cannot be drawn: what it says must not get out.
    """
    return {path: _told_nothing(path, content) if _tells(content) else content for path, content in files.items()}


def _tells(content: bytes) -> bool:
    """Whether the bytes are those of a picture with a place on earth in its notes (EXIF, XMP)."""
    kind = _kind_of(content)
    if kind is None or not any(mark in content for mark in NOTES[kind]):
        return False
    try:
        return b"GPSL" in content or bool(
            Image.open(io.BytesIO(content), formats=(kind,)).getexif().get_ifd(IFD.GPSInfo)
        )
    except Exception:  # whatever a damaged picture leads Pillow to: nobody knows what it says
        return True


def _told_nothing(path: str, content: bytes) -> bytes:
    try:
        return _drawn_anew(content, str(_kind_of(content)))
    except BadUpload as problem:
        raise BadUpload(f"{path}: {problem.sentence}") from problem


def _kind_of(content: bytes) -> str | None:
    kind = next((kind for kind, start in STARTS.items() if content.startswith(start)), None)
    return None if kind == "WEBP" and content[8:12] != b"WEBP" else kind


def film_file(content: bytes) -> tuple[str, bytes]:
    """Path and bytes of a film that browsers play. It is kept as it is: what the camera wrote into it stays."""
    if len(content) > MOST_DOCUMENT_BYTES:
        raise TooLarge(_("The film is larger than 20 MB. Save it smaller, or link to it on another site."))
    return f"files/{_name(content)}.{'mp4' if _is_mp4(content) else 'webm'}", content


def captions_file(content: bytes) -> tuple[str, bytes]:
    """Path and bytes of the captions of a film."""
    if len(content) > MOST_CAPTIONS_BYTES:
        raise TooLarge(_("Captions have at most 1 MB."))
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as damage:
        raise BadUpload(_("Captions are WebVTT files in UTF-8.")) from damage
    if b"\0" in content:
        raise BadUpload(_("Captions are WebVTT files in UTF-8."))
    return f"captions/{_name(content)}.vtt", content


def _is_mp4(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in MP4_BRANDS


def _is_webm(content: bytes) -> bool:
    return content.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in content[:64]


def _drawn_anew(content: bytes, kind: str) -> bytes:
    try:
        picture = Image.open(io.BytesIO(content), formats=(kind,))
        # The header alone says this: nothing was unpacked yet.
        if picture.width * picture.height > MOST_PIXELS:
            raise BadUpload(_("The picture has more than 25 million pixels. Make it smaller and try again."))
        return _encoded(_plain(picture), kind)
    except BadUpload:
        raise
    except Image.DecompressionBombError as bomb:
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
    """A picture, a PDF, a film or captions, whichever it is."""
    if not content:
        raise BadUpload(_("Choose a file first."))
    if content.startswith(b"%PDF-"):
        return document_file(content)
    if _is_mp4(content) or _is_webm(content):
        return film_file(content)
    if content.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return captions_file(content)
    return picture_file(content)
