"""One line of the doctor's page."""

from __future__ import annotations

from dataclasses import dataclass

GOOD, LOOK, BAD = "ok", "look", "BAD"


@dataclass(frozen=True)
class Line:
    state: str
    about: str
    sentence: str
