"""The figures: not public, and without a word about anybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient

from tests import cast
from tests.privacy import canary
from university import clock
from university.app import create_app
from university.backups.making import back_up
from university.cli import main
from university.database import Database
from university.mailing.mail import enqueue
from university.metrics.figures import may_read
from university.models import JobRun
from university.operating import health
from university.settings import Settings, SettingsError, read_settings

TOKEN = "a-token-of-24-characters"


@contextmanager
def served(settings: Settings, setting: str) -> Iterator[TestClient]:
    with TestClient(create_app(settings.model_copy(update={"metrics": setting})), base_url=settings.base_url) as client:
        yield client


def test_nobody_reads_them_unless_a_setting_says_who(client: TestClient, settings: Settings) -> None:
    assert client.get("/metrics").status_code == 404
    with served(settings, TOKEN) as with_token:
        assert with_token.get("/metrics").status_code == 404
        assert with_token.get("/metrics", headers={"authorization": "Bearer something-else"}).status_code == 404
        answer = with_token.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("setting", "client", "is_forwarded", "may"),
    [
        ("", "127.0.0.1", False, False),
        ("loopback", "127.0.0.1", False, True),
        ("loopback", "127.0.0.1", True, False),
        ("loopback", "192.0.2.7", False, False),
    ],
)
def test_this_machine_may_unless_somebody_else_asks_through_it(
    setting: str, client: str, is_forwarded: bool, may: bool
) -> None:
    assert may_read(setting, client=client, authorization="Bearer loopback", is_forwarded=is_forwarded) is may


def test_a_short_token_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="METRICS"):
        read_settings({"UNIVERSITY_METRICS": "short"})


def figures(client: TestClient) -> dict[str, float]:
    page = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).text
    lines = [line for line in page.splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def test_a71_they_tell_age_and_health_and_nothing_of_anybody(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast.make_award(session, cast.make_person(session, canary.EMAIL), first_name=canary.FIRST_NAME)
        cast.make_claim(session, email=canary.EMAIL)
    back_up(database, settings)
    with served(settings, TOKEN) as client:
        found = figures(client)
        page = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content
    assert found['university_backups{place="here"}'] == 1
    assert found['university_backup_newest_age_seconds{place="here"}'] < 600
    assert found["university_backup_oldest_age_seconds"] < 24 * 3600
    assert (found["university_ledger_whole"], found["university_recovery_key_kept_elsewhere"]) == (1, 0)
    assert found['university_kept_overdue_seconds{rule="claims"}'] < 0
    assert found["university_disk_free_bytes"] > 0
    assert canary.sightings(page) == set()


def test_they_tell_how_mail_goes_in_words_of_a_closed_list(database: Database, settings: Settings) -> None:
    hour_ago = clock.now() - timedelta(hours=1)
    with database.writing() as session:
        person = cast.make_person(session, canary.EMAIL)
        for reason in (None, "limit", "550", "421", "connection", "restricted", canary.LAST_NAME):
            row = enqueue(session, "my_data", language="en", person_id=person.id)
            row.created_at, row.last_error = hour_ago, reason
            row.parked_at = clock.now() if reason not in {None, "limit"} else None
        session.add(JobRun(name="mail sending", failures=2, fault="connection", failed_at=clock.now()))
    with served(settings, TOKEN) as client:
        found = figures(client)
    parked = {name: value for name, value in found.items() if name.startswith("university_outbox_parked")}
    assert {name.split('"')[1]: value for name, value in parked.items() if value} == {
        "refused": 2,
        "connection": 1,
        "restricted": 1,
        "other": 1,
    }
    assert {name.split('"')[1] for name in parked} == set(health.GIVEN_UP)
    assert (found["university_outbox_waiting"], found["university_outbox_postponed"]) == (2, 1)
    assert found["university_outbox_oldest_age_seconds"] >= 3600
    assert (found["university_mail_breaker_open"], found["university_mail_breaker_pauses"]) == (1, 2)
    environment = {"UNIVERSITY_DATA": str(settings.data), "UNIVERSITY_DATABASE_URL": settings.database_url}
    said = CliRunner(env=environment).invoke(main, ["doctor"]).output
    for words in ("1 of them wait because of a limit", "left alone 2 times in a row", "2 refused, 1 connection"):
        assert words in said
    assert canary.LAST_NAME not in said


def test_a_broken_ledger_is_a_figure_not_a_fault(database: Database, settings: Settings) -> None:
    (settings.data / "ledger").mkdir(parents=True)
    (settings.data / "ledger" / "ledger.jsonl").write_text("{}\n")
    with served(settings, TOKEN) as client:
        assert figures(client)["university_ledger_whole"] == 0
