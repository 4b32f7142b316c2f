"""What a setting must be, one function each: the value as it is used, or Unusable with a sentence about it.

Pages show the sentence in the visitor's language, commands as it stands here.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from certificates import READABLE, UnusableDrawing, contrast, is_color, read_drawing

# The darkest ground of a light page.
LIGHT_GROUND = "#f3f4f0"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def N_(message: str) -> str:
    """Marks a sentence for the catalogue."""
    return message


class Unusable(ValueError):
    """`message` is a source string of the catalogue, `values` fill it."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


def address(value: str) -> str:
    parts = _split(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise Unusable(N_("must be an http or https address such as https://learn.example.org"))
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES:
        raise Unusable(N_("must be https; http is for 127.0.0.1 and localhost only"))
    return value.rstrip("/")


def mail_server(value: str) -> str:
    if value and (_split(value).scheme not in {"smtp", "smtps"} or not _split(value).hostname):
        raise Unusable(N_("must look like smtp://user:password@mail.example.org:587"))
    return value


def ledger_server(value: str) -> str:
    if value and not value.startswith("postgresql+psycopg://"):
        raise Unusable(N_("must look like postgresql+psycopg://user@host/name"))
    return value


def time_stamping_authority(value: str) -> str:
    if value and (_split(value).scheme not in {"http", "https"} or not _split(value).hostname):
        raise Unusable(N_("must be an http or https address such as http://timestamp.example.org"))
    return value


def accent(value: str) -> str:
    colour = value.lower()
    if colour and not is_color(colour):
        raise Unusable(N_("must be a colour such as #0b6048"))
    if colour and contrast(colour, LIGHT_GROUND) < READABLE:
        raise Unusable(
            N_("the contrast with the page is %(found)s and text needs %(needed)s: choose a darker colour"),
            found=f"{contrast(colour, LIGHT_GROUND):.1f}",
            needed=str(READABLE),
        )
    return colour


def certificate_colours(value: tuple[str, ...]) -> tuple[str, ...]:
    colours = tuple(colour.lower() for colour in value)
    if colours and (len(colours) != 2 or not all(map(is_color, colours))):
        raise Unusable(N_("must be two colours such as #0c2f2d,#cfae74"))
    if colours and contrast(*colours) < READABLE:
        raise Unusable(
            N_("the contrast is %(found)s; the engraving needs %(needed)s to be read"),
            found=f"{contrast(*colours):.1f}",
            needed=str(READABLE),
        )
    return colours


def place(value: str) -> str:
    parts = _split(value)
    endpoint = parse_qs(parts.query).get("endpoint", ["https://"])[-1]
    if "://" in value and (parts.scheme != "s3" or not parts.hostname or not is_private(endpoint)):
        raise Unusable(N_("must be a folder, or look like s3://bucket/prefix?endpoint=https://s3.example.org"))
    return value


def is_private(endpoint: str) -> bool:
    """Whether nobody on the way can read what is sent there."""
    try:
        parts = _split(endpoint)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES)


def drawing(value: Path | None) -> Path | None:
    if value is not None:
        drawing_path(value)
    return value


@lru_cache(maxsize=8)
def drawing_path(path: Path) -> str:
    """The drawing in the file as one SVG path, read once, like the settings themselves."""
    try:
        return read_drawing(path.read_bytes())
    except OSError:
        raise Unusable(N_("%(file)s cannot be read"), file=str(path)) from None
    except UnusableDrawing as reason:
        raise Unusable(N_("%(file)s cannot be used: %(reason)s"), file=str(path), reason=str(reason)) from None


def without_password(value: str) -> str:
    """An address as it may be shown: smtp://user:***@host. Anything else as it is."""
    parts = urlsplit(value) if "://" in value else None
    if parts is None or parts.password is None:
        return value
    who, _at, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{who.partition(':')[0]}:***@{host}").geturl()


def _split(value: str) -> SplitResult:
    """ValueError, and so a refused setting, where the brackets or the port make no sense."""
    parts = urlsplit(value)
    _ = parts.port
    return parts
