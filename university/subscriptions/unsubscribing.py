"""Ending topics by the link in a mail: no login, no reason, and the same answer whether or not anybody is there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.chains.ledger import Ledger
from university.consents import never
from university.consents.withdrawing import withdraw
from university.keys.keyring import KeyRing
from university.mailing.links import TopicLink, address_hmac
from university.models import TOPICS, Person
from university.serving.forms import Form

# RFC 8058, 3.1: the whole body a mail program sends, and what our own buttons send as well.
ONE_CLICK_FIELD, ONE_CLICK = "List-Unsubscribe", "One-Click"
THIS, ALL, NEVER = "topic", "all", "never"


def unsubscribe(
    session: Session, ledger: Ledger, keyring: KeyRing, link: TopicLink, scope: str, *, through: str
) -> None:
    """Ends the topic of the link, every topic, or all mail. Nobody behind the link is no difference: whoever was erased
    since can still ask never to be mailed again."""
    person = session.scalar(select(Person).where(Person.mail_ref == link.mail_ref))
    if person:
        withdraw(session, ledger, person, [link.topic] if scope == THIS else TOPICS, through=through)
    if scope == NEVER and person:
        never.never_mail(session, ledger, address_hmac(keyring, person.email))
    elif scope == NEVER and link.address:
        never.never_mail_behind(session, ledger, keyring, link.address)


def is_one_click(form: Form) -> bool:
    return ONE_CLICK in _sent(form, ONE_CLICK_FIELD)


def scope_of(form: Form) -> str:
    """How much the pressed button ends; a mail program says nothing about it and means the topic of its mail."""
    return next((scope for scope in _sent(form, "scope") if scope in {ALL, NEVER}), THIS)


def through(form: Form, scope: str) -> str:
    """The way out, for the record: our page's button says its scope, a mail program does not."""
    if scope == NEVER:
        return "never_mail"
    return "link" if _sent(form, "scope") else "one_click"


def _sent(form: Form, name: str) -> list[str]:
    return [value for field, value in form.fields if field == name]
