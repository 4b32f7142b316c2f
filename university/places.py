"""A place for copies: a folder, or a bucket of an S3-compatible store. Settings name it by one text.

``/mnt/elsewhere`` · ``s3://bucket/prefix?endpoint=https://s3.example.org&region=eu-west-1``; who we are at the store
stands before the name of the bucket (``s3://id:secret@bucket``) or is read from where its tools look for it
(``AWS_ACCESS_KEY_ID`` and its like).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Protocol

from university.buckets import Bucket
from university.keys.private_files import fsync_folder, half_of, write_privately


class Place(Protocol):
    """Names may hold slashes. Every method raises OSError when the place does not answer."""

    def write(self, name: str, content: bytes) -> None:
        """A complete object or none."""

    def put(self, name: str, source: Path) -> None:
        """The same for a file that may be larger than memory."""

    def read(self, name: str) -> bytes | None:
        """None if there is no such object."""

    def fetch(self, name: str, target: Path) -> bool:
        """Writes the object to `target`; False if there is none."""

    def names(self) -> list[str]:
        """Every object there is, sorted."""

    def delete(self, name: str) -> None:
        """Removes it with every older version; nothing happens if there is none."""

    def forget_halves(self, folder: str) -> None:
        """Removes what a crash left half written in this folder of it. Nobody may be writing there."""

    def keeps_longer_than(self, days: int) -> str | None:
        """Why the place itself would keep what we delete for longer than so many days, or None."""


class Folder:
    """A folder of our own, on another disk or a mounted share."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return str(self.path)

    def write(self, name: str, content: bytes) -> None:
        write_privately(self._made(name), content)

    def put(self, name: str, source: Path) -> None:
        target = self._made(name)
        scratch = target.with_name(half_of(target.name))
        shutil.copyfile(source, scratch)
        scratch.chmod(0o600)
        with scratch.open("rb") as file:
            os.fsync(file.fileno())
        scratch.rename(target)
        fsync_folder(target.parent)

    def read(self, name: str) -> bytes | None:
        path = self.path / name
        return path.read_bytes() if path.is_file() else None

    def fetch(self, name: str, target: Path) -> bool:
        if not (self.path / name).is_file():
            return False
        shutil.copyfile(self.path / name, target)
        return True

    def names(self) -> list[str]:
        found = [path for path in self.path.rglob("*") if path.is_file() and not path.name.startswith(".")]
        return sorted(str(path.relative_to(self.path)) for path in found)

    def delete(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def forget_halves(self, folder: str) -> None:
        for path in (self.path / folder).glob(half_of("*")):
            path.unlink(missing_ok=True)

    def keeps_longer_than(self, days: int) -> str | None:
        return None

    def _made(self, name: str) -> Path:
        path = self.path / name
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fsync_folder(path.parent.parent)
        return path


def open_place(address: str) -> Place | None:
    """The place with this address; None for an empty one."""
    if not address:
        return None
    return Bucket(address) if address.startswith("s3://") else Folder(Path(address))
