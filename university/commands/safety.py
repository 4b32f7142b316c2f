"""What the doctor says about backups, the rights ledger, jobs and what is kept too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy.orm import Session

from university import clock
from university.backups import attesting, keeping
from university.backups.faults import BackupFault
from university.commands.lines import BAD, GOOD, LOOK, Line
from university.jobs.kept import LATE, oldest_of_each
from university.keys.day_keys import WrongRecoveryKey, open_day_keys
from university.operating import health
from university.settings import Settings


def safety(session: Session, settings: Settings) -> Iterator[Line]:
    """The lines, each as soon as it is known; the database is on the present schema."""
    yield from _recovery_key(settings)
    yield from _backups(settings)
    yield from _attested(session, settings)
    yield from _ledger(settings)
    yield from _jobs(session)
    yield from _kept(session, settings)


def _recovery_key(settings: Settings) -> Iterator[Line]:
    try:
        keys = open_day_keys(settings)
    except WrongRecoveryKey as fault:
        yield Line(BAD, "recovery", f"UNIVERSITY_RECOVERY_KEY: {fault}")
        return
    if keys.is_recovery_key_kept_elsewhere():
        yield Line(GOOD, "recovery", "the recovery key is kept elsewhere")
    elif keys.recovery_key():
        yield Line(LOOK, "recovery", "the recovery key lies on this machine only: `university keys recovery show`")


def _backups(settings: Settings) -> Iterator[Line]:
    now = clock.now()
    for place in health.places(settings):
        if place.fault or place.problem:
            yield Line(BAD, "backups", f"{place.name}: {place.problem or f'does not answer: {place.fault}'}")
        elif place.newest is None:
            yield Line(LOOK, "backups", f"{place.name}: none yet")
        else:
            state = BAD if now - place.newest > health.BACKUP_LATE else GOOD
            yield Line(
                state, "backups", f"{place.name}: {place.count}, the newest of {place.newest:%Y-%m-%d %H:%M} UTC"
            )
    if not settings.backup_copy:
        yield Line(LOOK, "backups", "no second place is set: a broken disk takes the backups with it")


def _attested(session: Session, settings: Settings) -> Iterator[Line]:
    """Whether the promise about old backups can be signed at this moment, and if not, why."""
    last = attesting.last_signed(session)
    since = f"last signed on {last:%Y-%m-%d}" if last else "not signed yet"
    try:
        attesting.look(settings, clock.now())
    except (BackupFault, OSError) as fault:
        yield Line(BAD, "attested", f"that no old backup is left cannot be signed, {since}: {fault}")
        return
    is_late = last is not None and clock.now().date() - last > timedelta(days=1)
    yield Line(LOOK if is_late else GOOD, "attested", f"no backup is older than 21 days, {since}")


def _ledger(settings: Settings) -> Iterator[Line]:
    found = health.ledger(settings)
    if found.fault:
        yield Line(BAD, "ledger", found.fault)
    elif found.late_since:
        state = BAD if clock.now() - found.late_since > health.COPY_LATE else LOOK
        yield Line(state, "ledger", f"the second copy is late since {found.late_since:%Y-%m-%d %H:%M} UTC")
    else:
        if settings.ledger_shares_server:
            yield Line(LOOK, "ledger", "is on the server of the database: what restores one could bring back the other")
        where = "in both places" if settings.ledger_copy else "in one place only: set UNIVERSITY_LEDGER_COPY"
        yield Line(GOOD if settings.ledger_copy else LOOK, "ledger", f"whole, up to record {found.head}, {where}")


def _jobs(session: Session) -> Iterator[Line]:
    failing = [run for run in health.job_runs(session) if run.failures]
    for run in failing:
        since = f"since {run.succeeded_at:%Y-%m-%d %H:%M} UTC" if run.succeeded_at else "ever"
        yield Line(BAD, "jobs", f"{run.name} failed {run.failures} times ({run.fault}) and has not succeeded {since}")
    if not failing:
        yield Line(GOOD, "jobs", "none is failing")


def _kept(session: Session, settings: Settings) -> Iterator[Line]:
    try:
        for oldest in oldest_of_each(session, settings, clock.now()):
            is_late = oldest.overdue > (LATE if oldest.what != "backups" else keeping.PROMISED - keeping.ALARM_AFTER)
            sentence = f"{oldest.what}: the oldest counts from {oldest.since:%Y-%m-%d %H:%M} UTC"
            yield Line(BAD if is_late else GOOD, "kept", sentence)
    except OSError:  # said above already
        return
