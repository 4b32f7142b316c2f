"""kill -9 at any moment: what was acknowledged is there afterwards, with its mail; what was not is whole or absent."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from certificates import read_number
from tests.cast import publish_sample
from tests.faults.crowd import make_claim_link
from tests.live import LiveServer
from university import audit
from university.database import Database
from university.models import Award, Course, Outbox
from university.settings import Settings, read_settings

KILLS = 10  # on each engine
CLIENTS = 6
CLAIMS = 4000
SECONDS_BETWEEN_KILLS = (0.3, 0.9)


def make_links(session: Session, course: Course, count: int) -> list[str]:
    """Tokens of claims by so many people, all waiting for the button."""
    return [make_claim_link(session, course, n) for n in range(count)]


class Crowd:
    """People who press their buttons as fast as the server answers, and remember what it told them."""

    def __init__(self, address: str, links: list[str]) -> None:
        self.address = address
        self.acknowledged: list[str] = []
        self._waiting: SimpleQueue[str] = SimpleQueue()
        self._done = threading.Event()
        for link in links:
            self._waiting.put(link)

    def __enter__(self) -> Crowd:
        self._threads = ThreadPoolExecutor(CLIENTS)
        self._running = [self._threads.submit(self._press) for _ in range(CLIENTS)]
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._threads.shutdown()
        for running in self._running:
            running.result()

    def _press(self) -> None:
        for link in self._links():
            try:
                answer = httpx.post(
                    f"{self.address}/claims/confirm/{link}", headers={"sec-fetch-site": "same-origin"}, timeout=10
                )
            except httpx.HTTPError:  # killed under our hands: nobody was told anything
                time.sleep(0.02)
                continue
            assert answer.status_code in {303, 503}, answer.status_code
            if answer.status_code == 303:
                self.acknowledged.append(answer.headers["location"].removeprefix("/verify/"))

    def _links(self) -> Iterator[str]:
        while not self._done.is_set():
            try:
                yield self._waiting.get_nowait()
            except Empty:
                return


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Iterator[LiveServer]:
    with LiveServer(tmp_path / "data", processes=2, database_url=database_url) as server:
        yield server


@pytest.fixture
def its_database(live: LiveServer) -> Iterator[Database]:
    database = Database(settings_of(live))
    yield database
    database.close()


def settings_of(live: LiveServer) -> Settings:
    return read_settings(live.settings)


def test_fa1_a_killed_server_loses_nothing_it_acknowledged(live: LiveServer, its_database: Database) -> None:
    chance = random.Random(20)
    course = publish_sample(its_database)
    with its_database.writing() as session:
        links = make_links(session, course, CLAIMS)
    with Crowd(live.address, links) as crowd:
        for _ in range(KILLS):
            time.sleep(chance.uniform(*SECONDS_BETWEEN_KILLS))
            live.kill()
            live.start()
        time.sleep(0.5)
    live.stop()
    told = {read_number(number) for number in crowd.acknowledged}
    assert len(told) == len(crowd.acknowledged) > KILLS * 5

    with its_database.reading() as session:
        issued = set(session.scalars(select(Award.number)))
        assert told <= issued, "an acknowledged certificate is gone"
        mails = select(Outbox.award_id, func.count()).where(Outbox.kind == "issued").group_by(Outbox.award_id)
        mails_of = dict(session.execute(mails).all())
        assert {mails_of.get(award_id) for award_id in session.scalars(select(Award.id))} == {1}
        assert session.scalar(select(func.count(func.distinct(Award.enrolment_id)))) == len(issued)
        assert audit.check(session) is None
        if its_database.is_sqlite:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
