"""What a replay of the ledger does to certificates: corrected names and those the issuer took back.

The ledger knows a certificate by the hash of its number only, so every number is looked at; that happens after a
restore or a crash, and then rarely more than once.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import digest_of
from university.awarding.credentialing import Place, set_bits
from university.awarding.versions import next_version
from university.chains.ledger import Record, open_ledger
from university.keys.day_keys import open_day_keys
from university.keys.keyring import open_keyring
from university.models import Award, Revocation
from university.rights import sealed_names
from university.settings import Settings


def revoke_again(session: Session, record: Record) -> None:
    """Also the bits of a certificate that is younger than the backup and so not known here."""
    award = _with_digest(session, record.body["number"])
    if award and session.get(Revocation, award.number) is None:
        day = date.fromisoformat(record.body["day"])
        session.add(Revocation(number=award.number, revoked_on=day, reason=record.body["reason"]))
        session.flush()
    set_bits(session, map(Place.read, record.body["status"]))


def correct_again(session: Session, record: Record, settings: Settings) -> None:
    """The corrected name on a version of its own, for whoever has a paper of the corrected one has other bytes.

    If the key that opens the name is gone, the certificate has no name and shows none until it is given again.
    """
    set_bits(session, map(Place.read, record.body["status"]))
    award = _with_digest(session, record.body["number"])
    if award is None:
        return
    names = sealed_names.read(open_ledger(settings).beside, open_day_keys(settings), record)
    next_version(session, open_keyring(settings), settings, award, *(names or ("", "")), after=record.body["version"])


def _with_digest(session: Session, digest: str) -> Award | None:
    numbers = session.scalars(select(Award.number).execution_options(yield_per=5000))
    number = next((number for number in numbers if digest_of(number) == digest), None)
    return session.scalar(select(Award).where(Award.number == number)) if number else None
