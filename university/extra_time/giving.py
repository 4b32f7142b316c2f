"""Find the learner behind a code and lengthen every time limit of theirs, also of an attempt under way."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from university import clock
from university.accounts.signed_in import SignedIn
from university.chains import audit
from university.errors import NotFound
from university.language import gettext as _
from university.learning import enrolments
from university.learning.short_codes import has_code
from university.learning.sitting_time import duration
from university.models import Attempt, Course, Enrolment, Revision
from university.questions.marking import has_ended
from university.questions.paper import Paper
from university.revisions.published import Published, find, revision


@dataclass(frozen=True)
class Limit:
    """One quiz or exam against the clock: minutes for everybody, minutes for this learner."""

    title: str
    minutes: int
    own: int


@dataclass(frozen=True)
class Given:
    course: str
    language: str
    limits: list[Limit]
    # Whether an attempt under way ends later now.
    is_under_way: bool


def timed_courses(session: Session) -> list[tuple[str, str]]:
    """Slug and title of every course that learners may be in and that has a time limit somewhere."""
    rows = select(Course.slug, Course.revision_id).join(Revision, Revision.id == Course.revision_id)
    shown = session.execute(rows.where(Course.status != "draft").order_by(Revision.title))
    courses = ((row.slug, revision(session, row.revision_id)) for row in shown)
    return [(slug, course.title) for slug, course in courses if _timed(course)]


def find_learner(session: Session, course: Published, code: str) -> Enrolment:
    """The learner with this code in this course, locked. Two of a course share a code once in a blue moon, and then
    nobody gets anything by mistake."""
    mine = select(Enrolment).where(Enrolment.course_id == course.course_id, has_code(Enrolment.id, code))
    found = session.scalars(mine.limit(2).with_for_update()).all()
    if len(found) != 1:
        raise NotFound(_("No learner of this course has this code. Compare it with the page before the exam."))
    return found[0]


def give(session: Session, slug: str, code: str, extra: str | None, staff: SignedIn) -> Given:
    """`extra` is one of the EXTRAS, or None to take back what was given: then nothing under way gets shorter."""
    course = find(session, slug).course
    learner = find_learner(session, course, code)
    learner.extra_time = extra
    is_under_way = _lengthen(session, learner)
    audit.record(
        session,
        actor="staff",
        staff_id=staff.id,
        action="give_time",
        object_kind="enrolment",
        object_ref=learner.id,
    )
    return Given(course.title, course.language, _limits(course, learner), is_under_way)


def _lengthen(session: Session, learner: Enrolment) -> bool:
    open_ones = select(Attempt).where(Attempt.enrolment_id == learner.id, Attempt.handed_in_at.is_(None))
    is_longer = False
    for attempt in session.scalars(open_ones):
        paper = revision(session, attempt.revision_id).papers.get(attempt.quiz_id)
        if paper is None or has_ended(attempt, clock.now()):
            continue
        ends_at = attempt.started_at + duration(enrolments.paper_for(learner, paper).rules)
        is_longer |= ends_at > attempt.ends_at
        attempt.ends_at = max(ends_at, attempt.ends_at)
    return is_longer


def _limits(course: Published, learner: Enrolment) -> list[Limit]:
    limits = []
    for paper in _timed(course):
        own = enrolments.paper_for(learner, paper).rules.time_limit_minutes
        limits.append(Limit(paper.rules.title, paper.rules.time_limit_minutes or 0, own or 0))
    return limits


def _timed(course: Published) -> list[Paper]:
    return [paper for paper in course.papers.values() if paper.rules.time_limit_minutes is not None]
