"""How often pages were shown, to visitors who agreed to be counted."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from university.models.tables import Table


class PageCount(Table):
    """A number per page and day; nothing in it follows from who looked."""

    __tablename__ = "page_count"
    LONGEST: ClassVar[int] = 200

    page: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shown: Mapped[int]
