"""What needs attention, and whom it is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from litestar.testing import TestClient

from tests import cast, crew
from tests.conftest import only_on
from tests.desk import saved
from university import clock
from university.accounts import codes
from university.database import Database
from university.drafting.draft_saving import open_draft
from university.drafting.draft_steps import Step
from university.mailing.mail import enqueue
from university.models import ROLES, SETUP_STEPS, JobRun, Outbox
from university.operating import attention
from university.setting_up import setup_steps
from university.settings import Settings

QUIET = "Nothing needs your attention."


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    crew.hash_quickly(monkeypatch)


def home_of(client: TestClient, database: Database, who: str) -> str:
    """The home page of somebody who has recovery codes on paper."""
    here = crew.sign_in(client, database, who)
    with database.writing() as session:
        codes.replace_recovery_codes(session, here.id, codes.make_recovery_codes()[1])
    return client.get("/staff").text


def make_backup(database: Database, hours_ago: int) -> None:
    with database.writing() as session:
        session.merge(JobRun(name="backup", succeeded_at=clock.now() - timedelta(hours=hours_ago), failures=0))


def test_when_all_is_well_the_page_says_so_plainly(client: TestClient, database: Database) -> None:
    cast.publish_sample(database)
    make_backup(database, 1)
    with database.writing() as session:
        for step in SETUP_STEPS:
            setup_steps.settle(session, step, "done")
    for who in crew.CAST:
        assert QUIET in home_of(client, database, who), who


def test_the_owner_sees_what_does_not_run(client: TestClient, database: Database) -> None:
    make_backup(database, 5)
    with database.writing() as session:
        session.add(JobRun(name="outbox", failures=3, failed_at=clock.now(), fault="OperationalError"))
        enqueue(session, "my_data", language="en", address="ada@example.org")
        enqueue(session, "my_data", language="en", address="ben@example.org")
        waiting, given_up = session.query(Outbox).all()
        waiting.created_at = clock.now() - timedelta(hours=2)
        given_up.parked_at = clock.now()
    page = home_of(client, database, "olga")
    for words in (
        *("The last backup is of", "failed 3 times in a row", "OperationalError"),
        *("One mail could not be delivered", "One mail has been waiting"),
    ):
        assert words in page
    assert "example.org" not in page.replace("olga@example.org", "")
    assert "could not be delivered" in home_of(client, database, "priya")
    assert QUIET in home_of(client, database, "grace")


def test_fa6_the_owner_is_told_of_certificates_from_the_future(
    client: TestClient, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: cast.NOON - timedelta(hours=1))
    cast.make_keyring(settings)
    make_backup(database, 1)
    with database.writing() as session:
        cast.make_award(session)
    assert "One certificate bears a date that is still to come" in home_of(client, database, "olga")
    assert QUIET in home_of(client, database, "priya")


def test_a_draft_that_nobody_sees_is_shown_to_those_who_write_and_publish(
    client: TestClient, database: Database
) -> None:
    cast.publish_sample(database)
    make_backup(database, 1)
    cast.import_sample(database, "mountains", "Mountains")
    for who in ("grace", "pia"):
        assert "One course has a draft" in home_of(client, database, who)
    assert QUIET in home_of(client, database, "priya")


def test_whoever_has_one_way_in_only_is_told(client: TestClient, grace: crew.Here) -> None:
    assert "Make sure of a second way in" in client.get("/staff").text


@only_on("sqlite")
def test_a_key_near_its_end_is_named(
    client: TestClient, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "keys rotate" not in home_of(client, database, "olga")
    moment = clock.now() + timedelta(days=340)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert "keys rotate" in home_of(client, database, "olga")


def test_every_question_is_asked_of_somebody_and_of_roles_there_are() -> None:
    assert all(each.roles and each.roles <= set(ROLES) for each in attention.QUESTIONS)


def test_a_draft_that_lost_a_file_waits_like_one_that_was_rewritten(client: TestClient, database: Database) -> None:
    cast.publish_sample(database)
    assert QUIET in home_of(client, database, "grace")
    with database.writing() as session:
        opened = open_draft(session, "rivers")
        saved(session, opened, {"files/map.txt": None}, Step("file_gone"))
    assert "One course has a draft that learners do not see yet." in home_of(client, database, "grace")
