"""The real program under load, and its database seen from beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.crowd import settings_of
from tests.live import LiveServer
from university.database import Database


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Iterator[LiveServer]:
    with LiveServer(tmp_path / "data", processes=2, database_url=database_url) as server:
        yield server


@pytest.fixture
def its_database(live: LiveServer) -> Iterator[Database]:
    database = Database(settings_of(live))
    yield database
    database.close()
