"""The accounts themselves: who there is, what they may do, and how an owner changes that."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from university import clock
from university.accounts import sessions
from university.chains import audit
from university.errors import NotFound, Refused
from university.language import gettext as _
from university.models import (
    OWNER,
    ROLES,
    StaffInvitation,
    StaffMember,
    StaffPasskey,
    StaffRecoveryCode,
)
from university.turns import take_turn


def everybody(session: Session) -> list[StaffMember]:
    """Active accounts first, each part by name."""
    return list(session.scalars(select(StaffMember).order_by(StaffMember.state, func.lower(StaffMember.name))))


def member_of(session: Session, staff_id: UUID | str) -> StaffMember:
    """NotFound where there is no such account."""
    try:
        found = session.get(StaffMember, UUID(str(staff_id)))
    except ValueError:
        found = None
    if found is None:
        raise NotFound(_("There is no such account."))
    return found


def known(session: Session, email: str) -> StaffMember | None:
    return session.scalar(select(StaffMember).where(StaffMember.email == email))


def can_anyone_sign_in(session: Session) -> bool:
    """False for a new installation: then the first owner comes by a link."""
    return bool(session.scalar(select(exists().where(StaffMember.state == "active", _has_factors()))))


def has_factors(session: Session, staff_id: UUID) -> bool:
    """Whether this account can sign in: with a passkey, or with password and authenticator."""
    return bool(session.scalar(select(exists().where(StaffMember.id == staff_id, _has_factors()))))


def _has_factors() -> ColumnElement[bool]:
    typed = and_(StaffMember.password_hash.is_not(None), StaffMember.totp_confirmed_at.is_not(None))
    return or_(typed, exists().where(StaffPasskey.staff_id == StaffMember.id))


def in_order(roles: Collection[str]) -> list[str]:
    """The roles we know among these, in the order of the list."""
    return [role for role in ROLES if role in roles]


def change_roles(session: Session, member: StaffMember, roles: Collection[str], *, by: UUID) -> None:
    """Other rights, from the next request on: wherever the member is signed in, that ends."""
    take_turn(session, "staff")
    if not in_order(roles):
        raise Refused(_("An account needs at least one role. To end it, disable it."))
    if OWNER not in roles:
        _refuse_without_owner(session, member)
    member.roles = in_order(roles)
    sessions.end_all(session, member.id)
    note(session, "change_roles", member.id, by=by)


def disable(session: Session, member: StaffMember, *, by: UUID) -> None:
    """Out at once, everywhere. The account goes for good 30 days later."""
    take_turn(session, "staff")
    if member.id == by:
        raise Refused(_("Another owner has to disable your account."))
    _refuse_without_owner(session, member)
    member.state, member.disabled_at = "disabled", clock.now()
    session.execute(delete(StaffInvitation).where(StaffInvitation.email == member.email))
    sessions.end_all(session, member.id)
    note(session, "disable", member.id, by=by)


def enable(session: Session, member: StaffMember, *, by: UUID) -> None:
    """In again, from a new sign-in on. An account that is open stays as it is."""
    if member.state != "active":
        member.state, member.disabled_at = "active", None
        sessions.end_all(session, member.id)
        note(session, "enable", member.id, by=by)


def clear_factors(session: Session, member: StaffMember) -> None:
    """Nothing the member had opens the account any more, and wherever it was open, that ends."""
    member.password_hash = member.totp_seed = member.totp_key = None
    member.totp_last_step = member.totp_confirmed_at = None
    for table in (StaffPasskey, StaffRecoveryCode):
        session.execute(delete(table).where(table.staff_id == member.id))
    sessions.end_all(session, member.id)


def note(session: Session, action: str, about: UUID, *, by: UUID) -> None:
    """A line in the audit log about an account."""
    audit.record(session, actor="staff", staff_id=by, action=action, object_kind="staff", object_ref=about)


def _refuse_without_owner(session: Session, member: StaffMember) -> None:
    """An owner who has nothing to sign in with yet keeps no door open."""
    can_sign_in = select(StaffMember).where(StaffMember.state == "active", _has_factors())
    others = session.scalars(can_sign_in.where(StaffMember.id != member.id))
    if OWNER in member.roles and not any(OWNER in one.roles for one in others):
        raise Refused(_("This is the only owner who can sign in. Make somebody else an owner first."))
