"""Two places of a store, the recovery key, and a clock that moves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

from university import clock
from university.settings import Settings

START = datetime(2026, 11, 26, 10, 30, tzinfo=UTC)


class Clock:
    """A clock that moves when a test says so."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time

    def move(self, **by: float) -> datetime:
        self.time += timedelta(**by)
        return self.time


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ours = Clock(START)
    monkeypatch.setattr(clock, "now", ours.now)
    return ours


@pytest.fixture(scope="session")
def store() -> Iterator[str]:
    """The address of an S3 server of our own, over real HTTP."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ[name] = "test"
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def refusing_store(store: str) -> Iterator[None]:
    """From here on the store refuses whoever asks: it does not know our keys any more."""
    httpx.post(f"{store}/moto-api/reset-auth", content="0")
    yield
    httpx.post(f"{store}/moto-api/reset-auth", content="inf")


@pytest.fixture
def bucket(store: str, tmp_path: Path) -> str:
    """The address of an empty bucket, as the settings take it."""
    name = f"backups-{abs(hash(str(tmp_path)))}"
    boto3.client("s3", endpoint_url=store, region_name="us-east-1").create_bucket(Bucket=name)
    return f"s3://{name}/university?endpoint={store}"


@pytest.fixture(params=["folder", "bucket"])
def second_place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "elsewhere") if request.param == "folder" else str(request.getfixturevalue("bucket"))


@pytest.fixture
def with_second(settings: Settings, second_place: str) -> Settings:
    return settings.model_copy(update={"backup_copy": second_place})
