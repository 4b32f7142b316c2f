"""A backup that is brought back brings nobody back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select, text

from certificates import digest_of
from tests import cast
from tests.backups.conftest import Clock
from tests.conftest import only_on
from tests.faults.figures import Note
from tests.privacy import canary
from university import limits, tokens
from university.backups.faults import BackupFault
from university.backups.jobs import jobs
from university.backups.making import FOLDER, back_up
from university.backups.manifests import Manifest
from university.backups.restoring import drill, restore
from university.chains import audit
from university.chains.ledger import open_ledger, own_file
from university.cli import main
from university.commands.serving import prepare
from university.database import Database
from university.jobs.worker import run_job
from university.keys.day_keys import open_day_keys, written
from university.mailing import mail
from university.models import (
    AuditEntry,
    Award,
    Claim,
    JobRun,
    Outbox,
    Person,
    PortalSession,
    RateLimit,
    Table,
    Token,
    Tombstone,
)
from university.operating import in_use
from university.rights import erasure
from university.settings import Settings

ERASED = 20


def address(n: int) -> str:
    return f"holder-{n}@example.org"


@pytest.fixture
def holders(database: Database) -> list[str]:
    """The numbers of certificates of more people than will leave."""
    with database.writing() as session:
        course = cast.make_course(session)
        people = [cast.make_person(session, address(n)) for n in range(ERASED + 5)]
        return [cast.make_award(session, person, course).number for person in people]


@pytest.fixture
def file(database: Database, settings: Settings, holders: list[str]) -> Path:
    """A backup in which everybody is still there."""
    return settings.data / FOLDER / back_up(database, settings)[0].name


def erase(database: Database, settings: Settings, n: int) -> erasure.Erasure:
    return erasure.erase(database, open_ledger(settings), settings, address(n), actor="holder")


def count(database: Database, table: type[Table]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def people(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Person.email)))


def test_i5_nobody_who_was_erased_since_comes_back(
    database: Database, settings: Settings, holders: list[str], file: Path
) -> None:
    for n in range(ERASED):
        erase(database, settings, n)
    database.close()
    done = restore(settings, file)
    assert (done.replayed, done.gone, done.rows["person"], done.rows["award"]) == (ERASED, ERASED, 5, 5)
    assert people(database) == {address(n) for n in range(ERASED, ERASED + 5)}
    with database.reading() as session:
        buried = set(session.scalars(select(Tombstone.number_sha256)))
        assert buried == {digest_of(number) for number in holders[:ERASED]}
        assert session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first().action == "restore"  # type: ignore[union-attr]
        assert audit.check(session) is None
    database.close()
    prepare(settings)


def test_what_only_made_sense_at_that_moment_is_emptied(
    database: Database, settings: Settings, ada_passed: None
) -> None:
    manifest, _private = back_up(database, settings)
    database.close()
    done = restore(settings, settings.data / FOLDER / manifest.name)
    emptied = {table: rows for table, rows in done.emptied.items() if rows}
    assert emptied == {"claim": 1, "token": 1, "portal_session": 1, "rate_limit": 2}
    assert [count(database, table) for table in (Claim, Token, PortalSession, RateLimit)] == [0, 0, 0, 0]
    with database.reading() as session:
        kept = {row.kind: row.parked_at for row in session.scalars(select(Outbox))}
    assert (kept["issued"], kept["my_data"] is None) == (None, False)


@pytest.fixture
def ada_passed(database: Database, settings: Settings) -> None:
    """One row of everything that lasts for a moment, a mail about a certificate and one about nothing that lasts."""
    with database.writing() as session:
        award, claim = cast.make_award(session), cast.make_claim(session)
        now = claim.created_at
        tokens.make(session, tokens.CLAIM, claim_id=claim.id, lifetime=timedelta(hours=1))
        session.add(PortalSession(secret_sha256="0" * 64, person_id=award.person_id, created_at=now, last_seen_at=now))
        limits.by_address(settings, session, "portal", cast.ADA[2])
        mail.enqueue(session, "issued", language="en", award_id=award.id)
        mail.enqueue(session, "my_data", language="en", address=cast.ADA[2])


def test_what_was_there_before_is_kept_as_a_backup_like_any_other(
    database: Database, settings: Settings, file: Path, time: Clock
) -> None:
    time.move(hours=1)
    with database.writing() as session:
        cast.make_person(session, "later@example.org")
    database.close()
    done = restore(settings, file)
    assert done.kept is not None
    assert "later@example.org" not in people(database)
    database.close()
    time.move(hours=1)
    restore(settings, settings.data / FOLDER / done.kept)
    assert "later@example.org" in people(database)


def test_a_fresh_machine_takes_the_backup_with_key_ring_ledger_and_recovery_key(
    database: Database, with_second: Settings, holders: list[str], tmp_path: Path, database_url: str
) -> None:
    settings = with_second.model_copy(update={"ledger_copy": str(tmp_path / "ledger-copy")})
    manifest, _private = back_up(database, settings)
    erase(database, settings, 0)
    keys = open_day_keys(settings)
    recovery = keys.recovery_key()
    assert recovery is not None
    keys.keep_recovery_key_elsewhere(written(recovery))
    database.close()
    machine = settings.model_copy(update={"data": tmp_path / "machine", "recovery_key": written(recovery)})
    shutil.copytree(settings.data / "keys", machine.data / "keys", ignore=shutil.ignore_patterns("backup-*"))
    brought = tmp_path / "brought"
    brought.mkdir()
    for name in (manifest.name, manifest.sheet_name):
        shutil.copy(settings.data / FOLDER / name, brought)
    with pytest.raises(BackupFault, match="record 1: is in the second copy, but missing here"):
        restore(machine, brought / manifest.name)
    shutil.copytree(tmp_path / "ledger-copy", machine.data / "ledger", dirs_exist_ok=True)
    with pytest.raises(BackupFault, match="does not open"):
        drill(machine.model_copy(update={"recovery_key": ""}), brought / manifest.name)
    done = restore(machine, brought / manifest.name)
    assert (done.replayed, done.gone) == (1, 1)
    there = Database(machine)
    assert address(0) not in people(there)
    assert address(1) in people(there)
    there.close()


# ---- refusals


def damaged(file: Path, change: Callable[[bytes], bytes]) -> None:
    file.write_bytes(change(file.read_bytes()))


@pytest.mark.parametrize(
    ("suffix", "change", "said"),
    [
        (".sealed", lambda content: content[:-1], "not the one its manifest was signed for"),
        (".json", lambda content: content.replace(b'"ledger_seq": 0', b'"ledger_seq": 1'), "altered"),
        (".json", lambda _content: b"{}", "cannot be read"),
    ],
)
def test_a_backup_that_is_not_as_it_was_signed_is_refused(
    settings: Settings, file: Path, suffix: str, change: Callable[[bytes], bytes], said: str
) -> None:
    damaged(file.with_suffix(suffix), change)
    with pytest.raises(BackupFault, match=said):
        drill(settings, file)


def test_fa8_without_the_ledger_nothing_is_restored_and_nothing_starts(
    database: Database, settings: Settings, file: Path, figure: Note
) -> None:
    for n in range(3):
        erase(database, settings, n)
    back_up(database, settings)
    path = own_file(settings).path
    whole = path.read_bytes()
    database.close()
    path.unlink()
    with pytest.raises(BackupFault, match="record 3"):
        restore(settings, file)
    for content in (b"", b"".join(whole.splitlines(keepends=True)[:2])):
        path.write_bytes(content)
        with pytest.raises(BackupFault, match="record 3"):
            restore(settings, file)
        with pytest.raises(click.ClickException, match="record 3"):
            prepare(settings)
    path.write_bytes(whole)
    assert restore(settings, file).replayed == 3
    figure("without the ledger, or with a part of it: restore and start refused, naming the record")


def test_fa8_a_ledger_behind_the_database_that_would_be_replaced_stops_the_restore(
    database: Database, settings: Settings, file: Path
) -> None:
    """The erasure is younger than every backup: only the database that is about to go knows of it."""
    erase(database, settings, 0)
    path = own_file(settings).path
    whole = path.read_bytes()
    database.close()
    path.write_bytes(b"")
    with pytest.raises(BackupFault, match="record 1"):
        restore(settings, file)
    path.write_bytes(whole)
    assert restore(settings, file).replayed == 1


def test_fa8_a_ledger_behind_a_newer_backup_stops_the_start_even_if_the_database_is_old_too(
    database: Database, settings: Settings, holders: list[str]
) -> None:
    """Database and ledger rolled back together fit each other; the newest manifest knows better."""
    erase(database, settings, 0)
    path = own_file(settings).path
    old = path.read_bytes()
    erase(database, settings, 1)
    back_up(database, settings)
    path.write_bytes(old)
    with database.writing() as session:
        session.execute(text("DELETE FROM ledger_applied WHERE seq = 2"))
    database.close()
    with pytest.raises(click.ClickException, match=r"record 2: the backup .* had carried it out"):
        prepare(settings)


def test_a_replay_that_leaves_somebody_is_refused(
    database: Database, settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase(database, settings, 0)
    monkeypatch.setattr("university.rights.erasure._delete_rows", lambda *_: {})
    with pytest.raises(BackupFault, match="erased by record 1 of the ledger is back"):
        drill(settings, file)


def test_nothing_is_swapped_under_a_running_program(database: Database, settings: Settings, file: Path) -> None:
    run = CliRunner(env={"UNIVERSITY_DATA": str(settings.data), "UNIVERSITY_DATABASE_URL": settings.database_url})
    with in_use.using(settings):
        refused = run.invoke(main, ["restore", str(file), "--yes"])
    assert refused.exit_code == 1
    assert "stop it first" in refused.output


@only_on("postgresql")
def test_nothing_is_swapped_under_programs_on_other_machines(
    database: Database, settings: Settings, file: Path
) -> None:
    with database.engine.connect(), pytest.raises(BackupFault, match="in use by other connections"):
        restore(settings, file)
    assert left_databases(database) == []


# ---- drills


def left_databases(database: Database) -> list[str]:
    if database.is_sqlite:
        return []
    with database.reading() as session:
        mine = session.scalar(text("SELECT current_database()"))
        found = session.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE :name"), {"name": f"{mine}_%"})
        return list(found)


def test_a_drill_changes_nothing_and_leaves_nothing(database: Database, settings: Settings, file: Path) -> None:
    erase(database, settings, 0)
    before = {path: path.stat().st_mtime_ns for path in settings.data.glob("*/*")}
    done = drill(settings, file, [address(0), "no such text"])
    assert (done.replayed, done.rows["person"], done.kept) == (1, ERASED + 4, None)
    with pytest.raises(BackupFault, match=r"what should be absent is in person\.email"):
        drill(settings, file, [address(1).upper()])
    after = {path: path.stat().st_mtime_ns for path in settings.data.glob("*/*")}
    assert {path.name for path in set(after) ^ set(before)} <= {".lock"}
    assert left_databases(database) == []
    assert count(database, Person) == ERASED + 4


def test_the_worker_backs_up_every_hour_and_drills_once_a_month(
    database: Database, settings: Settings, time: Clock
) -> None:
    with database.writing() as session:
        person = cast.make_person(session, canary.EMAIL)
        cast.make_award(session, person, first_name=canary.FIRST_NAME, last_name=canary.LAST_NAME)
    make = jobs(database, settings)[0]
    recovery = open_day_keys(settings)
    recovery.make_recovery_key()
    recovery.keep_recovery_key_elsewhere(written(recovery.recovery_key()))  # type: ignore[arg-type]
    days = []
    for _day in range(30):
        run_job(database, make)
        with database.reading() as session:
            last = session.get_one(JobRun, "restore drill").succeeded_at
        days.append(last)
        time.move(days=1)
    assert len(set(days)) == 2
    assert canary.in_files(settings.data / FOLDER) == set()


@pytest.fixture
def run(settings: Settings) -> Callable[..., Result]:
    environment = {"UNIVERSITY_DATA": str(settings.data), "UNIVERSITY_DATABASE_URL": settings.database_url}
    return lambda *words, **more: CliRunner(env=environment).invoke(main, list(words), **more)


def test_from_the_command_line_with_the_recovery_key_kept_elsewhere(
    database: Database, settings: Settings, holders: list[str], run: Callable[..., Result]
) -> None:
    made = run("backup")
    assert made.exit_code == 0, made.output
    file = made.output.partition(":")[0]
    shown = run("keys", "recovery", "show").output.strip()
    assert len(shown) == 69
    assert run("keys", "recovery", "kept", input="ABCD\n").exit_code == 1
    assert run("keys", "recovery", "kept", input=f"{shown}\n").exit_code == 0
    assert run("keys", "recovery", "show").exit_code == 1
    erase(database, settings, 0)
    database.close()
    assert "one of them is mistyped" in run("restore", file, "--yes", input=f"{'A' * 56}\n").output
    drilled = run("restore", file, "--drill", input=f"{shown}\n")
    assert "1 records carried out, 1 erased people looked for and not found" in drilled.output
    assert people(database) == {address(n) for n in range(1, ERASED + 5)}
    database.close()
    restored = run("restore", file, "--yes", input=f"{shown}\n")
    assert restored.exit_code == 0, restored.output
    assert "What was there before is kept as university-" in restored.output
    assert people(database) == {address(n) for n in range(1, ERASED + 5)}
    assert json.loads(Path(file).with_suffix(".json").read_text())["rows"]["person"] == ERASED + 5


def test_a_backup_of_a_newer_program_is_refused(database: Database, settings: Settings, holders: list[str]) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    manifest: Manifest = back_up(database, settings)[0]
    with pytest.raises(BackupFault, match="newer version"):
        drill(settings, settings.data / FOLDER / manifest.name)
    assert count(database, Award) == ERASED + 5
