"""After a deletion nothing is left: a whole journey with a canary, and then a walk through everything there is."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError

from certificates import show_number
from tests import cast, post_office
from tests.conftest import only_on
from tests.privacy import canary
from tests.privacy.conftest import Open, newest_mail
from university import clock
from university.backups import attesting
from university.backups.making import back_up
from university.database import Database
from university.jobs.worker import run_job
from university.keys.keyring import open_keyring
from university.mailing import mail
from university.models import (
    Award,
    Campaign,
    CampaignText,
    Person,
    PrivacyCase,
    Receipt,
    ReplacedVersion,
    Tombstone,
)
from university.rights import receipts, traces
from university.rights.jobs import jobs
from university.rights.register import REGISTER
from university.serving import logs
from university.settings import Settings


@pytest.fixture
def log_lines() -> Iterator[StringIO]:
    """Everything any logger says, in the form in which the program writes it and as it was said."""
    lines = StringIO()
    handlers = [logging.StreamHandler(lines), logging.StreamHandler(lines)]
    handlers[0].setFormatter(logs.JsonLines())
    root, level = logging.getLogger(), logging.getLogger().level
    ours = logging.getLogger("university")
    for handler in handlers:
        # The test's own browser writes down every address it visits.
        handler.addFilter(lambda record: not record.name.startswith("httpx"))
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    ours.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    ours.setLevel(logging.NOTSET)
    for handler in handlers:
        root.removeHandler(handler)


@pytest.fixture
def number(client: TestClient, database: Database, settings: Settings, log_lines: StringIO) -> str:
    """The number of a certificate earned through the pages, from the claim to the confirmation."""
    client.cookies.set("e", cast.make_passed_enrolment(database, cast.publish_sample(database)))
    assert client.post("/claims/rivers", data={**canary.CLAIM, "first_name": "="}).status_code == 422
    assert client.post("/claims/rivers", data=canary.CLAIM).status_code == 303
    post_office.make_test_worker(database, settings).send_what_is_due()
    found = re.search(r"/claims/confirm/unc_[A-Za-z0-9_-]{43}", newest_mail(database, canary.EMAIL))
    assert found
    issued = client.post(found[0])
    assert issued.status_code == 303
    post_office.make_test_worker(database, settings).send_what_is_due()
    with database.reading() as session:
        return session.scalars(select(Award.number)).one()


def delete_everything(client: TestClient, open_portal: Open) -> Any:
    open_portal(canary.EMAIL)
    assert canary.LAST_NAME in client.get("/privacy/my-data").text
    assert client.post("/privacy/my-data/download").status_code == 200
    assert "DELETE" in client.get("/privacy/my-data/delete").text
    return client.post("/privacy/my-data/delete", data={"word": "DELETE"})


def live_fully(client: TestClient, database: Database, settings: Settings, number: str, open_portal: Open) -> None:
    """Everything else that may be kept of somebody: topics and a campaign, a sign-up that waits, a bounce, a name
    corrected and hidden for a while, an objection, a case of theirs and one that somebody without the mailbox opened,
    and backups of it all."""
    open_portal(canary.EMAIL)
    client.post("/subscriptions/my-data", data={"then": "start", "topic": "newsletter"})
    with database.writing() as session:
        person = session.scalars(select(Person)).one()
        campaign = Campaign(topic="newsletter", created_at=clock.now(), sent_off_at=clock.now())
        session.add(campaign)
        session.flush()
        session.add(CampaignText(campaign_id=campaign.id, language="en", subject="News", body="News."))
        mail.enqueue(session, "campaign", language="en", person_id=person.id, campaign_id=campaign.id)
        cast.make_bounce(session, person, "complaint")
    back_up(database, settings)
    other_name = {"first_name": canary.FIRST_NAME, "last_name": f"{canary.LAST_NAME}-Nova"}
    for path, sent in {
        f"/privacy/my-data/name/{show_number(number)}": other_name,
        "/privacy/my-data/hide": {},
        "/privacy/my-data/show": {},
        "/privacy/my-data/object": {"purpose": "else"},
        "/subscriptions": {"email": canary.EMAIL, "topics": "status_updates"},
        "/privacy/request": {"kind": "correction", "certificate": number, "email": canary.EMAIL},
    }.items():
        assert client.post(path, data=sent).status_code in {200, 303}, path
    post_office.make_test_worker(database, settings).send_what_is_due()
    back_up(database, settings)
    with database.reading() as session:
        assert session.scalars(select(Campaign.sent)).one() == 1
        assert session.scalar(select(func.count()).select_from(PrivacyCase)) == 2
        assert session.scalars(select(ReplacedVersion)).all()
    assert list((settings.data / "ledger" / "names").iterdir())


def look_around(client: TestClient, number: str) -> bytes:
    """Visits everything that shows a certificate; answers its PDF."""
    for address in (f"/verify/{number}", f"/verify/{number}.json", "/verify", "/", "/privacy"):
        assert client.get(address).status_code == 200
    return client.get(f"/verify/{number}.pdf").content


def test_p3_before_the_deletion_the_canary_is_where_the_register_says_and_nowhere_else(
    client: TestClient, database: Database, settings: Settings, number: str, open_portal: Open, log_lines: StringIO
) -> None:
    live_fully(client, database, settings, number, open_portal)
    look_around(client, number)
    places = {sighting.partition(":")[0] for sighting in canary.in_tables(database)}
    allowed = {entry.where for entry in REGISTER if entry.kind in {"name", "address"}}
    assert {"person.email", "award.first_name", "award.last_name", "local_mail.recipient"} <= places
    assert {"privacy_case.contact", "sign_up.email"} <= places
    assert places <= allowed
    files = {sighting.partition(":")[0] for sighting in canary.in_files(settings.data)}
    assert all(name.startswith("university.sqlite3") for name in files)
    assert canary.sightings(log_lines.getvalue().encode()) == set()


def test_i5_a20_after_the_deletion_no_table_file_or_log_knows_the_canary(
    client: TestClient,
    database: Database,
    settings: Settings,
    number: str,
    open_portal: Open,
    log_lines: StringIO,
    capfd: pytest.CaptureFixture[str],
) -> None:
    live_fully(client, database, settings, number, open_portal)
    look_around(client, number)
    assert canary.in_tables(database)
    receipt = delete_everything(client, open_portal)
    assert receipt.status_code == 200
    assert "Everything is deleted" in receipt.text
    assert receipt.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert canary.sightings(receipt.content) == set()
    post_office.make_test_worker(database, settings).send_what_is_due()
    assert canary.in_tables(database) == set()
    assert canary.in_files(settings.data) == set()
    assert canary.sightings(log_lines.getvalue().encode()) == set()
    assert canary.sightings("".join(capfd.readouterr()).encode()) == set()
    assert re.search(r"un[cpi]_[A-Za-z0-9_-]{10}", log_lines.getvalue()) is None


@only_on("sqlite")
def test_sqlite_has_overwritten_what_was_deleted(
    client: TestClient, database: Database, settings: Settings, number: str, open_portal: Open
) -> None:
    assert any("sqlite3" in sighting for sighting in canary.in_files(settings.data))
    delete_everything(client, open_portal)
    assert (settings.data / "university.sqlite3-wal").stat().st_size == 0
    assert canary.in_files(settings.data) == set()


@only_on("postgresql")
def test_postgresql_has_no_trace_after_the_nightly_rewrite(
    client: TestClient, database: Database, number: str, open_portal: Open
) -> None:
    folder = files_of(database)
    delete_everything(client, open_portal)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
        connection.execute(text("CHECKPOINT"))
        assert canary.in_files(folder), "the deleted rows are still in the files: otherwise this test shows nothing"
        assert traces.rewrite_tables(database.engine) > 10
        connection.execute(text("CHECKPOINT"))
    assert canary.in_files(folder) == set()


@only_on("postgresql")
def test_the_nightly_rewrite_runs_outside_of_any_transaction(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = clock.now().replace(hour=traces.QUIET_HOUR)
    monkeypatch.setattr(clock, "now", lambda: night)
    rewrite, under_way = traces.rewrite_tables, []

    def look_first(engine: Engine) -> int:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            of_others = "datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            of_others += " AND backend_type = 'client backend'"  # the server itself may be looking after its tables
            under_way.append(connection.scalar(text(f"SELECT COUNT(*) FROM pg_stat_activity WHERE {of_others}")))
        return rewrite(engine)

    monkeypatch.setattr(traces, "rewrite_tables", look_first)
    job = next(job for job in jobs(settings) if job.name == "rewrite tables")
    assert (run_job(database, job) or 0) > 10
    assert under_way == [0]


@only_on("postgresql")
def test_the_nightly_rewrite_gives_way_to_a_backup_that_reads_the_tables(database: Database) -> None:
    """Waiting for each other, the rewrite, the backup and its tool would wait for ever, and everybody behind them."""
    with ThreadPoolExecutor(1) as threads, database.reading() as backup:
        backup.execute(text("SELECT COUNT(*) FROM person"))
        rewriting = threads.submit(traces.rewrite_tables, database.engine)
        with pytest.raises(OperationalError, match="lock timeout"):
            rewriting.result(20)
        with database.engine.connect() as tool:
            tool.execute(text("LOCK TABLE person IN ACCESS SHARE MODE NOWAIT"))
            assert tool.execute(text("SHOW lock_timeout")).scalar_one() == "0"
    assert traces.rewrite_tables(database.engine) > 10


@only_on("postgresql")
def test_the_planner_keeps_no_samples_of_personal_columns(database: Database) -> None:
    with database.writing() as session:
        for position in range(200):
            person = cast.make_person(session, f"{'ada' if position % 2 else 'ben'}{position // 2}@example.org")
            cast.make_award(session, person)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
        sampled = connection.execute(text("SELECT tablename || '.' || attname FROM pg_stats")).scalars().all()
    assert "award.version" in sampled
    assert not {entry.where for entry in REGISTER if entry.kind in {"name", "address"}} & set(sampled)


def files_of(database: Database) -> Path:
    """Where the server keeps this very database."""
    with database.engine.connect() as connection:
        folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        oid = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
    assert (folder / "base" / str(oid)).is_dir(), "the server's files are out of reach"
    return folder / "base" / str(oid)


# ---- what the world sees afterwards


def test_after_the_deletion_every_public_answer_says_withdrawn(
    client: TestClient, number: str, open_portal: Open
) -> None:
    pdf = look_around(client, number)
    assert pdf.startswith(b"%PDF-")
    assert client.get(f"/verify/{number}").headers["cache-control"] == "no-store"
    delete_everything(client, open_portal)
    today = clock.now().date().isoformat()
    page = client.get(f"/verify/{number}")
    assert page.status_code == 200
    assert "withdrawn" in page.text
    document = client.get(f"/verify/{number}.json").json()
    assert (document["standing"], document["revoked_on"]) == ("withdrawn", today)
    assert document["holder"] == {"first_name": None, "last_name": None}
    assert client.get(f"/verify/{number}.pdf").status_code == 410
    dropped = client.post("/verify/file", files={"file": ("c.pdf", pdf)})
    assert "withdrawn" in dropped.text
    for answer in (page, dropped):
        assert canary.sightings(answer.content) == set()


def test_what_remains_is_a_tombstone_and_a_receipt(
    client: TestClient, database: Database, number: str, open_portal: Open
) -> None:
    delete_everything(client, open_portal)
    today = clock.now().date()
    with database.reading() as session:
        tombstone, receipt = session.scalars(select(Tombstone)).one(), session.scalars(select(Receipt)).one()
    assert tombstone.withdrawn_on == today
    assert (receipt.erased_on, receipt.backups_gone_on) == (today, today + timedelta(days=21))
    kept = client.get(f"/privacy/receipt/{receipt.id}")
    assert kept.status_code == 200
    assert "at the latest" in kept.text
    assert client.get("/privacy/receipt/0000").status_code == 404


def test_the_receipt_says_the_backups_are_gone_once_a_statement_of_day_21_is_signed(
    client: TestClient,
    database: Database,
    settings: Settings,
    number: str,
    open_portal: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    delete_everything(client, open_portal)
    with database.reading() as session:
        receipt = session.scalars(select(Receipt)).one()
    now = clock.now()
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: now + timedelta(days=22))
        page = client.get(f"/privacy/receipt/{receipt.id}").text
        assert "the signed statement that confirms it is not there yet" in page
    for days, is_attested in ((20, False), (21, True), (23, True)):
        later: Callable[[], Any] = lambda days=days: now + timedelta(days=days)  # noqa: E731
        monkeypatch.setattr(clock, "now", later)
        with database.writing() as session:
            attesting.attest(session, settings, clock.now())
        page = client.get(f"/privacy/receipt/{receipt.id}").text
        assert ("no backup that old is kept" in page) is is_attested, days
        assert ("at the latest" in page) is not is_attested, days
    found = re.search(r"<code>([\w.-]+)</code>", page)
    assert found
    kind, facts = receipts.read(open_keyring(settings), found[1])
    assert (kind, facts["on"]) == (attesting.KIND, (now + timedelta(days=21)).date().isoformat())


def test_whoever_comes_back_is_a_new_person(
    client: TestClient, database: Database, settings: Settings, number: str, open_portal: Open
) -> None:
    delete_everything(client, open_portal)
    secret = cast.make_passed_enrolment(database, cast.publish_sample(database, slug="lakes", title="Lakes"))
    client.cookies.set("e", secret)
    assert client.post("/claims/lakes", data=canary.CLAIM).status_code == 303
    post_office.make_test_worker(database, settings).send_what_is_due()
    assert "/claims/confirm/" in newest_mail(database, canary.EMAIL)
