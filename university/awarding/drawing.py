"""The signed PDF of a certificate, drawn when it is asked for, with all that goes into it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session

from certificates import Certificate, render
from university.keys.keyring import KeyRing
from university.language import catalogue, primary
from university.models import StoredCredential, TimeStamp

T = TypeVar("T")

# Drawing and judging a file are the only heavy work of the public pages: however many ask, no more run at once.
_POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="pdf")
_WITH_NUMBER = (
    select(StoredCredential.document, TimeStamp.token)
    .outerjoin(TimeStamp, TimeStamp.number == StoredCredential.number)
    .where(StoredCredential.number == bindparam("number"))
)


@dataclass(frozen=True)
class Inside:
    """What the PDF of a present version carries beside its facts: its credential, and the time stamp it got."""

    credential: str | None = None
    time_stamp: bytes | None = None


def inside(record: Session | Connection, number: str) -> Inside:
    """Of the certificate with this clean number."""
    found = record.execute(_WITH_NUMBER, {"number": number}).first()
    return Inside(*found) if found else Inside()


async def apart(work: Callable[[], T]) -> T:
    """Does heavy work in the bounded pool."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, work)


def drawn(certificate: Certificate, inside: Inside, keyring: KeyRing) -> bytes:
    """The PDF, its labels in the language of the course, signed with our present key."""
    translate = catalogue(primary(certificate.course.language)).gettext
    return render(certificate, keyring.issuer(), translate, attached=inside.credential, time_stamp=inside.time_stamp)
