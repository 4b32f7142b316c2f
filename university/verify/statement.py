"""The answer of a check for machines: every field always there, null where it does not apply."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from certificates import show_number
from university.awarding.awards import Standing, Word
from university.settings import Settings

NOBODY: dict[str, str | None] = {"first_name": None, "last_name": None}
NO_COURSE: dict[str, Any] = {
    "slug": None,
    "title": None,
    "revision": None,
    "language": None,
    "hours": None,
    "outcomes": None,
    "skills": None,
    "pass_mark": None,
}
NO_ISSUER: dict[str, str | None] = {"name": None, "url": None}


def statement(found: Standing, settings: Settings, checked_at: datetime) -> dict[str, Any]:
    """The document behind ``/verify/{number}.json``. Days and moments in ISO 8601, `checked_at` in UTC."""
    return {
        "number": show_number(found.number) if found.number else None,
        "standing": found.word.value,
        "checked_at": checked_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "holder": _holder(found),
        "course": _course(found.record) if found.record else NO_COURSE,
        "issuer": _issuer(found, settings),
        "issued_on": found.issued_on.isoformat() if found.issued_on else None,
        "expires_on": found.record["expires_on"] if found.record else None,
        "version": found.version,
        "replaced_on": _day(found, Word.REPLACED),
        "revoked_on": _day(found, Word.REVOKED, Word.WITHDRAWN),
        "reason": found.reason,
        "links": _links(found, settings),
    }


def page_of(number: str, settings: Settings) -> str:
    """The public address of a certificate's page."""
    return settings.link(f"/verify/{show_number(number)}")


def _holder(found: Standing) -> dict[str, str | None]:
    if found.certificate is None:
        return NOBODY
    holder = found.certificate.holder
    return {"first_name": holder.first_name, "last_name": holder.last_name}


def _course(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: record["course"][name] for name in NO_COURSE}


def _issuer(found: Standing, settings: Settings) -> dict[str, str | None]:
    if found.record:
        return {name: found.record["issuer"][name] for name in NO_ISSUER}
    if found.word is Word.WITHDRAWN:
        return {"name": settings.site_name, "url": settings.base_url}
    return NO_ISSUER


def _links(found: Standing, settings: Settings) -> dict[str, str | None]:
    if found.number is None or found.word is Word.UNKNOWN:
        return {"page": None, "pdf": None, "credential": None}
    page = page_of(found.number, settings)
    is_kept = found.word in {Word.VALID, Word.EXPIRED, Word.REVOKED} and not found.is_hidden
    return {
        "page": page,
        "pdf": f"{page}.pdf" if found.may_be_shown else None,
        "credential": settings.link(f"/credentials/{show_number(found.number)}") if is_kept else None,
    }


def _day(found: Standing, *words: Word) -> str | None:
    ended_on: date | None = found.ended_on
    return ended_on.isoformat() if ended_on and found.word in words else None
