"""Places where the test suite may kill the program, to prove that it heals."""

from __future__ import annotations

import os

from university.settings import Settings

EXIT_STATUS = 70


def reach(name: str, settings: Settings) -> None:
    """Dies here, as in a power cut, if this is the failpoint the settings ask for. Never outside of a test."""
    if settings.testing and settings.fail_at == name:
        os._exit(EXIT_STATUS)
