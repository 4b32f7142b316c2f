"""Persons, claims, awards, and what is left of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from university.models.tables import Table, cascading, new_id, one_of

# Why the issuer takes a certificate back: a closed list, shown in public.
REASONS = ("issued_in_error", "dishonest_exam", "false_identity", "legal_order")


class Person(Table):
    """A holder: one confirmed address. The id is random, for it is what the rights ledger knows a person by."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # Lower case, domain as punycode.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    # What the audit log calls this person; it leads nowhere once the row is gone.
    audit_ref: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    # What the links in topic mails call this person, for as long as the row is there.
    mail_ref: Mapped[UUID] = mapped_column(default=uuid4, unique=True)


class Claim(Table):
    """A request to turn a passed enrolment into a certificate, until its address is confirmed; then it is deleted."""

    __tablename__ = "claim"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[UUID] = cascading("enrolment.id", index=True)
    attempt_id: Mapped[UUID | None] = cascading("attempt.id", index=True)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    first_name: Mapped[str] = mapped_column(String(64))
    last_name: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(8))
    # The topics that were ticked, in which words and when: consents.giving.Given. None when no box was ticked.
    wishes: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Award(Table):
    """A certificate as the database knows it. Never updated (a trigger sees to it): a corrected name is a new row
    with the next version, and standing lives in rows of its own."""

    __tablename__ = "award"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    # How many certificates for the same revision this person had before, each of them at its end.
    renewal: Mapped[int] = mapped_column(default=0, server_default="0")
    # One award per enrolment. The enrolment may be deleted by retention: no foreign key.
    enrolment_id: Mapped[UUID]
    first_name: Mapped[str] = mapped_column(String(64))
    last_name: Mapped[str] = mapped_column(String(64))
    # certificates.Certificate.record(): every fact but the holder's name.
    record: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    expires_on: Mapped[date | None]

    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("person_id", "course_id", "revision_id", "renewal"),
        UniqueConstraint("enrolment_id"),
    )


class ReplacedVersion(Table):
    """What remains of an older version of an award: no name."""

    __tablename__ = "replaced_version"

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = cascading("person.id", index=True)
    record: Mapped[dict[str, Any]]
    replaced_on: Mapped[date]


class Revocation(Table):
    """The issuer took a certificate back."""

    __tablename__ = "revocation"

    number: Mapped[str] = mapped_column(ForeignKey("award.number", ondelete="CASCADE"), primary_key=True)
    revoked_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(20))

    __table_args__ = (one_of("reason", REASONS),)


class Restriction(Table):
    """This person's name is not shown to anybody, and nothing but what must be said is mailed, until they say so."""

    __tablename__ = "restriction"

    person_id: Mapped[UUID] = cascading("person.id", primary_key=True)
    restricted_at: Mapped[datetime]


class Tombstone(Table):
    """All that is left of a certificate whose holder was erased: the hash of its number and a day."""

    __tablename__ = "tombstone"

    number_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    withdrawn_on: Mapped[date]
