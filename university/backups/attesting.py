"""Every day a signed sentence: no backup is older than 21 days. Receipts of deletions lead to it from day 21 on."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from university.backups import keeping
from university.backups.faults import BackupFault
from university.keyring import open_keyring
from university.models import Attestation
from university.rights import receipts
from university.settings import Settings

KIND = "backup-attestation"
KEPT_FOR = timedelta(days=730)


def attest(session: Session, settings: Settings, now: datetime) -> int:
    """Looks at every place and signs what it found. BackupFault, and nothing is signed, if anything is too old.

    Raises OSError when a place is silent: nobody can say then what lies there.
    """
    oldest = keeping.oldest(settings)
    if oldest and now - oldest > keeping.PROMISED:
        raise BackupFault(f"a backup or its key is from {oldest:%Y-%m-%d}, older than 21 days")
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
