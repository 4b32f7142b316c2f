"""P13: every rule of retention has its figure, and after its time there is nothing to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests import cast
from university import clock
from university.backups import keeping
from university.backups.jobs import jobs as backup_jobs
from university.backups.making import back_up
from university.chains import audit
from university.chains.ledger import PERSON_IDS_KEPT_FOR, open_ledger, replay
from university.database import Database
from university.jobs import retention
from university.jobs.kept import RULES, oldest_of_each
from university.jobs.worker import run_job
from university.models import Receipt
from university.rights import receipts
from university.rights.jobs import jobs as rights_jobs
from university.rights.register import personal
from university.settings import Settings

# Kept by nothing that runs out, or in the visitor's own browser.
WITHOUT_A_ROW = {"until_erased", "until_undone", "for_good"}


def test_p13_every_rule_of_the_register_that_runs_out_has_an_oldest_row_figure() -> None:
    rules = {entry.keep for entry in personal() if not entry.where.startswith("cookie:")}
    assert rules - WITHOUT_A_ROW - {rule.keep for rule in RULES} == set()
    assert len({rule.what for rule in RULES}) == len(RULES)


def overdue(database: Database, settings: Settings) -> dict[str, timedelta]:
    with database.reading() as session:
        return {oldest.what: oldest.overdue for oldest in oldest_of_each(session, settings, clock.now())}


def run_all(database: Database, settings: Settings) -> None:
    planned = (*retention.JOBS, *rights_jobs(settings), *backup_jobs(database, settings))
    for job in planned:
        if job.name != "backup":
            run_job(database, job)


LONG = [
    ("audit_log", audit.KEPT_FOR),
    ("receipts", receipts.KEPT_FOR + timedelta(days=1)),
    ("ledger", PERSON_IDS_KEPT_FOR),
    ("backups", keeping.ALARM_AFTER),
    ("progress", retention.ENROLMENT_AFTER_LAST_ACTIVITY),
]


@pytest.mark.parametrize(("what", "kept_for"), LONG, ids=[what for what, _kept in LONG])
def test_p13_what_is_kept_long_is_there_until_then_and_not_after(
    what: str, kept_for: timedelta, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = datetime(2026, 11, 26, 0, 0, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: start)
    with database.writing() as session:
        cast.make_enrolment(session, cast.make_course(session)).last_active_at = start
        audit.record(session, actor="worker", action="prune", object_kind="audit", object_ref="a")
        session.add(Receipt(id=uuid4().hex, erased_on=start.date(), backups_gone_on=start.date()))
    ledger = open_ledger(settings)
    ledger.append("erase", person=uuid4().hex, numbers=[], status=[], day="2026-11-26", receipt=uuid4().hex)
    with database.writing() as session:
        replay(session, ledger, {"erase": lambda *_: None})
    back_up(database, settings)
    monkeypatch.setattr(clock, "now", lambda: start + kept_for - timedelta(hours=14))
    run_all(database, settings)
    assert timedelta(hours=-48) <= overdue(database, settings)[what] < timedelta(0)
    monkeypatch.setattr(clock, "now", lambda: start + kept_for + timedelta(hours=1))
    run_all(database, settings)
    assert overdue(database, settings).get(what, timedelta(-1)) < timedelta(0)
    if what == "audit_log":
        with database.reading() as session:
            assert audit.check(session) is None
