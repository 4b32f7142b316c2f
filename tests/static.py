"""The static files of an installation that changed nothing of them, prepared once: it takes longer than most tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from university.serving.static_files import StaticFiles

_FOLDER = TemporaryDirectory(prefix="university-static-")


@cache
def static_files() -> StaticFiles:
    return StaticFiles(Path(_FOLDER.name))


def lend(data: Path) -> None:
    """Spares a new data folder the work: what starts on it finds its static files prepared."""
    if not data.exists():
        data.mkdir(mode=0o700)
    if not (data / "static").exists():
        (data / "static").symlink_to(static_files().folder.parent)
