"""How far the owner is with setting this installation up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from university.models.tables import Table, one_of

SETUP_STEPS = ("who", "look", "address", "mail", "backups")
SETUP_OUTCOMES = ("done", "skipped")


class SetupStep(Table):
    """A step that was done or skipped, and when; no row: nobody was there yet."""

    __tablename__ = "setup_step"

    name: Mapped[str] = mapped_column(String(10), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(10))
    settled_at: Mapped[datetime]

    __table_args__ = (one_of("name", SETUP_STEPS), one_of("outcome", SETUP_OUTCOMES))
