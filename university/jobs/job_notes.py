"""What is remembered of scheduled jobs: shared by all processes, so that each job runs once per interval in all."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from university import clock
from university.database import Database
from university.models import JobRun
from university.retention import Job


def is_due(database: Database, job: Job) -> bool:
    """Whether no process has succeeded with this job for its interval; also after a clock that went back."""
    now = clock.now()
    with database.reading() as session:
        kept = session.get(JobRun, job.name)
    if kept is None or kept.succeeded_at is None or kept.failures:
        return True
    return not now - job.every < kept.succeeded_at <= now


def note_success(session: Session, name: str) -> None:
    """In the transaction of the job itself."""
    kept = _row(session, name)
    kept.succeeded_at, kept.failures, kept.fault = clock.now(), 0, None


def note_failure(database: Database, name: str, fault: str) -> None:
    """As far as the database can be written at all; the log line says it anyway. `fault` is a word, never a message."""
    try:
        with database.writing() as session:
            kept = _row(session, name)
            kept.failed_at, kept.failures, kept.fault = clock.now(), kept.failures + 1, fault[:60]
    except SQLAlchemyError:
        return


def _row(session: Session, name: str) -> JobRun:
    kept = session.get(JobRun, name)
    if kept is None:
        kept = JobRun(name=name, failures=0)
        session.add(kept)
    return kept
