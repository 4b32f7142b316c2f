"""The sample course, open, and a learner who knows nothing yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.cast import publish_sample
from tests.learner import Learner
from university import clock
from university.database import Database
from university.models import Course


@pytest.fixture
def course(database: Database) -> Course:
    return publish_sample(database)


@pytest.fixture
def ben(client: TestClient[Any], course: Course) -> Learner:
    return Learner(client)


class Clock:
    """A clock that goes on only when told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def wait(self, **time: float) -> None:
        self.moment += timedelta(**time)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr(clock, "now", stopped)
    return stopped
