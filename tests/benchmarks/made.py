"""One maker of PDF in a warm process of its own: CPU time of a hundred documents, their size, the memory it took."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module

import psutil

from certificates import Certificate, Course, Holder, IssuedBy, Skill, make_number

NAMES = 100
SYLLABLES = ("a", "da", "no", "or", "ber", "van", "lo", "ve", "la", "ce", "gra", "hop", "ti", "mé", "ø", "zë")

NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)
COURSE = Course(
    slug="secure-design",
    title="Secure design",
    certificate_title="Secure design of software",
    revision=5,
    revision_sha256="0" * 64,
    language="en",
    hours=6.5,
    ects=0.25,
    level="introductory",
    eqf=4,
    summary="Find and remove weaknesses before code is written.",
    outcomes=tuple(
        f"Name the {n} weakness of a drawing, and what to do about it" for n in ("first", "second", "third")
    ),
    skills=(Skill("Threat modelling", "https://skills.example.org/threats"), Skill("Least privilege")),
    pass_mark=70,
)
ISSUED_BY = IssuedBy("Example University", "https://learn.example.org", signatory_name="Olga", signatory_role="Dean")

Make = Callable[[Certificate], bytes]


@dataclass(frozen=True)
class Made:
    """Times in milliseconds of CPU, size in kB, memory (resident) in MB."""

    first: float
    times: list[float]
    size: float
    memory: float

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95)]


def measured(maker: str) -> Made:
    """In a process of its own, which knows no other maker. `maker` names a module and its function that prepares one;
    what that does counts to the first document."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(_measure, maker).result()


def certificates() -> list[Certificate]:
    """A hundred people, one course."""
    return [Certificate(make_number(), 1, NOON, None, "compass-1", _holder(n), COURSE, ISSUED_BY) for n in range(NAMES)]


def timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def _measure(maker: str) -> Made:
    module, _, function = maker.partition(":")
    prepare: Callable[[], Make] = getattr(import_module(f"tests.benchmarks.makers.{module}"), function)
    files: list[bytes] = []
    holder: list[Make] = []
    everyone = certificates()

    def first() -> None:
        holder.append(prepare())
        files.append(holder[0](everyone[0]))

    took = timed(first)
    times = [timed(lambda one=one: files.append(holder[0](one))) for one in everyone]  # type: ignore[misc]
    memory = psutil.Process().memory_info().rss / 1024**2
    return Made(took, times, statistics.median(map(len, files)) / 1000, memory)


def _holder(n: int) -> Holder:
    one, two, three = (SYLLABLES[n // 16**place % 16] for place in range(3))
    return Holder(one.title() + two, f"{three.title()}{one} {n % 7 * 'van '}Berg")
