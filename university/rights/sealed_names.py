"""A corrected name, kept beside the ledger for as long as a backup may still hold the old one.

It is sealed to the backup key of its day, and ends with that. The file is named by its hash, which stands in the
ledger; it goes with the person, or with the record.
"""

from __future__ import annotations

import hashlib
import json

from university.chains.ledger import Ledger, Record
from university.keys.day_keys import DayKeys
from university.places import Place

FOLDER = "names"


def seal(keys: DayKeys, first_name: str, last_name: str) -> tuple[str, bytes]:
    """The names sealed to today's backup key: the hash that a record carries, and what lies beside it by that hash."""
    content = keys.seal(json.dumps([first_name, last_name], ensure_ascii=False).encode())
    return hashlib.sha256(content).hexdigest(), content


def file_of(digest: str) -> str:
    return f"{FOLDER}/{digest}"


def read(beside: Place, keys: DayKeys, record: Record) -> tuple[str, str] | None:
    """The names a `rectify` record is about, or None when nobody here can open them (any more)."""
    digest = record.body["name"]
    content = beside.read(file_of(digest)) or b""
    names = keys.open(content) if hashlib.sha256(content).hexdigest() == digest else None
    if names is None:
        return None
    first_name, last_name = json.loads(names)
    return str(first_name), str(last_name)


def forget_what_is_over(ledger: Ledger) -> int:
    """Deletes what was sealed of people who are erased, and what no record names: any more, or because a crash came
    between the file and its record. Returns how many. Raises LedgerFault and OSError, and then all of it stays."""
    with ledger.held_still() as records:
        erased = {number for record in records if record.event == "erase" for number in record.body["numbers"]}
        corrections = [record.body for record in records if record.event == "rectify"]
        kept = {file_of(body["name"]) for body in corrections if body["number"] not in erased}
        over = [name for name in ledger.beside.names() if name.startswith(f"{FOLDER}/") and name not in kept]
        for name in over:
            ledger.beside.delete(name)
        for place in (ledger.beside, ledger.copy.place) if ledger.copy else (ledger.beside,):
            place.forget_halves(FOLDER)
    return len(over)
