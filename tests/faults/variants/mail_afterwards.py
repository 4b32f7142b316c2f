"""Writes the mail of a certificate in a second transaction, right after the first."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from university.claims import claiming
from university.database import Database, after_commit
from university.mailing.mail import enqueue
from university.settings import read_settings


@cache
def database() -> Database:
    return Database(read_settings())


def enqueue_afterwards(session: Session, kind: str, **what: Any) -> None:
    def write() -> None:
        with database().writing() as second:
            enqueue(second, kind, **what)

    after_commit(session, write)


claiming.enqueue = enqueue_afterwards  # type: ignore[assignment]
