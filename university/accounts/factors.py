"""Setting what one signs in with: password and authenticator here, passkeys and recovery codes in their modules.

Whatever changes, every other browser is signed out and this one goes on under a new id.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Session

from university import clock
from university.accounts import codes, members, passwords, sessions
from university.accounts.passwords import PasswordProblem
from university.accounts.sessions import Begun
from university.accounts.signed_in import SignedIn
from university.keys.keyring import KeyRing
from university.language import gettext as _
from university.models import StaffMember


@dataclass(frozen=True)
class Typed:
    """What was chosen and proven: the hash of a password, or the seed of an authenticator that showed its code."""

    password_hash: str | None = None
    sealed_seed: bytes | None = None
    step: int | None = None


def new_authenticator(keyring: KeyRing, member: StaffMember) -> str:
    """A new seed for a hidden field, sealed so that no page has to be trusted with it between two requests."""
    return b64encode(codes.seal(keyring, member.id, codes.new_seed())).decode()


def seed_in(keyring: KeyRing, member: StaffMember, field: str) -> bytes | None:
    """The seed in that field; None for anything we did not seal for this member."""
    try:
        return codes.open_seed(keyring, member.id, b64decode(field, validate=True))
    except (NotBase64, ValueError, InvalidTag):
        return None


def check(
    keyring: KeyRing,
    member: StaffMember,
    site_name: str,
    *,
    password: str | None,
    authenticator: str | None,
    code: str,
    current_password: str = "",
) -> tuple[Typed | None, dict[str, str]]:
    """What was typed, hashed, or one sentence per wrong field. None stands for what is not being changed.

    Whoever has a password must know it to choose another one: a code alone may have been read over a shoulder.
    """
    errors: dict[str, str] = {}
    if password is not None and member.password_hash and not passwords.fits(current_password, member.password_hash):
        errors["current_password"] = _("This is not the password you have now.")
    seed = seed_in(keyring, member, authenticator) if authenticator else None
    step = codes.step_of(seed, code, clock.now()) if seed else None
    if authenticator is not None and step is None:
        errors["code"] = _("This is not the code your authenticator shows now. Look at its clock, and try the next.")
    if password is not None:
        try:
            passwords.clean_password(password, _words_about(member, site_name))
        except PasswordProblem as problem:
            errors["password"] = str(problem)
    if errors:
        return None, errors
    return Typed(
        password_hash=passwords.hash_of(password) if password is not None else None,
        sealed_seed=codes.seal(keyring, member.id, seed) if seed else None,
        step=step,
    ), {}


def put(member: StaffMember, typed: Typed) -> None:
    if typed.password_hash:
        member.password_hash = typed.password_hash
    if typed.sealed_seed:
        member.totp_seed, member.totp_key = typed.sealed_seed, codes.SEED_KEY
        member.totp_last_step, member.totp_confirmed_at = typed.step, clock.now()


def settle(session: Session, staff: SignedIn, member: StaffMember) -> Begun:
    """After every change of a factor: the other browsers are out, this one goes on under a new id."""
    session.flush()
    sessions.end_others(session, staff)
    begun = sessions.renew(session, staff, fresh=members.has_factors(session, member.id))
    members.note(session, "change_factors", member.id, by=member.id)
    return begun


def _words_about(member: StaffMember, site_name: str) -> list[str]:
    return [member.name, member.email, *member.email.replace("@", ".").split("."), site_name]
