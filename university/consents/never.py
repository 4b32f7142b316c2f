"""“Never mail me again”: a keyed hash of the address, kept only because somebody asked for it.

It stops every mail, confirmations too, and outlives an erasure. The link in any earlier mail undoes it.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from university import ledger as ledgers
from university.consents.links import address_hmac
from university.keyring import KeyRing
from university.ledger import Ledger, Record
from university.models import Suppression
from university.rights.decisions import write_down

NEVER_MAIL, MAIL_AGAIN = "never_mail", "mail_again"


def is_never_mailed(session: Session, keyring: KeyRing, email: str) -> bool:
    """Whether nothing at all may be mailed to this clean address."""
    return is_kept(session, address_hmac(keyring, email))


def is_kept(session: Session, digest: str) -> bool:
    return session.get(Suppression, digest) is not None


def never_mail(session: Session, ledger: Ledger, digest: str) -> None:
    """Nothing goes to the address with this keyed hash from now on."""
    ledgers.hold(session)
    if not is_kept(session, digest):
        record = write_down(session, ledger, NEVER_MAIL, address=digest)
        _keep(session, record)


def mail_again(session: Session, ledger: Ledger, digest: str) -> None:
    """Undoes it."""
    ledgers.hold(session)
    if is_kept(session, digest):
        record = write_down(session, ledger, MAIL_AGAIN, address=digest)
        _forget(session, record)


def carry_out_never(session: Session, record: Record) -> None:
    if not is_kept(session, record.body["address"]):
        _keep(session, record)


def carry_out_again(session: Session, record: Record) -> None:
    _forget(session, record)


def _keep(session: Session, record: Record) -> None:
    session.add(Suppression(address_hmac=record.body["address"], asked_on=record.at.date()))
    session.flush()


def _forget(session: Session, record: Record) -> None:
    kept = session.get(Suppression, record.body["address"])
    if kept:
        session.delete(kept)
        session.flush()
