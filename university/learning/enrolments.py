"""Learning without an account: one random secret in one cookie, and what was reached under it.

The cookie is set by an act, never by looking: the first answer or "mark as read" begins an enrolment.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response
from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from university import clock
from university.errors import Refused
from university.keys.secret_hashes import hashed
from university.language import gettext as _
from university.learning.progress import Progress, in_time, requirements_of
from university.models import Attempt, Course, Enrolment, HandOver, LessonDone, Revision, Table, new_id
from university.questions.correcting import NONE, Corrections
from university.questions.marking import answers_of, has_ended, mark
from university.questions.paper import Paper
from university.revisions.closing import is_over
from university.revisions.published import Published, revision
from university.revisions.requirements import kindest, pass_mark_for
from university.serving.cookies import cookie, drop_cookie, set_cookie
from university.serving.pages import Visitor

COOKIE = "e"
COOKIE_LIFETIME = timedelta(days=400)
SECRET = re.compile(r"[A-Za-z0-9_-]{22,86}", re.ASCII)


@dataclass(frozen=True)
class Passed:
    """An enrolment that reached everything its certificate asks for: only `passed_enrolment` makes one.

    `revision` is the one the certificate is about: that of the passed exam, else the present one.
    """

    enrolment: Enrolment
    revision: Revision
    attempt: Attempt | None


def secret_of(request: Visitor) -> str | None:
    """What the browser's cookie holds, if it can be one of ours."""
    secret = cookie(request, COOKIE)
    return secret if SECRET.fullmatch(secret) else None


def current(request: Visitor, session: Session, course_id: UUID, *, lock: bool = False) -> Enrolment | None:
    """This browser's enrolment in the course. One indexed read, and none at all without the cookie.

    `lock` makes every other act of this learner wait: two hand-ins at once must not both count.
    """
    secret = secret_of(request)
    return _with_secret(session, secret, course_id, lock=lock) if secret else None


def all_of(request: Visitor, session: Session) -> list[Enrolment]:
    """Every enrolment of this browser, the one used last first."""
    secret = secret_of(request)
    if not secret:
        return []
    mine = select(Enrolment).where(Enrolment.secret_sha256 == hashed(secret))
    return list(session.scalars(mine.order_by(Enrolment.last_active_at.desc())))


def begin(request: Visitor, session: Session, course: Course) -> tuple[Enrolment, str]:
    """This browser's enrolment in the course, made if there is none and locked, and the secret to `keep`.

    A secret that we never gave out is not taken over: somebody else may know it.
    """
    if course.revision_id is None:
        raise Refused(_("This course is not open yet."))
    secret = secret_of(request)
    if secret is None or not _is_known(session, secret):
        secret = secrets.token_urlsafe(16)
    if course.status == "archived" and _with_secret(session, secret, course.id) is None:
        raise Refused(_("This course is closed to new learners."))
    if is_over(course):
        raise Refused(_("This course has ended. Another one took its place; your certificates stay valid."))
    _insert_if_absent(session, secret, course.id, course.revision_id)
    enrolment = _with_secret(session, secret, course.id, lock=True)
    assert enrolment is not None  # noqa: S101  the statement above made it or found it
    enrolment.last_active_at = clock.now()
    return enrolment, secret


def begin_again(request: Visitor, session: Session, enrolment: Enrolment) -> None:
    """This browser's place in the course anew: lessons stay read and extra time stays given, quizzes and exam are to
    be done once more.

    What was done before stays with its certificate, and no cookie leads to it any more.
    """
    secret, course = secret_of(request), session.get_one(Course, enrolment.course_id)
    if secret is None or course.revision_id is None or course.status == "archived":
        raise Refused(_("This course is closed to new learners."))
    enrolment.secret_sha256 = hashed(secrets.token_urlsafe(32))
    session.flush()
    _insert_if_absent(session, secret, course.id, course.revision_id)
    anew = _with_secret(session, secret, course.id)
    assert anew is not None  # noqa: S101  the statement above made it
    anew.extra_time = enrolment.extra_time
    done = session.scalars(select(LessonDone).where(LessonDone.enrolment_id == enrolment.id))
    session.add_all(
        LessonDone(enrolment_id=anew.id, lesson_id=lesson.lesson_id, done_at=lesson.done_at) for lesson in done
    )


def keep(response: Response[bytes], request: Visitor, secret: str) -> None:
    """Sets the one cookie for 400 days; every act renews it."""
    set_cookie(response, request, COOKIE, secret, COOKIE_LIFETIME)


def stop_on_this_computer(response: Response[bytes], request: Visitor) -> None:
    """Removes the cookie; progress stays for whoever kept the secret elsewhere."""
    drop_cookie(response, request, COOKIE)


def mark_as_done(session: Session, enrolment: Enrolment, lesson_id: str) -> None:
    """The lesson was read, or its quiz handed in; once is enough."""
    row = {"enrolment_id": enrolment.id, "lesson_id": lesson_id, "done_at": clock.now()}
    session.execute(_insert(session, LessonDone).values(row).on_conflict_do_nothing())


def keep_place(enrolment: Enrolment, lesson_id: str, heading: str) -> None:
    """Where reading stopped, so that another visit, perhaps on another device, goes on there."""
    enrolment.place = f"{lesson_id}#{heading}"
    enrolment.last_active_at = clock.now()


def delete_progress(session: Session, enrolment: Enrolment) -> None:
    """Deletes the enrolment with its lessons, attempts, answers and waiting claims at once; with the last one of a
    browser, also every other way to it."""
    session.execute(delete(Enrolment).where(Enrolment.id == enrolment.id))
    if not _is_known_by_hash(session, enrolment.secret_sha256):
        session.execute(delete(HandOver).where(HandOver.secret_sha256 == enrolment.secret_sha256))


def progress_of(session: Session, enrolment: Enrolment | None, course: Published) -> Progress:
    """How far this enrolment is in the course as it is published now; nobody's progress is an empty one."""
    if enrolment is None:
        return Progress(course, course.page["requirements"])
    rows = session.execute(
        select(LessonDone.lesson_id, LessonDone.done_at).where(LessonDone.enrolment_id == enrolment.id)
    )
    done = {row.lesson_id: row.done_at for row in rows}
    return Progress(
        course=course,
        requirements=enrolment.requirements,
        done=frozenset(done),
        attempts=attempts_of(session, enrolment),
        has_begun=True,
        done_at=done,
        place=enrolment.place,
        extra_time=enrolment.extra_time,
    )


def attempts_of(session: Session, enrolment: Enrolment, quiz_id: str | None = None) -> Sequence[Attempt]:
    """The enrolment's attempts in the order they were begun. One whose time is over is marked with what was saved,
    also in a transaction that only reads: there the mark is seen and not kept."""
    query = select(Attempt).where(Attempt.enrolment_id == enrolment.id)
    if quiz_id is not None:
        query = query.where(Attempt.quiz_id == quiz_id)
    attempts = in_time(session.scalars(query))
    for attempt in attempts:
        settle(session, enrolment, attempt)
    return attempts


def settle(session: Session, enrolment: Enrolment, attempt: Attempt) -> None:
    """Marks an attempt whose time is over although nobody handed it in."""
    if attempt.handed_in_at is None and has_ended(attempt, clock.now()):
        mark_now(session, enrolment, attempt, attempt.ends_at)


def mark_now(session: Session, enrolment: Enrolment, attempt: Attempt, moment: datetime) -> None:
    """Marks with what was saved, by the keys as they were asked and as they were corrected since."""
    corrections = _corrections(session, enrolment, attempt)
    mark(attempt, answers_of(session, attempt), pass_mark_of(session, enrolment, attempt), moment, corrections)


def pass_mark_of(session: Session, enrolment: Enrolment, attempt: Attempt) -> int:
    """0 for what is no quiz of the course, such as a review."""
    paper = revision(session, attempt.revision_id).papers.get(attempt.quiz_id)
    return pass_mark_for(enrolment.requirements, attempt.quiz_id, paper.rules.pass_mark) if paper else 0


def paper_for(enrolment: Enrolment | None, paper: Paper) -> Paper:
    """The paper with its rules as they hold for this learner, see `requirements`."""
    return (
        replace(paper, rules=kindest(paper.rules, enrolment.requirements, enrolment.extra_time)) if enrolment else paper
    )


def passed_enrolment(session: Session, enrolment: Enrolment) -> Passed:
    """Proof that the certificate of this course was earned. Raises Refused with what is missing."""
    course = session.get_one(Course, enrolment.course_id)
    assert course.revision_id is not None  # noqa: S101  whoever is enrolled is so in a published course
    progress = progress_of(session, enrolment, revision(session, course.revision_id))
    if not progress.is_complete:
        raise Refused(_missing(progress))
    attempt = progress.passed_exam
    of = session.get_one(Revision, attempt.revision_id if attempt else course.revision_id)
    if not of.facts["certificate"]["enabled"]:
        raise Refused(_("This course has no certificate."))
    return Passed(enrolment, of, attempt)


def _corrections(session: Session, enrolment: Enrolment, attempt: Attempt) -> Corrections:
    present = session.execute(select(Course.revision_id).where(Course.id == enrolment.course_id)).scalar_one()
    return NONE if present in (None, attempt.revision_id) else revision(session, present).corrections


def _missing(progress: Progress) -> str:
    missing = {demand.kind for demand in progress.demands if not demand.is_met}
    if "exam" in missing:
        return _("Pass the exam first, then claim your certificate.")
    if "lessons" in missing:
        return _("Some lessons are still to be done before you can claim your certificate.")
    return _("Some quizzes are still to be done before you can claim your certificate.")


def _with_secret(session: Session, secret: str, course_id: UUID, *, lock: bool = False) -> Enrolment | None:
    mine = select(Enrolment).where(Enrolment.secret_sha256 == hashed(secret), Enrolment.course_id == course_id)
    return session.scalars(mine.with_for_update() if lock else mine).one_or_none()


def _is_known(session: Session, secret: str) -> bool:
    return _is_known_by_hash(session, hashed(secret))


def _is_known_by_hash(session: Session, secret_sha256: str) -> bool:
    return bool(session.scalar(select(exists().where(Enrolment.secret_sha256 == secret_sha256))))


def _insert_if_absent(session: Session, secret: str, course_id: UUID, revision_id: UUID) -> None:
    """Two first acts at once make one enrolment."""
    now = clock.now()
    row = {
        "id": new_id(),
        "secret_sha256": hashed(secret),
        "course_id": course_id,
        "started_revision_id": revision_id,
        "requirements": requirements_of(revision(session, revision_id)),
        "created_at": now,
        "last_active_at": now,
    }
    session.execute(_insert(session, Enrolment).values(row).on_conflict_do_nothing())


def _insert(session: Session, table: type[Table]) -> Any:
    """An INSERT that can say ON CONFLICT, in the dialect of the engine."""
    return insert_on_sqlite(table) if session.get_bind().dialect.name == "sqlite" else insert_on_postgresql(table)
