"""What a mail service tells us about mail that came back, as JSON.

Our own form, for any service that lets one choose:
``{"events": [{"kind": "bounce" or "complaint", "email": "…", "code": "5.1.1"}]}`` (`code` may be left out);
and the webhooks of Postmark as they are: ``{"RecordType": "Bounce", "Type": "HardBounce", "Email": "…"}`` and
``{"RecordType": "SpamComplaint", "Email": "…"}``.
"""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from university.addresses import AddressProblem, clean_email
from university.chains.ledger import Ledger
from university.consents.bounces import BOUNCE, COMPLAINT, note_bounce
from university.database import Database
from university.errors import BadRequest, Unprocessable
from university.language import gettext as _
from university.models import Person

MOST = 1000
# Postmark's words for a mailbox that is not there, in contrast to one that is full or away.
_FOR_GOOD = frozenset({"HardBounce", "BadEmailAddress", "ManuallyDeactivated"})
_CODE = re.compile(r"[245]\d\d|[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Event:
    kind: str
    email: str
    code: str | None = None


def is_secret(given: str, secret: str) -> bool:
    """Whether the address is the one in the settings; with none there, no address is."""
    return bool(secret) and hmac.compare_digest(given.encode(errors="replace"), secret.encode())


def read_events(body: bytes) -> list[Event]:
    """What is reported for good; what is only late is left out. BadRequest for no JSON, Unprocessable for another."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(_("This is not JSON.")) from error
    if isinstance(document, dict) and "RecordType" in document:
        return _of_postmark(document)
    events = document.get("events") if isinstance(document, dict) else None
    if not isinstance(events, list) or len(events) > MOST or not all(isinstance(one, dict) for one in events):
        raise Unprocessable(_('Send {"events": [{"kind": "bounce", "email": "…"}]}.'))
    return [_event(one.get("kind"), one.get("email"), one.get("code")) for one in events]


def note_events(database: Database, ledger: Ledger, events: list[Event]) -> None:
    """Ends topic mail to everybody named; an address of nobody is no difference. Each in a transaction of its own:
    for every one the ledger goes to its disk, and others want to write in between. Once more changes nothing."""
    for event in events:
        with database.writing() as session:
            person = session.scalar(select(Person).where(Person.email == event.email))
            if person:
                note_bounce(session, ledger, person, event.kind, event.code)


def _of_postmark(document: dict[str, Any]) -> list[Event]:
    if document["RecordType"] == "SpamComplaint":
        return [_event(COMPLAINT, document.get("Email"), None)]
    if document["RecordType"] == "Bounce" and str(document.get("Type")) in _FOR_GOOD:
        return [_event(BOUNCE, document.get("Email"), None)]
    return []


def _event(kind: Any, email: Any, code: Any) -> Event:
    try:
        address = clean_email(str(email))
    except AddressProblem as problem:
        raise Unprocessable(str(problem)) from problem
    if kind not in (BOUNCE, COMPLAINT) or (code is not None and not _CODE.fullmatch(str(code))):
        raise Unprocessable(_('Send {"events": [{"kind": "bounce", "email": "…"}]}.'))
    return Event(kind, address, str(code) if code is not None else None)
