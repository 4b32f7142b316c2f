"""What can happen to a certificate after its issue: a corrected name, a renewal, the issuer taking it back.

Its course and its days stay as they were issued. Standing lives in rows of its own; an award is never updated.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from certificates import digest_of, make_holder
from university import clock
from university.awarding.credentialing import end_credential, issue_credential, places_of, set_bits
from university.chains import audit, ledger as ledgers
from university.chains.ledger import open_ledger
from university.errors import Refused
from university.keys.day_keys import open_day_keys
from university.keys.keyring import KeyRing
from university.language import gettext as _
from university.mailing.mail import enqueue
from university.models import Award, Outbox, Person, ReplacedVersion, Revocation
from university.rights import sealed_names
from university.rights.decisions import write_down
from university.settings import Settings

CORRECTIONS_BY_ONESELF = 2
RENEWABLE_BEFORE_END = timedelta(days=60)


def is_renewable(award: Award, today: date) -> bool:
    """Whether passing the exam again gives a new certificate: from 60 days before the last valid day on."""
    return award.expires_on is not None and today >= award.expires_on - RENEWABLE_BEFORE_END


def corrections_left(session: Session, award: Award) -> int:
    """How often the holder may still correct the name; after that a person has to look at it. A name that a restored
    backup did not know may always be given again."""
    older = select(func.count()).select_from(ReplacedVersion).where(ReplacedVersion.number == award.number)
    least = 0 if award.first_name else 1
    return max(least, CORRECTIONS_BY_ONESELF - (session.scalar(older) or 0))


def correct_name(
    session: Session,
    keyring: KeyRing,
    settings: Settings,
    award: Award,
    first_name: str,
    last_name: str,
    *,
    actor: str,
    staff_id: UUID | None = None,
) -> Award:
    """The next version under the same number, with these clean names; the old name is deleted, not archived.

    Refused for a certificate that was taken back, for the name it has already, and for a third time by the holder.
    """
    ledgers.hold(session)
    _refuse_correction(session, award, first_name, last_name, actor)
    newer = _in_next_version(session, keyring, settings, award, (first_name, last_name))
    audit.record(session, actor=actor, staff_id=staff_id, action="rectify", object_kind="award", object_ref=newer.id)
    return newer


def reissue(session: Session, keyring: KeyRing, settings: Settings, award: Award, *, staff_id: UUID) -> Award:
    """The next version with everything as it was: a fresh PDF and credential, and the earlier ones read replaced.

    Course, day and end stay those of the first issue. Refused for a certificate that was taken back.
    """
    ledgers.hold(session)
    if session.get(Revocation, award.number) is not None:
        raise Refused(_("This certificate was taken back; it cannot be issued again."))
    name = (award.first_name, award.last_name)
    newer = _in_next_version(session, keyring, settings, award, name, mail="reissued")
    audit.record(session, actor="staff", staff_id=staff_id, action="reissue", object_kind="award", object_ref=newer.id)
    return newer


def _in_next_version(
    session: Session,
    keyring: KeyRing,
    settings: Settings,
    award: Award,
    name: tuple[str, str],
    *,
    mail: str = "corrected",
) -> Award:
    """The next version, and the record that lets a restored backup know of it."""
    newer = next_version(session, keyring, settings, award, *name, mail=mail)
    digest, sealed = sealed_names.seal(open_day_keys(settings), *name)
    write_down(
        session,
        open_ledger(settings),
        "rectify",
        beside=(sealed_names.file_of(digest), sealed),
        number=digest_of(newer.number),
        version=newer.version,
        status=[str(place) for place in places_of(session, [newer.number])],
        name=digest,
    )
    return newer


def next_version(
    session: Session,
    keyring: KeyRing,
    settings: Settings,
    award: Award,
    first_name: str,
    last_name: str,
    *,
    after: int = 0,
    mail: str = "corrected",
) -> Award:
    """The award in a new version with a credential of its own, and a mail of this kind that says so.

    Its version follows the present one, and `after`, the last that anybody may have a paper of.
    """
    person = session.get_one(Person, award.person_id, with_for_update=True)
    now = clock.now().replace(microsecond=0)
    older = range(award.version, max(award.version, after) + 1)
    newer = _with_name(award, first_name, last_name, older.stop)
    newer.record = {**newer.record, "version_at": now.isoformat().replace("+00:00", "Z")}
    end_credential(session, award.number)
    for version in older:
        session.add(
            ReplacedVersion(
                number=award.number,
                version=version,
                person_id=person.id,
                record={**award.record, "version": version},
                replaced_on=now.date(),
            )
        )
    _forget(session, award)
    session.add(newer)
    session.flush()
    issue_credential(session, keyring, settings, newer, person.email)
    enqueue(session, mail, language=person.language, person_id=person.id, award_id=newer.id)
    return newer


def revoke(
    session: Session, settings: Settings, award: Award, reason: str, *, actor: str, staff_id: UUID | None = None
) -> None:
    """The issuer takes it back, for one of the reasons of the closed list; once more is refused."""
    ledgers.hold(session)
    if session.get(Revocation, award.number) is not None:
        raise Refused(_("This certificate was taken back already."))
    places = places_of(session, [award.number])
    today = clock.now().date()
    session.add(Revocation(number=award.number, revoked_on=today, reason=reason))
    session.flush()
    set_bits(session, places)
    audit.record(session, actor=actor, staff_id=staff_id, action="revoke", object_kind="award", object_ref=award.id)
    write_down(
        session,
        open_ledger(settings),
        "revoke",
        number=digest_of(award.number),
        status=[str(place) for place in places],
        reason=reason,
        day=today.isoformat(),
    )


def _refuse_correction(session: Session, award: Award, first_name: str, last_name: str, actor: str) -> None:
    if session.get(Revocation, award.number) is not None:
        raise Refused(_("This certificate was taken back; its name cannot be corrected."))
    if (award.first_name, award.last_name) == (first_name, last_name):
        raise Refused(_("That is the name on the certificate already."))
    if actor == "holder" and not corrections_left(session, award):
        raise Refused(_("You corrected this name twice. Write to us, and a person will look at it."))


def _with_name(award: Award, first_name: str, last_name: str, version: int) -> Award:
    holder = make_holder(first_name, last_name, award.record["course"]["language"])
    shown = {"family_first": holder.family_first, "name_language": holder.name_language}
    return Award(
        number=award.number,
        version=version,
        person_id=award.person_id,
        course_id=award.course_id,
        revision_id=award.revision_id,
        enrolment_id=award.enrolment_id,
        renewal=award.renewal,
        first_name=first_name,
        last_name=last_name,
        record={**award.record, "version": version, "holder": shown},
        issued_at=award.issued_at,
        expires_on=award.expires_on,
    )


def _forget(session: Session, award: Award) -> None:
    """Deletes the row with the old name. Mails about it that were sent stay listed; one that was not is not sent."""
    session.execute(delete(Outbox).where(Outbox.award_id == award.id, Outbox.sent_at.is_(None)))
    session.execute(update(Outbox).where(Outbox.award_id == award.id).values(award_id=None))
    session.execute(delete(Award).where(Award.id == award.id))
    session.expunge(award)
