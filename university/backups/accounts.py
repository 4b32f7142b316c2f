"""Staff accounts across a restore. A backup knows nobody who was disabled since, and no factor that was taken away.

So accounts stay as they are now, where the database of now can still be read. Where it cannot, only owners come back
as they were: everybody else is disabled until an owner says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from university import clock
from university.backups.scratch import make_scratch
from university.chains import audit
from university.database import Database
from university.models import OWNER, StaffMember, StaffPasskey, StaffRecoveryCode
from university.settings import Settings

FACTORS = (StaffPasskey, StaffRecoveryCode)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Accounts:
    """`as_now`: they were taken from the database of before the restore. Names of those who may sign in, and of those
    who were disabled by the restore."""

    as_now: bool
    active: Sequence[str]
    disabled: Sequence[str]


def read_accounts(settings: Settings) -> Rows | None:
    """Accounts and factors of the present database; None where there is none to read, or nobody in it."""
    if not make_scratch(settings, settings.data).is_there_another():
        return None
    database = Database(settings)
    try:
        with database.reading() as session:
            rows = {
                table.__tablename__: [dict(row) for row in session.execute(select(table.__table__)).mappings()]
                for table in (StaffMember, *FACTORS)
            }
        return rows if rows[StaffMember.__tablename__] else None
    except SQLAlchemyError:
        return None
    finally:
        database.close()


def settle_accounts(session: Session, present: Rows | None) -> Accounts:
    """Makes the accounts of a restored database safe to sign in with."""
    if present:
        _take_over(session, present)
    known = {row["id"] for row in (present or {}).get(StaffMember.__tablename__, ())}
    disabled = []
    for member in _active(session):
        if member.id not in known and (present or OWNER not in member.roles):
            member.state, member.disabled_at = "disabled", clock.now()
            audit.record(session, actor="operator", action="disable", object_kind="staff", object_ref=member.id)
            disabled.append(member.name)
    session.flush()
    return Accounts(bool(present), [member.name for member in _active(session)], disabled)


def _take_over(session: Session, present: Rows) -> None:
    members = present[StaffMember.__tablename__]
    ids, addresses = [row["id"] for row in members], [row["email"] for row in members]
    session.execute(delete(StaffMember).where(StaffMember.email.in_(addresses), StaffMember.id.not_in(ids)))
    for row in members:  # two may have exchanged their addresses
        session.execute(update(StaffMember).where(StaffMember.id == row["id"]).values(email=row["id"].hex))
    session.expire_all()
    for row in members:
        session.merge(StaffMember(**row))
    session.flush()
    for table in FACTORS:
        session.execute(delete(table).where(table.staff_id.in_(ids)))
        if rows := present[table.__tablename__]:
            session.execute(insert(table), [dict(row) for row in rows])
    session.expire_all()


def _active(session: Session) -> Sequence[StaffMember]:
    return session.scalars(select(StaffMember).where(StaffMember.state == "active").order_by(StaffMember.name)).all()
