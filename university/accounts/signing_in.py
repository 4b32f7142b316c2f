"""Password and code: one form, one answer, the same work whether or not there is such an account."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from university import limits
from university.accounts import codes, passwords, sessions
from university.accounts.codes import Shown
from university.accounts.sessions import Begun
from university.accounts.signed_in import SignedIn
from university.chains import audit
from university.database import Database
from university.keys.keyring import KeyRing
from university.models import FULL, StaffMember
from university.serving.pages import Visitor, settings_of
from university.settings import Settings

log = logging.getLogger("university.accounts")


@dataclass(frozen=True)
class Proven:
    """Both factors were right a moment ago; the code still has to be used up."""

    member_id: UUID
    shown: Shown
    password_hash: str | None
    # The same password under today's parameters, where what is kept was made with others.
    newer_hash: str | None


def prove(
    database: Database, keyring: KeyRing, settings: Settings, email: str, password: str, code: str
) -> Proven | None:
    """Whether password and code are those of an active account. Hashing happens outside of any transaction that
    writes; both factors are always looked at, so that no answer and no delay tells which of them was wrong."""
    with database.reading() as session:
        member = session.scalar(select(StaffMember).where(StaffMember.email == email, StaffMember.state == "active"))
    right_password = passwords.fits(password, member.password_hash if member else None)
    # Whoever knows the password may guess few codes; what is beyond reads like any other wrong one.
    may_guess = not right_password or limits.by_address(settings, database, "second_factor", email)
    with database.reading() as session:
        shown = codes.look(session, keyring, member, code)
    if not (member and right_password and may_guess and shown):
        return None
    return Proven(member.id, shown, member.password_hash, passwords.made_anew(password, member.password_hash))


def count_try(request: Visitor, database: Database, email: str) -> None:
    """Counts one try under every limit there is, known account or not; raises TooMany."""
    settings = settings_of(request)
    limits.by_network(request, database, "sign_in")
    limits.by_account(settings, database, "sign_in", email)
    if limits.by_everybody(settings, database, "sign_in"):
        log.warning(json.dumps({"alarm": "more tries to sign in than the limit allows"}))


def sign_in(session: Session, proven: Proven, device: str) -> Begun | None:
    """Uses the code up and signs in; None when another request was a moment faster with the same code."""
    member = session.get(StaffMember, proven.member_id, with_for_update=True)
    if member is None or member.state != "active" or not codes.use_up(session, member.id, proven.shown):
        return None
    if proven.newer_hash and member.password_hash == proven.password_hash:  # else another was chosen meanwhile
        member.password_hash = proven.newer_hash
    return begin(session, member, device)


def begin(session: Session, member: StaffMember, device: str) -> Begun:
    """A full session for a member who showed what an account needs, and a line in the audit log."""
    begun = sessions.begin(session, member, level=FULL, device=device)
    audit.record(
        session, actor="staff", staff_id=member.id, action="sign_in", object_kind="staff", object_ref=member.id
    )
    return begun


def show_code_again(
    database: Database, keyring: KeyRing, settings: Settings, session: Session, staff: SignedIn, typed: str
) -> bool:
    """Whether `typed` is a code of the member who is signed in, used up by this. Raises TooMany after a few tries."""
    with database.reading() as reading:
        member = reading.get_one(StaffMember, staff.id)
    limits.by_account(settings, database, "second_factor", member.email)
    with database.reading() as reading:
        shown = codes.look(reading, keyring, member, typed)
    return shown is not None and codes.use_up(session, staff.id, shown)
