"""Targets of links and pictures: what kind they are, and which file of the course they name."""

import posixpath
import re
from typing import Literal
from urllib.parse import unquote

SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
OUTSIDE = ("https", "http", "mailto")
PICTURE_TYPES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")

TargetKind = Literal["outside", "anchor", "file", "forbidden"]


def kind_of(target: str) -> TargetKind:
    """`outside` are web and mail addresses, `file` is a relative path, everything else is forbidden."""
    # Browsers drop control characters and blanks inside a scheme; a target that has any is not trusted.
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in unquote(target)[:40]) and SCHEME.match(_dense(target)):
        return "forbidden"
    scheme = SCHEME.match(target)
    if scheme:
        return "outside" if scheme[1].lower() in OUTSIDE else "forbidden"
    if target.startswith("#"):
        return "anchor"
    return "forbidden" if target.startswith(("/", "\\", "//")) or "\\" in target else "file"


def _dense(target: str) -> str:
    return "".join(sign for sign in unquote(target) if ord(sign) > 32 and ord(sign) != 127)


def split_anchor(target: str) -> tuple[str, str]:
    """The path and the `#part`, which may be empty."""
    path, sign, anchor = target.partition("#")
    return path, sign + anchor


def resolved(from_path: str, target: str) -> str | None:
    """The file that a relative path in the file `from_path` names, from the course's top; None outside of it."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(from_path), unquote(target)))
    is_outside = path in ("..", ".") or path.startswith(("../", "/")) or "\0" in path
    return None if is_outside else path


def is_picture_name(path: str) -> bool:
    return posixpath.splitext(path)[1].lower() in PICTURE_TYPES
