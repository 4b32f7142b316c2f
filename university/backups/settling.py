"""What a database that was brought back must lose before it serves, and what must not be in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from certificates import digest_of
from university import clock
from university.backups.faults import BackupFault
from university.chains.ledger import Record
from university.models import Award, Outbox, Person, Table, Tombstone
from university.rights.register import personal

# What is kept by these rules only made sense at that moment: a link, a visit, a count, a request.
OF_THE_MOMENT = frozenset({"claim", "token", "portal_session", "staff_session", "day"})


def empty(session: Session) -> Mapping[str, int]:
    """Deletes claims, links, open visits and rate limits; rows per table."""
    of_the_moment = {entry.where.partition(".")[0] for entry in personal() if entry.keep in OF_THE_MOMENT}
    emptied = {}
    for table in reversed(Table.metadata.sorted_tables):
        if table.name in of_the_moment:
            emptied[table.name] = int(session.execute(delete(table)).rowcount)  # type: ignore[attr-defined]
    session.expire_all()
    return emptied


def park_mail(session: Session) -> int:
    """What still waited may have been sent since, or nobody may want it any more. Mail about a certificate goes out:
    at worst twice, under the same Message-ID."""
    waiting = (Outbox.sent_at.is_(None), Outbox.parked_at.is_(None), Outbox.award_id.is_(None))
    parked = session.execute(update(Outbox).where(*waiting).values(parked_at=clock.now(), last_error="restored"))
    return int(parked.rowcount)  # type: ignore[attr-defined]


def look_for_erased(session: Session, records: Sequence[Record]) -> int:
    """How many erased people were looked for. BackupFault if one of them, or a certificate of theirs, is there."""
    erased = [record for record in records if record.event == "erase"]
    people = {person.hex for person in session.scalars(select(Person.id))}
    numbers = {digest_of(number) for number in session.scalars(select(Award.number))}
    buried = set(session.scalars(select(Tombstone.number_sha256)))
    for record in erased:
        theirs = set(record.body["numbers"])
        if record.body["person"] in people or theirs & numbers or theirs - buried:
            raise BackupFault(f"somebody who was erased by record {record.seq} of the ledger is back")
    return len(erased)


def look_for_texts(session: Session, texts: Sequence[str]) -> list[str]:
    """``table.column`` wherever one of the texts stands, in any case."""
    sought = [text.casefold() for text in texts]
    found = {
        f"{table.name}.{column}"
        for table in Table.metadata.sorted_tables
        if sought
        for row in session.execute(select(table)).mappings()
        for column, value in row.items()
        if any(text in _readable(value) for text in sought)
    }
    return sorted(found)


def count_rows(session: Session) -> Mapping[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Table.metadata.sorted_tables
    }


def _readable(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace").casefold()
    return json.dumps(value, ensure_ascii=False, default=str).casefold()
