"""Links and pictures of a cartridge's pages, found again in the course it becomes."""

import posixpath
import re
from collections.abc import Callable, Container, Mapping
from urllib.parse import unquote

from university.course_folders.files.links import kind_of
from university.course_folders.imports.picture_box import PictureBox
from university.course_folders.imports.texts import one_line

# Path in the package to lesson id and path in the course.
Places = dict[str, tuple[str, str]]

PAGE_REFERENCE = re.compile(r"\$WIKI_REFERENCE\$/(?:pages|wiki)/([^/?#]+)")
FILE_REFERENCE = "$IMS-CC-FILEBASE$/"
UP = "../../"


def safe_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:100] or "file"


def link_in(page: str, places: Places, homes: Mapping[str, str]) -> Callable[[str], str | None]:
    """What a link on this page becomes: a lesson, a file, an address elsewhere, or None."""

    def link(address: str) -> str | None:
        address = one_line(unquote(address) if "%24" in address else address)
        if address.startswith("#"):
            return address
        if kind_of(address) == "outside":
            return address
        target = in_package(page, address, {*places, *homes})
        if target is None:
            return None
        if target in places:
            return f"../{places[target][1].removeprefix('modules/')}"
        return UP + homes[target] if target in homes else None

    return link


def picture_in(
    page: str, package: Mapping[str, bytes], homes: Mapping[str, str], box: PictureBox
) -> Callable[[str], str | None]:
    """What a picture on this page becomes. One that the manifest forgot, but that is there, comes along too."""

    def picture(address: str) -> str | None:
        if address.startswith("data:"):
            return box.find(address, {})
        path = in_package(page, unquote(address), package)
        if path is None:
            return None
        if path in homes:
            return box.prefix + homes[path] if homes[path].startswith("images/") else None
        return box.find(path, package)

    return picture


def in_package(page: str, address: str, package: Container[str]) -> str | None:
    """The path in the package that an address on this page means."""
    plain = unquote(address).split("?", 1)[0].split("#", 1)[0]
    reference = PAGE_REFERENCE.match(plain)
    if reference:
        return _first((f"wiki_content/{reference[1]}.html",), package)
    if plain.startswith(FILE_REFERENCE):
        inner = plain.removeprefix(FILE_REFERENCE)
        return _first((f"web_resources/{inner}", inner), package)
    return _first((posixpath.normpath(posixpath.join(posixpath.dirname(page), plain)),), package)


def _first(paths: tuple[str, ...], package: Container[str]) -> str | None:
    return next((path for path in paths if path in package), None)
