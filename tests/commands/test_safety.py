"""`university doctor` warns about what could lose data or keep it too long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.backups.conftest import Clock, time  # noqa: F401
from tests.conftest import only_on
from university.backups.making import back_up
from university.chains.ledger import open_ledger
from university.cli import main
from university.database import Database
from university.keys.day_keys import open_day_keys, written
from university.models import JobRun
from university.operating.readiness import not_ready
from university.settings import Settings

Doctor = Callable[..., list[str]]
pytestmark = only_on("sqlite")
ABOUT = {"recovery", "backups", "ledger", "jobs", "kept"}


@pytest.fixture
def doctor(settings: Settings, database: Database) -> Doctor:
    def ask(**changed: str) -> list[str]:
        environment = {"UNIVERSITY_DATA": str(settings.data)}
        environment.update({f"UNIVERSITY_{name.upper()}": value for name, value in changed.items()})
        said = CliRunner(env=environment).invoke(main, ["doctor"]).output
        return [line for line in said.splitlines() if line.split()[1] in ABOUT and not line.startswith("ok ")]

    return ask


def test_until_it_is_safe_the_doctor_says_what_is_missing(
    doctor: Doctor, settings: Settings, database: Database, tmp_path: object
) -> None:
    keys = open_day_keys(settings)
    keys.make_recovery_key()
    said = "\n".join(doctor())
    for words in ("recovery key lies on this machine only", "here: none yet", "no second place", "LEDGER_COPY"):
        assert words in said
    safe = {"backup_copy": f"{tmp_path}/backups", "ledger_copy": f"{tmp_path}/ledger"}
    back_up(database, settings.model_copy(update=safe))
    recovery = keys.recovery_key()
    assert recovery
    keys.keep_recovery_key_elsewhere(written(recovery))
    assert doctor(**safe) == []


def test_old_backups_failed_jobs_and_a_late_copy_are_bad(
    doctor: Doctor,
    settings: Settings,
    database: Database,
    tmp_path: object,
    time: Clock,  # noqa: F811
) -> None:
    back_up(database, settings)
    with database.writing() as session:
        session.add(JobRun(name="backup", failures=3, fault="OSError", failed_at=time.now()))
    open_ledger(settings).append("erase", person="0" * 32, numbers=[], status=[], day="2026-11-26", receipt="0")
    time.move(hours=4)
    said = doctor(ledger_copy=f"{tmp_path}/ledger")
    bad = [line for line in said if line.startswith("BAD")]
    assert [line.split()[1] for line in bad] == ["backups", "ledger", "jobs"]
    assert "backup failed 3 times (OSError) and has not succeeded ever" in bad[2]
    time.time += timedelta(days=21)
    assert any(line.startswith("BAD   kept") and "backups: the oldest" in line for line in doctor())
    silent = doctor(backup_copy="s3://bucket?endpoint=http://127.0.0.1:9")
    assert any("elsewhere: does not answer" in line for line in silent)


def test_a_shared_ledger_that_does_not_answer_is_said_and_one_beside_the_database_as_well(
    ledger_server: str, database: Database, settings: Settings
) -> None:
    nowhere = "postgresql+psycopg://ledger@127.0.0.1:9/ledger"
    away = settings.model_copy(update={"ledger_url": nowhere})
    assert not_ready(database, away) == "the rights ledger does not answer"
    beside = settings.model_copy(
        update={"ledger_url": ledger_server, "database_url": f"{ledger_server}&application_name=u"}
    )
    assert not beside.ledger_shares_server
    assert beside.model_copy(
        update={"database_url": ledger_server.replace("/test_", "/university_")}
    ).ledger_shares_server
