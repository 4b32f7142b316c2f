"""Links that make an account, or give one its factors anew: 256 random bits, 72 hours, once, by POST."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from university import clock
from university.accounts import members
from university.chains import audit
from university.errors import Gone, NotFound, Refused
from university.keys.secret_hashes import hashed
from university.language import current_language, gettext as _
from university.mailing import mail
from university.models import ROLES, StaffInvitation, StaffMember

LIFETIME = timedelta(hours=72)
# A fixed form lets a log scrubber recognise it wherever it turns up.
PREFIX = "uni_"
MAIL = "staff_invitation"


def make(session: Session, email: str | None, roles: Collection[str], *, by: UUID | None = None) -> str:
    """A new link for a clean address; None: for the first owner, who types their own. Earlier ones to the same
    address end. `by` is the owner who invites; without one it is whoever runs the command."""
    session.execute(delete(StaffInvitation).where(StaffInvitation.email == email, StaffInvitation.used_at.is_(None)))
    text, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    session.add(
        StaffInvitation(
            sha256=hashed(text),
            email=email,
            roles=members.in_order(roles),
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    audit.record(
        session,
        actor="staff" if by else "operator",
        staff_id=by,
        action="invite",
        object_kind="staff",
        object_ref=hashed(text)[:32],
    )
    return text


def make_for_first_owner(session: Session) -> str | None:
    """The link that a new installation prints, with every role, for one person is often all there is; None once
    somebody can sign in."""
    return None if members.can_anyone_sign_in(session) else make(session, None, ROLES)


def make_for(session: Session, member: StaffMember, *, by: UUID) -> str:
    """Takes every factor from `member` and makes the link to new ones. A second owner does this, never oneself."""
    if member.id == by:
        raise Refused(_("Another owner has to reset your account."))
    if member.state != "active":
        raise Refused(_("This account is disabled. Enable it first."))
    members.clear_factors(session, member)
    members.note(session, "reset", member.id, by=by)
    return make(session, member.email, member.roles, by=by)


def look(session: Session, text: str) -> StaffInvitation:
    """The invitation, unchanged. NotFound if there is none, Gone if it was used or has expired."""
    found = session.scalar(select(StaffInvitation).where(_is_link(text)).execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("This link is not one of ours. Please copy it again."))
    if found.used_at is not None:
        raise _already_used()
    if found.expires_at <= clock.now():
        raise Gone(_("This link has expired. Ask an owner for a new one."))
    if found.email is None and members.can_anyone_sign_in(session):
        raise Gone(_("There is an owner already. Ask them to invite you."))
    return found


def accept(session: Session, text: str, name: str, email: str) -> StaffMember:
    """Uses the link up: the account, without any factor yet. Of parallel tries one succeeds, the others meet Gone.

    `email` is what the first owner typed; everybody else has the address that was invited.
    """
    address = look(session, text).email or email
    used = update(StaffInvitation).where(_is_link(text), StaffInvitation.used_at.is_(None))
    roles = session.scalar(used.values(used_at=clock.now()).returning(StaffInvitation.roles))
    if roles is None:
        raise _already_used()
    member = members.known(session, address)
    if member is None:
        member = StaffMember(email=address, created_at=clock.now())
        session.add(member)
    member.name, member.roles, member.state, member.disabled_at = name, roles, "active", None
    session.flush()
    members.clear_factors(session, member)
    members.note(session, "join", member.id, by=member.id)
    return member


def open_ones(session: Session) -> list[StaffInvitation]:
    """Invitations nobody has followed yet."""
    return list(
        session.scalars(
            select(StaffInvitation)
            .where(
                StaffInvitation.used_at.is_(None),
                StaffInvitation.email.is_not(None),
                StaffInvitation.expires_at > clock.now(),
            )
            .order_by(StaffInvitation.created_at)
        )
    )


def send(session: Session, email: str) -> None:
    """Mails a link of this invitation too; the one that was shown stays good, until either is used."""
    mail.enqueue(session, MAIL, language=current_language(), address=email)


def link_to_mail(session: Session, email: str) -> tuple[StaffInvitation, str] | None:
    """The open invitation of this address, and its link for the mail. One made for an earlier try is over."""
    found = next((one for one in reversed(open_ones(session)) if one.email == email), None)
    if found is None:
        return None
    text = PREFIX + secrets.token_urlsafe(32)
    found.mailed_sha256 = hashed(text)
    return found, text


def _is_link(text: str) -> ColumnElement[bool]:
    return or_(StaffInvitation.sha256 == hashed(text), StaffInvitation.mailed_sha256 == hashed(text))


def _already_used() -> Gone:
    return Gone(_("This link was already used, and it works only once."))
