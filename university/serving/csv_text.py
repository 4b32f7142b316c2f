"""CSV that a spreadsheet opens as plain text (RFC 4180): every cell quoted, none of them a formula, with BOM."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

# What a spreadsheet would take for the beginning of a formula, full-width forms included.
_FORMULA_STARTS = tuple("=+-@\t\r\0＝＋－＠")


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """One line of names, then a line per row; every row has the names of the first."""
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows({name: inert(value) for name, value in row.items()} for row in rows)
    return "\ufeff" + text.getvalue()


def inert(value: Any) -> str:
    """The cell for `value`; an apostrophe keeps a spreadsheet from calculating it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
