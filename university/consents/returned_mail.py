"""Mail that comes back to us: a bounce, a complaint, or a request to unsubscribe, read from a file or a pipe.

Anybody can send mail to the address where bounces arrive. A bounce or complaint counts only if it brings the
Message-ID of a mail we sent to that very person: it holds 74 random bits that only its reader and the mail servers on
the way have seen. An unsubscribe request counts by the signed token in its subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.chains.ledger import Ledger
from university.consents.bounces import BOUNCE, COMPLAINT, note_bounce
from university.consents.withdrawing import withdraw
from university.keys.keyring import KeyRing
from university.mailing.links import TopicLink, read_topic
from university.models import Outbox, Person

UNSUBSCRIBE = "unsubscribe"

_MESSAGE_ID = re.compile(r"^Message-ID:\s*<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.I | re.M)
_TOKEN = re.compile(r"unsubscribe\s+(v1\.[0-9a-z_.]{1,160})", re.I)
_STATUS = re.compile(r"5\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Returned:
    """What came back. `message_id` is the outbox row it is about; `token` the link of an unsubscribe request."""

    kind: str
    message_id: UUID | None = None
    code: str | None = None
    token: str = ""


def read_returned(content: bytes) -> Returned | None:
    """What this message says; None for any other mail, and for a mail that is only late.

    Delivery status notifications as in RFC 3464, complaints as in RFC 5965.
    """
    message = message_from_bytes(content, policy=policy.default)
    kind = str(message.get_param("report-type", "") or "").lower()
    if kind == "delivery-status":
        code = next(_failures(message), None)
        return Returned(BOUNCE, _original(content), code) if code else None
    if kind == "feedback-report":
        return Returned(COMPLAINT, _original(content))
    asked = _TOKEN.search(str(message.get("Subject", "")))
    return Returned(UNSUBSCRIBE, token=asked[1]) if asked else None


def act_on(session: Session, ledger: Ledger, keyring: KeyRing, returned: Returned) -> bool:
    """Ends what the message asks to end. False when it is about nobody we know of."""
    if returned.kind == UNSUBSCRIBE:
        link = read_topic(keyring, returned.token)
        person = _behind(session, link) if link else None
        if link and person:
            withdraw(session, ledger, person, [link.topic], through="mail")
        return person is not None
    row = session.get(Outbox, returned.message_id) if returned.message_id else None
    person = session.get(Person, row.person_id) if row and row.person_id and row.sent_at else None
    if person:
        note_bounce(session, ledger, person, returned.kind, returned.code)
    return person is not None


def _behind(session: Session, link: TopicLink) -> Person | None:
    return session.scalar(select(Person).where(Person.mail_ref == link.mail_ref))


def _failures(message: EmailMessage) -> Iterator[str]:
    """The status code of every recipient that failed for good and because of its mailbox."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in _blocks(part):
                status = _STATUS.search(str(fields.get("Status", "")))
                has_failed = str(fields.get("Action", "")).strip().lower() == "failed"
                if has_failed and status and status[0].startswith(("5.0.", "5.1.", "5.2.")):
                    yield status[0]


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _original(content: bytes) -> UUID | None:
    """The Message-ID inside of the report: the report's own comes first and is not one of ours."""
    found = _MESSAGE_ID.findall(content.decode("ascii", "replace"))
    return UUID(found[-1]) if found else None
