"""A publish at an hour to come: the draft is checked and kept now, and published then as it was approved."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from university import clock
from university.chains import audit
from university.course_folders import Folder, digest
from university.drafting.draft_saving import OpenDraft
from university.drafting.drafts import Broken, draft_folder, read_for
from university.errors import Problem, Refused
from university.language import gettext as _
from university.models import Course, PlannedFile, PlannedRevision, StoredFile
from university.retention import Job
from university.revisions.publishing import Terms, publish_ready, ready
from university.serving.logs import fault_of

log = logging.getLogger("university.jobs.worker")

FURTHEST = timedelta(days=366)


def may_be_due(moment: datetime) -> bool:
    """Whether something may be planned for then."""
    now = clock.now()
    return now < moment <= now + FURTHEST


def plan(session: Session, opened: OpenDraft, due_at: datetime, terms: Terms) -> PlannedRevision:
    """Keeps the draft as it is now, to be published at `due_at`, in the place of any other plan.

    Raises Broken when the draft has errors, and Refused for an hour that is past or over a year away.
    """
    now = clock.now()
    if not may_be_due(due_at):
        raise Refused(_("Choose an hour in the coming year."))
    if opened.reading.has_errors:
        raise Broken(opened.findings)
    cancel(session, opened.course)
    planned = PlannedRevision(
        course_id=opened.course.id,
        due_at=due_at,
        planned_at=now,
        reason=terms.reason,
        follows_source=terms.follows_source,
    )
    session.add(planned)
    session.flush()
    of = {"course_id": planned.course_id}
    rows = [{**of, "path": path, "sha256": sha256} for path, sha256 in opened.hashes.items()]
    session.execute(insert(PlannedFile), rows)
    return planned


def cancel(session: Session, course: Course) -> None:
    session.execute(delete(PlannedFile).where(PlannedFile.course_id == course.id))
    session.execute(delete(PlannedRevision).where(PlannedRevision.course_id == course.id))


def planned_for(session: Session, course: Course) -> PlannedRevision | None:
    return session.get(PlannedRevision, course.id)


def is_the_draft(session: Session, course: Course) -> bool:
    """Whether the draft is still what was planned."""
    return digest(planned_folder(session, course)) == digest(draft_folder(session, course))


def planned_folder(session: Session, course: Course) -> Folder:
    files = select(PlannedFile.path, StoredFile.content).join(StoredFile, StoredFile.sha256 == PlannedFile.sha256)
    rows = session.execute(files.where(PlannedFile.course_id == course.id).order_by(PlannedFile.path))
    return Folder({row.path: row.content for row in rows}, course.slug)


def publish_due(session: Session, now: datetime) -> int:
    """Publishes whatever is due. A plan that cannot be carried out is kept, marked, and stops no other."""
    due = select(PlannedRevision.course_id).where(PlannedRevision.due_at <= now, PlannedRevision.failed_at.is_(None))
    courses = session.scalars(due.order_by(PlannedRevision.due_at)).all()
    return sum(_carry_out(session, course_id, now) for course_id in courses)


def _carry_out(session: Session, course_id: UUID, now: datetime) -> bool:
    planned = session.get_one(PlannedRevision, course_id)
    course = session.get_one(Course, course_id)
    try:
        with session.begin_nested():
            terms = Terms(planned.reason, planned.follows_source)
            folder = planned_folder(session, course)
            publish_ready(session, course, ready(folder, read_for(session, folder)), terms)
            cancel(session, course)
    except Problem as problem:
        log.error(json.dumps({"job": "planned revisions", **fault_of(problem)}))
        planned.failed_at = now
        outcome = "failed"
    else:
        outcome = "done"
    audit.record(session, actor="worker", action="publish", object_kind="course", object_ref=course_id, outcome=outcome)
    return outcome == "done"


JOBS: tuple[Job, ...] = (Job("planned revisions", timedelta(minutes=1), publish_due),)
