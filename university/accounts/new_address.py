"""Another address for an account: asked for with a factor, confirmed from the new mailbox, told to the old one."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from university import clock
from university.accounts import members
from university.accounts.invitations import PREFIX
from university.accounts.signed_in import SignedIn
from university.errors import Gone, NotFound, Refused
from university.keys.secret_hashes import hashed
from university.language import current_language, gettext as _
from university.mailing import mail
from university.models import StaffAddressChange, StaffInvitation, StaffMember
from university.retention import STAFF_ADDRESS_LIFETIME

TO_THE_NEW, TO_THE_OLD = "staff_address", "staff_address_changed"


def ask(session: Session, staff: SignedIn, email: str) -> None:
    """Mails a link to the new address. What was asked for before is over, by this member or about this address.

    An address that somebody here has already is answered alike, and gets no mail.
    """
    change = StaffAddressChange
    session.execute(delete(change).where(or_(change.staff_id == staff.id, change.email == email)))
    if members.known(session, email) is None:
        session.add(StaffAddressChange(staff_id=staff.id, email=email, expires_at=clock.now() + STAFF_ADDRESS_LIFETIME))
        mail.enqueue(session, TO_THE_NEW, language=current_language(), address=email)


def link_to_mail(session: Session, email: str) -> tuple[StaffAddressChange, str] | None:
    """The change that waits for this address, and the link for its mail; one made for an earlier try is over."""
    found = session.scalar(
        select(StaffAddressChange).where(StaffAddressChange.email == email, StaffAddressChange.expires_at > clock.now())
    )
    if found is None:
        return None
    text = PREFIX + secrets.token_urlsafe(32)
    found.sha256 = hashed(text)
    return found, text


def look(session: Session, staff: SignedIn, text: str) -> StaffAddressChange:
    """What this link of the member's own confirms. NotFound if there is none, Gone if its day is over."""
    mine = (StaffAddressChange.sha256 == hashed(text), StaffAddressChange.staff_id == staff.id)
    found = session.scalar(select(StaffAddressChange).where(*mine).with_for_update())
    if found is None:
        raise NotFound(_("This link is not one of ours, or it was used. Sign in to the account it was made for."))
    if found.expires_at <= clock.now():
        raise Gone(_("This link has expired. Ask for a new one; that takes a minute."))
    return found


def confirm(session: Session, staff: SignedIn, text: str) -> StaffMember:
    """From now on the account has the new address; the old mailbox is told, and no link sent there opens anything."""
    change, member = look(session, staff, text), members.member_of(session, staff.id)
    if members.known(session, change.email):
        raise Refused(_("There is an account with this address already."))
    session.execute(
        delete(StaffInvitation).where(StaffInvitation.email == member.email, StaffInvitation.used_at.is_(None))
    )
    mail.enqueue(session, TO_THE_OLD, language=current_language(), address=member.email)
    member.email = change.email
    session.delete(change)
    session.flush()
    members.note(session, "change_address", member.id, by=member.id)
    return member
