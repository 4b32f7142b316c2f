"""FA2: kill -9 while people delete everything. Whoever decided to go is gone after the restart, with a receipt."""

from __future__ import annotations

import hashlib
import random
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text

from certificates import show_number
from tests import cast
from tests.faults.crowd import OURS, settings_of, wait_for_backup
from tests.faults.figures import Note, Rounds
from tests.faults.test_kills import kill_often
from tests.live import LiveServer
from tests.privacy import canary
from tests.privacy.test_absence import files_of
from university import clock
from university.chains.ledger import open_ledger
from university.database import Database
from university.mailing.mail import enqueue
from university.models import Award, LocalMail, Person, PortalSession, Receipt
from university.rights import traces

FAILPOINTS = ("after_ledger", "after_db", "after_files")
ENCODINGS = 18
LEAVERS = 4


def make_visitors(database: Database, count: int) -> dict[str, str]:
    """Holders of a certificate, with its mail under way and “My data” open in their browsers: address and cookie."""
    visitors = {}
    with database.writing() as session:
        course = cast.make_course(session, slug=f"course-{secrets.token_hex(4)}")
        for _ in range(count):
            email, secret, now = f"{secrets.token_hex(4)}-{canary.EMAIL}", secrets.token_urlsafe(32), clock.now()
            person = cast.make_person(session, email)
            award = cast.make_award(session, person, course, first_name=canary.FIRST_NAME, last_name=canary.LAST_NAME)
            enqueue(session, "issued", language="en", person_id=person.id, award_id=award.id)
            digest = hashlib.sha256(secret.encode()).hexdigest()
            session.add(PortalSession(secret_sha256=digest, person_id=person.id, created_at=now, last_seen_at=now))
            visitors[email] = secret
    return visitors


def delete_everything(browser: httpx.Client, live: LiveServer, secret: str) -> httpx.Response:
    headers = {**OURS, "cookie": f"p={secret}"}
    return browser.post(f"{live.address}/privacy/my-data/delete", data={"word": "DELETE"}, headers=headers, timeout=30)


def test_fa2_i5_whoever_decided_to_go_when_the_program_died_is_gone_after_the_restart(
    installation: LiveServer, database: Database, rounds: Rounds, figure: Note
) -> None:
    """Each start is also the restart after the death before. Every file is looked through after each; when short, once
    at the end, for nothing that is left goes by itself."""
    numbers: list[str] = []
    installation.processes = 1
    for point in (*FAILPOINTS, ""):
        installation.settings["UNIVERSITY_FAIL_AT"] = point
        with installation as live:
            check_all_gone(live, database, numbers, in_files=rounds(int(not point), 1) and bool(numbers))
            if point:
                numbers.append(die_while_deleting(live, database))
                with database.reading() as session:
                    is_there = session.scalar(select(Person)) is not None
                assert is_there == (point == "after_ledger"), "it died somewhere else"
    figure(f"died {', '.join(FAILPOINTS)}: gone after the restart, with a receipt; 0 finds in {ENCODINGS} encodings")


def die_while_deleting(live: LiveServer, database: Database) -> str:
    """The number of the certificate that is withdrawn now, or will be after the restart."""
    ((email, secret),) = make_visitors(database, 1).items()
    with database.reading() as session:
        number = session.scalars(select(Award.number)).one()
    wait_for_mail(database, email)
    with httpx.Client() as browser, pytest.raises(httpx.HTTPError):
        delete_everything(browser, live, secret)
    live.kill()
    return number


def check_all_gone(live: LiveServer, database: Database, numbers: list[str], *, in_files: bool) -> None:
    """As soon as the program serves: nobody is there, each has a receipt, and no file shows a canary."""
    assert check_receipts(live, database) == len(numbers)
    for number in numbers:
        assert httpx.get(f"{live.address}/verify/{show_number(number)}.json").json()["standing"] == "withdrawn"
    with database.reading() as session:
        assert session.scalars(select(Person.email)).all() == []
    if in_files:
        assert finds_of(live, database) == set()


def wait_for_mail(database: Database, email: str) -> None:
    """Until the mail with the name in it lies in the local mailbox."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with database.reading() as session:
            if session.scalar(select(LocalMail.id).where(LocalMail.recipient == email)):
                return
        time.sleep(0.05)
    raise AssertionError("the mail was not sent")


def check_receipts(live: LiveServer, database: Database) -> int:
    """Every decision of the ledger has its receipt, which its page shows."""
    written = [record.body["receipt"] for record in open_ledger(settings_of(live)).records()]
    with database.reading() as session:
        assert set(session.scalars(select(Receipt.id))) == set(written)
    for receipt in written[:20]:
        assert httpx.get(f"{live.address}/privacy/receipt/{receipt}").status_code == 200
    return len(written)


def finds_of(live: LiveServer, database: Database) -> set[str]:
    """Canaries in all live files: database, journal, ledger, backups, logs. PostgreSQL is written anew first, as every
    night."""
    needles = [how for how in canary.encodings(canary.LAST_NAME) if how != "plus"]
    assert len(needles) == ENCODINGS
    wait_for_backup(database)
    found = canary.in_tables(database)
    if not database.is_sqlite:
        traces.rewrite_tables(database.engine)
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
        found |= canary.in_files(files_of(database))
    # SQLite's locks are the process's: reading a file by another handle while a connection is open would drop them.
    database.close()
    return found | canary.in_files(live.data.parent)


class Leavers:
    """Press the button one after the other, and again if the server hung up, until they know that they are gone."""

    def __init__(self, live: LiveServer, visitors: dict[str, str]) -> None:
        self.live = live
        self.receipts = 0
        self.unheard = 0
        self._waiting: SimpleQueue[str] = SimpleQueue()
        self._stop = threading.Event()
        for secret in visitors.values():
            self._waiting.put(secret)

    def __enter__(self) -> Leavers:
        self._threads = ThreadPoolExecutor(LEAVERS)
        self._running = [self._threads.submit(self._leave) for _ in range(LEAVERS)]
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind:
            self._stop.set()
        self._threads.shutdown()
        for running in self._running:
            running.result()

    def _leave(self) -> None:
        with httpx.Client() as browser:
            while not self._stop.is_set():
                try:
                    self._leave_for_good(browser, self._waiting.get_nowait())
                except Empty:
                    return

    def _leave_for_good(self, browser: httpx.Client, secret: str) -> None:
        was_cut_off = False
        while not self._stop.is_set():
            try:
                answer = delete_everything(browser, self.live, secret)
            except httpx.HTTPError as error:
                was_cut_off |= not isinstance(error, httpx.ConnectError)
                time.sleep(0.02)
                continue
            if answer.status_code == 200:
                assert "/privacy/receipt" in answer.text
                self.receipts += 1
            else:
                assert was_cut_off, answer.status_code
                assert answer.status_code in {403, 410}, answer.status_code
                self.unheard += 1
            return


def test_fa2_i5_a_server_killed_at_random_during_deletions_brings_nobody_back(
    installation: LiveServer, database: Database, rounds: Rounds, figure: Note
) -> None:
    kills = rounds(1, 10)
    visitors = make_visitors(database, rounds(16, 400))
    with installation as live:
        with Leavers(live, visitors) as leavers:
            kill_often(live, kills, random.Random(20))
        live.kill()
    with installation as live:
        receipts = check_receipts(live, database)
        decided = {UUID(record.body["person"]) for record in open_ledger(settings_of(live)).records()}
        with database.reading() as session:
            assert not decided & set(session.scalars(select(Person.id))), "a decision was not carried out"
            assert session.scalars(select(Person.email)).all() == []
        finds = finds_of(live, database)
    figure(
        f"{kills + 1} kills at random, {len(visitors)} people: {leavers.receipts} receipts shown, {leavers.unheard} "
        f"cut off, {receipts} kept; 0 came back, {len(finds)} finds in {ENCODINGS} encodings"
    )
    assert leavers.receipts + leavers.unheard == len(visitors) == receipts
    assert finds == set()
