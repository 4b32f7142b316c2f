"""The rights ledger: what people decided about their data, kept outside of the database.

A database can be restored from a backup, and then somebody who had themselves erased would be back. The ledger is
in no backup of the database: one JSON line per decision, only ever appended, on the disk before the database is
touched, and replayed on whatever database the program is started with. One machine keeps the lines in a file, many
share a table on a server of its own (`Book`). A line names a person by a random id and a
certificate by the hash of its number; there is no name or address in it. Lines hold together as a chain of hashes,
each signed (Ed25519 over the canonical JSON of RFC 8785 without `sig`).
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Protocol

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from university import clock
from university.chains.ledger_copy import SecondCopy
from university.chains.ledger_file import LedgerFile
from university.chains.ledger_table import LedgerTable
from university.keys.keyring import KeyRing, open_keyring
from university.models import LedgerApplied
from university.places import Place, open_place
from university.settings import Settings
from university.turns import take_turn

SIGNING_KEY = "ledger-1"
START = "0" * 64
# Longer than any backup lives: nothing older can be needed after a restore.
PERSON_IDS_KEPT_FOR = timedelta(days=30)

# Events that decide the same matter, the last of them for good.
MATTERS = {"restrict": "hiding", "unrestrict": "hiding", "rectify": "name"}

_KEY_NAME = re.compile(r"ledger-[0-9]{1,6}")


class LedgerFault(Exception):
    """The ledger cannot be trusted, or does not fit the database: the program must not serve."""

    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(f"rights ledger, record {seq}: {reason}")
        self.seq = seq


@dataclass(frozen=True)
class Record:
    """One verified line. `chain` is what the next line's `prev` must say: this line's SHA-256."""

    seq: int
    event: str
    at: datetime
    body: Mapping[str, Any]
    chain: str


CarryOut = Callable[[Session, Record], None]


class Book(Protocol):
    """Where the lines are. Every method raises OSError where that place does not answer."""

    @property
    def beside(self) -> Place:
        """The small files that belong to the ledger and travel with it."""

    def held(self) -> AbstractContextManager[None]:
        """Nobody else reads or writes lines until this ends; the methods below that do are called inside of it."""

    def lines(self) -> list[bytes]:
        """All of them, the oldest first, without line breaks."""

    def add(self, seq: int, line: bytes) -> None:
        """One more; on the disk when `held` has ended without an error."""

    def rewrite(self, lines: Sequence[tuple[int, bytes]]) -> None:
        """These, each with its `seq`, instead of all there were."""

    def state(self) -> Hashable:
        """While it stays the same, so do the lines. Asked at any time."""


class Ledger:
    """The book, and optionally a second copy of it at another place. Safe between threads and processes."""

    def __init__(self, book: Book, keyring: KeyRing, second: Place | None = None) -> None:
        self.book = book
        self.beside = book.beside
        self.copy = SecondCopy(second, book.beside) if second else None
        self.keyring = keyring

    def append(self, event: str, *, after: int = 0, beside: tuple[str, bytes] | None = None, **fields: Any) -> Record:
        """Adds a record and returns once it is on the disk; OSError if it cannot be, and then nothing was added.

        `after`: the highest `seq` the database has carried out; a ledger that ends before it is not ours to extend.
        `beside`: a small file the record speaks of, by name and content. It is there before the record is, so that
        no record ever waits for it; should the record not follow, nothing names the file.
        """
        with self.book.held():
            lines = self.book.lines()
            last = self._read(lines[-1]) if lines else None
            seq, previous = (last.seq, last.chain) if last else (0, START)
            if seq < after:
                raise LedgerFault(after, "the database has carried it out, but it is missing here")
            line = self._signed(seq + 1, previous, clock.now(), event, fields)
            if beside:
                self.beside.write(*beside)
            self.book.add(seq + 1, line)
            return self._read(line)

    def records(self) -> list[Record]:
        """Every record, verified from the first to the last.

        Raises LedgerFault at the first that does not hold, or if the second copy knows more than this one.
        """
        with self.held_still() as records:
            return records

    @contextmanager
    def held_still(self) -> Iterator[list[Record]]:
        """The same, and until this ends nobody adds a record or a file beside it."""
        with self.book.held():
            records = self._verified(self.book.lines())
            self._refuse_newer_copy(records)
            yield records

    def check(self) -> LedgerFault | None:
        """The verdict the program would start or refuse to start with, as far as the files go."""
        try:
            self.records()
        except LedgerFault as fault:
            return fault
        return None

    def bring_copy_up_to_date(self) -> bool:
        """True once the second copy, if there is one, holds every record; False if it cannot be written now."""
        if self.copy is None:
            return True
        with self.book.held():
            lines = self.book.lines()
            head = json.loads(lines[-1])["seq"] if lines else 0
            return self.copy.bring_up_to_date(b"".join(line + b"\n" for line in lines), head)

    def copy_late_since(self) -> datetime | None:
        """Since when the second copy lacks a record; None if it lacks none."""
        missing = (record.at for record in self.records() if self.copy and record.seq > self.copy.head)
        return next(missing, None)

    def compact(self, *, now: datetime, carried_out: int) -> int:
        """Turns the records no backup can need any more into one `base` record, and so forgets their person ids.

        Only what the database has carried out, up to `carried_out`, may go. Returns how many records went.
        """
        with self.book.held():
            lines = self.book.lines()
            limit = now - PERSON_IDS_KEPT_FOR
            old = list(
                takewhile(
                    lambda record: record.event == "base" or (record.at < limit and record.seq <= carried_out),
                    self._verified(lines),
                )
            )
            if not old or old[-1].event == "base":
                return 0
            base = self._signed(old[-1].seq, START, now, "base", {"head": old[-1].chain})
            self.book.rewrite([(json.loads(line)["seq"], line) for line in [base, *lines[len(old) :]]])
        self.bring_copy_up_to_date()
        return len(old)

    def _signed(self, seq: int, previous: str, at: datetime, event: str, fields: Mapping[str, Any]) -> bytes:
        moment = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body = {"seq": seq, "prev": previous, "at": moment, "event": event, **fields, "key": SIGNING_KEY}
        signature = self.keyring.ed25519(SIGNING_KEY).sign(rfc8785.dumps(body))
        return rfc8785.dumps({**body, "sig": urlsafe_b64encode(signature).decode().rstrip("=")})

    def _verified(self, lines: list[bytes]) -> list[Record]:
        records: list[Record] = []
        for position, line in enumerate(lines, start=1):
            expected = records[-1].seq + 1 if records else position
            record = self._read(line, expected)
            if record.event == "base" and not records:
                records.append(record)
                continue
            if record.seq != expected:
                raise LedgerFault(expected, f"missing; {record.seq} stands in its place")
            if record.body["prev"] != (records[-1].chain if records else START):
                raise LedgerFault(record.seq, "does not follow the one before it")
            records.append(record)
        return records

    def _read(self, line: bytes, expected: int = 0) -> Record:
        """The record in `line`, its signature checked."""
        try:
            body = json.loads(line)
            unsigned = {name: value for name, value in body.items() if name != "sig"}
            self._public_key(body["key"]).verify(urlsafe_b64decode(body["sig"] + "=="), rfc8785.dumps(unsigned))
            chain = body["head"] if body["event"] == "base" else hashlib.sha256(line).hexdigest()
            return Record(body["seq"], body["event"], datetime.fromisoformat(body["at"]), body, chain)
        except InvalidSignature:
            raise LedgerFault(body["seq"], "the signature does not fit") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise LedgerFault(expected, "cannot be read") from None

    def _public_key(self, name: str) -> Ed25519PublicKey:
        # Asking the key ring for a key makes it; a name out of a file must never do that.
        if not _KEY_NAME.fullmatch(name) or not (self.keyring.folder / f"{name}.pem").is_file():
            raise ValueError("unknown key")
        return self.keyring.ed25519(name).public_key()

    def _refuse_newer_copy(self, records: list[Record]) -> None:
        content = self.copy.read() if self.copy else None
        copied = self._verified(content.split(b"\n")[:-1]) if content else []
        head = copied[-1] if copied else None
        ours = {record.seq: record.chain for record in records}
        if head and (not records or head.seq > records[-1].seq):
            raise LedgerFault(head.seq, "is in the second copy, but missing here")
        if head and head.seq in ours and ours[head.seq] != head.chain:
            raise LedgerFault(head.seq, "differs from the second copy")


def open_ledger(settings: Settings) -> Ledger:
    book: Book = LedgerTable(settings.ledger_url) if settings.ledger_url else own_file(settings)
    return Ledger(book, open_keyring(settings), open_place(settings.ledger_copy))


def own_file(settings: Settings) -> LedgerFile:
    """The ledger of this machine, in the data folder."""
    return LedgerFile(settings.data / "ledger")


def replay(session: Session, ledger: Ledger, carry_out: Mapping[str, CarryOut]) -> int:
    """Carries out every record this database has not carried out yet, in order. Returns how many.

    Once more does no harm. Raises LedgerFault if the ledger is broken, or older than the database or the copy.
    """
    hold(session)
    records = ledger.records()
    refuse_older_ledger(session, records)
    carried_out = set(session.scalars(select(LedgerApplied.seq)))
    # Whoever was told to try again may have decided once more since: then only the later decision counts.
    latest = {matter: record.seq for record in records if record.seq in carried_out and (matter := _matter_of(record))}
    missing = [record for record in records if record.event != "base" and record.seq not in carried_out]
    for record in missing:
        if record.event not in carry_out:
            raise LedgerFault(record.seq, f"this program does not know the event {record.event}")
        if latest.get(_matter_of(record), 0) < record.seq:
            carry_out[record.event](session, record)
        mark_carried_out(session, record)
    return len(missing)


def _matter_of(record: Record) -> Hashable:
    """What is decided anew by every record of the kind, about whom or which certificate; None for all other kinds."""
    matter = MATTERS.get(record.event)
    return (matter, record.body.get("person") or record.body.get("number")) if matter else None


def refuse_older_ledger(session: Session, records: list[Record]) -> None:
    """LedgerFault if the database has carried out more than the ledger knows: an old ledger would undo erasures."""
    carried_out = newest_carried_out(session)
    if carried_out > (records[-1].seq if records else 0):
        raise LedgerFault(carried_out, "the database has carried it out, but it is missing here")


def newest_carried_out(session: Session) -> int:
    return session.scalar(select(func.max(LedgerApplied.seq))) or 0


def hold(session: Session) -> None:
    """Until this transaction ends, nobody else carries out a record."""
    take_turn(session, "rights ledger")


def mark_carried_out(session: Session, record: Record) -> None:
    session.add(LedgerApplied(seq=record.seq, applied_at=clock.now()))
