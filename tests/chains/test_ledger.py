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
from sqlalchemy import create_engine, select, text

from university.chains import ledger as ledgers, ledger_file
from university.chains.ledger import Ledger, LedgerFault, Record
from university.chains.ledger_file import LedgerFile
from university.chains.ledger_moving import move
from university.chains.ledger_table import LedgerTable, engine_of
from university.database import Database
from university.keys.keyring import KeyRing
from university.models import LedgerApplied
from university.places import Folder


@pytest.fixture
def keyring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "data" / "keys")


@pytest.fixture
def in_file(tmp_path: Path, keyring: KeyRing) -> Ledger:
    """The ledger of one machine."""
    return Ledger(LedgerFile(tmp_path / "data" / "ledger"), keyring)


@pytest.fixture(params=["file", "table"])
def ledger(request: pytest.FixtureRequest, in_file: Ledger, keyring: KeyRing) -> Ledger:
    """Both kinds of book, one after the other."""
    if request.param == "file":
        return in_file
    return Ledger(LedgerTable(request.getfixturevalue("ledger_server")), keyring)


def erase_somebody(ledger: Ledger, **more: Any) -> Record:
    return ledger.append("erase", person=uuid4().hex, numbers=["0" * 64], status=[], day="2026-11-24", **more)


def lines_of(ledger: Ledger) -> list[bytes]:
    with ledger.book.held():
        return ledger.book.lines()


def put(ledger: Ledger, lines: list[bytes]) -> None:
    """Somebody writes the book by hand."""
    with ledger.book.held():
        ledger.book.rewrite(list(enumerate(lines, start=1)))


def file_of(ledger: Ledger) -> Path:
    assert isinstance(ledger.book, LedgerFile)
    return ledger.book.path


def test_records_form_a_signed_chain(ledger: Ledger) -> None:
    first, second = erase_somebody(ledger), erase_somebody(ledger)
    assert [record.seq for record in ledger.records()] == [1, 2]
    assert second.body["prev"] == first.chain
    assert set(second.body) == {"seq", "prev", "at", "event", "person", "numbers", "status", "day", "key", "sig"}
    assert ledger.check() is None


def test_only_we_can_read_the_file(in_file: Ledger) -> None:
    erase_somebody(in_file)
    assert stat.S_IMODE(file_of(in_file).stat().st_mode) == 0o600


def test_a_torn_last_line_never_counted_and_is_cut_off(in_file: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    erase_somebody(in_file)
    path = file_of(in_file)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"seq":2,"prev"')
    assert [record.seq for record in in_file.records()] == [1]
    assert path.read_bytes() == whole
    assert "torn" in caplog.text
    assert erase_somebody(in_file).seq == 2


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


def append_often(ledger: Ledger) -> None:
    for _round in range(10):
        erase_somebody(ledger)


def test_many_processes_make_one_chain(ledger: Ledger) -> None:
    erase_somebody(ledger)
    if isinstance(ledger.book, LedgerTable):
        engine_of(ledger.book.address).dispose()  # no two processes may talk on one connection
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=append_often, args=(ledger,)) for _writer in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [record.seq for record in ledger.records()] == list(range(1, 42))


def test_a_failed_write_adds_nothing(in_file: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    erase_somebody(in_file)

    def no_space(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger_file.os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        erase_somebody(in_file)
    monkeypatch.undo()
    assert len(in_file.records()) == 1


def test_a_connection_that_is_cut_adds_nothing_and_is_told_like_a_broken_disk(
    ledger_server: str, keyring: KeyRing
) -> None:
    book = LedgerTable(ledger_server)
    ledger = Ledger(book, keyring)
    erase_somebody(ledger)
    with pytest.raises(OSError, match="server of the rights ledger"):
        add_while_the_server_restarts(book, ledger_server)
    assert [record.seq for record in ledger.records()] == [1]
    assert erase_somebody(ledger).seq == 2


def add_while_the_server_restarts(book: LedgerTable, server: str) -> None:
    """The server ends every connection between the line and its commit."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with book.held(), admin.connect() as connection:
        book.add(2, b"a line that is never committed")
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))
    admin.dispose()


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
    put(ledger, [])
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


def with_copy(ledger: Ledger, elsewhere: Path) -> Ledger:
    return Ledger(ledger.book, ledger.keyring, Folder(elsewhere))


def test_the_second_copy_follows_and_a_ledger_older_than_it_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    ledger = with_copy(ledger, tmp_path / "elsewhere")
    for _record in range(2):
        erase_somebody(ledger)
    ledger.beside.write("names/0f", b"sealed")
    assert ledger.bring_copy_up_to_date()
    copy = tmp_path / "elsewhere" / "ledger.jsonl"
    assert copy.read_bytes().splitlines() == lines_of(ledger)
    assert (tmp_path / "elsewhere" / "names" / "0f").read_bytes() == b"sealed"
    ledger.beside.delete("names/0f")
    assert ledger.bring_copy_up_to_date()
    assert Folder(tmp_path / "elsewhere").names() == ["ledger.jsonl"]
    put(ledger, lines_of(ledger)[:1])
    fault = ledger.check()
    assert fault is not None
    assert fault.seq == 2


def test_a_copy_that_cannot_be_written_is_late_and_says_so(in_file: Ledger, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("a file where the folder should be")
    ledger = with_copy(in_file, tmp_path / "elsewhere")
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
    kept = b"\n".join(lines_of(ledger)).decode()
    assert [person in kept for person in people] == [False, False, True]
    assert [record.seq for record in ledger.records()] == [2, 3, 4]
    assert ledger.compact(now=later, carried_out=2) == 0
    assert ledger.compact(now=later, carried_out=4) == 3
    assert json.loads(lines_of(ledger)[0])["event"] == "base"
    assert replay(database, ledger, Notebook().events()) == 0
    assert erase_somebody(ledger, after=4).seq == 5


# ---- from one machine to many


def test_the_ledger_of_one_machine_moves_into_the_table_that_many_share(
    in_file: Ledger, ledger_server: str, tmp_path: Path
) -> None:
    for _record in range(3):
        erase_somebody(in_file)
    in_file.beside.write("names/0f", b"sealed")
    before = lines_of(in_file)
    shared = Ledger(LedgerTable(ledger_server), in_file.keyring)
    assert isinstance(in_file.book, LedgerFile)
    assert move(in_file.book, shared) == 3
    assert lines_of(shared) == before
    assert shared.beside.read("names/0f") == b"sealed"
    assert shared.beside.names() == ["names/0f"]
    assert in_file.beside.names() == [], "nothing of it stays on the machine"
    assert erase_somebody(shared).seq == 4
    erase_somebody(in_file)
    with pytest.raises(LedgerFault, match="not empty"):
        move(in_file.book, shared)
    assert len(lines_of(shared)) == 4
