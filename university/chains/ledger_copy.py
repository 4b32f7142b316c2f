"""The second copy of the rights ledger, with all that lies beside it, at another place."""

from __future__ import annotations

import hashlib
import json
import logging

from university.chains.ledger_file import FILE_NAME
from university.places import Place

log = logging.getLogger("university.chains.ledger")

# What the copy was last seen to hold; hidden, so it does not travel itself.
NOTE = ".copied.json"


class SecondCopy:
    """Follows the ledger and what lies beside it. The place may be out of reach for a while; then the copy is late."""

    def __init__(self, place: Place, beside: Place) -> None:
        self.place = place
        self.beside = beside

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
        self.beside.write(NOTE, json.dumps({"state": state, "head": head}).encode())
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
        for name in here:
            if name not in there or _may_change(name):
                self.place.write(name, self.beside.read(name) or b"")
        for name in there - set(here):
            self.place.delete(name)

    def _neighbours(self) -> list[str]:
        return [name for name in self.beside.names() if name != FILE_NAME]

    def _note(self) -> dict[str, str | int]:
        return dict(json.loads(self.beside.read(NOTE) or b"{}"))

    def _state(self, ledger: bytes) -> str:
        state = hashlib.sha256(ledger)
        for name in self._neighbours():
            state.update(name.encode() + b"\n" + ((self.beside.read(name) or b"") if _may_change(name) else b""))
        return state.hexdigest()


def _may_change(name: str) -> bool:
    """The rest is named by its own hash."""
    return name.endswith(".json")
