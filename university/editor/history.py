"""What was changed in a draft, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.drafting.draft_steps import steps_of
from university.drafting.step_words import sentence
from university.models import StaffMember

MOST_SHOWN = 100
BEGINNINGS = ("new", "import", "copy")


@dataclass(frozen=True)
class PastStep:
    """`name` is empty where nobody of the staff did it, or the account is gone. Behind the beginning is nothing."""

    version: int
    sentence: str
    name: str
    made_at: datetime
    is_beginning: bool


def past(session: Session, course_id: UUID) -> list[PastStep]:
    """The latest steps, the last first."""
    steps = steps_of(session, course_id, MOST_SHOWN)
    ids = {step.staff_id for step in steps if step.staff_id}
    members = session.execute(select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(ids)))
    names = {row.id: row.name for row in members}
    return [
        PastStep(
            version=step.version,
            sentence=sentence(step),
            name=names.get(step.staff_id, "") if step.staff_id else "",
            made_at=step.made_at,
            is_beginning=step.version == 1 and step.kind in BEGINNINGS,
        )
        for step in steps
    ]
