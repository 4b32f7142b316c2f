"""Whether something is being served from a data folder: nobody may swap a database under a running program."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from university.settings import Settings

FILE_NAME = ".in-use"


class InUse(Exception):
    """The program runs on this data folder."""


@contextmanager
def using(settings: Settings) -> Iterator[None]:
    """While this lasts nobody else can be `alone`. Waits for whoever is."""
    with _locked(settings, fcntl.LOCK_SH):
        yield


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """While this lasts nothing is served from this data folder. Raises InUse if something is."""
    try:
        with _locked(settings, fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield
    except BlockingIOError as error:
        raise InUse("something is being served from this data folder: stop it first") from error


@contextmanager
def _locked(settings: Settings, how: int) -> Iterator[None]:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(settings.data / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, how)
        yield
