"""The second copy of the rights ledger, in a folder or in a bucket over HTTP."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.backups.conftest import Clock
from tests.conftest import only_on
from university.chains import audit, audit_head
from university.chains.ledger import Ledger, LedgerFault, open_ledger
from university.database import Database
from university.jobs.worker import run_job
from university.places import open_place
from university.rights.jobs import jobs
from university.settings import Settings


@pytest.fixture
def copied(settings: Settings, second_place: str) -> Settings:
    return settings.model_copy(update={"ledger_copy": second_place})


@pytest.fixture
def ledger(copied: Settings) -> Ledger:
    return open_ledger(copied)


def erase_somebody(ledger: Ledger) -> None:
    ledger.append("erase", person=uuid4().hex, numbers=["0" * 64], status=[], day="2026-11-24", receipt=uuid4().hex)


pytestmark = only_on("sqlite")


def test_the_copy_follows_with_all_that_lies_beside_the_ledger(ledger: Ledger, copied: Settings) -> None:
    erase_somebody(ledger)
    names = copied.data / "ledger" / "names"
    names.mkdir()
    (names / "ab12").write_bytes(b"sealed")
    assert ledger.bring_copy_up_to_date()
    place = open_place(copied.ledger_copy)
    assert place is not None
    assert place.names() == ["ledger.jsonl", "names/ab12"]
    assert place.read("ledger.jsonl") == (copied.data / "ledger" / "ledger.jsonl").read_bytes()
    (names / "ab12").unlink()
    assert ledger.bring_copy_up_to_date()
    assert place.names() == ["ledger.jsonl"]
    place.delete("ledger.jsonl")
    assert ledger.bring_copy_up_to_date()
    assert place.names() == ["ledger.jsonl"]


def test_i6_a_ledger_rolled_back_behind_its_copy_is_refused_by_number(ledger: Ledger, copied: Settings) -> None:
    for _record in range(2):
        erase_somebody(ledger)
    assert ledger.bring_copy_up_to_date()
    path = copied.data / "ledger" / "ledger.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(LedgerFault, match="record 2: is in the second copy, but missing here"):
        ledger.records()
    erase_somebody(ledger)  # another second record than the one that is known elsewhere
    with pytest.raises(LedgerFault, match="record 2: differs from the second copy"):
        ledger.records()


def test_a_copy_that_is_late_says_since_when(ledger: Ledger, time: Clock) -> None:
    erase_somebody(ledger)
    assert ledger.bring_copy_up_to_date()
    assert ledger.copy_late_since() is None
    time.move(minutes=5)
    erase_somebody(ledger)
    time.move(minutes=20)
    assert ledger.copy_late_since() == time.now() - timedelta(minutes=20)
    assert ledger.bring_copy_up_to_date()
    assert ledger.copy_late_since() is None


def test_a_silent_place_makes_the_copy_late_and_stops_nothing(settings: Settings, database: Database) -> None:
    silent = settings.model_copy(update={"ledger_copy": "s3://bucket?endpoint=http://127.0.0.1:9"})
    ledger = open_ledger(silent)
    erase_somebody(ledger)
    assert len(ledger.records()) == 1
    assert not ledger.bring_copy_up_to_date()
    copying = next(job for job in jobs(silent) if job.name == "ledger copy")
    with pytest.raises(OSError, match="late"):
        run_job(database, copying)


def test_a75_a_rewritten_audit_log_does_not_fit_its_signed_head(
    database: Database, copied: Settings, ledger: Ledger
) -> None:
    def lines(count: int, reference: str) -> None:
        with database.writing() as session:
            for _ in range(count):
                audit.record(session, actor="worker", action="prune", object_kind="audit", object_ref=reference)

    lines(3, "a")
    with database.reading() as session:
        assert audit_head.check_head(session, copied) is None
        assert audit_head.sign_head(session, copied) == 3
        assert audit_head.check_head(session, copied) is None
    assert ledger.bring_copy_up_to_date()
    place = open_place(copied.ledger_copy)
    assert place is not None
    assert "audit-head.json" in place.names()
    lines(1, "a")
    for count, named in ((4, 3), (2, 3)):
        with database.writing() as session:
            session.execute(audit.delete(audit.AuditEntry))
        lines(count, "b")
        with database.reading() as session:
            assert audit.check(session) is None, "the forged chain is whole"
            assert audit_head.check_head(session, copied) == named
    head = copied.data / "ledger" / audit_head.FILE_NAME
    head.write_bytes(head.read_bytes().replace(b'"seq": 3', b'"seq": 1'))
    with database.reading() as session:
        assert audit_head.check_head(session, copied) is not None
