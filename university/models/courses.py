"""Courses: a draft is a folder of files; a revision is its published, immutable state."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from university.models.tables import Table, cascading, new_id, one_of


class Course(Table):
    """A course under its address; what it says stands in its draft and in its revisions."""

    __tablename__ = "course"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    status: Mapped[str] = mapped_column(String(10), default="draft")
    translation_of: Mapped[str | None] = mapped_column(String(80), index=True)
    created_at: Mapped[datetime]
    # The revision learners see; none until the first publish. No foreign key: the two tables point at each other.
    revision_id: Mapped[UUID | None]
    # Closed to new learners; with a course in its place, those under way have until `archived_at` + 180 days.
    archived_at: Mapped[datetime | None]
    replaced_by: Mapped[str | None] = mapped_column(String(80))
    # By lesson id: what half of the learners needed at most, counted once a day where at least 30 were measured.
    measured_minutes: Mapped[dict[str, Any] | None]

    revision: Mapped[Revision | None] = relationship(
        primaryjoin="foreign(Course.revision_id) == Revision.id", viewonly=True
    )

    __table_args__ = (one_of("status", ("draft", "published", "archived")),)


class CourseAlias(Table):
    """An old slug, answered with a redirect."""

    __tablename__ = "course_alias"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    course_id: Mapped[UUID] = cascading("course.id", index=True)


class StoredFile(Table):
    """The bytes of one course file, kept once however many drafts and revisions hold it."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DraftFile(Table):
    """One file of a draft, at its path in the course folder."""

    __tablename__ = "draft_file"

    course_id: Mapped[UUID] = cascading("course.id", primary_key=True)
    path: Mapped[str] = mapped_column(String(400), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))


class Draft(Table):
    """What lists of drafts show without reading any file: kept with every save."""

    __tablename__ = "draft"

    course_id: Mapped[UUID] = cascading("course.id", primary_key=True)
    # That of the last step; 0 before the first.
    version: Mapped[int]
    changed_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(35))
    lessons: Mapped[int]
    errors: Mapped[int]
    warnings: Mapped[int]
    # As `course_folders.digest` gives it: that of the present revision while nothing waits to be published.
    sha256: Mapped[str] = mapped_column(String(64))


class DraftStep(Table):
    """One change of a draft, which one can go back to. Autosaves of one file in a row are one step."""

    __tablename__ = "draft_step"

    course_id: Mapped[UUID] = cascading("course.id", primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    # What was changed, in the course's own words: the title of a lesson.
    subject: Mapped[str] = mapped_column(String(160))
    is_auto: Mapped[bool]
    # Nobody for an import from the command line, and once the account is gone.
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)


class DraftChange(Table):
    """What one step did to one file; no hash where there was or is no file."""

    __tablename__ = "draft_change"

    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(400), primary_key=True)
    before_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    after_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"), index=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["course_id", "version"], ["draft_step.course_id", "draft_step.version"], ondelete="CASCADE"
        ),
    )


class WaitingFile(Table):
    """A file of another system that a member of staff is looking at before bringing it in."""

    __tablename__ = "waiting_file"

    staff_id: Mapped[UUID] = cascading("staff_member.id", primary_key=True)
    id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(index=True)


class Revision(Table):
    """One published state of a course, never changed; `sha256` is that of its folder, as `digest` gives it."""

    __tablename__ = "revision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(35))
    # What the course page shows, rendered: description, outline, authors, licence, rules of completion …
    page: Mapped[dict[str, Any]]
    # Everything of course.yaml that a certificate copies, as plain values.
    facts: Mapped[dict[str, Any]]
    search_text: Mapped[str] = mapped_column(Text)
    # Why learners under way must do what this revision asks, where staff decided so.
    reason: Mapped[str | None] = mapped_column(Text)
    # The number of the earlier revision that was published anew.
    restored_number: Mapped[int | None]
    # Of a translation: the revision of the source it says the same as.
    source_revision_id: Mapped[UUID | None]

    course: Mapped[Course] = relationship(foreign_keys=[course_id])

    __table_args__ = (UniqueConstraint("course_id", "number"),)


class RevisionFile(Table):
    """One file of a revision, at its path in the course folder."""

    __tablename__ = "revision_file"

    revision_id: Mapped[UUID] = cascading("revision.id", primary_key=True)
    path: Mapped[str] = mapped_column(String(400), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))


class PlannedRevision(Table):
    """A draft as it was checked and approved, to be published at its hour whatever becomes of the draft meanwhile."""

    __tablename__ = "planned_revision"

    course_id: Mapped[UUID] = cascading("course.id", primary_key=True)
    due_at: Mapped[datetime] = mapped_column(index=True)
    planned_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(Text)
    follows_source: Mapped[bool]
    # Set when it could not be published in its hour; somebody has to look at it.
    failed_at: Mapped[datetime | None]


class PlannedFile(Table):
    """One file of a planned revision, at its path in the course folder."""

    __tablename__ = "planned_file"

    course_id: Mapped[UUID] = cascading("planned_revision.course_id", primary_key=True)
    path: Mapped[str] = mapped_column(String(400), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))


class Lesson(Table):
    """One lesson of one revision, its text rendered once."""

    __tablename__ = "lesson"

    revision_id: Mapped[UUID] = cascading("revision.id", primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    minutes: Mapped[int]
    is_optional: Mapped[bool]
    html: Mapped[str] = mapped_column(Text)
    # Objectives, headings, video card, ids of the quiz before and after: what the lesson page needs beside its text.
    page: Mapped[dict[str, Any]]


class Quiz(Table):
    """One quiz or exam of one revision; `definition` holds rules and questions, keys included: never sent as it is."""

    __tablename__ = "quiz"

    revision_id: Mapped[UUID] = cascading("revision.id", primary_key=True)
    quiz_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    lesson_id: Mapped[str | None] = mapped_column(String(80))
    module_id: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    definition: Mapped[dict[str, Any]]

    __table_args__ = (one_of("kind", ("lesson", "pre", "module", "exam", "pool")),)


# Names of the tables that SQLite keeps for its full-text search begin like this.
FULL_TEXT = "passage_"


class Passage(Table):
    """A part of an open course that a search can find: the course itself, or one lesson.

    `words` are those of its text as searches compare them; the migrations make a full-text table of them on SQLite and
    an index on PostgreSQL.
    """

    __tablename__ = "passage"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[UUID] = cascading("revision.id", index=True)
    lesson_id: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))

    __table_args__ = {"sqlite_autoincrement": True}
