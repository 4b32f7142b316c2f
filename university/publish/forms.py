"""What a publisher decides: now or later, and whether it also holds for learners under way."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import field_validator

from university.language import gettext as _
from university.revisions.planning import may_be_due
from university.serving.forms import Fields

LONGEST_REASON = 300


class PublishForm(Fields):
    """`due_at` is a moment in UTC as browsers write it, or with an offset of its own; empty for now."""

    when: str
    due_at: str
    everybody: str
    reason: str
    follows_source: str

    @field_validator("when")
    @classmethod
    def now_or_later(cls, value: str) -> str:
        if value not in ("now", "later"):
            raise ValueError(_("Choose now or later."))
        return value

    @field_validator("due_at")
    @classmethod
    def is_a_moment(cls, value: str) -> str:
        try:
            if value:
                in_utc(value)
        except (ValueError, OverflowError):
            raise ValueError(_("Give a day and an hour, such as 2026-11-30T08:00.")) from None
        return value

    @field_validator("reason")
    @classmethod
    def short_enough(cls, value: str) -> str:
        text = " ".join(value.split())
        if len(text) > LONGEST_REASON:
            raise ValueError(_("Use at most %(most)s characters.") % {"most": LONGEST_REASON})
        return text

    @property
    def moment(self) -> datetime | None:
        """When it is due; None for now."""
        return in_utc(self.due_at) if self.when == "later" and self.due_at else None


def in_utc(typed: str) -> datetime:
    """The moment that was typed: the field is in UTC, and an offset such as +02:00 is taken at its word."""
    moment = datetime.fromisoformat(typed)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def missing_in(asked: PublishForm) -> dict[str, str]:
    """What only several fields together can say."""
    errors = {}
    if asked.when == "later" and not asked.due_at:
        errors["due_at"] = _("Give a day and an hour, such as 2026-11-30T08:00.")
    elif asked.moment and not may_be_due(asked.moment):
        errors["due_at"] = _("Choose an hour in the coming year.")
    if asked.everybody and not asked.reason:
        errors["reason"] = _("Say why learners who have begun must do more than they were told.")
    return errors
