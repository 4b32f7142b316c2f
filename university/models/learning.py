"""Learning without an account."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from university.models.tables import Table, cascading, new_id, one_of


class Enrolment(Table):
    """One anonymous learner in one course; the cookie's secret is known by its hash only."""

    __tablename__ = "enrolment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    secret_sha256: Mapped[str] = mapped_column(String(64))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    started_revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    # Lesson ids, quiz ids, exam id and pass mark that are asked of this learner, as they were at the start.
    requirements: Mapped[dict[str, Any]]
    # What staff added to every time limit of this learner, a word of `university.learning.sitting_time.EXTRAS`.
    extra_time: Mapped[str | None] = mapped_column(String(4))
    created_at: Mapped[datetime]
    last_active_at: Mapped[datetime]
    # Where reading stopped: the lesson and the id of a heading in it.
    place: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (UniqueConstraint("secret_sha256", "course_id"),)


class HandOver(Table):
    """A way to somebody's progress from another browser: a link and a code, or a printed recovery code.

    All are known by their hashes; the cookie's secret that they lead to is sealed with each of them as the key.
    """

    __tablename__ = "hand_over"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(10))
    secret_sha256: Mapped[str] = mapped_column(String(64), index=True)
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    # The first group of the code: finds it, so that wrong tries count against it.
    place: Mapped[str] = mapped_column(String(5), index=True)
    code_sha256: Mapped[str] = mapped_column(String(64))
    sealed_by_token: Mapped[str] = mapped_column(String(200))
    sealed_by_code: Mapped[str] = mapped_column(String(200))
    tries: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (one_of("purpose", ("device", "recovery")),)


class LessonDone(Table):
    """A lesson that was marked as read, or whose quiz was handed in."""

    __tablename__ = "lesson_done"

    enrolment_id: Mapped[UUID] = cascading("enrolment.id", primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    done_at: Mapped[datetime]


class Attempt(Table):
    """One go at a quiz or exam: the questions as they were asked, and the result once it is handed in."""

    __tablename__ = "attempt"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[UUID] = cascading("enrolment.id")
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    quiz_id: Mapped[str] = mapped_column(String(80))
    questions: Mapped[list[Any]]
    started_at: Mapped[datetime]
    # Server clock: the time limit plus its grace, or 24 hours.
    ends_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    # Exact share of the points as "numerator/denominator", per cent rounded down, and passed or not.
    score: Mapped[str | None] = mapped_column(String(80))
    percent: Mapped[int | None]
    passed: Mapped[bool | None]

    __table_args__ = (Index("ix_attempt_enrolment_id_quiz_id", "enrolment_id", "quiz_id"),)


class Answer(Table):
    """What was answered to one question of an attempt; a row of its own so that parallel saves never collide."""

    __tablename__ = "answer"

    attempt_id: Mapped[UUID] = cascading("attempt.id", primary_key=True)
    question_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    given: Mapped[dict[str, Any]]
    share: Mapped[str | None] = mapped_column(String(80))
    answered_at: Mapped[datetime]


class CourseCount(Table):
    """What staff see of the learners of a course, counted once a day: nothing here is told of fewer than five people,
    and what is not said is not kept either."""

    __tablename__ = "course_count"

    course_id: Mapped[UUID] = cascading("course.id", primary_key=True)
    counted_at: Mapped[datetime]
    started: Mapped[int | None]
    finished: Mapped[int | None]
    finished_share: Mapped[int | None]
    certificates: Mapped[int | None]
    # By lesson id, as `figures.counting` writes them.
    lessons: Mapped[dict[str, Any]]
    exam: Mapped[dict[str, Any] | None]
    questions: Mapped[list[Any]]
