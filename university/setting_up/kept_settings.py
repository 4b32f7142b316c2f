"""Settings that an owner chooses in the browser: kept in the data folder, read at the next start like all others.

Nothing is written that a start would refuse: the whole of the settings is read with the change before it is kept, and
read again from the disk afterwards. The file before is kept beside the new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from certificates import read_drawing
from university.keys.private_files import write_privately
from university.settings import Settings, SettingsError, settings_from
from university.settings_file import DRAWINGS, KEPT, KEPT_FILE, read_kept, written

PREVIOUS = "settings.previous.env"
LOCK = ".settings.lock"
# Drawings that were uploaded, by the hash of what is in them.
FOLDER = "look"

# Makes every process of this server read its settings again; none where nothing can, such as behind another server.
Renew = Callable[[], None]


def coming(settings: Settings) -> Settings:
    """The settings as the next start will read them. Raises SettingsError if somebody spoilt the file by hand."""
    return settings_from(replace(settings.sources, kept=read_kept(settings.data)))


def is_waiting(settings: Settings) -> bool:
    """Whether something was chosen that this process does not know yet."""
    return read_kept(settings.data) != dict(settings.sources.kept)


def with_changes(settings: Settings, changes: Mapping[str, str | None]) -> Settings:
    """What the settings would be; None takes a choice back. Nothing is kept. Raises SettingsError."""
    return settings_from(replace(settings.sources, kept=_changed(read_kept(settings.data), settings, changes)))


def keep(settings: Settings, changes: Mapping[str, str | None]) -> Settings:
    """Keeps these choices; what this machine sets stays as it is. Raises SettingsError, and then nothing is kept."""
    with _alone(settings.data):
        before = read_kept(settings.data)
        after = _changed(before, settings, changes)
        chosen = settings_from(replace(settings.sources, kept=after))
        if after != before:
            write_privately(settings.data / PREVIOUS, written(before))
            _write(settings, before, after)
            _forget_drawings(settings.data, before, after)
    return chosen


def keep_drawing(data: Path, svg: bytes) -> str:
    """Puts an uploaded drawing into the data folder; its name there. Raises UnusableDrawing."""
    read_drawing(svg)
    name = f"{FOLDER}/{hashlib.sha256(svg).hexdigest()[:32]}.svg"
    with _alone(data):  # the preview and the press that keeps it may bring the same file at once
        (data / FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
        write_privately(data / name, svg)
    return name


def is_drawing(data: Path, name: str) -> bool:
    """Whether this is the name of an uploaded drawing that is there."""
    folder, _slash, file = name.partition("/")
    stem, _dot, ending = file.partition(".")
    return folder == FOLDER and stem.isalnum() and ending == "svg" and (data / name).is_file()


def _changed(before: Mapping[str, str], settings: Settings, changes: Mapping[str, str | None]) -> dict[str, str]:
    wanted = {name: value for name, value in changes.items() if name in KEPT and not settings.is_fixed(name)}
    return {name: value for name, value in {**before, **wanted}.items() if value is not None}


def _write(settings: Settings, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    write_privately(settings.data / KEPT_FILE, written(after))
    try:
        if dict(coming(settings).sources.kept) != dict(after):
            raise SettingsError(f"{KEPT_FILE} does not say what was chosen")
    except SettingsError:
        write_privately(settings.data / KEPT_FILE, written(before))
        raise


def _forget_drawings(data: Path, *kept: Mapping[str, str]) -> None:
    """Uploaded drawings that neither the present choice nor the one before it names."""
    named = {data / one[name] for one in kept for name in DRAWINGS if name in one}
    for path in (data / FOLDER).glob("*.svg"):
        if path not in named:
            path.unlink(missing_ok=True)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(opened) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
