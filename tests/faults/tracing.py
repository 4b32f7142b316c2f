"""What a program asked the system for, in the one order in which it did: strace, read line by line.

Files are known by their paths (`-y`), never by their numbers, and what came first by its place in the one trace, never
by a clock.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

CALLS = "fdatasync,fsync,pwrite64,pwritev,write,writev,sendto,sendmsg,recvfrom,read"
REQUEST = "POST /claims/confirm/"
ANSWER = re.compile(r"HTTP/1\.1 [23]\d\d ")
_CALL = re.compile(r"(?P<name>\w+)\(\d+<(?P<path>[^>]*)>")
_RESUMED = re.compile(r"<\.\.\. (?P<name>\w+) resumed>")
_WRITES = {"pwrite64", "pwritev", "write", "writev"}
_SYNCS = {"fdatasync", "fsync"}


@contextmanager
def traced(processes: list[int], into: Path) -> Iterator[None]:
    """Every thread of these processes and of their children, from now on until the end of the block."""
    strace = shutil.which("strace")
    assert strace, "tests/tools.sh installs it"
    every = {child.pid for one in processes for child in psutil.Process(one).children(recursive=True)} | {*processes}
    attach = [word for pid in sorted(every) for word in ("-p", str(pid))]
    words = [strace, "-f", "-y", "-s", "40", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(into), *attach]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr
        rest = threading.Thread(target=tracer.stderr.read)  # else it would wait for a reader
        try:
            attached = sum("attached" in tracer.stderr.readline() for _ in every)
            assert attached == len(every)
            rest.start()
            yield
        finally:  # else everybody would wait for it for ever
            tracer.terminate()
        rest.join()
    for process in every:  # a tracer that leaves may leave a thread behind that it had stopped
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)


@dataclass
class Confirmation:
    """From a request to its answer: the threads that wrote to the journal, and those of them that synced it since."""

    wrote: set[int] = field(default_factory=set)
    synced: set[int] = field(default_factory=set)


def confirmations(trace: str, journal: re.Pattern[str], ignored: Collection[int] = ()) -> list[Confirmation]:
    """Every confirmed claim of the trace, made one after the other, as it stood when the answer was begun.

    Whoever writes to the journal while nobody waits for an answer works for nobody's answer, and is left out, as are
    those who are `ignored`.
    """
    found: list[Confirmation] = []
    present: Confirmation | None = None
    others = set(ignored)
    begun: dict[int, tuple[str, str]] = {}
    for line in trace.splitlines():
        number, _, what = line.partition(" ")
        thread, what = int(number), what.strip()
        if call := _CALL.match(what):
            begun[thread] = (call["name"], call["path"])
        elif not _RESUMED.match(what):
            continue
        name, path = begun.get(thread, ("", ""))
        if REQUEST in what:
            present = Confirmation()
        elif call and ANSWER.search(what):
            if present:
                found.append(present)
            present = None
        elif journal.search(path):
            if call and name in _WRITES:
                (present.wrote if present else others).add(thread)
                if present:
                    present.synced.discard(thread)
            if name in _SYNCS and present and what.endswith("= 0") and thread in present.wrote:
                present.synced.add(thread)
    return [Confirmation(one.wrote - others, one.synced - others) for one in found]


def is_on_disk(one: Confirmation) -> bool:
    """Everything that was written for this answer was synced before it."""
    return bool(one.wrote) and one.synced == one.wrote
