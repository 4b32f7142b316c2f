"""The figures as Prometheus reads them. Every label is a word from a list of ours; nothing says anything of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hmac import compare_digest

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from university import clock
from university.backups import keeping
from university.jobs.kept import oldest_of_each
from university.keys.day_keys import open_day_keys
from university.operating import health
from university.settings import Settings

PREFIX = "university_"


def text(session: Session, settings: Settings) -> bytes:
    """All figures, read from database and files at this moment: the same from whichever process answers."""
    registry = CollectorRegistry()
    registry.register(_Now([*_backups(settings), *_ledger(settings), *_outbox(session), *_jobs(session)]))
    registry.register(_Now([*_oldest(session, settings), *_machine(session, settings)]))
    return generate_latest(registry)


def may_read(setting: str, *, client: str, authorization: str, is_forwarded: bool) -> bool:
    """Nobody, this machine itself, or whoever brings the token; as the setting says."""
    if setting == "loopback":
        return client in {"127.0.0.1", "::/64"} and not is_forwarded
    return bool(setting) and _same(authorization, f"Bearer {setting}")


class _Now(Collector):
    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> list[Metric]:
        return self._metrics


def _backups(settings: Settings) -> Iterator[Metric]:
    up = _gauge("backup_place_up", "1 if the place of backups answers", "place")
    age = _gauge("backup_newest_age_seconds", "Age of the newest backup", "place")
    count = _gauge("backups", "Backups at the place", "place")
    for place in health.places(settings):
        up.add_metric([place.name], 0 if place.fault or place.problem else 1)
        if place.newest:
            age.add_metric([place.name], _age(place.newest))
        if not place.fault:
            count.add_metric([place.name], place.count)
    yield from (up, age, count)
    kept = open_day_keys(settings).is_recovery_key_kept_elsewhere()
    yield _gauge("recovery_key_kept_elsewhere", "1 once people keep the recovery key", value=float(kept))


def _ledger(settings: Settings) -> Iterator[Metric]:
    found = health.ledger(settings)
    yield _gauge("ledger_whole", "1 if the rights ledger verifies", value=0.0 if found.fault else 1.0)
    yield _gauge("ledger_head", "Newest record of the rights ledger", value=float(found.head))
    late = _age(found.late_since) if found.late_since else 0.0
    yield _gauge("ledger_copy_late_seconds", "How long the second copy has lacked a record", value=late)


def _outbox(session: Session) -> Iterator[Metric]:
    found = health.outbox(session)
    yield _gauge("outbox_waiting", "Mails that wait", value=float(found.waiting))
    postponed = "Mails that wait because of a limit of ours"
    yield _gauge("outbox_postponed", postponed, value=float(found.postponed))
    parked = _gauge("outbox_parked", "Mails that were given up", "reason")
    for reason, number in found.parked.items():
        parked.add_metric([reason], number)
    yield parked
    open_ = "1 while the mail server fails again and again and is left alone in between"
    yield _gauge("mail_breaker_open", open_, value=1.0 if found.pauses else 0.0)
    yield _gauge("mail_breaker_pauses", "How often in a row it was left alone", value=float(found.pauses))
    oldest = _age(found.oldest) if found.oldest else 0.0
    yield _gauge("outbox_oldest_age_seconds", "Age of the mail that waits longest", value=oldest)


def _jobs(session: Session) -> Iterator[Metric]:
    age = _gauge("job_success_age_seconds", "Since the job last succeeded", "job")
    failures = _gauge("job_failures", "Failures of the job since then", "job")
    for run in health.job_runs(session):
        if run.succeeded_at:
            age.add_metric([run.name], _age(run.succeeded_at))
        failures.add_metric([run.name], run.failures)
    yield from (age, failures)


def _oldest(session: Session, settings: Settings) -> Iterator[Metric]:
    overdue = _gauge("kept_overdue_seconds", "How long the oldest should have been gone; negative: it may stay", "rule")
    try:
        for oldest in oldest_of_each(session, settings, clock.now()):
            overdue.add_metric([oldest.what], oldest.overdue.total_seconds())
        made = keeping.oldest(settings)
        yield _gauge("backup_oldest_age_seconds", "Age of the oldest backup anywhere", value=_age(made) if made else 0)
    except OSError:  # a silent place: `backup_place_up` says so
        pass
    yield overdue


def _machine(session: Session, settings: Settings) -> Iterator[Metric]:
    ahead = float(health.dated_ahead(session))
    yield _gauge("certificates_dated_ahead", "Certificates dated later than this machine's clock", value=ahead)
    yield _gauge("disk_free_bytes", "Free space for the data folder", value=float(health.free_bytes(settings)))


def _gauge(name: str, says: str, *labels: str, value: float | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, says, labels=labels or None, value=value)


def _age(moment: datetime) -> float:
    return (clock.now() - moment).total_seconds()


def _same(given: str, wanted: str) -> bool:
    return compare_digest(given.encode(errors="replace"), wanted.encode())
