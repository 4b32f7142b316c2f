"""What needs somebody's attention: one list of questions, each asked of those who can do something about the answer.

Whoever adds a part of the program that can go wrong or wait adds one `Question` to the list at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from university import clock
from university.accounts import codes, invitations, passkeys
from university.accounts.signed_in import SignedIn
from university.keys.keyring import open_keyring
from university.language import format_date, format_datetime, gettext as _, ngettext
from university.models import (
    EDITOR,
    OWNER,
    PRIVACY_OFFICER,
    PUBLISHER,
    ROLES,
    Course,
    Draft,
    JobRun,
    Outbox,
    PlannedRevision,
    Revision,
)
from university.operating import health
from university.rights.cases import open_cases
from university.setting_up import kept_settings, setup_steps
from university.settings import Settings

LATE_MAIL = timedelta(hours=1)
CASE_IS_URGENT = timedelta(days=8)
# One is made every hour.
LATE_BACKUP = timedelta(hours=3)
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
    ask: Callable[[Session, Settings, SignedIn], Iterator[Point]]


def points(session: Session, settings: Settings, staff: SignedIn) -> list[Point]:
    """Everything that needs the attention of this member, the worst first."""
    found = [point for each in QUESTIONS if staff.has(*each.roles) for point in each.ask(session, settings, staff)]
    return sorted(found, key=lambda point: ("bad", "warning", "info").index(point.tone))


def cases_waiting(session: Session, _settings: Settings, _staff: SignedIn) -> Iterator[Point]:
    waiting = open_cases(session)
    if not waiting:
        return
    sentence = ngettext(
        "One privacy case waits for an answer, at the latest on %(day)s.",
        "%(num)s privacy cases wait for an answer, the first at the latest on %(day)s.",
        len(waiting),
    )
    left = waiting[0].due_on - clock.now().date()
    tone = "bad" if left < timedelta(0) else "warning" if left < CASE_IS_URGENT else "info"
    said = sentence % {"num": len(waiting), "day": format_date(waiting[0].due_on)}
    yield Point(said, tone, "/registry/cases", _("To the cases"))


def mails_given_up(session: Session, _settings: Settings, _staff: SignedIn) -> Iterator[Point]:
    count = session.scalar(select(func.count()).where(Outbox.parked_at.is_not(None))) or 0
    if count:
        sentence = ngettext(
            "One mail could not be delivered and was given up this week.",
            "%(num)s mails could not be delivered and were given up this week.",
            count,
        )
        yield Point(sentence % {"num": count}, "bad")


def mails_waiting(session: Session, _settings: Settings, _staff: SignedIn) -> Iterator[Point]:
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


def keys_near_their_end(_session: Session, settings: Settings, _staff: SignedIn) -> Iterator[Point]:
    now = clock.now()
    for key in open_keyring(settings).public_keys(settings).keys:
        if key.retired_at or key.compromised_at:
            continue
        ends_at = min(filter(None, (key.valid_until, key.valid_from + KEY_SIGNS_FOR)))
        if ends_at - now < KEY_ENDS_SOON:
            sentence = _("The key %(key)s should be replaced by %(day)s, with the command “university keys rotate”.")
            yield Point(sentence % {"key": key.id, "day": format_date(ends_at)}, "bad" if ends_at < now else "warning")


def jobs_that_fail(session: Session, _settings: Settings, _staff: SignedIn) -> Iterator[Point]:
    for run in session.scalars(select(JobRun).where(JobRun.failures > 0).order_by(JobRun.name)):
        sentence = ngettext(
            "The job “%(job)s” failed the last time (%(fault)s).",
            "The job “%(job)s” failed %(num)s times in a row (%(fault)s).",
            run.failures,
        )
        yield Point(sentence % {"num": run.failures, "job": run.name, "fault": run.fault}, "bad")


def backups_missing(session: Session, _settings: Settings, _staff: SignedIn) -> Iterator[Point]:
    last = session.scalar(select(JobRun.succeeded_at).where(JobRun.name == "backup"))
    if last is None:
        yield Point(_("No backup has been made yet. Does the worker run?"))
    elif clock.now() - last > LATE_BACKUP:
        yield Point(_("The last backup is of %(moment)s.") % {"moment": format_datetime(last)}, "bad")


def certificates_dated_ahead(session: Session, _settings: Settings, _staff: SignedIn) -> Iterator[Point]:
    count = health.dated_ahead(session)
    if count:
        sentence = ngettext(
            "One certificate bears a date that is still to come. The clock was wrong when it was issued, or is now.",
            "%(num)s certificates bear dates that are still to come. The clock was wrong when they were issued, or is "
            "now.",
            count,
        )
        yield Point(sentence % {"num": count}, "bad")


def drafts_waiting(session: Session, _settings: Settings, _staff: SignedIn) -> Iterator[Point]:
    """Courses whose draft says something else than what learners see."""
    drafts = select(func.count()).select_from(Draft).join(Course, Course.id == Draft.course_id)
    seen = drafts.outerjoin(Revision, Revision.id == Course.revision_id)
    differs = or_(Revision.id.is_(None), Revision.sha256 != Draft.sha256)
    count = session.scalar(seen.where(Course.status != "archived", differs)) or 0
    if count:
        sentence = ngettext(
            "One course has a draft that learners do not see yet.",
            "%(num)s courses have drafts that learners do not see yet.",
            count,
        )
        yield Point(sentence % {"num": count}, "info", "/editor", _("To the courses"))


def only_one_way_in(session: Session, _settings: Settings, staff: SignedIn) -> Iterator[Point]:
    if not codes.recovery_codes_left(session, staff.id) and passkeys.count(session, staff.id) < 2:
        sentence = _("If you lose what you sign in with, nothing lets you in again.")
        yield Point(sentence, "warning", "/staff/account", _("Make sure of a second way in"))


def invitations_open(session: Session, _settings: Settings, _staff: SignedIn) -> Iterator[Point]:
    count = len(invitations.open_ones(session))
    if count:
        sentence = ngettext(
            "One invitation has not been followed yet.", "%(num)s invitations have not been followed yet.", count
        )
        yield Point(sentence % {"num": count}, "info", "/staff/accounts", _("To the accounts"))


def setup_open(session: Session, settings: Settings, _staff: SignedIn) -> Iterator[Point]:
    left = setup_steps.open_steps(session, settings)
    if left:
        sentence = ngettext(
            "One step of setting up is open: %(steps)s.", "%(num)s steps of setting up are open: %(steps)s.", len(left)
        )
        said = sentence % {"num": len(left), "steps": ", ".join(setup_steps.title_of(step) for step in left)}
        yield Point(said, "info", "/staff/setup", _("Go on with it"))


def choices_waiting(_session: Session, settings: Settings, _staff: SignedIn) -> Iterator[Point]:
    if kept_settings.is_waiting(settings):
        yield Point(_("Settings were chosen that are not in use yet."), "warning", "/staff/setup", _("Apply them"))


COURSES = frozenset({EDITOR, PUBLISHER})
OWNERS = frozenset({OWNER})


def plans_that_failed(session: Session, _settings: Settings, _staff: SignedIn) -> Iterator[Point]:
    failed = select(Course.slug).join(PlannedRevision, PlannedRevision.course_id == Course.id)
    for slug in session.scalars(failed.where(PlannedRevision.failed_at.is_not(None)).order_by(Course.slug)):
        sentence = _("What was planned for the course %(slug)s could not be published.") % {"slug": slug}
        yield Point(sentence, "bad", f"/editor/courses/{slug}/publish", _("See why"))


QUESTIONS: list[Question] = [
    Question(OWNERS | {PRIVACY_OFFICER}, cases_waiting),
    Question(OWNERS | {PRIVACY_OFFICER}, mails_given_up),
    Question(OWNERS, mails_waiting),
    Question(OWNERS, jobs_that_fail),
    Question(OWNERS, backups_missing),
    Question(OWNERS, keys_near_their_end),
    Question(OWNERS, certificates_dated_ahead),
    Question(COURSES, drafts_waiting),
    Question(COURSES, plans_that_failed),
    Question(frozenset(ROLES), only_one_way_in),
    Question(OWNERS, invitations_open),
    Question(OWNERS, choices_waiting),
    Question(OWNERS, setup_open),
]
