"""Looking a certificate up: by its number for those who take one back, by its holder's address for the privacy
officer alone. What is not public is shown only after the look was written into the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import read_number, show_number
from university.accounts.signed_in import SignedIn
from university.awarding import awards
from university.chains import audit
from university.errors import NotFound
from university.language import gettext as _
from university.models import Award, Outbox, Person, ReplacedVersion, Restriction

MAILS = ("issued", "corrected", "reissued", "revoked")


@dataclass(frozen=True)
class Row:
    """One line of a list of certificates, without a name."""

    number: str
    course: str
    language: str
    issued_on: date
    standing: str


@dataclass(frozen=True)
class Contact:
    """What is known of the holder and not public, and how the mails about this certificate fared."""

    email: str
    language: str
    first_name: str
    last_name: str
    mails: Sequence[Outbox]


@dataclass(frozen=True)
class Entry:
    """A certificate as its page shows it, and how it came to be so. `name` is None where the page shows none."""

    award: Award
    standing: awards.Standing
    name: str | None
    versions: Sequence[ReplacedVersion]
    hidden_since: datetime | None

    @property
    def number(self) -> str:
        return show_number(self.award.number)

    @property
    def is_revoked(self) -> bool:
        return self.standing.word == awards.Word.REVOKED


def find_award(session: Session, number: str, *, lock: bool = False) -> Award:
    """The award with this number, as typed; NotFound when there is none (any more)."""
    asked = select(Award).where(Award.number == (read_number(number) or ""))
    award = session.scalar(asked.with_for_update() if lock else asked)
    if award is None:
        raise NotFound(_("There is no certificate with this number. It may have been withdrawn by its holder."))
    return award


def entry_of(session: Session, number: str) -> Entry:
    award = find_award(session, number)
    standing = awards.standing(session, award.number)
    older = select(ReplacedVersion).where(ReplacedVersion.number == award.number).order_by(ReplacedVersion.version)
    hidden = session.get(Restriction, award.person_id)
    return Entry(
        award=award,
        standing=standing,
        name=standing.certificate.holder.full_name if standing.certificate else None,
        versions=session.scalars(older).all(),
        hidden_since=hidden.restricted_at if hidden else None,
    )


def read_contact(session: Session, award: Award, staff: SignedIn) -> Contact:
    """The holder's address and the fate of the mails; the audit log says who looked."""
    person = session.get_one(Person, award.person_id)
    audit.record(
        session, actor="staff", staff_id=staff.id, action="read", object_kind="person", object_ref=person.audit_ref
    )
    mails = select(Outbox).where(Outbox.award_id == award.id, Outbox.kind.in_(MAILS)).order_by(Outbox.created_at)
    return Contact(person.email, person.language, award.first_name, award.last_name, session.scalars(mails).all())


def find_by_address(session: Session, email: str, staff: SignedIn) -> list[Row]:
    """Certificates of the person behind a clean address; the audit log says who looked, also when there is nobody."""
    person = session.scalar(select(Person).where(Person.email == email))
    audit.record(
        session,
        actor="staff",
        staff_id=staff.id,
        action="read",
        object_kind="person",
        object_ref=person.audit_ref if person else "nobody",
    )
    if person is None:
        return []
    held = session.scalars(select(Award).where(Award.person_id == person.id).order_by(Award.issued_at.desc()))
    return [_row(session, award) for award in held]


def _row(session: Session, award: Award) -> Row:
    course = award.record["course"]
    standing = str(awards.standing(session, award.number).word)
    return Row(show_number(award.number), course["title"], course["language"], award.issued_at.date(), standing)
