"""A corrected name, kept beside the ledger for as long as a backup may still hold the old one.

It is sealed to the backup key of its day, and ends with that. The file is named by its hash, which stands in the
ledger; it goes with the person, or with the record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from university.chains.ledger import Record
from university.keys.day_keys import DayKeys
from university.places import Place

FOLDER = "names"


def keep(beside: Place, keys: DayKeys, first_name: str, last_name: str) -> str:
    """Seals the names to today's backup key; gives the hash of the file."""
    content = keys.seal(json.dumps([first_name, last_name], ensure_ascii=False).encode())
    digest = hashlib.sha256(content).hexdigest()
    beside.write(f"{FOLDER}/{digest}", content)
    return digest


def read(beside: Place, keys: DayKeys, record: Record) -> tuple[str, str] | None:
    """The names a `rectify` record is about, or None when nobody here can open them (any more)."""
    digest = record.body["name"]
    content = beside.read(f"{FOLDER}/{digest}") or b""
    names = keys.open(content) if hashlib.sha256(content).hexdigest() == digest else None
    if names is None:
        return None
    first_name, last_name = json.loads(names)
    return str(first_name), str(last_name)


def forget_what_is_over(beside: Place, records: Sequence[Record]) -> int:
    """Deletes what was sealed of people who are erased, and what no record names any more. Returns how many."""
    erased = {number for record in records if record.event == "erase" for number in record.body["numbers"]}
    corrections = [record.body for record in records if record.event == "rectify"]
    kept = {body["name"] for body in corrections if body["number"] not in erased}
    over = [name for name in beside.names() if name.startswith(f"{FOLDER}/") and name.partition("/")[2] not in kept]
    for name in over:
        beside.delete(name)
    return len(over)
