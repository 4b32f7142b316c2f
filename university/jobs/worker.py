"""What happens behind the pages: mail leaves the outbox, and scheduled jobs run.

Any number of workers may run, in threads, processes or machines. A mail is leased to one of them for a minute, so it
is sent at least once and, unless a worker dies between the mail server's answer and its own note, exactly once.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID
from zlib import crc32

import click
from jinja2 import Environment
from sqlalchemy import ColumnElement, and_, or_, select, text, true, update
from sqlalchemy.orm import Session

from university import clock
from university.chains.ledger import open_ledger
from university.consents.bounces import BOUNCE, note_bounce
from university.consents.never import is_never_mailed
from university.consents.withdrawing import count_one
from university.database import Database
from university.jobs import job_notes
from university.keys.keyring import open_keyring
from university.language import speaking
from university.mailing import mail
from university.mailing.breaker import SENDING, Breaker
from university.mailing.mail import Later, Letter, Undelivered, UnsafeLetter, Writer
from university.models import LocalMail, Outbox, Person
from university.retention import JOBS, Job
from university.rights.restricting import may_be_mailed
from university.serving.logs import fault_of
from university.settings import Settings

log = logging.getLogger("university.jobs.worker")

LEASE = timedelta(seconds=60)
# Clocks of two machines differ, and a worker looks at its own before it waits for its turn.
CLOCKS_APART = timedelta(minutes=5)
RETRY_MINUTES = (1, 5, 15, 60)
# An hour after a failure, or until a limit of so many mails an hour lets one through.
LONGEST_WAIT = timedelta(hours=1, minutes=1)
GIVE_UP_AFTER = timedelta(hours=72)
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_UNTIL_RETRY = 60.0

# Any number will do as long as every process asks for the same one.
JOB_LOCK = 7_201_457


class Worker:
    """Sends mail and runs jobs until it is stopped. `writers` knows every kind of mail the outbox may hold."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        templates: Environment,
        writers: Mapping[str, Writer],
        jobs: Iterable[Job] = JOBS,
        closing: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.settings = settings
        self.templates = templates
        self.writers = writers
        self.breaker = Breaker()
        self._sending_is_noted_well = False  # a worker before this one may have left another word
        self.due_jobs = dict.fromkeys(jobs, 0.0)
        self._closing = closing
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)

    def start(self) -> Worker:
        """Runs in a thread of its own from here on."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Finishes the mail under way and ends. Returns when it is done."""
        self._stopping.set()
        mail.something_to_send.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    def run(self) -> None:
        """Works until `stop` is called. A database that does not answer is asked again a little later."""
        try:
            while not self._stopping.is_set():
                try:
                    self.send_what_is_due()
                    self.run_what_is_due()
                except Exception as error:
                    log.error(json.dumps({"worker": "interrupted", **fault_of(error)}))
                    self._stopping.wait(5 * SECONDS_BETWEEN_LOOKS)
                mail.something_to_send.wait(SECONDS_BETWEEN_LOOKS)
                mail.something_to_send.clear()
        finally:
            self._closing()

    def send_what_is_due(self) -> int:
        """Sends every mail whose time has come, unless the server needs a pause; returns how many were tried."""
        tried = 0
        while not (self._stopping.is_set() or self.breaker.is_open) and (row_id := lease(self.database)):
            self._send(row_id)
            tried += 1
        return tried

    def run_what_is_due(self) -> None:
        """Runs each scheduled job that no process has run for its interval. One that fails keeps no other waiting."""
        for job, due in self.due_jobs.items():
            if not self._stopping.is_set() and time.monotonic() >= due:
                self.due_jobs[job] = time.monotonic() + self._run(job)

    def _run(self, job: Job) -> float:
        """Runs the job if it is due; the seconds until this process asks again."""
        try:
            if job.in_each_process or job_notes.is_due(self.database, job):
                run_job(self.database, job)
            return job.every.total_seconds()
        except Exception as error:
            log.error(json.dumps({"job": job.name, **fault_of(error)}))
            if not job.in_each_process:
                job_notes.note_failure(self.database, job.name, type(error).__qualname__)
            return min(job.every.total_seconds(), SECONDS_UNTIL_RETRY)

    def _send(self, row_id: UUID) -> None:
        try:
            written = self._write(row_id)
            if written:
                self._hand_over(*written, row_id)
        except Later as later:
            self._note(row_id, partial(_postpone, wait=timedelta(seconds=later.seconds)))
        except Undelivered as failure:
            self._note_refusal(row_id, failure)
            self._note(row_id, partial(_try_again, reason=failure.reason, for_good=failure.for_good))
        except Exception as error:
            log.error(json.dumps({"mail": str(row_id), **fault_of(error)}))
            is_unsafe = isinstance(error, UnsafeLetter)
            self._note(row_id, partial(_try_again, reason="unsafe" if is_unsafe else "fault", for_good=is_unsafe))

    def _note_refusal(self, row_id: UUID, failure: Undelivered) -> None:
        """A mailbox that is not there ends topic mail to its person; any other failure may be the server's."""
        if not failure.is_bounce:
            if self.breaker.note_failure():
                self._sending_is_noted_well = False
                job_notes.note_failure(self.database, SENDING, failure.reason)
            return
        self._note_answer()
        # Before the row is noted, and in a transaction of its own: the ledger's turn comes before any row's.
        with self.database.writing() as session:
            row = session.get(Outbox, row_id)
            person = session.get(Person, row.person_id) if row and row.person_id else None
            if person:
                note_bounce(session, open_ledger(self.settings), person, BOUNCE, failure.reason)

    def _write(self, row_id: UUID) -> tuple[Letter, bytes] | None:
        """The letter and its message; None, and the row is gone, when there is nothing left to say or nobody who
        wants it."""
        with self.database.writing() as session:
            row = session.get(Outbox, row_id)
            if row is None:
                return None
            if not may_be_mailed(session, row.kind, row.person_id):
                row.parked_at, row.last_error = clock.now(), "restricted"
                _count(session, row, "left_out")
                return None
            with speaking(row.language):
                letter = self.writers[row.kind](session, row, self.settings)
                if letter is None or is_never_mailed(session, open_keyring(self.settings), letter.recipient):
                    _count(session, row, "left_out")
                    session.delete(row)
                    return None
                return letter, mail.compose(letter, self.settings, self.templates, message_id=row_id)

    def _hand_over(self, letter: Letter, message: bytes, row_id: UUID) -> None:
        if self.settings.has_local_mailbox:
            self._note(row_id, partial(_is_sent, local=(letter.recipient, message)))
            click.echo(f"{letter.subject}: {self.settings.link('/mailbox')}")
        else:
            mail.deliver(message, letter.recipient, self.settings)
            self._note_answer()
            self._note(row_id, _is_sent)

    def _note_answer(self) -> None:
        """The mail server takes mail. Said once, and again after each pause; no row is written for every mail."""
        self.breaker.note_success()
        if not self._sending_is_noted_well:
            with self.database.writing() as session:
                job_notes.note_success(session, SENDING)
            self._sending_is_noted_well = True

    def _note(self, row_id: UUID, change: Callable[[Outbox], LocalMail | None]) -> None:
        """Writes down what became of a mail. An address that nothing else knows leaves with the mail it was for."""
        with self.database.writing() as session:
            row = session.get(Outbox, row_id, with_for_update=True)
            if row is None:
                return
            arrived = change(row)
            if arrived:
                session.add(arrived)
            row.leased_until = None
            if row.sent_at or row.parked_at:
                _count(session, row, "sent" if row.sent_at else "given_up")
                if row.address:
                    session.delete(row)


def lease(database: Database) -> UUID | None:
    """Takes the mail that has waited longest for this worker alone, for a minute; None when nothing is due."""
    now = clock.now()
    with database.reading() as session:
        # Most looks find nothing; a reader disturbs nobody.
        if session.scalar(select(Outbox.id).where(_is_due(now)).limit(1)) is None:
            return None
    with database.writing() as session:
        # What somebody waits for never stands behind a campaign of thousands.
        return _lease(session, now, Outbox.campaign_id.is_(None)) or _lease(session, now, true())


def _lease(session: Session, now: datetime, kind: ColumnElement[bool]) -> UUID | None:
    # "= (…)" and not "IN (…)": PostgreSQL may run the latter once per row and lease more than was asked for.
    first = select(Outbox.id).where(_is_due(now), kind).order_by(Outbox.next_try_at).limit(1)
    return session.scalar(
        update(Outbox)
        .where(Outbox.id == first.with_for_update(skip_locked=True).scalar_subquery(), _is_due(now))
        .values(leased_until=now + LEASE, tries=Outbox.tries + 1)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )


def run_job(database: Database, job: Job) -> int | None:
    """Runs the job in a transaction of its own; None when another process is running it at this moment."""
    with database.writing() as session:
        if not (job.in_each_process or _is_alone(session, job)):
            return None
        count = job.run(session, clock.now())
        if not job.in_each_process:
            job_notes.note_success(session, job.name)
    if count:
        log.info(json.dumps({"job": job.name, "rows": count}))
    return count


def _is_alone(session: Session, job: Job) -> bool:
    """On PostgreSQL a lock until the end of the transaction; on SQLite writers are alone anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    keys = {"all": JOB_LOCK, "one": crc32(job.name.encode()) & 0x7FFF_FFFF}
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:all, :one)"), keys))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(
        Outbox.sent_at.is_(None),
        Outbox.parked_at.is_(None),
        # A time further ahead than anybody here would set was written before the clock was put back.
        or_(Outbox.next_try_at <= now, Outbox.next_try_at > now + LONGEST_WAIT + CLOCKS_APART),
        or_(
            Outbox.leased_until.is_(None),
            Outbox.leased_until <= now,
            Outbox.leased_until > now + LEASE + CLOCKS_APART,
        ),
    )


def _count(session: Session, row: Outbox, what: str) -> None:
    if row.campaign_id and row.person_id:
        count_one(session, row.campaign_id, what)


def _is_sent(row: Outbox, local: tuple[str, bytes] | None = None) -> LocalMail | None:
    row.sent_at = clock.now()
    row.last_error = None
    return LocalMail(recipient=local[0], message=local[1], received_at=row.sent_at) if local else None


def _try_again(row: Outbox, reason: str, *, for_good: bool) -> None:
    now = clock.now()
    row.last_error = reason
    if for_good or now - row.created_at >= GIVE_UP_AFTER:
        row.parked_at = now
    else:
        row.next_try_at = now + timedelta(minutes=RETRY_MINUTES[min(row.tries, len(RETRY_MINUTES)) - 1])


def _postpone(row: Outbox, wait: timedelta) -> None:
    row.next_try_at = clock.now() + wait
    row.tries -= 1
    row.last_error = "limit"
