"""How long a sitting takes: the limit of its quiz, what staff added for one learner, and some seconds of grace."""

from __future__ import annotations

from datetime import timedelta

from university.course_folders import Quiz

GRACE = timedelta(seconds=10)
LONGEST = timedelta(hours=24)

# What staff may add to every time limit of one learner: a share of it, or minutes.
EXTRAS = ("25%", "50%", "100%", "5", "10", "15", "20", "30", "45", "60", "90", "120")


def with_extra(minutes: int, extra: str) -> int:
    """The limit with one of the EXTRAS, a share of it rounded up; without any, the limit."""
    share = int(extra.removesuffix("%") or 0)
    return minutes + (-(-minutes * share // 100) if extra.endswith("%") else share)


def duration(rules: Quiz) -> timedelta:
    """From the beginning of an attempt to its end, by rules as they hold for this learner."""
    minutes = rules.time_limit_minutes
    return LONGEST if minutes is None else timedelta(minutes=minutes) + GRACE
