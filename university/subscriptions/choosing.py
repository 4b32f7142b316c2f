"""Topics in “My data”: see what is wanted, start, stop, stop everything."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from university.chains.ledger import Ledger
from university.consents import never
from university.consents.giving import count_from_now, given_now
from university.consents.withdrawing import withdraw
from university.errors import Refused, Unprocessable
from university.keys.keyring import KeyRing
from university.language import gettext as _
from university.mailing.links import address_hmac
from university.models import TOPICS, Person
from university.rights.held import Subject


def choose(session: Session, ledger: Ledger, keyring: KeyRing, subject: Subject, then: str, topic: str) -> None:
    """Does what the pressed button says; `topic` where it is about one."""
    digest = address_hmac(keyring, subject.email)
    choices: dict[str, Callable[[], object]] = {
        "start": lambda: _start(session, _confirmed(subject), _known(topic)),
        "stop": lambda: withdraw(session, ledger, _confirmed(subject), [_known(topic)], through="portal"),
        "stop_all": lambda: withdraw(session, ledger, _confirmed(subject), through="portal"),
        "never": lambda: _never(session, ledger, subject, digest),
        "again": lambda: never.mail_again(session, ledger, digest),
    }
    if then not in choices:
        raise Unprocessable(_("The form holds something nobody asked for."))
    choices[then]()


def _start(session: Session, person: Person, topic: str) -> None:
    """Counts at once: whoever opened “My data” has shown that the address is theirs."""
    given = given_now([topic])
    if given:
        count_from_now(session, person, given, "portal")


def _never(session: Session, ledger: Ledger, subject: Subject, digest: str) -> None:
    if subject.person:
        withdraw(session, ledger, subject.person, through="never_mail")
    never.never_mail(session, ledger, digest)


def _confirmed(subject: Subject) -> Person:
    if subject.person is None:
        raise Refused(_("Confirm your address first, with the link in the mail."))
    return subject.person


def _known(topic: str) -> str:
    if topic not in TOPICS:
        raise Unprocessable(_("The form holds something nobody asked for."))
    return topic
