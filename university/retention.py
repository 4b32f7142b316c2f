"""How long things are kept, and the jobs that end it. Every job may run at any time, twice, or on two machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_
from sqlalchemy.orm import Session

from university.models import (
    Award,
    Bounce,
    Claim,
    Consent,
    Enrolment,
    HandOver,
    LocalMail,
    Outbox,
    Person,
    PortalSession,
    PrivacyCase,
    RateLimit,
    SignUp,
    StaffAddressChange,
    StaffChallenge,
    StaffInvitation,
    StaffMember,
    StaffSession,
    Table,
    Token,
    WaitingFile,
)

CLAIM_LIFETIME = timedelta(hours=24)
SIGN_UP_LIFETIME = timedelta(hours=24)
CONSENT_AFTER_WITHDRAWAL = timedelta(days=365)
# UTC
NIGHT = 3
BOUNCE_AFTER_ARRIVAL = timedelta(days=30)
TOKEN_AFTER_EXPIRY = timedelta(hours=24)
MAIL_AFTER_SENDING = timedelta(days=7)
ENROLMENT_AFTER_LAST_ACTIVITY = timedelta(days=400)
PORTAL_SESSION_LIFETIME = timedelta(minutes=30)
PORTAL_SESSION_IDLE = timedelta(minutes=15)
STAFF_SESSION_LIFETIME = timedelta(hours=12)
STAFF_SESSION_IDLE = timedelta(minutes=30)
STAFF_ADDRESS_LIFETIME = timedelta(hours=24)
WAITING_FILE_LIFETIME = timedelta(hours=1)
STAFF_AFTER_DISABLING = timedelta(days=30)


@dataclass(frozen=True)
class Job:
    """Something the worker does `every` so often; `run` gets a writing transaction of its own and returns a count.

    With `in_each_process` it is about the memory of a process: every worker does it, and nothing is noted of it.
    """

    name: str
    every: timedelta
    run: Callable[[Session, datetime], int]
    in_each_process: bool = False


def delete_claims(session: Session, now: datetime) -> int:
    """Claims whose address was not confirmed in time, with their mails."""
    return _delete(session, Claim, Claim.expires_at <= now)


def delete_sign_ups(session: Session, now: datetime) -> int:
    """Addresses that were not confirmed in time, with their mails."""
    return _delete(session, SignUp, SignUp.expires_at <= now)


def delete_consents(session: Session, now: datetime) -> int:
    """The proof of what ended a year ago."""
    return _delete(session, Consent, Consent.withdrawn_at <= now - CONSENT_AFTER_WITHDRAWAL)


def delete_bounces(session: Session, now: datetime) -> int:
    return _delete(session, Bounce, Bounce.received_at <= now - BOUNCE_AFTER_ARRIVAL)


def delete_people(session: Session, now: datetime) -> int:
    """Whoever has neither a certificate nor a topic, with all that is about them, once the night has come. Who waits
    for our answer to a request stays until they have it: nothing else knows where it goes."""
    night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    if night > now:
        night -= timedelta(days=1)
    has_award = exists().where(Award.person_id == Person.id)
    is_recent = or_(Consent.withdrawn_at.is_(None), Consent.withdrawn_at > night)
    has_topic = exists().where(Consent.person_id == Person.id, is_recent)
    awaits_us = exists().where(PrivacyCase.person_id == Person.id, PrivacyCase.closed_at.is_(None))
    return _delete(session, Person, and_(Person.created_at <= night, ~has_award, ~has_topic, ~awaits_us))


def delete_tokens(session: Session, now: datetime) -> int:
    return _delete(session, Token, Token.expires_at <= now - TOKEN_AFTER_EXPIRY)


def delete_mails(session: Session, now: datetime) -> int:
    """Rows of mails that were sent or given up a while ago."""
    long_ago = now - MAIL_AFTER_SENDING
    return _delete(session, Outbox, or_(Outbox.sent_at <= long_ago, Outbox.parked_at <= long_ago))


def empty_local_mailbox(session: Session, now: datetime) -> int:
    return _delete(session, LocalMail, LocalMail.received_at <= now - MAIL_AFTER_SENDING)


def delete_limits(session: Session, now: datetime) -> int:
    """A time that has come limits nothing any more; no limit reaches further than a day."""
    return _delete(session, RateLimit, RateLimit.arrival <= now.timestamp())


def delete_enrolments(session: Session, now: datetime) -> int:
    """Progress nobody came back to, with its attempts."""
    return _delete(session, Enrolment, Enrolment.last_active_at <= now - ENROLMENT_AFTER_LAST_ACTIVITY)


def delete_hand_overs(session: Session, now: datetime) -> int:
    """Ways to progress that have ended, or whose progress is gone."""
    orphaned = ~exists().where(Enrolment.secret_sha256 == HandOver.secret_sha256)
    return _delete(session, HandOver, or_(HandOver.expires_at <= now - TOKEN_AFTER_EXPIRY, orphaned))


def delete_portal_sessions(session: Session, now: datetime) -> int:
    too_old = PortalSession.created_at <= now - PORTAL_SESSION_LIFETIME
    return _delete(session, PortalSession, or_(too_old, PortalSession.last_seen_at <= now - PORTAL_SESSION_IDLE))


def delete_staff_sessions(session: Session, now: datetime) -> int:
    too_old = StaffSession.created_at <= now - STAFF_SESSION_LIFETIME
    return _delete(session, StaffSession, or_(too_old, StaffSession.last_seen_at <= now - STAFF_SESSION_IDLE))


def delete_waiting_files(session: Session, now: datetime) -> int:
    """Files that were looked at and not brought in."""
    return _delete(session, WaitingFile, WaitingFile.made_at <= now - WAITING_FILE_LIFETIME)


def delete_staff_challenges(session: Session, now: datetime) -> int:
    return _delete(session, StaffChallenge, StaffChallenge.expires_at <= now)


def delete_staff_addresses(session: Session, now: datetime) -> int:
    """New addresses from whose mailbox no word came."""
    return _delete(session, StaffAddressChange, StaffAddressChange.expires_at <= now)


def delete_staff_invitations(session: Session, now: datetime) -> int:
    """Used or not: an invitation tells an address."""
    return _delete(session, StaffInvitation, StaffInvitation.expires_at <= now - TOKEN_AFTER_EXPIRY)


def delete_staff_members(session: Session, now: datetime) -> int:
    """Accounts that were disabled a while ago, with all that belongs to them."""
    return _delete(session, StaffMember, StaffMember.disabled_at <= now - STAFF_AFTER_DISABLING)


def _delete(session: Session, table: type[Table], condition: ColumnElement[bool]) -> int:
    gone = session.execute(delete(table).where(condition).execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]


JOBS: tuple[Job, ...] = (
    Job("claims", timedelta(minutes=10), delete_claims),
    Job("sign-ups", timedelta(minutes=10), delete_sign_ups),
    Job("consents", timedelta(hours=1), delete_consents),
    Job("people", timedelta(hours=1), delete_people),
    Job("bounces", timedelta(hours=1), delete_bounces),
    Job("tokens", timedelta(hours=1), delete_tokens),
    Job("outbox", timedelta(hours=1), delete_mails),
    Job("local mailbox", timedelta(hours=1), empty_local_mailbox),
    Job("limits", timedelta(hours=1), delete_limits),
    Job("enrolments", timedelta(hours=1), delete_enrolments),
    Job("hand-overs", timedelta(hours=1), delete_hand_overs),
    Job("portal sessions", timedelta(minutes=10), delete_portal_sessions),
    Job("staff sessions", timedelta(minutes=10), delete_staff_sessions),
    Job("staff challenges", timedelta(minutes=10), delete_staff_challenges),
    Job("waiting files", timedelta(minutes=10), delete_waiting_files),
    Job("staff addresses", timedelta(minutes=10), delete_staff_addresses),
    Job("staff invitations", timedelta(hours=1), delete_staff_invitations),
    Job("staff accounts", timedelta(hours=1), delete_staff_members),
)
