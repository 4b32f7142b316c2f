"""How long what belongs to accounts is kept, and that the doctor looks at it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import crew
from university import clock
from university.accounts import invitations, passkeys, sessions
from university.database import Database
from university.models import EDITOR, FULL, StaffChallenge, StaffInvitation, StaffSession
from university.retention import JOBS
from university.settings import Settings


@pytest.mark.parametrize(
    ("name", "table", "kept"),
    [
        ("staff sessions", StaffSession, timedelta(minutes=30)),
        ("staff challenges", StaffChallenge, timedelta(minutes=5)),
        ("staff invitations", StaffInvitation, timedelta(hours=72 + 24)),
    ],
)
def test_each_job_ends_its_rows_in_time_and_none_before(
    database: Database, settings: Settings, name: str, table: type, kept: timedelta
) -> None:
    [job] = [job for job in JOBS if job.name == name]
    with database.writing() as session:
        grace = crew.make_member(session, "grace")
        sessions.begin(session, grace, level=FULL, device="Firefox, Linux")
        passkeys.ask_to_show(session, settings, passkeys.SIGN_IN)
        invitations.make(session, "pia@example.org", [EDITOR])
    now = clock.now()
    for moment, left in ((now + kept - timedelta(seconds=30), 1), (now + kept + timedelta(seconds=30), 0)):
        with database.writing() as session:
            job.run(session, moment)
            assert count(session, table) == left


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0
