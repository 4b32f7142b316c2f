"""Every day a signed sentence: no backup is older than 21 days. Receipts of deletions lead to it from day 21 on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from university.backups import keeping
from university.backups.faults import BackupFault
from university.backups.manifests import moment_of
from university.keys.keyring import open_keyring
from university.models import Attestation
from university.rights import receipts
from university.settings import Settings

KIND = "backup-attestation"
KEPT_FOR = timedelta(days=730)


def attest(session: Session, settings: Settings, now: datetime) -> int:
    """Signs what `look` found. Raises like it, and then nothing is signed."""
    oldest = look(settings, now)
    facts = {
        "iss": settings.base_url,
        "by": settings.organisation_name,
        "on": now.date().isoformat(),
        "says": "no backup is older than 21 days",
        "oldest_backup": oldest.isoformat(timespec="seconds") if oldest else None,
        "places": len(keeping.places(settings)),
    }
    statement = receipts.sign_statement(open_keyring(settings), KIND, facts)
    session.merge(Attestation(day=now.date(), statement=statement))
    session.execute(delete(Attestation).where(Attestation.day < now.date() - KEPT_FOR))
    return 1


def look(settings: Settings, now: datetime) -> datetime | None:
    """When the oldest backup at any place was made. BackupFault if it is too old, or if a place cannot be the one
    where our backups lie; OSError when a place is silent: nobody can say then what lies there."""
    oldest = keeping.oldest(settings)
    if oldest and now - oldest > keeping.PROMISED:
        raise BackupFault(f"a backup or its key is from {oldest:%Y-%m-%d}, older than 21 days")
    here, *elsewhere = [place.names() for place in keeping.places(settings)]
    newest = max((name for name in here if moment_of(name)), default=None)
    if newest and any(newest not in names for names in elsewhere):
        # A share that is not mounted looks like an empty folder, and what lies on it may be old.
        raise BackupFault("the second place does not hold the newest backup: is it the same place as before?")
    return oldest


def last_signed(session: Session) -> date | None:
    return session.scalar(select(func.max(Attestation.day)))
