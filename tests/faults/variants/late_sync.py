"""Answers before the journal is on the disk: SQLite syncs it when it feels like it."""

from __future__ import annotations

from university import database

database.SQLITE_PRAGMAS = tuple(
    pragma.replace("synchronous=FULL", "synchronous=NORMAL") for pragma in database.SQLITE_PRAGMAS
)
