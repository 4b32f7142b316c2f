"""Members of staff: their accounts and the browsers they are signed in on."""

from __future__ import annotations

from university.language import marked
from university.rights.register.entries import ID, Entry, held, plain

ACCOUNT = ("staff", "staff_account", "contract", "staff_account")
SIGN_IN = ("staff", "staff_account", "contract", "staff_session")
WAITING_FILE = ("staff", "staff_account", "contract", "waiting_file")
ADDRESS = ("staff", "staff_account", "contract", "address_change")
INVITATION = ("staff", "staff_account", "contract", "invitation")

FACTORS = marked("what you sign in with: passkeys, password and codes, as hashes or encrypted")
DEVICES = marked("on which kind of browser you are signed in, and since when")
ROLES = marked("your roles, and since when")

STAFF: tuple[Entry, ...] = (
    *held(
        ACCOUNT,
        ("staff_member.name", "name", marked("the name your colleagues see"), ""),
        ("staff_member.email", "address", marked("e-mail address"), ""),
        ("staff_member.id", "pointer", ID, ""),
        ("staff_member.roles", "about", ROLES, ""),
        ("staff_member.state", "about", ROLES, ""),
        ("staff_member.created_at", "about", ROLES, ""),
        ("staff_member.disabled_at", "about", ROLES, ""),
        ("staff_member.password_hash", "about", FACTORS, ""),
        ("staff_member.totp_seed", "about", FACTORS, ""),
        ("staff_member.totp_key", "about", FACTORS, ""),
        ("staff_member.totp_last_step", "about", FACTORS, ""),
        ("staff_member.totp_confirmed_at", "about", FACTORS, ""),
        ("staff_passkey.id", "pointer", ID, ""),
        ("staff_passkey.staff_id", "pointer", ID, ""),
        ("staff_passkey.credential_id", "pointer", FACTORS, ""),
        ("staff_passkey.public_key", "about", FACTORS, ""),
        ("staff_passkey.sign_count", "about", FACTORS, ""),
        ("staff_passkey.label", "about", FACTORS, ""),
        ("staff_passkey.created_at", "about", FACTORS, ""),
        ("staff_passkey.last_used_at", "about", FACTORS, ""),
        ("staff_recovery_code.staff_id", "pointer", ID, ""),
        ("staff_recovery_code.start", "about", FACTORS, ""),
        ("staff_recovery_code.hash", "about", FACTORS, ""),
        ("staff_recovery_code.used_at", "about", FACTORS, ""),
        erase="expire",
    ),
    *held(
        ("staff", "staff_account", "contract", "draft_step"),
        ("draft_step.staff_id", "pointer", marked("which changes of a course you made"), ""),
        erase="expire",
    ),
    *held(
        SIGN_IN,
        ("staff_session.id_sha256", "pointer", ID, ""),
        ("staff_session.public_id", "pointer", ID, ""),
        ("staff_session.staff_id", "pointer", ID, ""),
        ("staff_session.created_at", "about", DEVICES, ""),
        ("staff_session.last_seen_at", "about", DEVICES, ""),
        ("staff_session.auth_level", "about", DEVICES, ""),
        ("staff_session.auth_at", "about", DEVICES, ""),
        ("staff_session.device", "about", DEVICES, ""),
        ("cookie:s", "pointer", marked("cookie: you are signed in on this browser"), ""),
        ("staff_challenge.staff_id", "pointer", ID, ""),
        erase="expire",
    ),
    *held(
        WAITING_FILE,
        ("waiting_file.staff_id", "pointer", marked("a file you look at before bringing it into a course"), ""),
        erase="expire",
    ),
    *held(
        INVITATION,
        ("staff_invitation.sha256", "pointer", ID, ""),
        ("staff_invitation.mailed_sha256", "pointer", ID, ""),
        ("staff_invitation.email", "address", marked("e-mail address"), ""),
        ("staff_invitation.roles", "about", ROLES, ""),
        ("staff_invitation.created_at", "about", ROLES, ""),
        ("staff_invitation.expires_at", "about", ROLES, ""),
        ("staff_invitation.used_at", "about", ROLES, ""),
        erase="expire",
    ),
    *held(
        ADDRESS,
        ("staff_address_change.staff_id", "pointer", ID, ""),
        ("staff_address_change.email", "address", marked("e-mail address"), ""),
        ("staff_address_change.sha256", "pointer", ID, ""),
        ("staff_address_change.expires_at", "about", marked("until when a new address may be confirmed"), ""),
        erase="expire",
    ),
    *held(
        ("staff", "account", "legal_duty", "two_years"),
        ("audit_entry.staff_id", "pointer", marked("what was done and when, under a random identifier"), ""),
        erase="keep",
    ),
    *plain("waiting_file", "id name content made_at"),
    *plain("staff_session", "csrf_secret"),
    *plain("staff_challenge", "sha256 purpose expires_at"),
)
