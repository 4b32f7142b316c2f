"""The real program under load, and its database seen from beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live import LiveServer
from university.settings import Settings


@pytest.fixture
def installation(settings: Settings, database_url: str) -> LiveServer:
    """Not started yet, its database (`database`) on the present schema; its files lie alone in their folder."""
    return LiveServer(settings.data, processes=2, database_url=database_url)


@pytest.fixture
def live(installation: LiveServer) -> Iterator[LiveServer]:
    with installation:
        yield installation
