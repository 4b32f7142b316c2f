"""Time stamps for signatures: soon after its issue an authority attests when a certificate existed (PAdES B-T).

Only where one is set. What it is sent is the hash of a signature. A PDF without its stamp is a good one as well.
"""

from __future__ import annotations

import logging
import urllib.request
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from certificates import BadTimeStamp, ask_for_time_stamp, read_time_stamp
from university import clock
from university.awarding.awards import certificate_of
from university.awarding.drawing import drawn, inside
from university.database import Database, after_commit
from university.keys.keyring import KeyRing
from university.models import Award, TimeStamp
from university.settings import Settings

SECONDS_TO_ANSWER = 10
AT_ONCE = 50
LONGEST_ANSWER = 64 * 1024

log = logging.getLogger("university.awarding.time_stamps")


def stamp_new(session: Session, _now: datetime, *, database: Database, keyring: KeyRing, settings: Settings) -> int:
    """Has certificates stamped that have no stamp yet, once this transaction is over: no writer waits for a
    stranger's server. Returns how many it tries."""
    if not settings.tsa_url:
        return 0
    numbers = list(session.scalars(select(Award.number).where(_lacks_one(keyring)).limit(AT_ONCE)))
    if numbers:
        after_commit(session, partial(_stamp, numbers, database, keyring, settings))
    return len(numbers)


def count_lacking(session: Session, keyring: KeyRing) -> int:
    """How many certificates of the present key's time have no stamp."""
    return session.scalar(select(func.count()).select_from(Award).where(_lacks_one(keyring))) or 0


def _lacks_one(keyring: KeyRing) -> ColumnElement[bool]:
    """Those from before the present key are left alone: nobody stamped what it would now make of them."""
    has_one = exists().where(TimeStamp.number == Award.number)
    return (Award.issued_at >= keyring.issuer().valid_from) & ~has_one


def _stamp(numbers: Iterable[str], database: Database, keyring: KeyRing, settings: Settings) -> None:
    for number in numbers:
        signature = _signature(number, database, keyring)
        try:
            token = _token(signature, settings.tsa_url) if signature else None
        except (BadTimeStamp, OSError) as failure:  # the next run asks again
            log.warning("no time stamp: %s", getattr(failure, "reason", None) or failure)
            return
        if token:
            _keep(number, token, database)


def _signature(number: str, database: Database, keyring: KeyRing) -> bytes | None:
    with database.reading() as session:
        award = session.scalar(select(Award).where(Award.number == number))
        if award is None:
            return None
        certificate, goes_in = certificate_of(award), inside(session, number)
    return keyring.issuer().signature_in(drawn(certificate, goes_in, keyring))


class _NoOtherPlace(urllib.request.HTTPRedirectHandler):
    """The authority of the settings answers, or nobody: where else it would send us is not followed."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_DIRECTLY = urllib.request.build_opener(_NoOtherPlace)


def _token(signature: bytes, address: str) -> bytes:
    query = ask_for_time_stamp(signature)
    headers = {"content-type": "application/timestamp-query"}
    request = urllib.request.Request(address, query, headers)  # noqa: S310 - the settings allow http and https only
    with _DIRECTLY.open(request, timeout=SECONDS_TO_ANSWER) as answer:
        return read_time_stamp(query, answer.read(LONGEST_ANSWER))


def _keep(number: str, token: bytes, database: Database) -> None:
    """Unless its certificate went away while the authority was asked."""
    with database.writing() as session:
        if session.scalar(select(Award.number).where(Award.number == number).with_for_update(key_share=True)):
            session.merge(TimeStamp(number=number, token=token, stamped_at=clock.now()))
