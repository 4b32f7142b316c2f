"""What a publish means for learners who have begun: nothing gets harder, and marks only rise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, or_, select, update
from sqlalchemy.orm import Session

from university.course_folders import Question, same_key
from university.learning.enrolments import pass_mark_of, progress_of
from university.learning.progress import requirements_of
from university.models import Answer, Attempt, Course, Enrolment
from university.questions.correcting import Corrections
from university.questions.marking import answers_of, mark
from university.questions.paper import Paper
from university.revisions.published import Published
from university.revisions.requirements import Asked, eased

# More ids than this in one look-up, and every attempt is looked at instead.
MOST_LOOKED_UP = 50


@dataclass(frozen=True)
class Remark:
    """What a revision changes about marks: corrected and void questions, and quizzes whose pass mark went down."""

    corrections: Corrections
    questions: frozenset[str] = frozenset()
    quizzes: frozenset[str] = frozenset()
    pass_marks: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_needed(self) -> bool:
        return bool(self.questions or self.quizzes)


def carry_over(session: Session, course: Course, before: Published, after: Published) -> int:
    """Eases what is asked of everybody under way, and marks again what was marked by a key that changed.

    Returns how many attempts pass now that had not. Learners hand in under the lock of their enrolment, so it is
    taken here too: an attempt is marked either before this sees it, or by the new keys.
    """
    remark = remark_after(before, after)
    if remark.is_needed:
        everybody = select(Enrolment.id).where(Enrolment.course_id == course.id).order_by(Enrolment.id)
        session.execute(everybody.with_for_update()).all()
    ease(session, course.id, after.page["requirements"], after.present_id)
    passing = marked_again(session, course.id, remark) if remark.is_needed else 0
    session.flush()
    return passing


def ask_everybody(session: Session, course: Course, after: Published) -> int:
    """What newcomers do is asked of everybody from now on, except of those who have done all they had to.

    Returns of how many. The one way to make it harder, and staff give a reason for it.
    """
    asked = requirements_of(after)
    changed = 0
    for enrolment in session.scalars(select(Enrolment).where(Enrolment.course_id == course.id)):
        if enrolment.requirements != asked and not progress_of(session, enrolment, after).is_complete:
            enrolment.requirements = asked
            changed += 1
    session.flush()
    return changed


def ease(session: Session, course_id: UUID, now: Asked, present_id: Callable[[str], str | None]) -> None:
    """Few different demands are made of many learners: each is eased once."""
    mine = Enrolment.course_id == course_id
    for asked in session.scalars(select(Enrolment.requirements).where(mine).distinct()).all():
        kinder: dict[str, Any] = eased(asked, now, present_id)
        if kinder != asked:
            same = update(Enrolment).where(mine, Enrolment.requirements == asked)
            session.execute(same.values(requirements=kinder).execution_options(synchronize_session=False))
    for one in session:
        if isinstance(one, Enrolment):
            session.expire(one, ["requirements"])


def remark_after(before: Published, after: Published) -> Remark:
    return remark_between(before, after.papers, after.corrections)


def remark_between(before: Published, papers: Mapping[str, Paper], corrections: Corrections) -> Remark:
    """`papers` and `corrections` are those of what is to be published."""
    lowered = {
        id_
        for id_, paper in before.papers.items()
        if id_ in papers and papers[id_].rules.pass_mark < paper.rules.pass_mark
    }
    changed = changed_keys(before.corrections.questions, corrections)
    return Remark(corrections, changed, frozenset(lowered), {id_: papers[id_].rules.pass_mark for id_ in lowered})


def changed_keys(before: Mapping[str, Question], now: Corrections) -> frozenset[str]:
    """Questions that became void or have another key."""
    return frozenset(
        id_
        for id_, question in before.items()
        if id_ in now.void or (id_ in now.questions and not same_key(question, now.questions[id_]))
    )


def marked_again(session: Session, course_id: UUID, remark: Remark) -> int:
    """Marks every ended attempt that this touches; returns how many pass now."""
    rows = session.execute(_touched(course_id, remark)).all()
    return sum(
        _mark_again(session, enrolment, attempt, answers_of(session, attempt), remark) for attempt, enrolment in rows
    )


def would_pass(session: Session, course_id: UUID, remark: Remark) -> int:
    """How many attempts would pass that do not: marked on copies that nobody keeps."""
    passing = 0
    for attempt, enrolment in session.execute(_touched(course_id, remark)).all():
        answers = answers_of(session, attempt)
        for one in (attempt, *answers.values()):
            session.expunge(one)
        passing += _mark_again(session, enrolment, attempt, answers, remark)
    return passing


def _mark_again(
    session: Session, enrolment: Enrolment, attempt: Attempt, answers: Mapping[str, Answer], remark: Remark
) -> bool:
    """Whether it passes now and had not."""
    had_passed = bool(attempt.passed)
    needed = min(pass_mark_of(session, enrolment, attempt), remark.pass_marks.get(attempt.quiz_id, 100))
    mark(attempt, answers, needed, attempt.handed_in_at or attempt.ends_at, remark.corrections)
    return bool(attempt.passed) and not had_passed


def count_under_way(session: Session, course: Course) -> int:
    """Everybody who has begun, those who have finished too."""
    return session.scalar(select(func.count()).where(Enrolment.course_id == course.id)) or 0


def _touched(course_id: UUID, remark: Remark) -> Any:
    return (
        select(Attempt, Enrolment)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(
            Enrolment.course_id == course_id,
            Attempt.handed_in_at.is_not(None),
            or_(Attempt.percent < 100, Attempt.passed.is_(False)),
            or_(Attempt.quiz_id.in_(remark.quizzes), *_asks(remark.questions)),
        )
    )


def _asks(questions: Iterable[str]) -> list[ColumnElement[bool]]:
    """Ids are small letters, digits and hyphens: nothing in them means anything to LIKE."""
    ids = sorted(questions)
    if len(ids) > MOST_LOOKED_UP:
        return [Attempt.questions.is_not(None)]
    as_text = cast(Attempt.questions, Text)
    return [as_text.like(f'%"id": "{id_}"%') for id_ in ids]
