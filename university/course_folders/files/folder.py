"""A course folder as a value: relative paths and bytes, from a folder on disk or a zip file, and back."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from university.course_folders.findings import Finding

# Where learners' files live; only here are names restricted, because they become addresses.
FILE_FOLDERS = ("images", "files", "captions")
SAFE_NAME = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)


class Unreadable(Exception):
    """The folder or file cannot be read at all; the text says why."""


@dataclass(frozen=True)
class Folder:
    """The files of one course: relative POSIX path to bytes.

    `name` is the folder's own name where it is known (it must equal the slug). `findings` is what reading the disk
    or the archive found: links, devices, limits. Names that begin with a dot are not part of a course.
    """

    files: Mapping[str, bytes]
    name: str | None = None
    findings: tuple[Finding, ...] = field(default=())

    def under(self, *folders: str) -> Iterator[str]:
        """Paths below one of these top folders, sorted."""
        return (path for path in sorted(self.files) if path.split("/", 1)[0] in folders and "/" in path)


def is_ignored(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def read_folder(path: Path | str) -> Folder:
    """Read a course folder from disk. Raises `Unreadable` when there is no such folder or a file cannot be read."""
    root = Path(path)
    if not root.is_dir():
        raise Unreadable(f"There is no folder {root}.")
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    try:
        for entry in _walk(root):
            relative = entry.relative_to(root).as_posix()
            oddity = _oddity(entry)
            if oddity:
                findings.append(not_a_plain_file(relative, oddity))
            else:
                files[relative] = entry.read_bytes()
    except OSError as problem:
        raise Unreadable(f"{problem.filename} cannot be read: {problem.strerror}.") from problem
    return Folder(files, root.resolve().name, tuple(findings))


def _walk(root: Path) -> Iterator[Path]:
    """Every file, link and device below the folder; links are named, never followed."""
    for entry in sorted(root.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry)
        else:
            yield entry


def _oddity(entry: Path) -> str | None:
    mode = entry.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "a link"
    if not stat.S_ISREG(mode):
        return "a device or pipe"
    return None


def not_a_plain_file(path: str, oddity: str) -> Finding:
    return Finding(path, 1, 1, "E013", f"{path} is {oddity}", "a plain file")


def bad_names(folder: Folder) -> Iterator[Finding]:
    """E013 for names that cannot stand in an address (files for learners) or on a line (all others)."""
    allowed = "letters A to Z, digits, dots, hyphens and underscores only"
    for path in folder.files:
        if not path.isprintable():
            yield Finding(path, 1, 1, "E013", "the file name has characters that cannot be shown", allowed)
    for path in folder.under(*FILE_FOLDERS):
        if path.isprintable() and not all(SAFE_NAME.fullmatch(part) for part in path.split("/")):
            yield Finding(path, 1, 1, "E013", "the file name has other characters", allowed, _safe_path(path))


def _safe_path(path: str) -> str:
    return "/".join(re.sub(r"[^A-Za-z0-9._-]+", "-", part) for part in path.split("/"))


def write_folder(folder: Folder, path: Path | str) -> None:
    """Write every file below `path`, which is made when needed. Files that are there and not in the course stay."""
    root = Path(path)
    for relative, content in sorted(folder.files.items()):
        target = root / relative
        if not is_inside(relative):
            raise ValueError(f"{relative} lies outside the folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def is_inside(relative: str) -> bool:
    """Whether this relative path names something below the folder it starts from."""
    parts = relative.split("/")
    return not any(part in ("", ".", "..") for part in parts) and os.sep not in "".join(parts) and "\0" not in relative


def listing(folder: Folder) -> str:
    """The file list as `sha256sum` prints it, sorted by path."""
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in folder.files.items()}
    return "".join(f"{hashes[path]}  {path}\n" for path in sorted(hashes))
