"""Counts of people that tell nobody anything about one of them: the one rule, for every page and file of the staff.

* Under five is not said, nobody too; all others are rounded down to fives.
* A share or a mean is said in steps that one person cannot move, and where neither side of it is a few people.
* What is said of answers is said of the first of them, as many as are counted (`whole_fives`).

All this is for those who subtract: two pages, two revisions or two days differ by five people or by none, and of 20
who began and 15 who finished nobody can tell whether five or one did not. Counting once a day (`figures.counting`)
keeps anybody from watching one person come by.

Whoever may see each of the people behind a number, as those do who typed the list of a class or answer the cases
that wait, is told the number itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TypeVar

from university.language import format_number, gettext as _

T = TypeVar("T")

FEWEST = 5
# A median or a correlation of fewer says more about chance than about the course.
ENOUGH = 30


def shown(count: int) -> int | None:
    """The count in fives; None under five."""
    return count // FEWEST * FEWEST or None


def said(count: int) -> str:
    """The count for a sentence or a row of facts: “15 or more”."""
    in_fives = shown(count)
    return _("%(count)s or more") % {"count": format_number(in_fives)} if in_fives else _("fewer than five")


def shown_share(part: int, whole: int) -> int | None:
    """Per cent of what is said of both; None where either side of it is fewer than five people, nobody too."""
    if part < FEWEST or whole - part < FEWEST:
        return None
    return (shown(part) or 0) * 100 // (shown(whole) or 1)


def shown_mean(percents: Sequence[float]) -> int | None:
    """The mean of what people reached, in steps of five; None for fewer than five of them."""
    return round(fmean(percents) / 5) * 5 if len(percents) >= FEWEST else None


def whole_fives(latest_first: Sequence[T]) -> Sequence[T]:
    """Without the latest ones that do not make up five yet."""
    return latest_first[len(latest_first) % FEWEST :]
