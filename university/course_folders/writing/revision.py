"""The status of a course folder, and the digest by which a revision is known."""

import hashlib
from dataclasses import replace

from university.course_folders.course.model import Status
from university.course_folders.files.folder import Folder, listing
from university.course_folders.yaml.tree import YamlMapping, YamlScalar, parse


def digest(folder: Folder) -> str:
    """SHA-256, in hex, of the folder's file list with the status taken as published.

    The list has the lines of `sha256sum`, sorted by path, so anybody can repeat it on an exported folder.
    """
    return hashlib.sha256(listing(with_status(folder, "published")).encode("utf-8", "surrogatepass")).hexdigest()


def with_status(folder: Folder, status: Status) -> Folder:
    """The same folder with this status in course.yaml and every other byte as it was."""
    content = folder.files.get("course.yaml")
    if content is None:
        return folder
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return folder
    return replace(folder, files={**folder.files, "course.yaml": _status_written(text, status).encode()})


def _status_written(text: str, status: Status) -> str:
    # The parser does not count a byte order mark.
    mark, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    root, _ = parse(body)
    entry = root.entries.get("status") if isinstance(root, YamlMapping) else None
    if entry is None:
        return mark + _with_line(body, f"status: {status}")
    if isinstance(entry.value, YamlScalar) and entry.value.text != status:
        place = entry.value.place
        return mark + body[: place.start] + status + body[place.end :]
    return text


def _with_line(text: str, line: str) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    start = "" if not text or text.endswith("\n") else end
    return f"{text}{start}{line}{end}"
