"""FA10: the disk has a certificate before anybody is told that it is issued."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
from sqlalchemy import func, select

from tests.conftest import only_on
from tests.faults.crowd import OURS, make_links
from tests.faults.figures import Note, Rounds
from tests.faults.tracing import confirmations, is_on_disk, traced
from tests.live import LiveServer
from university.database import Database
from university.models import Outbox

JOURNAL = re.compile(r"university\.sqlite3-wal$")


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


def on_disk_when_answered(live: LiveServer, database: Database, trace: Path, count: int) -> list[bool]:
    links = make_links(database, count)
    live.processes = 1
    with live:
        assert live.process
        with traced([live.process.pid], trace):
            confirm_one_by_one(live, database, links)
    found = confirmations(trace.read_text(errors="replace"), JOURNAL)
    assert len(found) == count, "the trace does not show every request and its answer"
    return [is_on_disk(one) for one in found]


@only_on("sqlite")
def test_fa10_a_sync_of_the_journal_comes_before_the_answer_of_every_claim(
    installation: LiveServer, database: Database, tmp_path: Path, rounds: Rounds, figure: Note
) -> None:
    found = on_disk_when_answered(installation, database, tmp_path / "trace", rounds(5, 50))
    figure(f"{sum(found)} of {len(found)} answers came after a sync of the journal")
    assert all(found)


@only_on("sqlite")
def test_fa10_the_same_check_finds_a_program_that_syncs_later(
    installation: LiveServer, database: Database, tmp_path: Path, figure: Note
) -> None:
    installation.variant = "tests.faults.variants.late_sync"
    found = on_disk_when_answered(installation, database, tmp_path / "trace", 5)
    figure(f"a variant with synchronous=NORMAL: {sum(found)} of {len(found)} answers came after a sync")
    assert sum(found) < 2  # one may be saved by the checkpoint that came just then
