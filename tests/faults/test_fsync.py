"""FA10: the disk has a certificate before anybody is told that it is issued."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, text

from tests.databases import connected
from tests.faults.crowd import OURS, make_links, wait_for_backup
from tests.faults.figures import Note, Rounds
from tests.faults.tracing import confirmations, is_on_disk, traced
from tests.live import LiveServer
from university.database import Database
from university.models import Outbox

JOURNALS = {
    "sqlite": re.compile(r"university\.sqlite3-wal$"),
    "postgresql": re.compile(r"/pg_wal/[0-9A-F]{24}$"),
}


def confirm_one_by_one(live: LiveServer, database: Database, links: list[str]) -> None:
    """The next one when the mail of the one before is sent: who works for whom can be told apart."""
    for count, link in enumerate(links, start=1):
        answer = httpx.post(f"{live.address}/claims/confirm/{link}", headers=OURS, timeout=60)
        assert answer.status_code == 303
        until = time.monotonic() + 60
        while sent(database) < count:
            assert time.monotonic() < until
            time.sleep(0.02)


def sent(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Outbox).where(Outbox.sent_at.is_not(None))) or 0


class Writers:
    """The processes that write the journal besides the program's own, and those of them that never do so for it."""

    def __init__(self, database: Database) -> None:
        self.main: list[int] = []
        self.ignored: set[int] = set()
        if not database.is_sqlite:
            with database.reading() as session:
                folder = session.scalar(text("SHOW data_directory"))
                others = session.scalars(
                    text("SELECT pid FROM pg_stat_activity WHERE backend_type != 'client backend'")
                )
                self.ignored = set(others)
            self.main = [int((Path(str(folder)) / "postmaster.pid").read_text().splitlines()[0])]


def on_disk_when_answered(live: LiveServer, database: Database, trace: Path, count: int) -> list[bool]:
    links = make_links(database, count)
    live.processes = 1
    with live:
        assert live.process
        wait_for_backup(database)
        writers = Writers(database)
        with traced([live.process.pid, *writers.main], trace):
            confirm_one_by_one(live, database, links)
    journal = JOURNALS["sqlite" if database.is_sqlite else "postgresql"]
    found = confirmations(trace.read_text(errors="replace"), journal, writers.ignored)
    assert len(found) == count, "the trace does not show every request and its answer"
    return [is_on_disk(one) for one in found]


@pytest.fixture(autouse=True)
def _syncing(request: pytest.FixtureRequest, engine_name: str) -> Iterator[None]:
    """The tests' own PostgreSQL need not wait for the disk; here it must. And nobody cleans up in it meanwhile: those
    who do come and go, and write to the journal for no claim."""
    if engine_name == "sqlite":
        yield
        return
    with connected(request.getfixturevalue("postgres")) as admin:
        for syncing, cleaning in (("on", "off"), ("off", "on")):
            admin.execute(text(f"ALTER SYSTEM SET fsync = {syncing}"))
            admin.execute(text(f"ALTER SYSTEM SET autovacuum = {cleaning}"))
            admin.execute(text("SELECT pg_reload_conf()"))
            if syncing == "on":
                yield


def test_fa10_a_sync_of_the_journal_comes_before_the_answer_of_every_claim(
    installation: LiveServer, database: Database, tmp_path: Path, rounds: Rounds, figure: Note
) -> None:
    found = on_disk_when_answered(installation, database, tmp_path / "trace", rounds(3, 30))
    figure(f"{sum(found)} of {len(found)} answers came after a sync of the journal")
    assert all(found)


@pytest.fixture
def hasty(installation: LiveServer, database: Database, database_url: str) -> Iterator[str]:
    """The installation answers before the disk has what it says; how that comes."""
    if database.is_sqlite:
        installation.variant = "tests.faults.variants.late_sync"
        yield "synchronous=NORMAL"
        return
    with connected(database_url) as admin:
        name = admin.scalar(text("SELECT current_database()"))
        admin.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
        yield "synchronous_commit=off"
        admin.execute(text(f"ALTER DATABASE {name} RESET synchronous_commit"))


def test_fa10_the_same_check_finds_a_program_that_syncs_later(
    installation: LiveServer, database: Database, hasty: str, tmp_path: Path, figure: Note
) -> None:
    found = on_disk_when_answered(installation, database, tmp_path / "trace", 3)
    figure(f"a variant with {hasty}: {sum(found)} of {len(found)} answers came after a sync")
    assert sum(found) < 2  # one may be saved by the checkpoint that came just then
