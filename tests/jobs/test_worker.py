"""The worker: mail leaves at least once, failures wait or are parked, retention ends things. On both engines."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.cast import (
    make_award,
    make_bounce,
    make_claim,
    make_consent,
    make_course,
    make_enrolment,
    make_passed_enrolment,
    make_person,
    make_sign_up,
    publish_sample,
)
from tests.conftest import only_on
from tests.faults.figures import Note
from tests.live import UNIVERSITY, free_port
from tests.post_office import ScriptedServer, make_test_worker, with_mail_server
from university import clock
from university.database import Database
from university.jobs.worker import LEASE, Worker, lease, run_job
from university.mailing import mail
from university.mailing.mail import Later, Letter
from university.models import (
    Award,
    Bounce,
    Campaign,
    Claim,
    Consent,
    Enrolment,
    JobRun,
    LocalMail,
    Outbox,
    Person,
    PortalSession,
    RateLimit,
    SignUp,
    Table,
    Token,
)
from university.operating import health
from university.retention import JOBS, Job
from university.settings import Settings

ADDRESS = "ada@example.org"


class Clock:
    """A clock that moves when a test says so."""

    def __init__(self) -> None:
        self.time = clock.now()

    def now(self) -> datetime:
        return self.time

    def move(self, by: timedelta) -> None:
        self.time += by


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ours = Clock()
    monkeypatch.setattr(clock, "now", ours.now)
    return ours


def write_hello(_session: Session, row: Outbox, settings: Settings) -> Letter:
    values = {"course": "Rivers", "course_language": "en", "link": settings.link("/")}
    return Letter(row.address or ADDRESS, "Hello", "claims/mail_confirm", values)


def worker_for(database: Database, settings: Settings, writer: mail.Writer = write_hello) -> Worker:
    return make_test_worker(database, settings, {"hello": writer})


def enqueue(database: Database, **what: object) -> UUID:
    with database.writing() as session:
        row = mail.enqueue(session, "hello", language="en", **what)  # type: ignore[arg-type]
        session.flush()
        return row.id


def row_of(database: Database, row_id: UUID) -> Outbox | None:
    with database.reading() as session:
        return session.get(Outbox, row_id)


def count(database: Database, table: type[Table]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# ---- mail


def test_a_mail_is_sent_once_and_its_row_says_so(database: Database, settings: Settings) -> None:
    row_id = enqueue(database)
    with ScriptedServer() as server:
        worker = worker_for(database, with_mail_server(settings, server.address))
        assert [worker.send_what_is_due() for _ in range(3)] == [1, 0, 0]
    assert server.recipients == [[ADDRESS]]
    row = row_of(database, row_id)
    assert row is not None
    assert (row.sent_at is not None, row.parked_at, row.leased_until, row.tries) == (True, None, None, 1)


def test_a_mail_of_a_transaction_that_was_rolled_back_is_never_sent(database: Database, settings: Settings) -> None:
    mail.something_to_send.clear()
    with database.session(reading=False) as session:
        mail.enqueue(session, "hello", language="en")
        session.rollback()
    assert not mail.something_to_send.is_set()
    assert worker_for(database, settings).send_what_is_due() == 0
    enqueue(database)
    assert mail.something_to_send.is_set()


def test_workers_never_send_the_same_mail_at_the_same_time(database: Database, settings: Settings) -> None:
    rows = {enqueue(database) for _ in range(20)}
    with ThreadPoolExecutor(8) as threads:
        leased = list(threads.map(lambda _: lease(database), range(40)))
    assert sorted(row_id for row_id in leased if row_id) == sorted(rows)


def test_a_mail_whose_worker_died_is_sent_by_another_after_a_minute(
    database: Database, settings: Settings, time: Clock
) -> None:
    row_id = enqueue(database)
    assert lease(database) == row_id
    time.move(LEASE - timedelta(seconds=1))
    assert lease(database) is None
    time.move(timedelta(seconds=1))
    assert lease(database) == row_id


def test_failures_of_the_moment_are_tried_again_after_1_5_15_and_60_minutes(
    database: Database, settings: Settings, time: Clock
) -> None:
    row_id, waits = enqueue(database), []
    with ScriptedServer(*["451"] * 6) as server:
        worker = worker_for(database, with_mail_server(settings, server.address))
        for _ in range(6):
            assert worker.send_what_is_due() == 1
            row = row_of(database, row_id)
            assert row is not None
            assert (row.last_error, row.parked_at) == ("451", None)
            waits.append((row.next_try_at - time.now()) // timedelta(minutes=1))
            time.time = row.next_try_at
    assert waits == [1, 5, 15, 60, 60, 60]


def test_after_72_hours_of_failures_the_mail_is_parked(database: Database, settings: Settings, time: Clock) -> None:
    row_id = enqueue(database)
    with ScriptedServer("421", "421") as server:
        worker = worker_for(database, with_mail_server(settings, server.address))
        time.move(timedelta(hours=71, minutes=59))
        worker.send_what_is_due()
        row = row_of(database, row_id)
        assert row is not None
        assert row.parked_at is None
        time.move(timedelta(minutes=1))
        worker.send_what_is_due()
    row = row_of(database, row_id)
    assert row is not None
    assert row.parked_at == time.now()


def test_a_refusal_for_good_parks_the_mail_at_once(database: Database, settings: Settings) -> None:
    row_id = enqueue(database)
    with ScriptedServer("550") as server:
        worker = worker_for(database, with_mail_server(settings, server.address))
        assert [worker.send_what_is_due() for _ in range(2)] == [1, 0]
    row = row_of(database, row_id)
    assert row is not None
    assert row.parked_at is not None
    assert row.last_error == "550"


def test_a_connection_lost_after_the_text_makes_at_most_one_more_with_the_same_message_id(
    database: Database, settings: Settings, time: Clock
) -> None:
    enqueue(database)
    with ScriptedServer("drop") as server:
        worker = worker_for(database, with_mail_server(settings, server.address))
        worker.send_what_is_due()
        time.move(timedelta(minutes=1))
        worker.send_what_is_due()
        worker.send_what_is_due()
    assert len(server.mails) == 2
    assert len({received["Message-ID"] for received in server.mails}) == 1


@pytest.mark.parametrize("answer", ["250", "550"])
def test_an_address_that_nothing_else_knows_leaves_with_its_mail(
    answer: str, database: Database, settings: Settings
) -> None:
    row_id = enqueue(database, address="nobody@example.org")
    with ScriptedServer(answer) as server:
        worker_for(database, with_mail_server(settings, server.address)).send_what_is_due()
    assert row_of(database, row_id) is None


def test_a_mail_with_nothing_left_to_say_is_dropped(database: Database, settings: Settings) -> None:
    row_id = enqueue(database)
    assert worker_for(database, settings, lambda *_: None).send_what_is_due() == 1
    assert row_of(database, row_id) is None
    assert count(database, LocalMail) == 0


def test_a_mail_that_must_wait_is_postponed_without_counting_as_a_try(
    database: Database, settings: Settings, time: Clock
) -> None:
    def too_early(*_: object) -> Letter:
        raise Later(120)

    row_id = enqueue(database)
    worker_for(database, settings, too_early).send_what_is_due()
    row = row_of(database, row_id)
    assert row is not None
    assert (row.tries, row.next_try_at, row.parked_at) == (0, time.now() + timedelta(seconds=120), None)


def test_a_writer_that_fails_stops_no_other_mail_and_its_words_stay_out_of_the_log(
    database: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def broken_for_ada(session: Session, row: Outbox, settings: Settings) -> Letter:
        if row.address is None:
            raise RuntimeError("secret of ada@example.org")
        return write_hello(session, row, settings)

    broken = enqueue(database)
    enqueue(database, address="ben@example.org")
    assert worker_for(database, settings, broken_for_ada).send_what_is_due() == 2
    assert count(database, LocalMail) == 1
    row = row_of(database, broken)
    assert row is not None
    assert row.last_error == "fault"
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    assert "@" not in caplog.text


def test_an_unsafe_letter_is_parked_and_never_sent(database: Database, settings: Settings) -> None:
    row_id = enqueue(database)
    unsafe = Letter("ada@example.org\r\nBcc: ben@example.org", "Hello", "claims/mail_confirm")
    worker_for(database, settings, lambda *_: unsafe).send_what_is_due()
    row = row_of(database, row_id)
    assert row is not None
    assert row.parked_at is not None
    assert row.last_error == "unsafe"


def test_without_a_mail_server_the_mail_is_in_the_local_mailbox_and_the_terminal_names_the_page(
    database: Database, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    enqueue(database)
    assert worker_for(database, settings).send_what_is_due() == 1
    with database.reading() as session:
        kept = session.scalars(select(LocalMail)).one()
    assert kept.recipient == ADDRESS
    printed = capsys.readouterr().out
    assert printed == "Hello: http://127.0.0.1:8000/mailbox\n"


def test_a_started_worker_sends_soon_after_the_commit_and_stops_when_told(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only waking up can be in time: by itself this worker would look again in an hour.
    monkeypatch.setattr("university.jobs.worker.SECONDS_BETWEEN_LOOKS", 3600.0)
    arrived = threading.Event()

    def writer(session: Session, row: Outbox, settings: Settings) -> Letter:
        arrived.set()
        return write_hello(session, row, settings)

    worker = worker_for(database, settings, writer).start()
    enqueue(database)
    assert arrived.wait(20)
    worker.stop()
    assert count(database, LocalMail) == 1
    enqueue(database)
    assert count(database, LocalMail) == 1


# ---- retention


def add_token(session: Session) -> None:
    now = clock.now()
    session.add(Token(sha256="0" * 64, purpose="claim", created_at=now, expires_at=now + timedelta(hours=1)))


def add_claim(session: Session) -> None:
    claim = make_claim(session, created_at=clock.now(), expires_at=clock.now() + timedelta(hours=24))
    session.get_one(Enrolment, claim.enrolment_id).last_active_at = clock.now()  # else it may go, and the claim with it


def add_sent_mail(session: Session) -> None:
    now = clock.now()
    session.add(Outbox(kind="hello", language="en", created_at=now, next_try_at=now, sent_at=now))


def add_parked_mail(session: Session) -> None:
    now = clock.now()
    session.add(Outbox(kind="hello", language="en", created_at=now, next_try_at=now, parked_at=now))


def add_local_mail(session: Session) -> None:
    session.add(LocalMail(recipient=ADDRESS, received_at=clock.now(), message=b""))


def add_limit(session: Session) -> None:
    session.add(RateLimit(key="0" * 64, arrival=(clock.now() + timedelta(hours=24)).timestamp()))


def add_enrolment(session: Session) -> None:
    make_enrolment(session, make_course(session)).last_active_at = clock.now()


def add_portal_session(session: Session) -> None:
    now = clock.now()
    session.add(
        PortalSession(secret_sha256="0" * 64, person_id=make_award(session).person_id, created_at=now, last_seen_at=now)
    )


def add_sign_up(session: Session) -> None:
    waiting = make_sign_up(session)
    waiting.created_at, waiting.expires_at = clock.now(), clock.now() + timedelta(hours=24)


def add_ended_consent(session: Session) -> None:
    person = make_award(session).person
    make_consent(session, person, withdrawn_at=clock.now(), withdrawn_through="link")


def add_bounce(session: Session) -> None:
    make_bounce(session, make_award(session).person).received_at = clock.now()


RULES = [
    (SignUp, add_sign_up, timedelta(hours=24)),
    (Consent, add_ended_consent, timedelta(days=365)),
    (Bounce, add_bounce, timedelta(days=30)),
    (Claim, add_claim, timedelta(hours=24)),
    (Token, add_token, timedelta(hours=25)),
    (Outbox, add_sent_mail, timedelta(days=7)),
    (Outbox, add_parked_mail, timedelta(days=7)),
    (LocalMail, add_local_mail, timedelta(days=7)),
    (RateLimit, add_limit, timedelta(hours=24)),
    (Enrolment, add_enrolment, timedelta(days=400)),
    (PortalSession, add_portal_session, timedelta(minutes=15)),
]


@pytest.mark.parametrize(("table", "add", "kept_for"), RULES, ids=lambda part: getattr(part, "__name__", str(part)))
def test_p13_what_is_kept_for_a_time_is_there_until_then_and_not_after(
    table: type[Table], add: object, kept_for: timedelta, database: Database, time: Clock
) -> None:
    with database.writing() as session:
        add(session)  # type: ignore[operator]
    time.move(kept_for - timedelta(seconds=1))
    run_all(database)
    assert count(database, table) == 1
    time.move(timedelta(seconds=1))
    run_all(database)
    assert count(database, table) == 0


def run_all(database: Database) -> None:
    for job in JOBS:
        run_job(database, job)


def test_whoever_has_no_certificate_and_no_topic_is_gone_the_same_night(database: Database, time: Clock) -> None:
    time.time = time.time.replace(hour=12, minute=0, second=0)
    with database.writing() as session:
        holder = make_award(session).person
        reader = make_person(session, "reader@example.org")
        gone = make_person(session, "gone@example.org")
        make_consent(session, reader)
        make_consent(session, gone, withdrawn_at=time.now(), withdrawn_through="link")
        holder.created_at = reader.created_at = gone.created_at = time.now() - timedelta(days=10)
    for hours, left in ((14.9, 3), (0.1, 2), (24 * 400, 2)):
        time.move(timedelta(hours=hours))
        run_all(database)
        assert count(database, Person) == left
    assert count(database, Consent) == 1


def test_the_server_is_left_alone_after_failing_several_times_in_a_row(
    database: Database, settings: Settings, time: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _mail in range(8):
        enqueue(database)
    with ScriptedServer(*["421"] * 6) as server:
        worker = worker_for(database, with_mail_server(settings, server.address))
        assert worker.send_what_is_due() == 5
        assert worker.send_what_is_due() == 0
        assert "fails again and again" in caplog.text
        time.move(timedelta(minutes=1))
        assert worker.send_what_is_due() == 1
        assert worker.breaker.is_open
        with database.reading() as session:
            found = health.outbox(session)
        assert (found.pauses, found.waiting, found.postponed) == (2, 8, 0)
        time.move(timedelta(minutes=2))
        assert worker.send_what_is_due() == 8
        assert len(server.mails) == 8
    with database.reading() as session:
        assert health.outbox(session).pauses == 0


def test_what_somebody_waits_for_is_sent_before_a_campaign(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        campaign = Campaign(topic="newsletter", created_at=clock.now())
        session.add(campaign)
        session.flush()
        person = make_award(session).person
        mail.enqueue(session, "hello", language="en", person_id=person.id, campaign_id=campaign.id)
    waited_for = enqueue(database)
    assert lease(database) == waited_for


@pytest.mark.parametrize(
    ("answer", "ends"),
    [("rcpt 550", True), ("550", True), ("rcpt 450", False), ("550 5.7.1", False), ("530", False)],
)
def test_a_mailbox_that_is_not_there_ends_topic_mail_to_it_and_nothing_else_does(
    answer: str, ends: bool, database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        person = make_award(session).person
        make_consent(session, person)
        mail.enqueue(session, "hello", language="en", person_id=person.id)
    with ScriptedServer(answer) as server:
        worker_for(database, with_mail_server(settings, server.address)).send_what_is_due()
    with database.reading() as session:
        consent = session.scalars(select(Consent)).one()
    assert consent.withdrawn_through == ("bounce" if ends else None)
    assert count(database, Bounce) == ends


@only_on("sqlite")
@pytest.mark.parametrize("fault", ["421", "451", "550", "drop", "down", "slow"])
def test_fa4_whatever_the_mail_server_does_a_claim_is_taken_and_mailed_once(
    fault: str,
    client: TestClient,
    database: Database,
    settings: Settings,
    time: Clock,
    monkeypatch: pytest.MonkeyPatch,
    figure: Note,
) -> None:
    client.cookies.set("e", make_passed_enrolment(database, publish_sample(database)))
    claim = {"first_name": "Ada", "last_name": "Lovelace", "email": ADDRESS}
    assert client.post("/claims/rivers", data=claim).status_code == 303
    with ScriptedServer(*[fault] if fault not in {"down", "slow"} else []) as server:
        if fault == "slow":
            with socket.create_server(("127.0.0.1", 0)) as silent, monkeypatch.context() as impatient:
                impatient.setattr(mail, "SECONDS_PER_ANSWER", 0.3)
                address = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
                make_test_worker(database, with_mail_server(settings, address)).send_what_is_due()
        elif fault == "down":
            address = f"smtp://127.0.0.1:{free_port()}"
            make_test_worker(database, with_mail_server(settings, address)).send_what_is_due()
        worker = make_test_worker(database, with_mail_server(settings, server.address))
        for _try in range(3):
            worker.send_what_is_due()
            time.move(timedelta(minutes=5))
    assert len(server.mails) == {"550": 0, "drop": 2}.get(fault, 1)
    assert len({received["Message-ID"] for received in server.mails}) <= 1
    figure(f"mail server {fault}: claim taken, {len(server.mails)} mails, one Message-ID")


def test_p13_an_award_and_its_person_never_expire_silently(database: Database, time: Clock) -> None:
    with database.writing() as session:
        make_award(session)
    time.move(timedelta(days=36500))
    run_all(database)
    assert count(database, Award) == 1


def test_a_mail_that_still_waits_is_never_thrown_away(database: Database, time: Clock) -> None:
    enqueue(database)
    time.move(timedelta(days=30))
    run_all(database)
    assert count(database, Outbox) == 1


def test_a_job_that_fails_keeps_no_other_waiting_and_is_remembered_until_it_succeeds(
    database: Database, settings: Settings, time: Clock
) -> None:
    runs: list[str] = []

    def fail(_session: Session, _now: datetime) -> int:
        runs.append("fail")
        if len(runs) < 3:
            raise OSError("ada@example.org")
        return 0

    worker = make_test_worker(database, settings)
    failing = Job("failing", timedelta(hours=1), fail)
    for _ in range(2):
        worker.due_jobs = {failing: 0.0, Job("other", timedelta(hours=1), lambda *_: 0): 0.0}
        worker.run_what_is_due()
    with database.reading() as session:
        kept = {row.name: row for row in session.scalars(select(JobRun))}
    assert (kept["failing"].failures, kept["failing"].fault, kept["failing"].succeeded_at) == (2, "OSError", None)
    assert kept["other"].succeeded_at == time.now()
    worker.due_jobs = {failing: 0.0}
    worker.run_what_is_due()
    with database.reading() as session:
        healed = session.get_one(JobRun, "failing")
    assert (healed.failures, healed.succeeded_at, healed.failed_at) == (0, time.now(), time.now())


def test_a_job_that_another_process_ran_is_not_due_here_before_its_time(
    database: Database, settings: Settings, time: Clock
) -> None:
    runs: list[datetime] = []
    job = Job("hourly", timedelta(hours=1), lambda _session, now: runs.append(now) or 0)

    def another_process() -> None:
        worker = make_test_worker(database, settings)
        worker.due_jobs = {job: 0.0}
        worker.run_what_is_due()

    for minutes, expected in ((0, 1), (59, 1), (1, 2), (-600, 3)):  # the last: a clock that went back
        time.move(timedelta(minutes=minutes))
        another_process()
        assert len(runs) == expected, minutes


@only_on("postgresql")
def test_one_job_runs_in_one_process_at_a_time_on_postgresql(database: Database) -> None:
    job = Job(f"test {uuid4()}", timedelta(hours=1), lambda *_: 1)
    inner: list[int | None] = []

    def run_again(_session: Session, _now: datetime) -> int:
        inner.append(run_job(database, job))
        return 1

    assert run_job(database, Job(job.name, job.every, run_again)) == 1
    assert inner == [None]
    assert run_job(database, job) == 1


def test_a_worker_runs_each_job_when_it_is_due_and_not_before(database: Database, settings: Settings) -> None:
    runs: list[datetime] = []

    def note(_session: Session, now: datetime) -> int:
        runs.append(now)
        return 0

    worker = make_test_worker(database, settings)
    worker.due_jobs = {Job("note", timedelta(hours=1), note): 0.0}
    worker.run_what_is_due()
    worker.run_what_is_due()
    assert len(runs) == 1


def test_a_worker_outlives_a_database_that_fails(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("university.jobs.worker.SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr("university.jobs.worker.SECONDS_UNTIL_RETRY", 0.01)
    worker = worker_for(database, settings)
    failures, done = iter([1, 2, 3]), threading.Event()

    def fail(_session: Session, _now: datetime) -> int:
        if next(failures, None):
            _session.execute(text("SELECT * FROM no_such_table"))
        done.set()
        return 0

    worker.due_jobs = {Job("fail", timedelta(hours=1), fail): 0.0}
    worker.start()
    assert done.wait(20)
    worker.stop()


def test_the_worker_command_sends_what_waits_and_stops_when_told(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        award = make_award(session)
        mail.enqueue(session, "issued", language="en", person_id=award.person_id, award_id=award.id)
    with ScriptedServer() as server:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("UNIVERSITY_")},
            "UNIVERSITY_DATA": str(settings.data),
            "UNIVERSITY_DATABASE_URL": settings.database_url,
            "UNIVERSITY_SMTP_URL": server.address,
            "PYTHONUNBUFFERED": "1",
        }
        with subprocess.Popen([UNIVERSITY, "worker"], env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert server.arrived.wait(60)
            process.terminate()
            printed, _errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert server.recipients == [[ADDRESS]]
    assert "@" not in printed
