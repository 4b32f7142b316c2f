"""How backups, ledger, outbox and jobs are, in numbers: the doctor judges them, the metrics show them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from university import clock
from university.backups import keeping
from university.backups.manifests import moment_of
from university.chains.ledger import LedgerFault, open_ledger
from university.mailing.breaker import SENDING
from university.models import Award, JobRun, Outbox
from university.settings import Settings

# One is made every hour; whoever misses three has a reason.
BACKUP_LATE = timedelta(hours=3)
COPY_LATE = timedelta(minutes=15)
CLOCKS_MAY_DIFFER = timedelta(seconds=5)


@dataclass(frozen=True)
class PlaceHealth:
    """One place of backups. `fault` is the type of error of a silent one; `problem` why it keeps what we delete."""

    name: str
    count: int = 0
    newest: datetime | None = None
    problem: str | None = None
    fault: str | None = None


def places(settings: Settings) -> Iterator[PlaceHealth]:
    for name, place in zip(("here", "elsewhere"), keeping.places(settings), strict=False):
        try:
            made = [moment for one in place.names() if one.endswith(".json") and (moment := moment_of(one))]
            problem = place.keeps_longer_than(settings.backup_days)
            yield PlaceHealth(name, len(made), max(made, default=None), problem)
        except OSError as error:
            yield PlaceHealth(name, fault=type(error).__name__)


@dataclass(frozen=True)
class LedgerHealth:
    """`late_since`: the time of the first record that the second copy lacks."""

    head: int
    late_since: datetime | None = None
    fault: str | None = None


def ledger(settings: Settings) -> LedgerHealth:
    try:
        kept = open_ledger(settings)
        records = kept.records()
        return LedgerHealth(records[-1].seq if records else 0, kept.copy_late_since())
    except LedgerFault as fault:
        return LedgerHealth(fault.seq, fault=str(fault))
    except OSError:
        return LedgerHealth(0, fault="the server of the rights ledger does not answer")


# Why a mail was given up; `refused` is any answer of the mail server, `other` any word that came later.
GIVEN_UP = ("refused", "connection", "sign-in", "tls", "unsafe", "fault", "restricted", "other")


@dataclass(frozen=True)
class OutboxHealth:
    """`postponed`: how many of those that wait do so because of a limit of ours. `parked`: given up, by `GIVEN_UP`.
    `pauses`: how often in a row the mail server was left alone for a while; 0 when it takes mail."""

    waiting: int
    oldest: datetime | None
    postponed: int
    parked: Mapping[str, int]
    pauses: int


def outbox(session: Session) -> OutboxHealth:
    waits = (Outbox.sent_at.is_(None), Outbox.parked_at.is_(None))
    waiting, oldest = session.execute(select(func.count(), func.min(Outbox.created_at)).where(*waits)).one()
    postponed = session.scalar(select(func.count()).where(*waits, Outbox.last_error == "limit"))
    given_up = select(Outbox.last_error, func.count()).where(Outbox.parked_at.is_not(None)).group_by(Outbox.last_error)
    parked = dict.fromkeys(GIVEN_UP, 0)
    for reason, count in session.execute(given_up):
        parked[_given_up_for(reason or "")] += count
    sending = session.get(JobRun, SENDING)
    return OutboxHealth(waiting, oldest, postponed or 0, parked, sending.failures if sending else 0)


def _given_up_for(reason: str) -> str:
    return "refused" if reason.isdigit() else reason if reason in GIVEN_UP else "other"


def dated_ahead(session: Session) -> int:
    """How many certificates are dated later than it is now: the clock was ahead when they were issued, or is behind
    at this moment."""
    later = Award.issued_at > clock.now() + CLOCKS_MAY_DIFFER
    return session.scalar(select(func.count()).select_from(Award).where(later)) or 0


def job_runs(session: Session) -> list[JobRun]:
    """What is remembered of every job that ever ran, by name."""
    return list(session.scalars(select(JobRun).order_by(JobRun.name)))


def free_bytes(settings: Settings) -> int:
    folder = settings.data.resolve()
    return shutil.disk_usage(folder if folder.exists() else folder.anchor).free
