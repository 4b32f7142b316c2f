"""The audit log: closed words, one chain, and any later change is found."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from university import audit
from university.database import Database
from university.models import AuditEntry


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
