"""What staff may do to a certificate. Its course and its days never change; each act stands in the audit log."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.awarding import versions
from university.chains import audit
from university.errors import Refused
from university.keys.keyring import KeyRing
from university.language import gettext as _
from university.mailing.mail import enqueue
from university.models import Award, Outbox, Person, Revocation
from university.registry.forms import CorrectForm, RevokeForm
from university.settings import Settings


def take_back(session: Session, settings: Settings, award: Award, asked: RevokeForm, staff: SignedIn) -> None:
    """Revokes it for a reason of the closed list, and tells the holder where that was asked for."""
    versions.revoke(session, settings, award, asked.reason, actor="staff", staff_id=staff.id)
    if asked.mail:
        _tell(session, award, "revoked")


def correct(
    session: Session, keyring: KeyRing, settings: Settings, award: Award, asked: CorrectForm, staff: SignedIn
) -> Award:
    return versions.correct_name(
        session, keyring, settings, award, asked.first_name, asked.last_name, actor="staff", staff_id=staff.id
    )


def reissue(session: Session, keyring: KeyRing, settings: Settings, award: Award, staff: SignedIn) -> Award:
    return versions.reissue(session, keyring, settings, award, staff_id=staff.id)


def resend(session: Session, award: Award, staff: SignedIn) -> None:
    """The mail with the certificate once more, to the address of its holder."""
    if session.get(Revocation, award.number) is not None:
        raise Refused(_("This certificate was taken back; there is nothing to send."))
    if not _is_on_its_way(session, award):
        _tell(session, award, "issued")
    audit.record(session, actor="staff", staff_id=staff.id, action="resend", object_kind="award", object_ref=award.id)


def _is_on_its_way(session: Session, award: Award) -> bool:
    """Whether that mail still waits. One that was sent stays listed with its person, one that was given up goes: each
    certificate has one of a kind."""
    of_this = (Outbox.award_id == award.id, Outbox.kind == "issued")
    session.execute(delete(Outbox).where(*of_this, Outbox.parked_at.is_not(None)))
    session.execute(update(Outbox).where(*of_this, Outbox.sent_at.is_not(None)).values(award_id=None))
    return session.scalar(select(Outbox.id).where(*of_this)) is not None


def _tell(session: Session, award: Award, kind: str) -> None:
    person = session.get_one(Person, award.person_id)
    enqueue(session, kind, language=person.language, person_id=person.id, award_id=award.id)
