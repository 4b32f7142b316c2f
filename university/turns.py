"""One at a time: what must not happen twice at the same moment, across threads, processes and machines."""

from __future__ import annotations

import hashlib

from sqlalchemy import text
from sqlalchemy.orm import Session


def take_turn(session: Session, what: str) -> None:
    """From here until this transaction ends, nobody else has the turn for `what`; waits for whoever has it now.

    On SQLite every writing transaction has the only turn there is, from its first statement on. Take the turn for
    an address before any row of it is locked, so that two transactions never wait for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
    else:
        session.execute(text("SELECT 1"))
