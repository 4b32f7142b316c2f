"""The rights ledger of one machine: a file of lines that is only ever appended to, in a folder of its own."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from university.keys.private_files import fsync_folder, write_privately
from university.places import Folder

log = logging.getLogger("university.chains.ledger")

FILE_NAME = "ledger.jsonl"


class LedgerFile:
    """Safe between the threads and processes of a machine. Every method that writes raises OSError."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self.beside = Folder(folder)

    @contextmanager
    def held(self) -> Iterator[None]:
        self.beside.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.beside.path / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def lines(self) -> list[bytes]:
        """The lines that end in a line break. What follows the last one was torn off by a crash, never counted, and
        is cut off."""
        if not self.path.exists():
            return []
        complete, line_break, torn = self.path.read_bytes().rpartition(b"\n")
        if torn:
            log.warning("the last line of the rights ledger was torn and is cut off: %s bytes", len(torn))
            os.truncate(self.path, len(complete) + len(line_break))
        return complete.split(b"\n") if line_break else []

    def add(self, seq: int, line: bytes) -> None:
        del seq  # the place in the file says it
        is_new = not self.path.exists()
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(handle).st_size
            try:
                _write_all(handle, line + b"\n")
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, size)
                raise
        finally:
            os.close(handle)
        if is_new:
            fsync_folder(self.path.parent)
            fsync_folder(self.path.parent.parent)

    def rewrite(self, lines: Sequence[tuple[int, bytes]]) -> None:
        write_privately(self.path, b"".join(line + b"\n" for _seq, line in lines))

    def state(self) -> Hashable:
        if not self.path.exists():
            return None
        found = self.path.stat()
        # Its clock may stand for some milliseconds; a file that was written anew is another one.
        return (found.st_ino, found.st_size, found.st_mtime_ns)


def _write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]
