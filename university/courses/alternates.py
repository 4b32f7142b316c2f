"""The same page in other languages, as search engines want to know it (hreflang)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from university.models import Course, Lesson, Revision

EVERYBODY_ELSE = "x-default"

# Translations that call a lesson the same are taken to say the same in it.
_LESSONS = (
    select(Revision.language, Course.slug)
    .join(Revision, Revision.id == Course.revision_id)
    .join(Lesson, Lesson.revision_id == Revision.id)
    .where(
        Course.status == "published",
        or_(Course.slug == bindparam("family"), Course.translation_of == bindparam("family")),
        Lesson.lesson_id == bindparam("lesson"),
    )
    .order_by(Revision.language)
)

Links = tuple[tuple[str, str], ...]


def links(family: str, versions: Iterable[tuple[str, str]], lesson: str = "") -> Links:
    """hreflang and path for each (language, slug), then for everybody else: the original, or what there is."""
    tail = f"/{lesson}" if lesson else ""
    slugs: dict[str, str] = {}
    for language, slug in versions:
        if slug == family or language not in slugs:
            slugs[language] = slug
    if not slugs:
        return ()
    original = family if family in slugs.values() else next(iter(slugs.values()))
    named = [*slugs.items(), (EVERYBODY_ELSE, original)]
    return tuple((language, f"/courses/{slug}{tail}") for language, slug in named)


def lesson_links(session: Session, family: str, lesson: str) -> Links:
    """The links of one lesson; none where the course is closed."""
    rows = session.connection().execute(_LESSONS, {"family": family, "lesson": lesson})
    return links(family, ((row.language, row.slug) for row in rows), lesson)
