"""Numbers as other formats write them: exact, or none."""

import re
from decimal import Decimal

from university.course_folders.course.questions import NumberKey

NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)


def exact_number(text: str) -> Decimal | None:
    text = text.strip().replace("−", "-")
    if not NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return number.to_integral_value() if number == number.to_integral_value() else number


def number_key(text: str, tolerance: str | None = None) -> NumberKey | None:
    """`answer`, `answer:tolerance` or `low..high`; None when that is no number."""
    low, dots, high = text.partition("..")
    if dots:
        return range_key(exact_number(low), exact_number(high))
    number, _, margin = text.partition(":")
    answer = exact_number(number)
    allowed = exact_number(tolerance if tolerance is not None else margin or "0")
    return None if answer is None or allowed is None else NumberKey(answer, abs(allowed))


def range_key(low: Decimal | None, high: Decimal | None) -> NumberKey | None:
    """From the smaller to the larger, whichever comes first; None where one is missing."""
    if low is None or high is None:
        return None
    return NumberKey(low=min(low, high), high=max(low, high))
