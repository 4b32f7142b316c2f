"""Password and code: one form, one answer, the same work whether or not there is such an account."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from university import audit
from university.accounts import codes, passwords, sessions
from university.accounts.codes import Shown
from university.accounts.sessions import Begun
from university.database import Database
from university.keyring import KeyRing
from university.models import FULL, StaffMember


@dataclass(frozen=True)
class Proven:
    """Both factors were right a moment ago; the code still has to be used up."""

    member_id: UUID
    shown: Shown


def prove(database: Database, keyring: KeyRing, email: str, password: str, code: str) -> Proven | None:
    """Whether password and code are those of an active account. Hashing happens outside of any transaction that
    writes; both factors are always looked at, so that no answer and no delay tells which of them was wrong."""
    with database.reading() as session:
        member = session.scalar(select(StaffMember).where(StaffMember.email == email, StaffMember.state == "active"))
    right_password = passwords.fits(password, member.password_hash if member else None)
    with database.reading() as session:
        shown = codes.look(session, keyring, member, code)
    return Proven(member.id, shown) if member and right_password and shown else None


def sign_in(session: Session, proven: Proven, device: str) -> Begun | None:
    """Uses the code up and signs in; None when another request was a moment faster with the same code."""
    member = session.get(StaffMember, proven.member_id, with_for_update=True)
    if member is None or member.state != "active" or not codes.use_up(session, member.id, proven.shown):
        return None
    return begin(session, member, device)


def begin(session: Session, member: StaffMember, device: str) -> Begun:
    """A full session for a member who showed what an account needs, and a line in the audit log."""
    begun = sessions.begin(session, member, level=FULL, device=device)
    audit.record(
        session, actor="staff", staff_id=member.id, action="sign_in", object_kind="staff", object_ref=member.id
    )
    return begun
