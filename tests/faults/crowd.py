"""People who press their buttons as fast as the server answers, and what must hold afterwards."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

import httpx
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from certificates import read_number
from tests.cast import publish_sample
from tests.live import LiveServer, link_in
from university import clock, tokens
from university.chains import audit
from university.chains.ledger import open_ledger
from university.database import Database
from university.models import Award, Claim, Course, Enrolment, JobRun, Outbox
from university.retention import CLAIM_LIFETIME
from university.settings import Settings, read_settings

CLIENTS = 8
OURS = {"sec-fetch-site": "same-origin"}


def told_number(answer: httpx.Response) -> str:
    """The number of the certificate to which the button leads."""
    return urlsplit(answer.headers["location"]).path.removeprefix("/verify/")


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
    """Presses each button until it is answered, and keeps what it was told.

    `unanswered` counts presses that the server hung up on: those may or may not have been carried out, and are
    repeated. Whoever then learns that the link was used already is `unheard`: the certificate is there. `in_doubt`
    are those who went home without an answer. After a 503 a client rests for `pause` seconds: else everybody would be
    refused before a restart is over.
    """

    def __init__(self, address: str, links: list[str], clients: int = CLIENTS, pause: float = 0) -> None:
        self.address = address
        self.clients = clients
        self.pause = pause
        self.acknowledged: list[str] = []
        self.refused = 0
        self.unanswered = 0
        self.unheard = 0
        self.in_doubt = 0
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
        with httpx.Client(timeout=30, headers=OURS) as browser:
            for link in self._links():
                self._press_until_answered(browser, f"{self.address}/claims/confirm/{link}")

    def _press_until_answered(self, browser: httpx.Client, link: str) -> None:
        may_be_done = False
        while True:
            try:
                return self._hear(browser.post(link), may_be_done)
            except httpx.ConnectError:
                pass  # nobody was there to hear it
            except httpx.HTTPError:
                self.unanswered += 1
                may_be_done = True
            if self._done.is_set():
                self.in_doubt += may_be_done
                return None
            time.sleep(0.02)

    def _hear(self, answer: httpx.Response, may_be_done: bool) -> None:
        if answer.status_code == 303:
            self.acknowledged.append(told_number(answer))
        elif answer.status_code == 410 and may_be_done:
            self.unheard += 1
        else:
            assert answer.status_code == 503, answer.status_code
            self.refused += 1
            self._done.wait(self.pause)

    def _links(self) -> Iterator[str]:
        while not self._done.is_set():
            try:
                yield self._waiting.get_nowait()
            except Empty:
                return


def wait_for_backup(database: Database) -> None:
    """Until the backup is made, or given up, that a program begins with: its tools come and go, its copy takes room
    and gives it back, and what it reads nobody else may lock."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with database.reading() as session:
            if session.get(JobRun, "backup"):
                return
        time.sleep(0.05)
    raise AssertionError("the worker does not run its jobs")


def settings_of(live: LiveServer) -> Settings:
    return read_settings(live.settings)


def losses(database: Database, settings: Settings, acknowledged: list[str], unheard: int = 0) -> list[str]:
    """What does not hold of I1 to I4, in words; nothing if all is well."""
    with database.reading() as session:
        found = [
            *_lost(session, [read_number(number) or "" for number in acknowledged], unheard),
            *_without_one_mail(session),
        ]
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


def _lost(session: Session, told: list[str], unheard: int) -> Iterator[str]:
    issued = set(session.scalars(select(Award.number)))
    if len(set(told)) != len(told):
        yield "I1: one number was told to two people"
    if set(told) - issued:
        yield f"I1: {len(set(told) - issued)} acknowledged certificates are gone"
    if len(issued) < len(told) + unheard:
        yield f"I1: {len(issued)} certificates for {len(told)} who were told and {unheard} whose link is used up"
    for column in (Award.enrolment_id, Award.person_id):
        if session.scalar(select(func.count(column.distinct()))) != len(issued):
            yield f"I2: two certificates for one {column.key.removesuffix('_id')}"


def _without_one_mail(session: Session) -> Iterator[str]:
    mails = select(Outbox.award_id, func.count()).where(Outbox.kind == "issued").group_by(Outbox.award_id)
    mails_of = dict(session.execute(mails).all())
    without = [award for award in session.scalars(select(Award.id)) if mails_of.get(award) != 1]
    if without:
        yield f"I3: {len(without)} certificates without exactly one mail"


def lies(database: Database, mails: list[EmailMessage]) -> list[str]:
    """Mails about certificates that are not there, or about one certificate twice (I3). The same mail may come twice,
    and then shows it by its Message-ID."""
    with database.reading() as session:
        issued = set(session.scalars(select(Award.number)))
    found: list[str] = []
    known: dict[str, str] = {}
    for mail in mails:
        number = read_number(link_in(mail, "/verify/").rpartition("/")[2]) or ""
        if number not in issued:
            found.append("I3: a mail about a certificate that is not there")
        if known.setdefault(number, mail["Message-ID"]) != mail["Message-ID"]:
            found.append("I3: two mails about one certificate")
    return found
