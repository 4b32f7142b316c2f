"""Pages a second of one server process, beside the same server's handler of fixed bytes."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import select

from certificates import show_number
from tests.benchmarks.load import CONNECTIONS, Load, measured
from tests.live import LiveServer
from tests.verify.conftest import award
from university.database import Database
from university.models import Course, Lesson
from university.settings import read_settings

SECONDS = 5
WARM_UP = 1


@dataclass(frozen=True)
class Page:
    """`goal` is the share of the rate of fixed bytes that it should reach."""

    name: str
    path: str
    goal: float | None


def run(database_url: str = "") -> None:
    """Prints a table for one engine; SQLite without an address."""
    with tempfile.TemporaryDirectory() as folder:
        live = LiveServer(Path(folder) / "data", database_url=database_url)
        with live:
            pages = _pages(live)
            print(f"{'PostgreSQL' if database_url else 'SQLite'}, one process, {CONNECTIONS} connections")
            print(f"{'':24} {'a second':>9} {'p99 ms':>7} {'of fixed':>9} {'goal':>6} {'kB':>6}")
            fixed = None
            for page in pages:
                load = _of(live.address + page.path)
                fixed = fixed or load
                _print(page, load, fixed, len(httpx.get(live.address + page.path).content))


def _of(address: str) -> Load:
    measured(address, WARM_UP)
    return measured(address, SECONDS)


def _print(page: Page, load: Load, fixed: Load, size: int) -> None:
    goal = f"{page.goal:.2f}" if page.goal else ""
    share = load.rate / fixed.rate
    print(f"{page.name:24} {load.rate:9.0f} {load.p99:7.1f} {share:9.2f} {goal:>6} {size / 1000:6.1f}", flush=True)


def _pages(live: LiveServer) -> list[Page]:
    database = Database(read_settings(live.settings))
    is_sqlite = database.is_sqlite
    with database.writing() as session:
        course = session.scalars(select(Course).order_by(Course.slug)).first()
        assert course, "the bundled courses are loaded at the first start"
        number = show_number(award(session, course).number)
        lessons = select(Lesson.lesson_id).where(Lesson.revision_id == course.revision_id)
        lesson = session.scalars(lessons.order_by(Lesson.position)).first()
        slug = course.slug
    database.close()
    return [
        Page("fixed bytes", "/healthz", None),
        Page("certificate page", f"/verify/{number}", 0.33 if is_sqlite else 0.15),
        Page("certificate JSON", f"/verify/{number}.json", None),
        Page("certificate PDF", f"/verify/{number}.pdf", None),
        Page("verify form", "/verify", None),
        Page("lesson", f"/courses/{slug}/{lesson}", 0.3),
        Page("course", f"/courses/{slug}", 0.3),
        Page("catalogue", "/", None),
        Page("static file", _style_sheet(live), None),
    ]


def _style_sheet(live: LiveServer) -> str:
    found = re.search(r'href="(/static/[^"]+/style\.css)"', httpx.get(f"{live.address}/verify").text)
    assert found
    return found[1]
