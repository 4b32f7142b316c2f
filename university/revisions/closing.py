"""Closing a course to new learners, with another in its place or none, and opening it again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from university import clock
from university.errors import Refused
from university.language import gettext as _
from university.models import Course, Revision

# With another course in its place, those under way have so long to finish.
TIME_TO_FINISH = timedelta(days=180)


def close(session: Session, course: Course, replaced_by: str | None = None) -> None:
    """Nobody begins any more; whoever had begun may finish. Certificates stay as they are."""
    if course.revision_id is None:
        raise Refused(_("This course is not open yet."))
    if replaced_by is not None:
        other = session.scalar(select(Course).where(Course.slug == replaced_by, Course.id != course.id))
        if other is None or other.status != "published":
            raise Refused(_("Only an open course can take the place of this one."))
    course.archived_at = clock.now() if course.status != "archived" else course.archived_at
    course.status, course.replaced_by = "archived", replaced_by


def reopen(course: Course) -> None:
    if course.revision_id is None:
        raise Refused(_("This course is not open yet."))
    course.status, course.archived_at, course.replaced_by = "published", None, None


def ends_at(course: Course) -> datetime | None:
    """When it is over for those under way too; None while they may take their time."""
    return course.archived_at + TIME_TO_FINISH if course.archived_at and course.replaced_by else None


def successor(session: Session, slug: str | None) -> tuple[str, str] | None:
    """Slug and title of the course in the place of a closed one, while it is open."""
    if slug is None:
        return None
    its_title = select(Revision.title).join(Course, Course.revision_id == Revision.id)
    title = session.scalar(its_title.where(Course.slug == slug, Course.status == "published"))
    return (slug, title) if title else None


def is_over(course: Course) -> bool:
    end = ends_at(course)
    return end is not None and end <= clock.now()
