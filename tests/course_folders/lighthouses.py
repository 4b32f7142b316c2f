"""A small course of our own that uses every field of the format, and ways to break it."""

from dataclasses import replace
from pathlib import Path

from university.course_folders import Folder, Site, read_folder

SAMPLE = Path(__file__).parent / "samples" / "lighthouses"
SITE = Site({"vuurtorens": "vuurtorens"}, frozenset({"classic"}))
COAST = "modules/01-the-coast"
LIGHT = "modules/02-the-light"


def lighthouses() -> Folder:
    return read_folder(SAMPLE)


def with_file(path: str, content: bytes | str | None, folder: Folder | None = None) -> Folder:
    """The course with one file made, replaced or (None) taken away."""
    folder = folder or lighthouses()
    files = dict(folder.files)
    if content is None:
        del files[path]
    else:
        files[path] = content.encode() if isinstance(content, str) else content
    return replace(folder, files=files)


def changed(path: str, old: str, new: str, folder: Folder | None = None) -> Folder:
    """The course with one piece of one text changed."""
    folder = folder or lighthouses()
    text = folder.files[path].decode()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    return with_file(path, text.replace(old, new), folder)
