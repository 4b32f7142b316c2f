"""Language versions of a course, and whether each still says what its source says."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.models import Course, Revision


@dataclass(frozen=True)
class Translation:
    """`is_behind`: the source was published since this said the same."""

    slug: str
    title: str
    language: str
    is_behind: bool


def is_behind(session: Session, course: Course) -> bool:
    """Whether the source of this translation is newer than what it was made from."""
    if course.translation_of is None or course.revision_id is None:
        return False
    source = session.scalar(select(Course).where(Course.slug == course.translation_of))
    if source is None or source.revision_id is None:
        return False
    return _is_behind(session.get_one(Revision, course.revision_id), session.get_one(Revision, source.revision_id))


def translations(session: Session, course: Course) -> list[Translation]:
    """The published translations of this course."""
    if course.revision_id is None:
        return []
    source = session.get_one(Revision, course.revision_id)
    made_from_it = (
        select(Course.slug, Revision)
        .join(Revision, Revision.id == Course.revision_id)
        .where(Course.translation_of == course.slug)
        .order_by(Course.slug)
    )
    return [
        Translation(slug, one.title, one.language, _is_behind(one, source))
        for slug, one in session.execute(made_from_it).all()
    ]


def _is_behind(translation: Revision, source: Revision) -> bool:
    if translation.source_revision_id is None:
        return translation.published_at < source.published_at
    return translation.source_revision_id != source.id
