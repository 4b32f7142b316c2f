"""What the database says about a certificate: its facts, and its standing today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session

from certificates import Certificate, digest_of, read_number
from university import clock
from university.models import Award, Course, ReplacedVersion, Restriction, Revision, Revocation, Tombstone

Record = Session | Connection


class Word(StrEnum):
    """The one word that answers a check."""

    VALID = "valid"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class Awarded(Protocol):
    """An award, as a row of the table or as the columns that were read of it."""

    @property
    def record(self) -> dict[str, Any]: ...
    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...


@dataclass(frozen=True)
class Standing:
    """The answer for one number. `number` is canonical, or None for what cannot be one.

    `certificate` is there while the holder's name may be shown (valid, expired), and `held_back` instead while the
    holder hides it: that one is for the holder and for comparing alone. `record` holds the facts without a name and
    stays when the certificate was replaced or revoked. `version` is the version asked for, `present_version`
    the one that holds now. `ended_on` is the day of the withdrawal, the revocation or the replacement.
    """

    word: Word
    number: str | None
    certificate: Certificate | None = None
    held_back: Certificate | None = None
    record: Mapping[str, Any] | None = None
    version: int | None = None
    present_version: int | None = None
    ended_on: date | None = None
    reason: str | None = None
    course_revision: int | None = None

    @property
    def may_be_shown(self) -> bool:
        """True while the certificate may be shown and drawn with the name of its holder."""
        return self.certificate is not None

    @property
    def is_hidden(self) -> bool:
        """True while the certificate counts, but is nobody's to see with its name."""
        return self.held_back is not None

    @property
    def nameless(self) -> Certificate | None:
        """The certificate without the name of its holder, as it may be shown to anybody while it counts."""
        counts = (self.certificate or self.held_back) and self.record
        return Certificate.from_record(dict(self.record or {}), "", "") if counts else None

    @property
    def issued_on(self) -> date | None:
        return date.fromisoformat(self.record["issued_at"][:10]) if self.record else None


def certificate_of(award: Awarded) -> Certificate:
    """The frozen certificate that was issued with this award."""
    return Certificate.from_record(award.record, award.first_name, award.last_name)


# Tables instead of classes: the page behind every QR code is read this way, and mapping would be half of the work.
_award, _revocation, _restriction, _course, _revision, _replaced_version, _tombstone = (
    table.__table__ for table in (Award, Revocation, Restriction, Course, Revision, ReplacedVersion, Tombstone)
)

# One statement, reached by unique indexes only.
_PRESENT = (
    select(
        _award.c.number,
        _award.c.version,
        _award.c.first_name,
        _award.c.last_name,
        _award.c.record,
        _award.c.expires_on,
        _revocation.c.revoked_on,
        _revocation.c.reason,
        _restriction.c.restricted_at,
        _revision.c.number.label("course_revision"),
    )
    .select_from(
        _award.outerjoin(_revocation, _revocation.c.number == _award.c.number)
        .outerjoin(_restriction, _restriction.c.person_id == _award.c.person_id)
        .outerjoin(_course, _course.c.id == _award.c.course_id)
        .outerjoin(_revision, _revision.c.id == _course.c.revision_id)
    )
    .where(_award.c.number == bindparam("number"))
)
_OLDER = select(_replaced_version.c.record, _replaced_version.c.replaced_on).where(
    _replaced_version.c.number == bindparam("number"), _replaced_version.c.version == bindparam("version")
)
_GONE = select(_tombstone.c.withdrawn_on).where(_tombstone.c.number_sha256 == bindparam("digest"))

_MANY = (
    select(_award.c.number, _award.c.expires_on, _revocation.c.revoked_on)
    .select_from(_award.outerjoin(_revocation, _revocation.c.number == _award.c.number))
    .where(_award.c.number.in_(bindparam("numbers", expanding=True)))
)
_MANY_GONE = select(_tombstone.c.number_sha256).where(
    _tombstone.c.number_sha256.in_(bindparam("digests", expanding=True))
)


def standing(record: Record, asked: str, today: date | None = None, *, version: int | None = None) -> Standing:
    """How the certificate `asked` (as somebody typed it) stands on the UTC day `today`, by the rows behind `record`.

    Without `version` the answer is about the present version, with it about that one. What cannot be a number is
    unknown without asking the database.
    """
    number = read_number(asked)
    if number is None:
        return Standing(Word.UNKNOWN, None)
    row = record.execute(_PRESENT, {"number": number}).first()
    if row is None:
        return _after_the_end(record, number)
    if row.revoked_on is not None:
        return _revoked(row)
    if version is not None and version != row.version:
        return _replaced(record, row, version)
    return _present(row, today or clock.now().date())


def words_of(record: Record, numbers: set[str], today: date) -> dict[str, Word]:
    """The present standing of each canonical number, on the UTC day `today`, in a few statements however many."""
    words = dict.fromkeys(numbers, Word.UNKNOWN)
    for some in _portions(sorted(numbers)):
        for row in record.execute(_MANY, {"numbers": some}):
            is_over = row.expires_on is not None and row.expires_on < today
            words[row.number] = Word.REVOKED if row.revoked_on else Word.EXPIRED if is_over else Word.VALID
    gone = {digest_of(number): number for number in numbers if words[number] is Word.UNKNOWN}
    for some in _portions(sorted(gone)):
        for digest in record.execute(_MANY_GONE, {"digests": some}).scalars():
            words[gone[digest]] = Word.WITHDRAWN
    return words


def _portions(items: list[str], most: int = 500) -> Iterator[list[str]]:
    """As many at once as every database takes."""
    yield from (items[start : start + most] for start in range(0, len(items), most))


def _after_the_end(record: Record, number: str) -> Standing:
    withdrawn_on = record.execute(_GONE, {"digest": digest_of(number)}).scalar()
    if withdrawn_on is None:
        return Standing(Word.UNKNOWN, number)
    return Standing(Word.WITHDRAWN, number, ended_on=withdrawn_on)


def _revoked(row: Any) -> Standing:
    return Standing(
        Word.REVOKED,
        row.number,
        record=row.record,
        version=row.version,
        present_version=row.version,
        ended_on=row.revoked_on,
        reason=row.reason,
        course_revision=row.course_revision,
    )


def _replaced(record: Record, row: Any, version: int) -> Standing:
    older = record.execute(_OLDER, {"number": row.number, "version": version}).first()
    if older is None:
        return Standing(Word.UNKNOWN, row.number)
    return Standing(
        Word.REPLACED,
        row.number,
        record=older.record,
        version=version,
        present_version=row.version,
        ended_on=older.replaced_on,
        course_revision=row.course_revision,
    )


def _present(row: Any, today: date) -> Standing:
    is_over = row.expires_on is not None and row.expires_on < today
    certificate = certificate_of(row)
    is_shown = row.restricted_at is None and bool(certificate.holder.full_name)
    return Standing(
        Word.EXPIRED if is_over else Word.VALID,
        row.number,
        certificate=certificate if is_shown else None,
        held_back=None if is_shown else certificate,
        record=row.record,
        version=row.version,
        present_version=row.version,
        course_revision=row.course_revision,
    )
