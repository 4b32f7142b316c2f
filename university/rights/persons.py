"""A person: one address that somebody confirmed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from university import clock
from university.models import Person


def confirmed_person(session: Session, email: str, language: str) -> Person:
    """The person behind an address that was confirmed just now, locked; else a new one, with this language."""
    person = session.scalar(select(Person).where(Person.email == email).with_for_update())
    if person is None:
        person = Person(email=email, language=language, created_at=clock.now())
        session.add(person)
        session.flush()
    return person
