"""A backup is checked, sealed, signed, at both places, and gone with its key by noon of day 20."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from tests import cast
from tests.backups.conftest import Clock
from tests.conftest import only_on
from tests.privacy import canary
from university import clock
from university.backups import attesting, keeping
from university.backups.copying import copy_database
from university.backups.faults import BackupFault
from university.backups.making import FOLDER, SCRATCH, back_up, remove_left_copies
from university.backups.manifests import read_manifest
from university.backups.postgres_tools import find_tool
from university.chains.ledger import open_ledger
from university.cli import main
from university.database import Database
from university.keys.day_keys import open_day_keys
from university.keys.keyring import open_keyring
from university.models import Attestation
from university.places import open_place
from university.rights import erasure
from university.settings import Settings


def files(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.data / FOLDER).glob("*"))


def test_a_backup_says_what_is_in_it_and_shows_nothing_of_it(
    database: Database, with_second: Settings, time: Clock
) -> None:
    with database.writing() as session:
        person = cast.make_person(session, canary.EMAIL)
        cast.make_award(session, person, first_name=canary.FIRST_NAME, last_name=canary.LAST_NAME)
        cast.make_award(session)
    done = erasure.erase(database, open_ledger(with_second), with_second, cast.ADA[2], actor="holder")
    manifest, private = back_up(database, with_second)
    assert private is not None
    assert manifest.name == "university-20261126T103000000Z.sealed"
    assert manifest.key.startswith("backup-2026-11-26-")
    assert (manifest.rows["person"], manifest.rows["award"]) == (1, 1)
    assert (manifest.ledger_seq, manifest.ledger_sha256) == (done.ledger_seq, done.ledger_sha256)
    assert files(with_second) == ["university-20261126T103000000Z.json", "university-20261126T103000000Z.sealed"]
    second = open_place(with_second.backup_copy)
    assert second is not None
    assert second.names() == [f"{manifest.key}.json", *files(with_second)]
    for name in files(with_second):
        assert second.read(name) == (with_second.data / FOLDER / name).read_bytes()
    assert [path.name for path in (with_second.data / SCRATCH).iterdir()] == [".lock"]
    assert canary.in_files(with_second.data / FOLDER) == set()


def test_an_altered_manifest_is_refused(database: Database, settings: Settings) -> None:
    manifest, _private = back_up(database, settings)
    sheet = settings.data / FOLDER / manifest.sheet_name
    keyring = open_keyring(settings)
    assert read_manifest(sheet.read_bytes(), keyring) == manifest
    body = json.loads(sheet.read_bytes())
    for damaged in ({**body, "ledger_seq": 7}, {**body, "more": 1}, {"sig": body["sig"]}):
        with pytest.raises(BackupFault):
            read_manifest(json.dumps(damaged).encode(), keyring)


@only_on("sqlite")
def test_a_damaged_database_gives_no_backup(database: Database, settings: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(settings.data / "university.sqlite3")) as connection:
        connection.execute("INSERT INTO course_alias (slug, course_id) VALUES ('lost', 'nowhere')")
        connection.commit()
    with pytest.raises(BackupFault, match="1 rows of the copy point nowhere"):
        back_up(database, settings)
    assert not (settings.data / FOLDER).exists()
    assert [path.name for path in (settings.data / SCRATCH).iterdir()] == [".lock"]


@only_on("sqlite")
def test_a_copy_holds_nothing_that_was_deleted(database: Database, settings: Settings, tmp_path: Path) -> None:
    with database.writing() as session:
        session.execute(text("PRAGMA secure_delete=OFF"))
        person = cast.make_person(session, canary.EMAIL)
    with database.writing() as session:
        session.delete(session.get_one(type(person), person.id))
    copy_database(database, settings, tmp_path / "copy")
    assert canary.sightings((tmp_path / "copy").read_bytes()) == set()


def test_what_a_crash_left_readable_is_removed_at_the_next_start(settings: Settings) -> None:
    left = settings.data / SCRATCH / "copy"
    left.parent.mkdir(parents=True)
    left.write_text("readable")
    (left.parent / "folder").mkdir()
    remove_left_copies(settings)
    assert [path.name for path in left.parent.iterdir()] == [".lock"]


def test_i7_no_backup_lives_to_see_noon_of_day_20_and_its_key_dies_first(
    database: Database, with_second: Settings, time: Clock
) -> None:
    back_up(database, with_second)
    time.move(days=20, hours=1, minutes=29)
    assert time.now().isoformat() == "2026-12-16T11:59:00+00:00"
    keeping.destroy_old(with_second, time.now())
    assert len(files(with_second)) == 2
    oldest = keeping.oldest(with_second)
    assert oldest is not None
    assert time.now() - oldest < timedelta(days=20, hours=12)
    time.move(minutes=1)
    assert keeping.destroy_old(with_second, time.now()) == 6
    assert files(with_second) == []
    assert all(place.names() == [] for place in keeping.places(with_second))
    assert open_day_keys(with_second).all() == []
    assert keeping.oldest(with_second) is None


def test_i7_a_place_that_is_silent_keeps_no_key_alive(database: Database, settings: Settings, time: Clock) -> None:
    back_up(database, settings)
    silent = settings.model_copy(update={"backup_copy": "s3://bucket?endpoint=http://127.0.0.1:9"})
    time.move(days=20, hours=2)
    with pytest.raises(OSError, match="does not answer"):
        keeping.destroy_old(silent, time.now())
    assert open_day_keys(settings).all() == []
    assert files(settings) == []


def test_of_older_days_only_the_last_backup_is_kept(database: Database, settings: Settings, time: Clock) -> None:
    for _hour in range(3):
        back_up(database, settings)
        time.move(hours=1)
    time.move(days=2)
    keeping.destroy_old(settings, time.now())
    assert files(settings) == ["university-20261126T123000000Z.json", "university-20261126T123000000Z.sealed"]


def test_a_tool_older_than_the_server_is_never_taken() -> None:
    with pytest.raises(BackupFault, match="there is no pg_dump 99 or newer"):
        find_tool("pg_dump", 99)


def test_i7_nothing_is_attested_while_a_backup_is_too_old_or_a_place_is_silent(
    database: Database, settings: Settings, time: Clock
) -> None:
    back_up(database, settings)
    time.move(days=21, minutes=1)
    with pytest.raises(BackupFault, match="older than 21 days"), database.writing() as session:
        attesting.attest(session, settings, time.now())
    keeping.destroy_old(settings, time.now())
    silent = settings.model_copy(update={"backup_copy": "s3://bucket?endpoint=http://127.0.0.1:9"})
    with pytest.raises(OSError, match="does not answer"), database.writing() as session:
        attesting.attest(session, silent, time.now())
    with database.reading() as session:
        assert session.scalars(select(Attestation)).all() == []
    with database.writing() as session:
        attesting.attest(session, settings, time.now())
    with database.reading() as session:
        assert session.scalars(select(Attestation)).one().day == time.now().date()


@only_on("sqlite")
def test_i7_a_second_place_that_answers_errors_or_is_another_one_is_not_attested_and_the_doctor_says_why(
    database: Database,
    settings: Settings,
    bucket: str,
    time: Clock,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    share = tmp_path / "share"
    with_bucket, with_share = (settings.model_copy(update={"backup_copy": one}) for one in (bucket, str(share)))
    for second in (with_bucket, with_share):
        back_up(database, second)
        attest_with(database, second)
    share.rename(tmp_path / "not mounted")
    with pytest.raises(BackupFault, match="is it the same place as before"):
        attest_with(database, with_share)
    request.getfixturevalue("refusing_store")
    with pytest.raises(OSError, match="the store answers InvalidAccessKeyId"):
        attest_with(database, with_bucket)
    for second, why in ((with_share, "is it the same place"), (with_bucket, "the store answers InvalidAccessKeyId")):
        environment = {"UNIVERSITY_DATA": str(settings.data), "UNIVERSITY_BACKUP_COPY": second.backup_copy}
        said = CliRunner(env=environment).invoke(main, ["doctor"]).output
        [line] = [line for line in said.splitlines() if line.split()[1] == "attested"]
        assert line.startswith("BAD")
        assert why in line
        assert f"last signed on {time.now():%Y-%m-%d}" in line


def attest_with(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        attesting.attest(session, settings, clock.now())
