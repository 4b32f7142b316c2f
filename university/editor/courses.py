"""All courses as staff see them: drafts, published and archived ones, and what each still needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.models import Course, Draft, PlannedRevision, Revision

Shelf = Literal["all", "draft", "published", "archived"]
SHELVES: tuple[Shelf, ...] = ("all", "draft", "published", "archived")


@dataclass(frozen=True)
class CourseLine:
    """One course in the list. `waits` says that the draft has changes learners do not see yet, `due_at` when a publish
    is planned."""

    slug: str
    title: str
    status: str
    language: str
    translation_of: str | None
    lessons: int
    errors: int
    warnings: int
    changed_at: datetime
    revision: int | None
    waits: bool
    due_at: datetime | None


def course_lines(session: Session) -> list[CourseLine]:
    """Every course, the one changed last first."""
    rows = session.execute(
        select(Course, Draft, Revision.number, Revision.sha256, PlannedRevision.due_at)
        .join(Draft, Draft.course_id == Course.id)
        .outerjoin(Revision, Revision.id == Course.revision_id)
        .outerjoin(PlannedRevision, PlannedRevision.course_id == Course.id)
        .order_by(Draft.changed_at.desc(), Course.slug)
    )
    return [
        CourseLine(
            slug=course.slug,
            title=draft.title or course.slug,
            status=course.status,
            language=draft.language,
            translation_of=course.translation_of,
            lessons=draft.lessons,
            errors=draft.errors,
            warnings=draft.warnings,
            changed_at=draft.changed_at,
            revision=number,
            waits=number is not None and draft.sha256 != sha256,
            due_at=due_at,
        )
        for course, draft, number, sha256, due_at in rows
    ]


def on_shelf(lines: list[CourseLine], shelf: str) -> list[CourseLine]:
    return lines if shelf == "all" else [line for line in lines if line.status == shelf]


def counted(lines: list[CourseLine]) -> dict[str, int]:
    return {shelf: len(on_shelf(lines, shelf)) for shelf in SHELVES}
