"""Credentials for wallets and machines, and the lists that say which of them count no more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from university.models.tables import Table


class StatusList(Table):
    """One Bitstring Status List; `revision` counts the changes of its bits."""

    __tablename__ = "status_list"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
    changed_at: Mapped[datetime]


class StatusBit(Table):
    """A place in a list that was given out once: never again, and never deleted. It leads to nobody by itself."""

    __tablename__ = "status_bit"

    list_number: Mapped[int] = mapped_column(ForeignKey("status_list.number"), primary_key=True, autoincrement=False)
    list_index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_set: Mapped[bool]


class TimeStamp(Table):
    """What an authority said about the signature on a certificate's present version: an RFC 3161 token."""

    __tablename__ = "time_stamp"

    number: Mapped[str] = mapped_column(String(16), ForeignKey("award.number", ondelete="CASCADE"), primary_key=True)
    token: Mapped[bytes] = mapped_column(LargeBinary)
    stamped_at: Mapped[datetime]


class StoredCredential(Table):
    """The signed credential of a certificate's present version, byte for byte as it was given out."""

    __tablename__ = "credential"

    number: Mapped[str] = mapped_column(String(16), ForeignKey("award.number", ondelete="CASCADE"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    list_number: Mapped[int]
    list_index: Mapped[int]

    __table_args__ = (
        UniqueConstraint("list_number", "list_index"),
        ForeignKeyConstraint(["list_number", "list_index"], ["status_bit.list_number", "status_bit.list_index"]),
    )
