"""Passkeys (WebAuthn): asked for with a fresh challenge, always with user verification, for our own origin alone.

A challenge is gone with the first answer, right or wrong. Answers are looked at in the caller's transaction, which
must commit either way: return, do not raise.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from ipaddress import ip_address
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from university import clock
from university.models import StaffChallenge, StaffMember, StaffPasskey
from university.settings import Settings

REGISTER, SIGN_IN, STEP_UP = "register", "sign_in", "step_up"
CHALLENGE_BYTES = 32
CHALLENGE_LIFETIME = timedelta(minutes=5)
MOST_PER_MEMBER = 10

# What the library raises for an answer it does not like, or cannot even read.
_UNUSABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def are_possible(settings: Settings) -> bool:
    """Browsers bind passkeys to a name: an address in figures has none."""
    try:
        ip_address(settings.base.hostname or "")
    except ValueError:
        return True
    return False


# ---- the questions


def ask_to_register(session: Session, settings: Settings, member: StaffMember) -> str:
    """What the browser needs to make a passkey for `member`, as JSON."""
    known = session.scalars(select(StaffPasskey.credential_id).where(StaffPasskey.staff_id == member.id))
    options = generate_registration_options(
        rp_id=_rp_id(settings),
        rp_name=settings.site_name,
        user_id=member.id.bytes,
        user_name=member.email,
        user_display_name=member.name,
        challenge=_challenge(session, REGISTER, member.id),
        timeout=_milliseconds(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json(options)


def ask_to_show(session: Session, settings: Settings, purpose: str, staff_id: UUID | None = None) -> str:
    """What the browser needs to show one: any of ours to sign in, one of this member's to step up."""
    known = session.scalars(select(StaffPasskey.credential_id).where(StaffPasskey.staff_id == staff_id))
    options = generate_authentication_options(
        rp_id=_rp_id(settings),
        challenge=_challenge(session, purpose, staff_id),
        timeout=_milliseconds(),
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known] or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


# ---- the answers


def register(session: Session, settings: Settings, member: StaffMember, answer: str, label: str) -> StaffPasskey | None:
    """Keeps the passkey that was just made; None for an answer to another question, or of another site."""
    try:
        credential = parse_registration_credential_json(answer)
        challenge = _take_challenge(session, credential, REGISTER, member.id)
        if challenge is None or count(session, member.id) >= MOST_PER_MEMBER:
            return None
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(settings),
            expected_origin=settings.origin,
            require_user_verification=True,
        )
    except _UNUSABLE:
        return None
    if session.scalar(select(StaffPasskey.id).where(StaffPasskey.credential_id == made.credential_id)):
        return None
    passkey = StaffPasskey(
        staff_id=member.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        label=label,
        created_at=clock.now(),
    )
    session.add(passkey)
    session.flush()
    return passkey


def shown_by(
    session: Session, settings: Settings, answer: str, purpose: str, staff_id: UUID | None = None
) -> StaffMember | None:
    """Whose passkey was just shown, of an active account; None for anything else."""
    try:
        credential = parse_authentication_credential_json(answer)
        challenge = _take_challenge(session, credential, purpose, staff_id)
        passkey = _known(session, credential, staff_id)
        if challenge is None or passkey is None:
            return None
        shown = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(settings),
            expected_origin=settings.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _UNUSABLE:
        return None
    passkey.sign_count, passkey.last_used_at = shown.new_sign_count, clock.now()
    member = session.get_one(StaffMember, passkey.staff_id)
    return member if member.state == "active" else None


def of_member(session: Session, staff_id: UUID) -> list[StaffPasskey]:
    mine = select(StaffPasskey).where(StaffPasskey.staff_id == staff_id)
    return list(session.scalars(mine.order_by(StaffPasskey.created_at)))


def count(session: Session, staff_id: UUID) -> int:
    return session.scalar(select(func.count()).where(StaffPasskey.staff_id == staff_id)) or 0


def _known(session: Session, credential: AuthenticationCredential, staff_id: UUID | None) -> StaffPasskey | None:
    """The passkey by its id; it must also say itself that it belongs to the member we know it from."""
    passkey = session.scalar(
        select(StaffPasskey).where(StaffPasskey.credential_id == credential.raw_id).with_for_update()
    )
    owner = credential.response.user_handle
    if passkey is None or (staff_id is not None and passkey.staff_id != staff_id):
        return None
    return passkey if owner is None or owner == passkey.staff_id.bytes else None


def _challenge(session: Session, purpose: str, staff_id: UUID | None) -> bytes:
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    session.add(
        StaffChallenge(
            sha256=hashlib.sha256(challenge).hexdigest(),
            purpose=purpose,
            staff_id=staff_id,
            expires_at=clock.now() + CHALLENGE_LIFETIME,
        )
    )
    session.flush()
    return challenge


def _take_challenge(
    session: Session, credential: AuthenticationCredential | RegistrationCredential, purpose: str, staff_id: UUID | None
) -> bytes | None:
    """The challenge that was answered, if we asked it for this purpose within five minutes; it is gone from here on."""
    challenge = parse_client_data_json(credential.response.client_data_json).challenge
    taken = session.scalar(
        delete(StaffChallenge)
        .where(StaffChallenge.sha256 == hashlib.sha256(challenge).hexdigest())
        .returning(StaffChallenge)
    )
    fits = taken is not None and (taken.purpose, taken.staff_id) == (purpose, staff_id)
    return challenge if taken is not None and fits and taken.expires_at > clock.now() else None


def _rp_id(settings: Settings) -> str:
    return settings.base.hostname or ""


def _milliseconds() -> int:
    return int(CHALLENGE_LIFETIME.total_seconds() * 1000)
