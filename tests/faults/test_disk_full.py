"""FA3: a disk without room for one more byte."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from tests.faults.crowd import OURS, Crowd, losses, make_links, settings_of
from tests.faults.figures import Note
from tests.live import LiveServer
from university.database import Database
from university.models import Award

MEGABYTES = 8


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="a disk of its own can only be mounted by root")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own in memory; mounting one takes root."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=700", "tmpfs", str(folder)]
    subprocess.run(words, check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Takes every free byte."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (64 * 1024, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return ballast


def empty_journal(database: Database) -> None:
    connection = database.engine.raw_connection()
    until = time.monotonic() + 20
    while connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() != (0, 0, 0):
        assert time.monotonic() < until
    connection.close()


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Award)) or 0


@needs_root
def test_fa3_i8_a_full_disk_refuses_in_words_leaves_nothing_half_and_heals_without_a_restart(
    small_disk: Path, figure: Note
) -> None:
    with LiveServer(small_disk) as live:
        database = Database(settings_of(live))
        links = make_links(database, 60)
        with Crowd(live.address, links[:10]) as before:
            before.wait_for(10, 30)
        empty_journal(database)  # else it has room that was taken before
        ballast = fill(small_disk)
        had = count(database)
        with Crowd(live.address, links[10:50], clients=2) as crowd:
            crowd.wait_for(40, 60)
        assert crowd.refused > 0, "the disk was not full"
        assert count(database) == had + len(crowd.acknowledged)
        assert crowd.refused + len(crowd.acknowledged) == 40
        assert httpx.get(f"{live.address}/healthz").status_code == 200
        ballast.unlink()
        again = httpx.post(f"{live.address}/claims/confirm/{links[-1]}", headers=OURS, timeout=20)
        assert again.status_code == 303
        told = [*before.acknowledged, *crowd.acknowledged, again.headers["location"].removeprefix("/verify/")]
        figure(f"{crowd.refused} refused with 503 on a full disk, {len(told)} acknowledged, 0 lost, no restart")
        live.stop()
        assert losses(database, settings_of(live), told) == []
        database.close()
