"""The audit log: closed words, one chain, and any later change is found."""

from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import cast
from university import tokens
from university.chains import audit
from university.cli import main
from university.database import Database
from university.models import AuditEntry
from university.serving.request_id import answering
from university.settings import Settings


def add_line(session: Session, action: str = "issue") -> AuditEntry:
    return audit.record(session, actor="holder", action=action, object_kind="award", object_ref=uuid4())


def add_lines(database: Database, count: int) -> None:
    with database.writing() as session:
        for _number in range(count):
            add_line(session)


def test_an_untouched_log_is_whole(database: Database) -> None:
    add_lines(database, 5)
    with database.reading() as session:
        assert audit.check(session) is None
        assert session.scalar(select(func.max(AuditEntry.seq))) == 5


def test_an_empty_log_is_whole(database: Database) -> None:
    with database.reading() as session:
        assert audit.check(session) is None


@pytest.mark.parametrize(
    ("damage", "broken"),
    [
        ("UPDATE audit_entry SET action = 'revoke' WHERE seq = 3", 3),
        ("UPDATE audit_entry SET object_ref = 'somebody-else' WHERE seq = 1", 1),
        ("DELETE FROM audit_entry WHERE seq = 4", 4),
        ("DELETE FROM audit_entry WHERE seq = 1", 1),
        ("UPDATE audit_entry SET seq = 9 WHERE seq = 5", 5),
    ],
)
def test_a76_a_changed_or_missing_line_is_named_by_its_number(database: Database, damage: str, broken: int) -> None:
    add_lines(database, 5)
    with database.writing() as session:
        session.execute(text(damage))
    with database.reading() as session:
        assert audit.check(session) == broken


def test_a_line_says_which_request_it_belongs_to_and_nobody_changes_that_unseen(database: Database) -> None:
    with database.writing() as session:
        add_line(session)
        with answering("00ff00ff00ff00ff"):
            add_line(session)
    with database.writing() as session:
        said = select(AuditEntry.request_id).order_by(AuditEntry.seq)
        assert list(session.scalars(said)) == [None, "00ff00ff00ff00ff"]
        assert audit.check(session) is None
        session.execute(text("UPDATE audit_entry SET request_id = '11ff00ff00ff00ff' WHERE seq = 2"))
    with database.reading() as session:
        assert audit.check(session) == 2


def test_what_a_visitor_does_bears_the_id_of_its_request_in_the_log_as_well(
    client: TestClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.writing() as session:
        person = cast.make_award(session).person
        token = tokens.make(session, tokens.PORTAL, person_id=person.id, lifetime=timedelta(minutes=5))
    with caplog.at_level(logging.INFO, "university"):
        client.post(f"/privacy/my-data/{token}")
        client.post("/privacy/my-data/hide")
    with database.reading() as session:
        [hidden] = session.scalars(select(AuditEntry).where(AuditEntry.action == "restrict"))
    lines = [json.loads(record.getMessage()) for record in caplog.records if '"route"' in record.getMessage()]
    assert [line["request"] for line in lines if line["route"] == "/privacy/my-data/hide"] == [hidden.request_id]


@pytest.mark.parametrize("column", ["object_ref", "request_id", "staff_id", "at"])
def test_a75_an_edit_by_hand_is_found_though_the_line_was_given_a_hash_that_fits(
    database: Database, settings: Settings, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever owns the database can write anything into one line, its hash included: the next line knows better."""
    changes = {
        "object_ref": "somebody-else",
        "request_id": "0" * 16,
        "staff_id": uuid4(),
        "at": datetime(2026, 11, 14, tzinfo=UTC),
    }
    add_lines(database, 4)
    with database.writing() as session:
        line = session.get_one(AuditEntry, 2)
        setattr(line, column, changes[column])
        line.hash = audit._hash(line)
    for name in ("data", "database_url"):
        monkeypatch.setenv(f"UNIVERSITY_{name.upper()}", str(getattr(settings, name) or ""))
    checked = CliRunner().invoke(main, ["audit", "check"])
    assert (checked.exit_code, "line 3" in checked.output) == (1, True), checked.output


def test_a_line_of_earlier_times_keeps_the_hash_it_had() -> None:
    """Written down when no line knew its request: a log of years must not break by an update."""
    line = AuditEntry(
        seq=1,
        at=datetime(2026, 11, 14, 12, tzinfo=UTC),
        actor="holder",
        action="issue",
        object_kind="award",
        object_ref="0198c0de-0000-7000-8000-000000000001",
        outcome="done",
        previous=audit.START,
    )
    assert audit._hash(line) == "e9b993ab7a221957e5490769185d60b3fac8b73b2af59eac96adcabb1e228ec3"


def test_parallel_writers_make_one_chain(database: Database) -> None:
    start = threading.Barrier(8)

    def write() -> None:
        start.wait()
        for _round in range(5):
            add_lines(database, 1)

    writers = [threading.Thread(target=write) for _writer in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 40
        assert audit.check(session) is None


def test_words_outside_of_the_lists_are_refused_by_the_program_and_by_the_database(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(ValueError, match="not a word"):
            add_line(session, action="Ada asked nicely")
        add_line(session)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text("UPDATE audit_entry SET outcome = 'because' WHERE seq = 1"))


@pytest.mark.parametrize("reference", ["ada@example.org", "7KQ29FXDM4TBW8HC", "Ada Lovelace", ""])
def test_a_reference_that_could_name_somebody_is_refused(database: Database, reference: str) -> None:
    with database.writing() as session, pytest.raises(ValueError, match="reference"):
        audit.record(session, actor="holder", action="read", object_kind="person", object_ref=reference)


def test_old_lines_go_and_the_rest_stays_a_chain(database: Database) -> None:
    add_lines(database, 6)
    later = datetime.now(UTC) + audit.KEPT_FOR + timedelta(days=1)
    with database.writing() as session:
        assert audit.prune(session, now=later) == 6
        add_line(session)
        assert audit.check(session) is None
        assert session.scalar(select(func.min(AuditEntry.seq))) == 7
    with database.writing() as session:
        session.execute(text("DELETE FROM audit_entry WHERE seq = 7"))
        assert audit.check(session) == 7
