"""Pages that hold nothing of their visitor, drawn once and kept for an hour: as long as their form tokens."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

import brotli

# A page takes some twenty kilobytes.
MOST = 400
# The best brotli takes a tenth of a second for a page, this one as long as gzip.
WAYS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, mtime=0),
}


@dataclass(frozen=True)
class KeptPage:
    """A page ready to be sent, as it is and compressed, by what the browser calls the way.

    Compressing is safe here and only here: the page holds nothing secret, its form token is the same for everybody.
    """

    body: bytes
    compressed: dict[str, bytes]
    etag: str


def ready(page: str) -> KeptPage:
    """The page with its tag, compressed in both ways."""
    body = page.encode()
    # A weak tag: both forms of the page carry it.
    etag = f'W/"{hashlib.blake2s(body, digest_size=12).hexdigest()}"'
    return KeptPage(body, {way: compress(body) for way, compress in WAYS.items()}, etag)


def way(accepted: str) -> str:
    """The way to compress that a browser accepting these can open; empty for none."""
    names = {name.strip().partition(";")[0]: name.replace(" ", "") for name in accepted.lower().split(",")}
    return next((name for name in WAYS if name in names and not names[name].endswith((";q=0", ";q=0.0"))), "")


def packed(content: bytes, accepted: str) -> tuple[bytes, dict[str, str]]:
    """Something public as a browser accepting these gets it, and the headers that say so."""
    chosen = way(accepted)
    said = {"vary": "accept-encoding", **({"content-encoding": chosen} if chosen else {})}
    return WAYS[chosen](content) if chosen else content, said


class KeptPages:
    """The pages asked for last, shared by all threads of one program."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.hour = 0
        self.pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Hashable, draw: Callable[[], str]) -> KeptPage:
        """The page under `key`, which must name everything the page follows from but the hour."""
        kept = self._kept(key)
        if kept is not None:
            return kept
        page = ready(draw())
        with self.lock:
            self.pages[key] = page
            while len(self.pages) > self.most:
                self.pages.popitem(last=False)
        return page

    def _kept(self, key: Hashable) -> KeptPage | None:
        hour = int(time.time() // 3600)
        with self.lock:
            if hour != self.hour:
                self.hour = hour
                self.pages.clear()
            if key in self.pages:
                self.pages.move_to_end(key)
            return self.pages.get(key)
