"""“Never mail me again”: a keyed hash of the address, kept only because somebody asked for it.

It stops every mail, confirmations too, and outlives an erasure. The link in any earlier mail undoes it.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.chains import ledger as ledgers
from university.chains.ledger import Ledger, Record
from university.consents.withdrawing import withdraw
from university.keys.keyring import KeyRing
from university.mailing.links import address_hmac
from university.models import Consent, Person, Suppression
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


def never_mail_behind(session: Session, ledger: Ledger, keyring: KeyRing, digest: str) -> None:
    """The same, asked for with a link that names nobody: what its reader wanted ends as well, so that allowing mail
    again starts nothing by itself."""
    ledgers.hold(session)
    if is_kept(session, digest):
        return  # every subscriber would be looked at again, as often as somebody sends it
    subscriber = _subscriber(session, keyring, digest)
    if subscriber:
        withdraw(session, ledger, subscriber, through="never_mail")
    never_mail(session, ledger, digest)


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


def _subscriber(session: Session, keyring: KeyRing, digest: str) -> Person | None:
    """Whoever wants a topic and has the address with this hash. No hash of an address is kept before it is needed, so
    every subscriber is looked at; that happens as rarely as somebody presses that button."""
    wanting = select(Consent.person_id).where(Consent.withdrawn_at.is_(None))
    addresses = select(Person.id, Person.email).where(Person.id.in_(wanting)).execution_options(yield_per=5000)
    found = (row.id for row in session.execute(addresses) if address_hmac(keyring, row.email) == digest)
    person_id = next(found, None)
    return session.get(Person, person_id) if person_id else None


def _keep(session: Session, record: Record) -> None:
    session.add(Suppression(address_hmac=record.body["address"], asked_on=record.at.date()))
    session.flush()


def _forget(session: Session, record: Record) -> None:
    kept = session.get(Suppression, record.body["address"])
    if kept:
        session.delete(kept)
        session.flush()
