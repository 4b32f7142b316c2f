"""Files that only we may read, and that are on the disk when we say so."""

from __future__ import annotations

import os
from pathlib import Path


def write_privately(path: Path, content: bytes) -> None:
    """A complete file or none, readable by us alone, on the disk before this returns."""
    scratch = path.with_name(half_of(path.name))
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    scratch.rename(path)
    fsync_folder(path.parent)


def half_of(name: str) -> str:
    """What a file is called until all of it is written: hidden, so that no list of files holds it."""
    return f".{name}.new"


def fsync_folder(folder: Path) -> None:
    """Makes a new or renamed name in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
