"""What needs somebody's attention: one list of questions, each asked of those who can do something about the answer.

Whoever adds a part of the program that can go wrong or wait adds one `Question` to the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from university import clock
from university.accounts.signed_in import SignedIn
from university.keyring import open_keyring
from university.language import format_date, gettext as _, ngettext
from university.models import OWNER, PRIVACY_OFFICER, Outbox
from university.settings import Settings

LATE_MAIL = timedelta(hours=1)
KEY_ENDS_SOON = timedelta(days=60)
KEY_SIGNS_FOR = timedelta(days=366)


@dataclass(frozen=True)
class Point:
    """One thing to look at. `tone` is info, warning or bad; `link` leads to where it can be settled."""

    sentence: str
    tone: str = "warning"
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True)
class Question:
    """`ask` yields what needs attention, nothing when all is well; `roles` are those who are shown it."""

    roles: frozenset[str]
    ask: Callable[[Session, Settings], Iterator[Point]]


def points(session: Session, settings: Settings, staff: SignedIn) -> list[Point]:
    """Everything that needs the attention of this member, the worst first."""
    found = [point for each in QUESTIONS if staff.has(*each.roles) for point in each.ask(session, settings)]
    return sorted(found, key=lambda point: ("bad", "warning", "info").index(point.tone))


def mails_given_up(session: Session, _settings: Settings) -> Iterator[Point]:
    count = session.scalar(select(func.count()).where(Outbox.parked_at.is_not(None))) or 0
    if count:
        sentence = ngettext(
            "One mail could not be delivered and was given up this week.",
            "%(num)s mails could not be delivered and were given up this week.",
            count,
        )
        yield Point(sentence % {"num": count}, "bad")


def mails_waiting(session: Session, _settings: Settings) -> Iterator[Point]:
    late = clock.now() - LATE_MAIL
    waiting = (Outbox.sent_at.is_(None), Outbox.parked_at.is_(None), Outbox.created_at < late)
    count = session.scalar(select(func.count()).where(*waiting)) or 0
    if count:
        sentence = ngettext(
            "One mail has been waiting for more than an hour.",
            "%(num)s mails have been waiting for more than an hour. Does the worker run, and the mail server answer?",
            count,
        )
        yield Point(sentence % {"num": count})


def keys_near_their_end(_session: Session, settings: Settings) -> Iterator[Point]:
    now = clock.now()
    for key in open_keyring(settings).public_keys(settings).keys:
        if key.retired_at or key.compromised_at:
            continue
        ends_at = min(filter(None, (key.valid_until, key.valid_from + KEY_SIGNS_FOR)))
        if ends_at - now < KEY_ENDS_SOON:
            sentence = _("The key %(key)s should be replaced by %(day)s: university keys rotate")
            yield Point(sentence % {"key": key.id, "day": format_date(ends_at)}, "bad" if ends_at < now else "warning")


QUESTIONS: list[Question] = [
    Question(frozenset({OWNER, PRIVACY_OFFICER}), mails_given_up),
    Question(frozenset({OWNER}), mails_waiting),
    Question(frozenset({OWNER}), keys_near_their_end),
]
