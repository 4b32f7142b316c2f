"""Codes by which people tell staff, on the telephone or in a mail, which row of the database is theirs."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast
from sqlalchemy.orm import InstrumentedAttribute

_CODE = re.compile(r"[0-9a-f]{8}")
_READ_AS = str.maketrans("OIL", "011", " -.\t\r\n\u00a0")


def short_code(id_: UUID) -> str:
    """The last eight hexadecimal digits of an id, which are random: enough to tell the learners of a course apart."""
    return id_.hex[-8:].upper()


def read_code(typed: str) -> str | None:
    """A code as people type it, or None."""
    code = typed.upper().translate(_READ_AS).lower()
    return code if _CODE.fullmatch(code) else None


def has_code(column: InstrumentedAttribute[UUID], code: str) -> ColumnElement[bool]:
    """Whether an id of this column has the code that `read_code` read; alike on both engines."""
    return cast(column, Text).like(f"%{code}")
