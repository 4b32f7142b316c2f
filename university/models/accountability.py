"""What was done, and what the program has to answer for."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from university.models.tables import Sequence, Table, one_of

AUDIT_ACTORS = ("holder", "operator", "staff", "worker")
AUDIT_ACTIONS = (
    *("issue", "revoke", "publish", "plan", "cancel_plan", "roll_back", "archive", "reopen"),
    *("open_portal", "read", "export", "rectify", "restrict", "unrestrict", "object", "withdraw_consent", "erase"),
    *("open_case", "decide", "close_case"),
    *("make_key", "rotate_key", "import_key", "compromise_key", "prune", "restore"),
    *("reissue", "resend", "invite_class", "send_campaign", "give_time"),
    *("invite", "join", "sign_in", "change_factors", "change_roles", "change_address", "disable", "enable", "reset"),
    *("change_settings", "show_recovery_key", "keep_recovery_key"),
)
AUDIT_OBJECTS = (
    *("person", "award", "course", "key", "audit", "staff", "backup", "campaign", "case", "enrolment", "settings"),
)
AUDIT_OUTCOMES = ("done", "refused", "failed")


class AuditEntry(Table):
    """One line of the hash-chained audit log: words of closed lists and random references, never a name or an address.

    `university.chains.audit` refuses any other word.
    """

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(10))
    # Which member of staff, by the random id of the account; None for every other actor.
    staff_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(30))
    object_kind: Mapped[str] = mapped_column(String(20))
    object_ref: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(10))
    # The random id of the request, as in its log line; None for what a worker or a command did.
    request_id: Mapped[str | None] = mapped_column(String(16))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        one_of("actor", AUDIT_ACTORS),
        one_of("outcome", AUDIT_OUTCOMES),
    )


class LedgerApplied(Table):
    """Which records of the rights ledger this database has carried out."""

    __tablename__ = "ledger_applied"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    applied_at: Mapped[datetime]


class Receipt(Table):
    """What the server keeps of a receipt of erasure: its random id and two days."""

    __tablename__ = "receipt"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    erased_on: Mapped[date]
    backups_gone_on: Mapped[date]


class JobRun(Table):
    """When a scheduled job last succeeded and last failed, whichever process ran it."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    succeeded_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    # Since the last success.
    failures: Mapped[int] = mapped_column(default=0)
    # The type of the fault, never its message.
    fault: Mapped[str | None] = mapped_column(String(60))


class Attestation(Table):
    """The signed statement of one day that no backup is older than 21 days: a JWS."""

    __tablename__ = "attestation"

    day: Mapped[date] = mapped_column(primary_key=True)
    statement: Mapped[str] = mapped_column(Text)
