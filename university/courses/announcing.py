"""What programs read to find courses: the sitemap, and the feed of new ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from university.courses.alternates import Links, links
from university.models import Course, Lesson, Revision

MOST_IN_FEED = 50

_any = aliased(Revision)
_opened = select(func.min(_any.published_at)).where(_any.course_id == Course.id).scalar_subquery()
_NEWEST = (
    select(
        Course.id,
        Course.slug,
        Revision.title,
        Revision.summary,
        Revision.language,
        Revision.published_at.label("changed_at"),
        _opened.label("opened_at"),
    )
    .join(Revision, Revision.id == Course.revision_id)
    .where(Course.status == "published")
    .order_by(_opened.desc(), Course.slug)
    .limit(MOST_IN_FEED)
)
_OPEN = (
    select(Course.slug, Course.translation_of, Course.revision_id, Revision.language, Revision.published_at)
    .join(Revision, Revision.id == Course.revision_id)
    .where(Course.status == "published")
    .order_by(Course.slug)
)


@dataclass(frozen=True)
class Address:
    """A page to be found: `links` lead to it in every language."""

    path: str
    changed_at: datetime
    links: Links


def newest(session: Session) -> list[Row[tuple[UUID, str, str, str, str, datetime, datetime]]]:
    """Open courses, the one that opened last first."""
    return list(session.execute(_NEWEST))


def open_courses(session: Session) -> Hashable:
    """What the sitemap follows from."""
    return tuple(tuple(row) for row in session.execute(_OPEN))


def addresses(session: Session) -> Iterator[Address]:
    """Every open course and its lessons. Nothing of a learner, and no certificate."""
    families: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    pages: list[tuple[tuple[str, str], str, datetime]] = []
    for course in session.execute(_OPEN):
        family = course.translation_of or course.slug
        ids = select(Lesson.lesson_id).where(Lesson.revision_id == course.revision_id).order_by(Lesson.position)
        for lesson in ("", *session.scalars(ids)):
            families[family, lesson].append((course.language, course.slug))
            pages.append(((family, lesson), course.slug, course.published_at))
    for (family, lesson), slug, changed_at in pages:
        path = f"/courses/{slug}" + (f"/{lesson}" if lesson else "")
        yield Address(path, changed_at, links(family, families[family, lesson], lesson))
