"""The oldest of everything that is kept for a time: what the doctor judges and the figures show, rule by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from university import retention
from university.backups import keeping
from university.chains import audit
from university.chains.ledger import PERSON_IDS_KEPT_FOR, LedgerFault, open_ledger
from university.drafting import draft_steps
from university.models import (
    AuditEntry,
    Bounce,
    Claim,
    Consent,
    DraftStep,
    Enrolment,
    HandOver,
    LocalMail,
    Outbox,
    PortalSession,
    PrivacyCase,
    RateLimit,
    Receipt,
    SignUp,
    StaffAddressChange,
    StaffChallenge,
    StaffInvitation,
    StaffMember,
    StaffSession,
    Token,
    WaitingFile,
)
from university.rights import cases, receipts
from university.settings import Settings

# A retention job runs every few minutes: a row this late was missed, not merely not yet deleted.
LATE = timedelta(days=1)
NOT_AT_ALL = timedelta(0)


@dataclass(frozen=True)
class Rule:
    """`keep` is the rule's word in the register, `what` its name in figures. `since` is the moment from which a row is
    kept for `kept_for`."""

    keep: str
    what: str
    since: Any
    kept_for: timedelta

    def oldest(self, session: Session) -> datetime | None:
        return _moment(session.scalar(select(func.min(self.since))))


RULES: tuple[Rule, ...] = (
    Rule("claim", "claims", Claim.expires_at, NOT_AT_ALL),
    Rule("claim", "sign_ups", SignUp.expires_at, NOT_AT_ALL),
    Rule("token", "links", Token.expires_at, retention.TOKEN_AFTER_EXPIRY),
    Rule("portal_session", "visits", PortalSession.created_at, retention.PORTAL_SESSION_LIFETIME),
    Rule("staff_session", "staff_sessions", StaffSession.created_at, retention.STAFF_SESSION_LIFETIME),
    Rule("staff_session", "staff_challenges", StaffChallenge.expires_at, NOT_AT_ALL),
    Rule("invitation", "staff_invitations", StaffInvitation.expires_at, retention.TOKEN_AFTER_EXPIRY),
    Rule("staff_account", "staff_accounts", StaffMember.disabled_at, retention.STAFF_AFTER_DISABLING),
    Rule("enrolment", "progress", Enrolment.last_active_at, retention.ENROLMENT_AFTER_LAST_ACTIVITY),
    Rule("enrolment", "hand_overs", HandOver.expires_at, retention.TOKEN_AFTER_EXPIRY),
    Rule("mail", "sent_mails", Outbox.sent_at, retention.MAIL_AFTER_SENDING),
    Rule("until_sent", "parked_mails", Outbox.parked_at, retention.MAIL_AFTER_SENDING),
    Rule("mail", "local_mailbox", LocalMail.received_at, retention.MAIL_AFTER_SENDING),
    Rule("consent", "consents", Consent.withdrawn_at, retention.CONSENT_AFTER_WITHDRAWAL),
    Rule("month", "bounces", Bounce.received_at, retention.BOUNCE_AFTER_ARRIVAL),
    Rule("day", "limits", RateLimit.arrival, NOT_AT_ALL),
    Rule("case", "cases", PrivacyCase.closed_at, cases.KEPT_AFTER_CLOSING),
    Rule("address_change", "staff_addresses", StaffAddressChange.expires_at, NOT_AT_ALL),
    Rule("draft_step", "steps_of_drafts", DraftStep.made_at, draft_steps.STEPS_KEPT_FOR),
    Rule("waiting_file", "waiting_files", WaitingFile.made_at, retention.WAITING_FILE_LIFETIME),
    Rule("two_years", "audit_log", AuditEntry.at, audit.KEPT_FOR),
    # A receipt knows its day only: it goes when that day is over.
    Rule("two_years", "receipts", Receipt.erased_on, receipts.KEPT_FOR + timedelta(days=1)),
)


@dataclass(frozen=True)
class Oldest:
    """`overdue` is how long it should have been gone already; negative while it may stay."""

    what: str
    since: datetime
    overdue: timedelta


def oldest_of_each(session: Session, settings: Settings, now: datetime) -> Iterator[Oldest]:
    """One per rule under which anything is kept at all. Raises OSError when a place of backups is silent."""
    for rule in RULES:
        if since := rule.oldest(session):
            yield Oldest(rule.what, since, now - since - rule.kept_for)
    for what, ask, kept_for in _IN_FILES:
        if since := ask(settings):
            yield Oldest(what, since, now - since - kept_for)


def _oldest_person_in_ledger(settings: Settings) -> datetime | None:
    try:
        return next((record.at for record in open_ledger(settings).records() if record.event != "base"), None)
    except (LedgerFault, OSError):  # the health of the ledger is a figure of its own
        return None


_IN_FILES: tuple[tuple[str, Callable[[Settings], datetime | None], timedelta], ...] = (
    ("ledger", _oldest_person_in_ledger, PERSON_IDS_KEPT_FOR),
    ("backups", keeping.oldest, keeping.ALARM_AFTER),
)


def _moment(value: datetime | date | float | None) -> datetime | None:
    """A limit is kept as seconds, and its time may lie ahead; a receipt as a day."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(0), tzinfo=UTC)
    return datetime.fromtimestamp(value, UTC)
