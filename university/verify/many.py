"""Many numbers at once: a pasted list, a file from a spreadsheet, or a program's request."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Any

from certificates import read_number, show_number
from university.awarding.awards import Record, Word, words_of
from university.errors import BadRequest, Unprocessable
from university.language import gettext as _
from university.serving.csv_text import table
from university.settings import Settings
from university.verify.statement import page_of

MOST = 1000
LONGEST = 300  # characters of one entry: an address of a page, not a novel
_IN_AN_ADDRESS = re.compile(r"/(?:verify|v|credentials)/([0-9a-z-]{16,24})(?:[./?#].*)?\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """`asked` as it was typed; `number` canonical, or None where that can be none."""

    asked: str
    number: str | None
    word: Word


def number_in(text: str) -> str:
    """What may be the number in what somebody pasted: the end of a page's address, or the text itself."""
    found = _IN_AN_ADDRESS.search(text.strip())
    return found[1] if found else text.strip()


def listed(text: str) -> list[str]:
    """The entries of a pasted list or a CSV: from each line the cell that holds a number, else the first one."""
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    entries = [_entry(line) for line in lines]
    # A first line without a number is the names of the columns.
    if len(entries) > 1 and read_number(number_in(entries[0])) is None and _is_heading(lines[0]):
        entries = entries[1:]
    return entries


def read_list(pasted: str, file: bytes) -> tuple[list[str], str]:
    """The entries of a form and no error, or none and a sentence."""
    try:
        entries = listed(file.decode("utf-8-sig") if file else pasted)
    except UnicodeDecodeError:
        return [], _("We could not read this file. Save the list as CSV in UTF-8, or paste the numbers.")
    if not entries:
        return [], _("Paste at least one number, or choose a file.")
    if len(entries) > MOST:
        return [], _("At most 1,000 numbers at once; this list has %(count)s.") % {"count": len(entries)}
    return entries, ""


def read_request(body: bytes) -> list[str]:
    """The entries of ``{"numbers": […]}``. BadRequest for what is no JSON, Unprocessable for anything else in it."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(_("This is not JSON.")) from error
    numbers = document.get("numbers") if isinstance(document, dict) and set(document) == {"numbers"} else None
    if not isinstance(numbers, list) or not all(isinstance(entry, str) for entry in numbers):
        raise Unprocessable(_('Send {"numbers": ["…"]}: one member, a list of texts.'))
    if not 0 < len(numbers) <= MOST:
        raise Unprocessable(_("Ask for 1 to 1,000 numbers at once."))
    return numbers


def answers(record: Record, entries: list[str], today: date) -> list[Answer]:
    """How each entry stands on the UTC day `today`, in the order asked. No names."""
    numbers = [read_number(number_in(entry)) for entry in entries]
    words = words_of(record, {number for number in numbers if number}, today)
    return [
        Answer(entry[:LONGEST], number, words[number] if number else Word.UNKNOWN)
        for entry, number in zip(entries, numbers, strict=True)
    ]


def as_document(found: list[Answer], checked_at: datetime) -> dict[str, Any]:
    """For programs: the word alone for each number."""
    return {
        "checked_at": checked_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "verifications": [
            {"number": show_number(one.number) if one.number else one.asked, "standing": one.word.value}
            for one in found
        ],
    }


def as_csv(found: list[Answer], settings: Settings, checked_at: datetime) -> str:
    """For spreadsheets."""
    return table(
        [
            {
                "asked": one.asked,
                "number": show_number(one.number) if one.number else "",
                "standing": one.word.value,
                "page": page_of(one.number, settings) if one.number and one.word is not Word.UNKNOWN else "",
                "checked_at": checked_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            }
            for one in found
        ]
    )


def _entry(line: str) -> str:
    """One cell of a line, whatever separates them."""
    delimiter = next((mark for mark in ";\t," if mark in line), ",")
    cells = [cell.strip() for cell in next(csv.reader(StringIO(line), delimiter=delimiter), [])]
    return next((cell for cell in cells if read_number(number_in(cell))), cells[0] if cells else "")


def _is_heading(line: str) -> bool:
    return not re.search(r"\d", line)
