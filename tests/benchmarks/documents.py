"""CPU time of the certificate as a document: drawn, signed, and judged. One warm process, a hundred names."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from certificates import Certificate, Holder, make_number, make_specimen_keys, render, verify
from tests.verify.conftest import full_certificate
from university import clock

NAMES = 100
SYLLABLES = ("a", "da", "no", "or", "ber", "van", "lo", "ve", "la", "ce", "gra", "hop", "ti", "mé", "ø", "zë")


def run() -> None:
    """Prints median and 95th percentile in milliseconds beside the goals."""
    certificates = [_named(full_certificate(make_number()), n) for n in range(NAMES)]
    specimens = make_specimen_keys(certificates[0].issuer, clock.now())
    issuer, keys = specimens.issuer, specimens.public
    started = time.process_time()
    files = [render(certificates[0], issuer)]
    print(f"first document of a process: {(time.process_time() - started) * 1000:.0f} ms, goal 50")
    print(f"{'':24} {'median':>7} {'p95':>6} {'goal':>10}")
    _print("unsigned", "5 · 10", [_timed(lambda c=c: render(c)) for c in certificates])
    _print("signed", "6 · 12", [_timed(lambda c=c: files.append(render(c, issuer))) for c in certificates])
    _print("judged", "", [_timed(lambda f=f: verify(f, keys)) for f in files[1:]])
    sizes = statistics.median(len(file) for file in files)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    print(f"size {sizes / 1000:.1f} kB, goal 60; memory {memory:.0f} MB")


def _named(certificate: Certificate, n: int) -> Certificate:
    parts = [SYLLABLES[n // 16**place % 16] for place in range(3)]
    return replace(
        certificate, holder=Holder(parts[0].title() + parts[1], f"{parts[2].title()}{parts[0]} {n % 7 * 'van '}Berg")
    )


def _timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def _print(name: str, goal: str, times: list[float]) -> None:
    times.sort()
    print(f"{name:24} {statistics.median(times):7.1f} {times[int(len(times) * 0.95)]:6.1f} {goal:>10}", flush=True)
