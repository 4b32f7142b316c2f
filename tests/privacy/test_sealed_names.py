"""A corrected name beside the ledger: there for whoever restores a backup, and never there for nobody."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import cast
from tests.conftest import only_on
from university.awarding.versions import correct_name
from university.chains.ledger import open_ledger
from university.chains.ledger_file import LedgerFile
from university.commands.rights import carry_out_ledger
from university.database import Database
from university.jobs.worker import run_job
from university.keys.private_files import half_of
from university.models import Award
from university.places import Folder
from university.rights import decisions, sealed_names
from university.rights.jobs import jobs
from university.settings import Settings

pytestmark = only_on("sqlite")


class PowerCut(BaseException):
    """Nothing of ours runs any more from here on."""


@pytest.fixture
def award(database: Database) -> Award:
    with database.writing() as session:
        return cast.make_award(session)


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.data / "ledger" / sealed_names.FOLDER


def correct(database: Database, settings: Settings, award: Award, last_name: str = "King") -> None:
    with database.writing() as session:
        old = session.get_one(Award, award.id)
        correct_name(session, cast.make_keyring(settings), settings, old, "Augusta", last_name, actor="holder")


def last_name(database: Database) -> str:
    with database.reading() as session:
        return session.query(Award).one().last_name


def start_again(database: Database, settings: Settings) -> None:
    carry_out_ledger(database, settings)


def an_hour_later(database: Database, settings: Settings) -> None:
    run_job(database, next(job for job in jobs(settings) if job.name == "sealed names"))


def cut_off(*_: object) -> None:
    raise PowerCut


def write_half(place: Folder, name: str, content: bytes) -> None:
    path = place.path / name
    path.parent.mkdir(parents=True)
    (path.parent / half_of(path.name)).write_bytes(content[:100])
    raise PowerCut


@pytest.mark.parametrize("then", [start_again, an_hour_later])
@pytest.mark.parametrize("where", ["add", "write"])
def test_a_name_whose_record_was_never_written_is_gone_with_the_next_start_and_within_the_hour(
    where: str,
    then: Callable[[Database, Settings], None],
    database: Database,
    settings: Settings,
    award: Award,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The power goes between the file and its record, or while the file is half written."""
    with monkeypatch.context() as cut:
        if where == "add":
            cut.setattr(LedgerFile, "add", cut_off)
        else:
            cut.setattr(Folder, "write", write_half)
        with pytest.raises(PowerCut):
            correct(database, settings, award)
    assert len(list(folder.iterdir())) == 1, "the file comes before the record"
    then(database, settings)
    assert list(folder.iterdir()) == []
    assert last_name(database) == "Lovelace"
    assert open_ledger(settings).records() == []


def test_a_name_whose_record_is_written_is_corrected_by_the_next_start(
    database: Database, settings: Settings, award: Award, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power goes between the record and the commit of the database."""
    with monkeypatch.context() as cut:
        cut.setattr(decisions.ledgers, "mark_carried_out", cut_off)
        with pytest.raises(PowerCut):
            correct(database, settings, award)
    assert last_name(database) == "Lovelace"
    start_again(database, settings)
    assert last_name(database) == "King"
    assert len(list(folder.iterdir())) == 1


def test_nobody_takes_a_name_away_between_its_file_and_its_record(
    database: Database, settings: Settings, award: Award, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever deletes what no record names has to wait until the record of this one is there."""
    add, delete, seen = LedgerFile.add, Folder.delete, []

    def is_held() -> bool:
        with (settings.data / "ledger" / ".lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def add_and_look(book: LedgerFile, seq: int, line: bytes) -> None:
        seen.append(("added", len(list(folder.iterdir())), is_held()))
        add(book, seq, line)

    def delete_and_look(place: Folder, name: str) -> None:
        seen.append(("deleted", len(list(folder.iterdir())), is_held()))
        delete(place, name)

    monkeypatch.setattr(LedgerFile, "add", add_and_look)
    monkeypatch.setattr(Folder, "delete", delete_and_look)
    folder.mkdir(parents=True)
    (folder / "left").write_bytes(b"by a crash")
    correct(database, settings, award)
    an_hour_later(database, settings)
    assert seen == [("added", 2, True), ("deleted", 2, True)]


def test_a_replay_reads_the_ledger_once_however_much_was_decided(
    database: Database, settings: Settings, award: Award, monkeypatch: pytest.MonkeyPatch
) -> None:
    correct(database, settings, award)
    ledger = open_ledger(settings)
    for _again in range(3):
        for event in ("restrict", "unrestrict"):
            ledger.append(event, person=award.person_id.hex)
    lines, read = LedgerFile.lines, []
    monkeypatch.setattr(LedgerFile, "lines", lambda book: read.append(book) or lines(book))
    run_job(database, next(job for job in jobs(settings) if job.name == "rights ledger"))
    assert len(read) == 2, "once to carry it out, once to look for names that are over"
    assert len(open_ledger(settings).records()) == 7
