"""What the worker does about backups: one every hour, a drill every month, and the end of each day's in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from university import clock
from university.backups import attesting, keeping
from university.backups.making import FOLDER, back_up
from university.backups.restoring import drill
from university.database import Database
from university.models import JobRun
from university.retention import Job
from university.settings import Settings

DRILL = "restore drill"
DRILL_EVERY = timedelta(days=28)


def jobs(database: Database, settings: Settings) -> tuple[Job, ...]:
    """Their own connections: a copy must not be made inside of the transaction of a job."""

    def make(session: Session, now: datetime) -> int:
        manifest, private = back_up(database, settings)
        if private and _is_drill_due(database, now):
            drill(settings, settings.data / FOLDER / manifest.name, find_key=lambda _key_id: private)
            session.merge(JobRun(name=DRILL, succeeded_at=clock.now(), failures=0))
        return 1

    def destroy(_session: Session, now: datetime) -> int:
        return keeping.destroy_old(settings, now)

    def attest(session: Session, now: datetime) -> int:
        return attesting.attest(session, settings, now)

    return (
        Job("backup", timedelta(hours=1), make),
        Job("backup destruction", timedelta(minutes=10), destroy),
        Job("backup attestation", timedelta(days=1), attest),
    )


def _is_drill_due(database: Database, now: datetime) -> bool:
    """Once a month, with the first backup of a day: only then the key is at hand that opens it."""
    with database.reading() as session:
        last = session.scalar(select(JobRun.succeeded_at).where(JobRun.name == DRILL))
    return last is None or now - last >= DRILL_EVERY
