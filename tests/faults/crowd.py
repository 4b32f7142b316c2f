"""People who press their buttons as fast as the server answers, and what must hold afterwards."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue

import httpx
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from certificates import read_number
from tests.cast import publish_sample
from tests.live import LiveServer
from university import audit, clock, tokens
from university.database import Database
from university.ledger import open_ledger
from university.models import Award, Claim, Course, Enrolment, Outbox
from university.retention import CLAIM_LIFETIME
from university.settings import Settings, read_settings

CLIENTS = 8
OURS = {"sec-fetch-site": "same-origin"}


def make_claim_link(session: Session, course: Course, n: int, enrolment: Enrolment | None = None) -> str:
    """The token of a claim that waits for the button."""
    now = clock.now()
    if enrolment is None:
        enrolment = Enrolment(
            secret_sha256=secrets.token_hex(32),
            course_id=course.id,
            started_revision_id=course.revision_id,
            requirements={},
            created_at=now,
            last_active_at=now,
        )
        session.add(enrolment)
        session.flush()
    claim = Claim(
        enrolment_id=enrolment.id,
        revision_id=course.revision_id,
        first_name="Ada",
        last_name="Lovelace",
        email=f"ada-{n}@example.org",
        language="en",
        created_at=now,
        expires_at=now + CLAIM_LIFETIME,
    )
    session.add(claim)
    session.flush()
    return tokens.make(session, tokens.CLAIM, claim_id=claim.id, lifetime=CLAIM_LIFETIME)


def make_links(database: Database, count: int) -> list[str]:
    """So many people, all waiting for the button."""
    course = publish_sample(database)
    with database.writing() as session:
        return [make_claim_link(session, course, n) for n in range(count)]


class Crowd:
    """Presses each button once. What was told is kept; a server that hung up told nobody anything."""

    def __init__(self, address: str, links: list[str], clients: int = CLIENTS) -> None:
        self.address = address
        self.clients = clients
        self.acknowledged: list[str] = []
        self.refused = 0
        self.unanswered = 0
        self._waiting: SimpleQueue[str] = SimpleQueue()
        self._done = threading.Event()
        for link in links:
            self._waiting.put(link)

    def __enter__(self) -> Crowd:
        self._threads = ThreadPoolExecutor(self.clients)
        self._running = [self._threads.submit(self._press) for _ in range(self.clients)]
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._threads.shutdown()
        for running in self._running:
            running.result()

    def wait_for(self, count: int, seconds: float) -> None:
        """Until so many were told, or everybody was served."""
        until = time.monotonic() + seconds
        while len(self.acknowledged) < count and not self._waiting.empty():
            assert time.monotonic() < until, f"{len(self.acknowledged)} of {count} after {seconds} s"
            time.sleep(0.05)

    def _press(self) -> None:
        with httpx.Client(timeout=20, headers=OURS) as browser:
            for link in self._links():
                try:
                    answer = browser.post(f"{self.address}/claims/confirm/{link}")
                except httpx.HTTPError:
                    self.unanswered += 1
                    time.sleep(0.02)
                    continue
                assert answer.status_code in {303, 503}, answer.status_code
                if answer.status_code == 303:
                    self.acknowledged.append(answer.headers["location"].removeprefix("/verify/"))
                else:
                    self.refused += 1

    def _links(self) -> Iterator[str]:
        while not self._done.is_set():
            try:
                yield self._waiting.get_nowait()
            except Empty:
                return


def settings_of(live: LiveServer) -> Settings:
    return read_settings(live.settings)


def losses(database: Database, settings: Settings, acknowledged: list[str]) -> list[str]:
    """What does not hold of I1 to I4 and I8, in words; nothing if all is well."""
    found = []
    told = {read_number(number) for number in acknowledged}
    with database.reading() as session:
        issued = set(session.scalars(select(Award.number)))
        if len(told) != len(acknowledged):
            found.append("I1: one number was told to two people")
        if told - issued:
            found.append(f"I1: {len(told - issued)} acknowledged certificates are gone")
        if session.scalar(select(func.count(func.distinct(Award.enrolment_id)))) != len(issued):
            found.append("I2: two certificates for one progress")
        mails = select(Outbox.award_id, func.count()).where(Outbox.kind == "issued").group_by(Outbox.award_id)
        mails_of = dict(session.execute(mails).all())
        without = [award for award in session.scalars(select(Award.id)) if mails_of.get(award) != 1]
        if without:
            found.append(f"I3: {len(without)} certificates without exactly one mail")
        if audit.check(session) is not None:
            found.append("I4: the audit log is broken")
        if database.is_sqlite and (
            session.scalar(text("PRAGMA integrity_check")) != "ok"
            or session.execute(text("PRAGMA foreign_key_check")).first()
        ):
            found.append("I4: the database is damaged")
    if open_ledger(settings).check():
        found.append("I4: the rights ledger is broken")
    return found
