"""Requests about somebody's data that a person has to look at."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from university.models.tables import Table, new_id, one_of

# What is asked for, and how it can end: closed lists, for no text about anybody is kept.
CASE_KINDS = ("access", "correction", "erasure", "restriction", "objection", "other")
CASE_OUTCOMES = ("granted", "refused", "not_needed", "erased")


class PrivacyCase(Table):
    """One request, to be answered within a month by two members of staff who agree.

    `contact` is where the answer goes if that is not the person's own address; `certificate` the number it is about.
    Both, and the person, are forgotten when the case is closed: then number, kind, days and outcome remain.
    """

    __tablename__ = "privacy_case"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    # Random, for people to mention in a mail.
    number: Mapped[str] = mapped_column(String(9), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    language: Mapped[str | None] = mapped_column(String(8))
    contact: Mapped[str | None] = mapped_column(String(254), index=True)
    certificate: Mapped[str | None] = mapped_column(String(16), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    opened_at: Mapped[datetime]
    due_on: Mapped[date]
    # What the first member of staff decided; a second one must decide the same.
    proposed: Mapped[str | None] = mapped_column(String(12))
    first_staff_id: Mapped[UUID | None]
    second_staff_id: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))

    __table_args__ = (
        one_of("kind", CASE_KINDS),
        one_of("proposed", CASE_OUTCOMES),
        one_of("outcome", CASE_OUTCOMES),
    )
