"""Deleting everything about one address, in an order that no crash, backup or long reader can undo.

First the ledger, on the disk, outside of the database. Then one transaction: what remains of each certificate is a
tombstone, and every row the register names for this person is gone. Then the traces in files. Only then a receipt.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, delete, or_, select
from sqlalchemy.orm import Session

from certificates import digest_of, forget_names
from university import clock, failpoints, limits
from university.awarding.credentialing import Place, places_of, set_bits
from university.chains import audit, ledger as ledgers
from university.chains.ledger import Ledger, LedgerFault, Record
from university.database import Database
from university.errors import Gone
from university.language import gettext as _
from university.models import (
    Answer,
    Attempt,
    Award,
    Bounce,
    Claim,
    Consent,
    Enrolment,
    HandOver,
    LessonDone,
    LocalMail,
    Outbox,
    Person,
    PortalSession,
    Receipt,
    ReplacedVersion,
    Restriction,
    Revocation,
    SignUp,
    StoredCredential,
    Table,
    TimeStamp,
    Token,
    Tombstone,
)
from university.rights import cases, held, sealed_names, traces
from university.rights.decisions import write_down
from university.rights.held import Subject
from university.settings import Settings
from university.turns import take_turn

log = logging.getLogger("university.privacy")

BACKUP_DAYS = 21


@dataclass(frozen=True)
class Erasure:
    """What was done. `deleted` counts rows per table; `is_finished` once no file holds a trace any more."""

    receipt_id: str
    erased_at: datetime
    deleted: Mapping[str, int]
    withdrawn: int
    ledger_seq: int
    ledger_sha256: str
    is_finished: bool

    @property
    def backups_gone_on(self) -> date:
        return self.erased_at.date() + timedelta(days=BACKUP_DAYS)


def erase(database: Database, ledger: Ledger, settings: Settings, email: str, *, actor: str) -> Erasure:
    """Deletes everything about the clean address `email`; what this returns is true already.

    It has transactions of its own, because the receipt may only be given when they are over. Raises Gone if nothing
    is held (any more), Unavailable if the ledger cannot be written: then nothing was deleted.
    """
    with database.writing() as session:
        ledgers.hold(session)
        take_turn(session, f"address {email}")
        subject = held.find(session, email)
        if subject is None:
            raise Gone(_("Nothing is held about this address any more."))
        if subject.person:
            session.refresh(subject.person, with_for_update=True)
        record = _write_down(session, ledger, subject)
        failpoints.reach("after_ledger", settings)
        deleted = _carry_out(session, record, subject, actor)
        limits.forget_address(settings, session, email)
    failpoints.reach("after_db", settings)
    is_finished = finish(database.engine, ledger)
    failpoints.reach("after_files", settings)
    return Erasure(
        receipt_id=record.body["receipt"],
        erased_at=record.at,
        deleted=deleted,
        withdrawn=len(record.body["numbers"]),
        ledger_seq=record.seq,
        ledger_sha256=record.chain,
        is_finished=is_finished,
    )


def finish(engine: Engine, ledger: Ledger) -> bool:
    """Removes what is left in files and in this process, and confirms the ledger's second copy. False: not yet, try
    again. Other processes empty their caches within a minute."""
    forget_names()
    try:
        sealed_names.forget_what_is_over(ledger)
    except (LedgerFault, OSError) as error:
        log.error("sealed names could not be looked through: %s", type(error).__name__)
        return False
    return ledger.bring_copy_up_to_date() and traces.wipe(engine)


def carry_out_record(session: Session, record: Record) -> None:
    """Erases again what a restored backup brought back, or what a crash left undone. A person who came back later
    under the same address has another id and stays."""
    person = session.get(Person, UUID(record.body["person"]))
    subject = held.find(session, person.email) if person else None
    _carry_out(session, record, subject, "worker")


def _write_down(session: Session, ledger: Ledger, subject: Subject) -> Record:
    numbers = session.scalars(select(Award.number).where(Award.person_id.in_(subject.person_ids))).all()
    older = session.scalars(select(ReplacedVersion.number).where(ReplacedVersion.person_id.in_(subject.person_ids)))
    return write_down(
        session,
        ledger,
        "erase",
        # Whoever never confirmed has no id yet: a random one then stands for nobody.
        person=subject.person.id.hex if subject.person else token_hex(16),
        numbers=sorted({digest_of(number) for number in [*numbers, *older]}),
        status=[str(place) for place in places_of(session, numbers)],
        day=clock.now().date().isoformat(),
        receipt=token_hex(16),
    )


def _carry_out(session: Session, record: Record, subject: Subject | None, actor: str) -> dict[str, int]:
    """Step by step on whatever this database holds; every step may find its work done. Rows deleted per table."""
    day = date.fromisoformat(record.body["day"])
    who = subject.person.audit_ref if subject and subject.person else record.body["person"]
    _bury(session, record.body["numbers"], day)
    set_bits(session, map(Place.read, record.body["status"]))
    if subject:
        cases.reduce(session, subject.email, subject.person_ids)
    deleted = _delete_rows(session, subject) if subject else {}
    if session.get(Receipt, record.body["receipt"]) is None:
        gone_on = day + timedelta(days=BACKUP_DAYS)
        session.add(Receipt(id=record.body["receipt"], erased_on=day, backups_gone_on=gone_on))
    audit.record(session, actor=actor, action="erase", object_kind="person", object_ref=who)
    return deleted


def _bury(session: Session, digests: Iterable[str], day: date) -> None:
    """What is left of each certificate: a hash of its number, and a day."""
    for digest in digests:
        if session.get(Tombstone, digest) is None:
            session.add(Tombstone(number_sha256=digest, withdrawn_on=day))
    session.flush()


def _delete_rows(session: Session, subject: Subject) -> dict[str, int]:
    deleted: dict[str, int] = {}
    for table, condition in rows_of(subject):
        gone = session.execute(delete(table).where(condition).execution_options(synchronize_session=False))
        deleted[table.__tablename__] = int(gone.rowcount)  # type: ignore[attr-defined]
    session.expire_all()
    return deleted


def rows_of(subject: Subject) -> tuple[tuple[type[Table], ColumnElement[bool]], ...]:
    """Every row about `subject`, in the order in which it can be deleted."""
    people, claims = subject.person_ids, subject.claim_ids
    mine = Award.person_id.in_(people)
    numbers = select(Award.number).where(mine)
    enrolments = select(Award.enrolment_id).where(mine)
    attempts = select(Attempt.id).where(Attempt.enrolment_id.in_(enrolments))
    return (
        (Answer, Answer.attempt_id.in_(attempts)),
        (LessonDone, LessonDone.enrolment_id.in_(enrolments)),
        # A mail under way is put into the local mailbox while its row here is locked: rows first, mailbox last.
        (Outbox, held.is_mail_of(subject)),
        (Token, _belongs(Token, subject)),
        (PortalSession, _belongs(PortalSession, subject)),
        (Claim, Claim.id.in_(claims)),
        (SignUp, SignUp.id.in_(subject.sign_up_ids)),
        (Consent, Consent.person_id.in_(people)),
        (Bounce, Bounce.person_id.in_(people)),
        (Attempt, Attempt.enrolment_id.in_(enrolments)),
        (HandOver, HandOver.secret_sha256.in_(select(Enrolment.secret_sha256).where(Enrolment.id.in_(enrolments)))),
        (Enrolment, Enrolment.id.in_(enrolments)),
        (Revocation, Revocation.number.in_(numbers)),
        (TimeStamp, TimeStamp.number.in_(numbers)),
        (StoredCredential, StoredCredential.number.in_(numbers)),
        (ReplacedVersion, ReplacedVersion.person_id.in_(people)),
        (Award, mine),
        (Restriction, Restriction.person_id.in_(people)),
        (Person, Person.id.in_(people)),
        (LocalMail, LocalMail.recipient == subject.email),
    )


def _belongs(table: Any, subject: Subject) -> ColumnElement[bool]:
    return or_(
        table.person_id.in_(subject.person_ids),
        table.claim_id.in_(subject.claim_ids),
        table.sign_up_id.in_(subject.sign_up_ids),
    )
