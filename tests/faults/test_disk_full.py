"""FA3: a disk without room for one more byte."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, text

from tests.databases import connected, on_database
from tests.faults.crowd import OURS, Crowd, losses, make_links, settings_of, told_number, wait_for_backup
from tests.faults.figures import Note
from tests.live import LiveServer
from tests.static import lend
from university.database import Database
from university.models import Award

# Of PostgreSQL the tables of one database alone lie on it: a new one takes 11 MB.
MEGABYTES = {"sqlite": 8, "postgresql": 20}


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="a disk of its own can only be mounted by root")


@pytest.fixture
def small_disk(engine_name: str) -> Iterator[Path]:
    """A disk of its own in memory; mounting one takes root. Not among pytest's folders, which are closed to the user
    that PostgreSQL runs as."""
    with tempfile.TemporaryDirectory(prefix="university-disk-") as folder:
        disk = Path(folder) / "disk"
        disk.mkdir()
        Path(folder).chmod(0o711)
        words = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES[engine_name]}m,mode=700", "tmpfs", str(disk)]
        subprocess.run(words, check=True)
        yield disk
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def installation(
    engine_name: str, small_disk: Path, tmp_path: Path, sqlite_template: Path, request: pytest.FixtureRequest
) -> Iterator[LiveServer]:
    """All that this installation owns lies on the small disk; with PostgreSQL its database, with SQLite everything."""
    if engine_name == "sqlite":
        shutil.copy(sqlite_template, small_disk)
        yield LiveServer(small_disk)
        return
    server, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template")
    lend(tmp_path / "data")
    with connected(server) as admin:
        owner = Path(str(admin.scalar(text("SHOW data_directory")))).stat()
        os.chown(small_disk, owner.st_uid, owner.st_gid)
        admin.execute(text(f"CREATE TABLESPACE small_disk LOCATION '{small_disk}'"))
        admin.execute(text(f"CREATE DATABASE on_small_disk TEMPLATE {template} TABLESPACE small_disk"))
        yield LiveServer(tmp_path / "data", database_url=on_database(server, "on_small_disk"))
        admin.execute(text("DROP DATABASE on_small_disk WITH (FORCE)"))
        admin.execute(text("DROP TABLESPACE small_disk"))


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
    installation: LiveServer, small_disk: Path, figure: Note
) -> None:
    database = Database(settings_of(installation))
    links = make_links(database, 60)
    with installation as live:
        with Crowd(live.address, links[:10]) as before:
            before.wait_for(10, 60)
        wait_for_backup(database)
        if database.is_sqlite:
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
        told = [*before.acknowledged, *crowd.acknowledged, told_number(again)]
    found = losses(database, settings_of(live), told)
    database.close()
    figure(f"{crowd.refused} refused with 503 on a full disk, {len(told)} acknowledged, {len(found)} lost, no restart")
    assert found == []
