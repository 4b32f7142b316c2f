"""Published courses as learners see them. A revision never changes, so it is read and parsed once per process."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, select
from sqlalchemy.orm import Session

from university.errors import NotFound
from university.language import gettext as _
from university.models import Course, CourseAlias, Lesson, Quiz, Revision
from university.questions.correcting import Corrections
from university.questions.paper import Paper, paper_from_json

# A revision with its lessons takes about a megabyte.
MOST_IN_MEMORY = 40


# Built once: every page of a course begins with this read.
_OFFER = select(
    *(Course.slug, Course.status, Course.revision_id, Course.replaced_by, Course.archived_at),
    cast(Course.measured_minutes, Text).label("measured"),
)
_BY_SLUG = _OFFER.where(Course.slug == bindparam("asked"))
_BY_ALIAS = _OFFER.join(CourseAlias, CourseAlias.course_id == Course.id).where(CourseAlias.slug == bindparam("asked"))


@dataclass(frozen=True)
class PublishedLesson:
    id: str
    module_id: str
    position: int
    title: str
    minutes: int
    is_optional: bool
    html: str
    page: Mapping[str, Any]


@dataclass(frozen=True)
class Published:
    """One revision, parsed. `page`, `facts` and the papers are as `publishing` wrote them."""

    revision_id: UUID
    course_id: UUID
    number: int
    title: str
    summary: str
    language: str
    page: Mapping[str, Any]
    facts: Mapping[str, Any]
    lessons: Mapping[str, PublishedLesson]
    papers: Mapping[str, Paper]
    # What half of the learners needed at most, by lesson; as counted last, not part of the revision.
    measured: Mapping[str, int] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return str(self.page["slug"])

    @property
    def address(self) -> str:
        return f"/courses/{self.slug}"

    @property
    def exam(self) -> Paper | None:
        return next((paper for paper in self.papers.values() if paper.rules.is_exam), None)

    @cached_property
    def corrections(self) -> Corrections:
        """How answers to earlier revisions are marked by the keys of this one."""
        questions = {id_: question for paper in self.papers.values() for id_, question in paper.questions.items()}
        return Corrections(questions, frozenset(self.page.get("void_questions", ())))

    @property
    def lesson_list(self) -> list[PublishedLesson]:
        return list(self.lessons.values())

    def minutes_of(self, lesson: PublishedLesson) -> int:
        """As measured, else as written."""
        return self.measured.get(lesson.id, lesson.minutes)

    @property
    def minutes(self) -> int:
        """Of all lessons together."""
        return sum(map(self.minutes_of, self.lessons.values())) if self.measured else int(self.page["minutes"])

    def lesson_address(self, lesson_id: str) -> str:
        return f"{self.address}/{lesson_id}"

    def quiz_address(self, quiz_id: str) -> str:
        return f"/quizzes/{self.slug}/{quiz_id}"

    def present_id(self, lesson_id: str) -> str | None:
        """The lesson that is or once was called this; None when it is gone."""
        renamed: dict[str, str] = self.page["aliases"]
        passed: set[str] = set()
        while lesson_id not in self.lessons:
            if lesson_id in passed or lesson_id not in renamed:
                return None
            passed.add(lesson_id)
            lesson_id = renamed[lesson_id]
        return lesson_id


@dataclass(frozen=True)
class Offer:
    """A course at its address: what is published there now. `slug` differs from the one asked for after a rename."""

    slug: str
    status: str
    course: Published
    # Of a closed course: the slug of the one in its place, and since when.
    replaced_by: str | None = None
    archived_at: datetime | None = None

    @property
    def is_archived(self) -> bool:
        return self.status == "archived"


def find(session: Session, slug: str) -> Offer:
    """The published course at this slug or old slug; NotFound for drafts and unknown ones alike."""
    look_up = session.connection().execute  # the session's own layer would double the cost of every course page
    row = look_up(_BY_SLUG, {"asked": slug}).first() or look_up(_BY_ALIAS, {"asked": slug}).first()
    if row is None or row.status == "draft" or row.revision_id is None:
        raise NotFound(_("We have no course at this address. Perhaps it moved: have a look at all courses."))
    course = _as_offered(revision(session, row.revision_id), row.slug, measured_in(row.measured))
    return Offer(row.slug, row.status, course, row.replaced_by, row.archived_at)


def as_now(session: Session, course: Course) -> Published:
    """A published course as learners see it now, for those who have its row."""
    assert course.revision_id is not None  # noqa: S101  it is published
    return _as_offered(revision(session, course.revision_id), course.slug, course.measured_minutes or {})


@lru_cache(maxsize=1000)
def measured_in(stored: str | None) -> Mapping[str, int]:
    """The minutes in a column as it is stored: every page of a course begins with them."""
    read: dict[str, int] | None = json.loads(stored) if stored else None
    return read or {}


def _as_offered(course: Published, slug: str, measured: Mapping[str, int]) -> Published:
    """A course that moved is at its new address at once; its revision says the old one until the next publish."""
    page = course.page if course.slug == slug else {**course.page, "slug": slug}
    return replace(course, page=page, measured=measured) if measured or page is not course.page else course


class _Memory:
    """The revisions used last, shared by all threads of the process."""

    def __init__(self) -> None:
        self.held: OrderedDict[UUID, Published] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, revision_id: UUID) -> Published | None:
        with self.lock:
            found = self.held.get(revision_id)
            if found:
                self.held.move_to_end(revision_id)
            return found

    def put(self, published: Published) -> None:
        with self.lock:
            self.held[published.revision_id] = published
            while len(self.held) > MOST_IN_MEMORY:
                self.held.popitem(last=False)


_memory = _Memory()


def revision(session: Session, revision_id: UUID) -> Published:
    """The revision with its lessons and papers. Raises NotFound when there is none."""
    known = _memory.get(revision_id)
    if known:
        return known
    row = session.get(Revision, revision_id)
    if row is None:
        raise NotFound(_("We have no such version of this course."))
    published = _parsed(session, row)
    _memory.put(published)
    return published


def _parsed(session: Session, row: Revision) -> Published:
    lessons = session.scalars(select(Lesson).where(Lesson.revision_id == row.id).order_by(Lesson.position))
    quizzes = session.scalars(select(Quiz).where(Quiz.revision_id == row.id))
    return Published(
        revision_id=row.id,
        course_id=row.course_id,
        number=row.number,
        title=row.title,
        summary=row.summary,
        language=row.language,
        page=row.page,
        facts=row.facts,
        lessons={lesson.lesson_id: _lesson(lesson) for lesson in lessons},
        papers={quiz.quiz_id: paper_from_json(quiz.definition) for quiz in quizzes},
    )


def _lesson(row: Lesson) -> PublishedLesson:
    return PublishedLesson(
        id=row.lesson_id,
        module_id=row.module_id,
        position=row.position,
        title=row.title,
        minutes=row.minutes,
        is_optional=row.is_optional,
        html=row.html,
        page=row.page,
    )
