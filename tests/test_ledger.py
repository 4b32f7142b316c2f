"""The rights ledger: appended before anything else, believed only whole, replayed on any database."""

from __future__ import annotations

import json
import multiprocessing
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from university import ledger as ledgers
from university.database import Database
from university.keyring import KeyRing
from university.ledger import Ledger, LedgerFault, Record
from university.models import LedgerApplied
from university.places import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger"


@pytest.fixture
def ledger(folder: Path) -> Ledger:
    return Ledger(folder, KeyRing(folder.parent / "keys"))


def erase_somebody(ledger: Ledger, **more: Any) -> Record:
    return ledger.append("erase", person=uuid4().hex, numbers=["0" * 64], status=[], day="2026-11-24", **more)


def lines_of(ledger: Ledger) -> list[bytes]:
    return ledger.path.read_bytes().splitlines()


def put(ledger: Ledger, lines: list[bytes]) -> None:
    ledger.path.write_bytes(b"".join(line + b"\n" for line in lines))


def test_records_form_a_signed_chain_that_only_we_can_read(ledger: Ledger) -> None:
    first, second = erase_somebody(ledger), erase_somebody(ledger)
    assert [record.seq for record in ledger.records()] == [1, 2]
    assert second.body["prev"] == first.chain
    assert set(second.body) == {"seq", "prev", "at", "event", "person", "numbers", "status", "day", "key", "sig"}
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600
    assert ledger.check() is None


def test_a_torn_last_line_never_counted_and_is_cut_off(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    erase_somebody(ledger)
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + b'{"seq":2,"prev"')
    assert [record.seq for record in ledger.records()] == [1]
    assert ledger.path.read_bytes() == whole
    assert "torn" in caplog.text
    assert erase_somebody(ledger).seq == 2


def altered(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b'"2026-11-24"', b'"2026-11-25"'), lines[2]]


def unknown_key(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b'"ledger-1"', b'"ledger-9"'), lines[2]]


@pytest.mark.parametrize(
    ("damage", "seq"),
    [
        (altered, 2),
        (unknown_key, 2),
        (lambda lines: [lines[0], lines[2]], 2),
        (lambda lines: [lines[1], lines[2]], 1),
        (lambda lines: [lines[0], lines[1], lines[1], lines[2]], 3),
        (lambda lines: [lines[0], b"not json", lines[2]], 2),
        (lambda lines: [lines[0], b"", lines[2]], 2),
    ],
)
def test_a_broken_ledger_names_the_record(
    ledger: Ledger, damage: Callable[[list[bytes]], list[bytes]], seq: int
) -> None:
    for _record in range(3):
        erase_somebody(ledger)
    put(ledger, damage(lines_of(ledger)))
    fault = ledger.check()
    assert fault is not None
    assert fault.seq == seq


def test_a_name_in_the_file_never_makes_a_key(ledger: Ledger) -> None:
    erase_somebody(ledger)
    put(ledger, [lines_of(ledger)[0].replace(b'"ledger-1"', b'"ledger-2"')])
    assert ledger.check() is not None
    assert not (ledger.keyring.folder / "ledger-2.pem").exists()


def append_often(folder: Path) -> None:
    mine = Ledger(folder, KeyRing(folder.parent / "keys"))
    for _round in range(10):
        erase_somebody(mine)


def test_many_processes_make_one_chain(ledger: Ledger) -> None:
    erase_somebody(ledger)
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=append_often, args=(ledger.folder,)) for _writer in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [record.seq for record in ledger.records()] == list(range(1, 42))


def test_a_failed_write_adds_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    erase_somebody(ledger)

    def no_space(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledgers.os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        erase_somebody(ledger)
    monkeypatch.undo()
    assert len(ledger.records()) == 1


# ---- replay


class Notebook:
    """Carries out erasures by writing down whom they were about."""

    def __init__(self) -> None:
        self.people: list[str] = []

    def events(self) -> dict[str, ledgers.CarryOut]:
        return {"erase": lambda _session, record: self.people.append(record.body["person"])}


def replay(database: Database, ledger: Ledger, events: dict[str, ledgers.CarryOut]) -> int:
    with database.writing() as session:
        return ledgers.replay(session, ledger, events)


def applied(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(LedgerApplied.seq).order_by(LedgerApplied.seq)))


def test_replay_carries_out_what_is_missing_in_order_and_once(database: Database, ledger: Ledger) -> None:
    people = [erase_somebody(ledger).body["person"] for _record in range(3)]
    with database.writing() as session:
        ledgers.mark_carried_out(session, ledger.records()[1])
    notebook = Notebook()
    assert replay(database, ledger, notebook.events()) == 2
    assert replay(database, ledger, notebook.events()) == 0
    assert notebook.people == [people[0], people[2]]
    assert applied(database) == [1, 2, 3]


def test_a_ledger_older_than_the_database_is_refused(database: Database, ledger: Ledger) -> None:
    for _record in range(2):
        erase_somebody(ledger)
    replay(database, ledger, Notebook().events())
    put(ledger, lines_of(ledger)[:1])
    with pytest.raises(LedgerFault, match="record 2"):
        replay(database, ledger, Notebook().events())
    ledger.path.unlink()
    with pytest.raises(LedgerFault, match="record 2"):
        replay(database, ledger, Notebook().events())
    with pytest.raises(LedgerFault, match="record 2"):
        erase_somebody(ledger, after=2)


def test_an_event_of_a_later_version_stops_the_start(database: Database, ledger: Ledger) -> None:
    ledger.append("sing", person=uuid4().hex)
    with pytest.raises(LedgerFault, match="sing"):
        replay(database, ledger, Notebook().events())
    assert applied(database) == []


# ---- second copy and compaction


def test_the_second_copy_follows_and_a_ledger_older_than_it_is_refused(folder: Path, tmp_path: Path) -> None:
    ledger = Ledger(folder, KeyRing(folder.parent / "keys"), Folder(tmp_path / "elsewhere"))
    for _record in range(2):
        erase_somebody(ledger)
    assert ledger.bring_copy_up_to_date()
    copy = tmp_path / "elsewhere" / "ledger.jsonl"
    assert copy.read_bytes() == ledger.path.read_bytes()
    put(ledger, lines_of(ledger)[:1])
    fault = ledger.check()
    assert fault is not None
    assert fault.seq == 2


def test_a_copy_that_cannot_be_written_is_late_and_says_so(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("a file where the folder should be")
    ledger = Ledger(folder, KeyRing(folder.parent / "keys"), Folder(tmp_path / "elsewhere"))
    erase_somebody(ledger)
    assert not ledger.bring_copy_up_to_date()


def test_p8_compaction_keeps_the_chain_verifiable_and_drops_every_old_person_id(
    database: Database, ledger: Ledger
) -> None:
    people = [erase_somebody(ledger).body["person"] for _record in range(3)]
    replay(database, ledger, Notebook().events())
    later = datetime.now(UTC) + timedelta(days=31)
    assert ledger.compact(now=later, carried_out=2) == 2
    erase_somebody(ledger)
    text = ledger.path.read_text()
    assert [person in text for person in people] == [False, False, True]
    assert [record.seq for record in ledger.records()] == [2, 3, 4]
    assert ledger.compact(now=later, carried_out=2) == 0
    assert ledger.compact(now=later, carried_out=4) == 3
    assert json.loads(lines_of(ledger)[0])["event"] == "base"
    assert replay(database, ledger, Notebook().events()) == 0
    assert erase_somebody(ledger, after=4).seq == 5
