"""Every table on one page.

Ids are UUIDv7 unless they are a hash or a public number; moments end in ``_at`` and are aware UTC; days end in
``_on``. Personal columns are few and on purpose: `Person.email`, the names of `Claim` and `Award`, `Claim.email`,
`Outbox.address` and the local mailbox; the register of personal data declares every column here.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Sequence = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime on both engines; SQLite alone would hand back naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> UUID:
    """UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then random, so that new rows stay together in an index."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = milliseconds << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return UUID(int=value)


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, dict[str, Any]: Json, list[Any]: Json}


def _cascading(target: str, **options: Any) -> Any:
    return mapped_column(ForeignKey(target, ondelete="CASCADE"), **options)


# ---- courses: a draft is a folder of files; a revision is its published, immutable state


class Course(Table):
    __tablename__ = "course"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    status: Mapped[str] = mapped_column(String(10), default="draft")
    translation_of: Mapped[str | None] = mapped_column(String(80), index=True)
    created_at: Mapped[datetime]
    # The revision learners see; none until the first publish. No foreign key: the two tables point at each other.
    revision_id: Mapped[UUID | None]

    revision: Mapped[Revision | None] = relationship(
        primaryjoin="foreign(Course.revision_id) == Revision.id", viewonly=True
    )

    __table_args__ = (CheckConstraint("status IN ('draft', 'published', 'archived')", name="status"),)


class CourseAlias(Table):
    """An old slug, answered with a redirect."""

    __tablename__ = "course_alias"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    course_id: Mapped[UUID] = _cascading("course.id", index=True)


class StoredFile(Table):
    """The bytes of one course file, kept once however many drafts and revisions hold it."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DraftFile(Table):
    __tablename__ = "draft_file"

    course_id: Mapped[UUID] = _cascading("course.id", primary_key=True)
    path: Mapped[str] = mapped_column(String(400), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))


class Revision(Table):
    __tablename__ = "revision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(35))
    # What the course page shows, rendered: description, outline, authors, licence, rules of completion …
    page: Mapped[dict[str, Any]]
    # Everything of course.yaml that a certificate copies, as plain values.
    facts: Mapped[dict[str, Any]]
    search_text: Mapped[str] = mapped_column(Text)

    course: Mapped[Course] = relationship(foreign_keys=[course_id])

    __table_args__ = (UniqueConstraint("course_id", "number"),)


class RevisionFile(Table):
    __tablename__ = "revision_file"

    revision_id: Mapped[UUID] = _cascading("revision.id", primary_key=True)
    path: Mapped[str] = mapped_column(String(400), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))


class Lesson(Table):
    """One lesson of one revision, its text rendered once."""

    __tablename__ = "lesson"

    revision_id: Mapped[UUID] = _cascading("revision.id", primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    minutes: Mapped[int]
    is_optional: Mapped[bool]
    html: Mapped[str] = mapped_column(Text)
    # Objectives, headings, video card, ids of the quiz before and after: what the lesson page needs beside its text.
    page: Mapped[dict[str, Any]]


class Quiz(Table):
    """One quiz or exam of one revision; `definition` holds rules and questions, keys included: never sent as it is."""

    __tablename__ = "quiz"

    revision_id: Mapped[UUID] = _cascading("revision.id", primary_key=True)
    quiz_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    lesson_id: Mapped[str | None] = mapped_column(String(80))
    module_id: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    definition: Mapped[dict[str, Any]]

    __table_args__ = (CheckConstraint("kind IN ('lesson', 'pre', 'module', 'exam', 'pool')", name="kind"),)


# ---- learning without an account


class Enrolment(Table):
    """One anonymous learner in one course; the cookie's secret is known by its hash only."""

    __tablename__ = "enrolment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    secret_sha256: Mapped[str] = mapped_column(String(64))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    started_revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    # Lesson ids, quiz ids, exam id and pass mark that are asked of this learner, as they were at the start.
    requirements: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    last_active_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("secret_sha256", "course_id"),)


class LessonDone(Table):
    __tablename__ = "lesson_done"

    enrolment_id: Mapped[UUID] = _cascading("enrolment.id", primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    done_at: Mapped[datetime]


class Attempt(Table):
    """One go at a quiz or exam: the questions as they were asked, and the result once it is handed in."""

    __tablename__ = "attempt"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[UUID] = _cascading("enrolment.id")
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    quiz_id: Mapped[str] = mapped_column(String(80))
    questions: Mapped[list[Any]]
    started_at: Mapped[datetime]
    # Server clock: the time limit plus its grace, or 24 hours.
    ends_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    # Exact share of the points as "numerator/denominator", per cent rounded down, and passed or not.
    score: Mapped[str | None] = mapped_column(String(80))
    percent: Mapped[int | None]
    passed: Mapped[bool | None]

    __table_args__ = (Index("ix_attempt_enrolment_id_quiz_id", "enrolment_id", "quiz_id"),)


class Answer(Table):
    """What was answered to one question of an attempt; a row of its own so that parallel saves never collide."""

    __tablename__ = "answer"

    attempt_id: Mapped[UUID] = _cascading("attempt.id", primary_key=True)
    question_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    given: Mapped[dict[str, Any]]
    share: Mapped[str | None] = mapped_column(String(80))
    answered_at: Mapped[datetime]


# ---- persons, claims, awards


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


class Claim(Table):
    """A request to turn a passed enrolment into a certificate, until its address is confirmed; then it is deleted."""

    __tablename__ = "claim"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[UUID] = _cascading("enrolment.id", index=True)
    attempt_id: Mapped[UUID | None] = _cascading("attempt.id", index=True)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    first_name: Mapped[str] = mapped_column(String(64))
    last_name: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(8))
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
        UniqueConstraint("person_id", "course_id", "revision_id"),
        UniqueConstraint("enrolment_id"),
    )


class ReplacedVersion(Table):
    """What remains of an older version of an award: no name."""

    __tablename__ = "replaced_version"

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = _cascading("person.id", index=True)
    record: Mapped[dict[str, Any]]
    replaced_on: Mapped[date]


class Revocation(Table):
    """The issuer took a certificate back."""

    __tablename__ = "revocation"

    number: Mapped[str] = mapped_column(ForeignKey("award.number", ondelete="CASCADE"), primary_key=True)
    revoked_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(20))

    __table_args__ = (
        CheckConstraint(
            "reason IN ('issued_in_error', 'dishonest_exam', 'false_identity', 'legal_order')", name="reason"
        ),
    )


class Tombstone(Table):
    """All that is left of a certificate whose holder was erased: the hash of its number and a day."""

    __tablename__ = "tombstone"

    number_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    withdrawn_on: Mapped[date]


# ---- secrets, mail, limits


class Token(Table):
    """A single-use secret sent by mail, known by its hash. Used up by one UPDATE; GET never touches it."""

    __tablename__ = "token"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    claim_id: Mapped[UUID | None] = mapped_column(index=True)
    person_id: Mapped[UUID | None] = _cascading("person.id", index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("purpose IN ('claim', 'portal')", name="purpose"),)


class PortalSession(Table):
    """A browser that may see for a short while what is held about one address, known by the hash of its cookie.

    The address is that of a person, or of a claim while nobody has confirmed it yet.
    """

    __tablename__ = "portal_session"

    secret_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID | None] = _cascading("person.id", index=True)
    claim_id: Mapped[UUID | None] = _cascading("claim.id", index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (claim_id IS NULL)", name="one_subject"),)


class Outbox(Table):
    """A mail to be written and sent. It holds no text: subject, body, link and recipient are made when it is sent."""

    __tablename__ = "outbox"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[UUID | None] = _cascading("person.id", index=True)
    claim_id: Mapped[UUID | None] = _cascading("claim.id", index=True)
    award_id: Mapped[UUID | None] = _cascading("award.id", index=True)
    # Only for an answer to an address about which nothing is held; the row is deleted when that mail leaves.
    address: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    # The three digits of the server's answer, or a word of a closed list; never its text.
    last_error: Mapped[str | None] = mapped_column(String(20))

    __table_args__ = (
        UniqueConstraint("kind", "award_id"),
        Index("ix_outbox_next_try_at", "next_try_at"),
    )


class LocalMail(Table):
    """A mail in the local mailbox of a development machine, where no mail server is set."""

    __tablename__ = "local_mail"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    received_at: Mapped[datetime]
    message: Mapped[bytes] = mapped_column(LargeBinary)


class RateLimit(Table):
    """Generic cell rate algorithm: the theoretical arrival time per keyed hash of who is limited."""

    __tablename__ = "rate_limit"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Seconds since 1970.
    arrival: Mapped[float]


# ---- accountability

# The audit log speaks in these words only.
AUDIT_ACTORS = ("holder", "operator", "staff", "worker")
AUDIT_ACTIONS = (
    *("issue", "revoke", "publish"),
    *("open_portal", "read", "export", "rectify", "restrict", "unrestrict", "object", "withdraw_consent", "erase"),
    *("make_key", "rotate_key", "compromise_key", "prune"),
)
AUDIT_OBJECTS = ("person", "award", "course", "key", "audit")
AUDIT_OUTCOMES = ("done", "refused", "failed")


def _one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=column)


class AuditEntry(Table):
    """One line of the hash-chained audit log; closed lists and random references, never a name or an address."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(10))
    action: Mapped[str] = mapped_column(String(30))
    object_kind: Mapped[str] = mapped_column(String(20))
    object_ref: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(10))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        _one_of("actor", AUDIT_ACTORS),
        _one_of("action", AUDIT_ACTIONS),
        _one_of("object_kind", AUDIT_OBJECTS),
        _one_of("outcome", AUDIT_OUTCOMES),
    )


class LedgerApplied(Table):
    """Which records of the rights ledger this database has carried out."""

    __tablename__ = "ledger_applied"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    applied_at: Mapped[datetime]


class Receipt(Table):
    """What the server keeps of a receipt of erasure: its random id and two days."""

    __tablename__ = "receipt"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    erased_on: Mapped[date]
    backups_gone_on: Mapped[date]
