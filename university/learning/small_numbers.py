"""Counts of people that tell nobody anything about one of them: under five is not said, and all are rounded down.

Rounding is for those who subtract: of 20 who began and 15 who finished, nobody can tell whether five or one did not.
"""

from __future__ import annotations

FEWEST = 5
# A median or a correlation of fewer says more about chance than about the course.
ENOUGH = 30


def shown(count: int) -> int | None:
    """The count in fives; None under five."""
    return count // FEWEST * FEWEST or None


def shown_share(part: int, whole: int) -> int | None:
    """Per cent, rounded down; None where either side of it is fewer than five people, nobody too."""
    if part < FEWEST or whole - part < FEWEST:
        return None
    return part * 100 // whole
