"""The second copy of the rights ledger, with all that lies beside it, at another place."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

from university.places import Place
from university.private_files import write_privately

log = logging.getLogger("university.ledger")

FILE_NAME = "ledger.jsonl"
# What the copy was last seen to hold; hidden, so it does not travel itself.
NOTE = ".copied.json"


class SecondCopy:
    """Follows the ledger's folder. The place may be out of reach for a while; then the copy is late."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place = place
        self.folder = folder

    def bring_up_to_date(self, ledger: bytes, head: int) -> bool:
        """True once the place holds this ledger, and what lies beside it. False: not now, try again."""
        state = self._state(ledger)
        if self._note().get("state") == state and self._is_there(len(ledger)):
            return True
        try:
            self.place.write(FILE_NAME, ledger)
            self._follow_neighbours()
        except OSError as error:
            log.error("the second copy of the rights ledger is late: %s", type(error).__name__)
            return False
        write_privately(self.folder / NOTE, json.dumps({"state": state, "head": head}).encode())
        return True

    def read(self) -> bytes | None:
        """The ledger as the place has it; None if there is none, or if the place does not answer now.

        A silent place does not stop the start: whoever could silence it would otherwise stop us as well.
        """
        try:
            return self.place.read(FILE_NAME)
        except OSError as error:
            log.error("the second copy of the rights ledger cannot be read: %s", type(error).__name__)
            return None

    @property
    def head(self) -> int:
        """The last record the place is known to hold."""
        return int(self._note().get("head", 0))

    def _is_there(self, size: int) -> bool:
        copied = self.read()
        return copied is not None and len(copied) == size

    def _follow_neighbours(self) -> None:
        here = self._neighbours()
        there = {name for name in self.place.names() if name != FILE_NAME}
        for name, path in here.items():
            if name not in there or name.endswith(".json"):  # the rest is named by its own hash and never changes
                self.place.write(name, path.read_bytes())
        for name in there - set(here):
            self.place.delete(name)

    def _neighbours(self) -> dict[str, Path]:
        found = {str(path.relative_to(self.folder)): path for path in self.folder.rglob("*") if path.is_file()}
        return {name: path for name, path in found.items() if name != FILE_NAME and not path.name.startswith(".")}

    def _note(self) -> dict[str, str | int]:
        path = self.folder / NOTE
        return dict(json.loads(path.read_bytes())) if path.exists() else {}

    def _state(self, ledger: bytes) -> str:
        state = hashlib.sha256(ledger)
        for name, path in sorted(self._neighbours().items()):
            state.update(f"{name} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
        return state.hexdigest()
