"""P13: every rule of retention has its figure, and after its time there is nothing to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import cast, crew
from tests.jobs import test_worker
from university import clock, retention
from university.accounts import invitations, sessions
from university.backups import keeping
from university.backups.jobs import jobs as backup_jobs
from university.backups.making import back_up
from university.chains import audit
from university.chains.ledger import PERSON_IDS_KEPT_FOR, open_ledger, replay
from university.database import Database
from university.drafting import draft_steps
from university.jobs.kept import RULES, oldest_of_each
from university.jobs.worker import run_job
from university.models import (
    FULL,
    DraftStep,
    HandOver,
    Receipt,
    StaffAddressChange,
    StaffChallenge,
    StaffSession,
    WaitingFile,
)
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


# ---- one row under each rule of the staff, of devices and of cases; the other rules have tests of their own


def add_hand_over(session: Session) -> None:
    progress, now = cast.make_enrolment(session, cast.make_course(session)).secret_sha256, clock.now()
    sealed = {"code_sha256": "0" * 64, "sealed_by_token": "", "sealed_by_code": "", "place": "7KQ29"}
    row = {"purpose": "device", "secret_sha256": progress, "created_at": now, "expires_at": now}
    session.add(HandOver(**row, **sealed, tries=0))


def add_staff(session: Session) -> None:
    """A row of everything about accounts; her session is in use to its end."""
    grace, now = crew.make_member(session, "grace"), clock.now()
    sessions.begin(session, grace, level=FULL, device="Firefox, Linux")
    session.scalars(select(StaffSession)).one().last_seen_at = now + timedelta(days=1)
    session.add(StaffChallenge(sha256="0" * 64, purpose="sign_in", staff_id=grace.id, expires_at=now))
    invitations.make(session, "pia@example.org", ["editor"])
    session.add(StaffAddressChange(staff_id=grace.id, email="grace@example.net", expires_at=now))
    session.add(WaitingFile(staff_id=grace.id, name="course.zip", content=b"", made_at=now))
    priya = crew.make_member(session, "priya")
    priya.state, priya.disabled_at = "disabled", now


def add_closed_case(session: Session) -> None:
    case = cast.make_case(session, cast.make_award(session).person)
    case.closed_at, case.outcome, case.person_id = clock.now(), "erased", None


def add_draft_step(session: Session) -> None:
    course = cast.make_course(session, slug="draft")
    step = {"version": 1, "kind": "lesson", "subject": "Rivers", "is_auto": False}
    session.add(DraftStep(course_id=course.id, made_at=clock.now(), **step))


OF_STAFF = ("staff_sessions", "staff_challenges", "staff_invitations", "staff_accounts", "staff_addresses")
SHORT = (*OF_STAFF, "hand_overs", "cases", "steps_of_drafts", "waiting_files")


def test_p13_what_is_kept_of_staff_devices_and_cases_is_there_until_then_and_not_after(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock goes to the last moment of each rule, and past it; no rule takes the row of another."""
    start = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: start)
    rules = {rule.what: rule for rule in RULES if rule.what in SHORT}
    with database.writing() as session:
        for add in (add_hand_over, add_staff, add_closed_case, add_draft_step):
            add(session)
        session.flush()
        for rule in rules.values():
            session.execute(update(rule.since.class_).where(rule.since.is_not(None)).values({rule.since: start}))
    planned = (*retention.JOBS, *draft_steps.JOBS, *rights_jobs(settings))
    forgetting = [job for job in planned if job.run.__module__ != rights_jobs.__module__]
    for kept_for in sorted({rule.kept_for for rule in rules.values()}):
        ending = [rule for rule in rules.values() if rule.kept_for == kept_for]
        for past, expected in ((timedelta(seconds=-1), 1), (timedelta(0), 0)):
            monkeypatch.setattr(clock, "now", lambda moment=start + kept_for + past: moment)
            for job in forgetting:
                run_job(database, job)
            with database.reading() as session:
                found = {rule.what: rule.oldest(session) for rule in ending}
            assert {what: int(oldest is not None) for what, oldest in found.items()} == dict.fromkeys(found, expected)


def test_p13_every_rule_is_moved_past_by_one_of_these_tests() -> None:
    tables = {table for table, _add, _kept_for in test_worker.RULES}
    moved = {rule.what for rule in RULES if rule.since.class_ in tables}
    assert {rule.what for rule in RULES} - moved - {what for what, _kept in LONG} - set(SHORT) == set()
