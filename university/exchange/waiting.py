"""The file a member of staff looks at before it is brought in: one each, for an hour at most."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from university import clock
from university.errors import Gone
from university.language import gettext as _
from university.models import WaitingFile
from university.retention import WAITING_FILE_LIFETIME


def keep(session: Session, staff_id: UUID, name: str, content: bytes) -> WaitingFile:
    """Instead of the one that waited before."""
    drop(session, staff_id)
    waiting = WaitingFile(staff_id=staff_id, name=name, content=content, made_at=clock.now())
    session.add(waiting)
    session.flush()
    return waiting


def take(session: Session, staff_id: UUID, id_: str) -> WaitingFile:
    """The file that was looked at under this id. Gone when it was replaced, brought in or kept too long."""
    waiting = session.get(WaitingFile, staff_id)
    if waiting is None or str(waiting.id) != id_ or waiting.made_at <= clock.now() - WAITING_FILE_LIFETIME:
        raise Gone(_("This file is no longer here. Choose it again, and look at what it would change."))
    return waiting


def drop(session: Session, staff_id: UUID) -> None:
    session.execute(delete(WaitingFile).where(WaitingFile.staff_id == staff_id))
