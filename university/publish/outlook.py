"""What publishing the draft would do: everything the publish page says before anybody decides."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from university.course_folders import Change, compare, digest, read_course
from university.drafting.draft_saving import OpenDraft
from university.learning.small_numbers import shown
from university.models import PlannedRevision, Revision
from university.publish.meanings import Group, groups
from university.questions.correcting import Corrections
from university.revisions import planning, translating, under_way
from university.revisions.freezing import papers
from university.revisions.press import Press
from university.revisions.published import Published, revision as published_revision
from university.revisions.publishing import history, revision_folder
from university.revisions.translating import Translation


@dataclass(frozen=True)
class Effect:
    """On people: how many have begun, and how many attempts would pass that do not yet, as far as that is said.

    Whoever may try one key after the other in a draft could otherwise ask what a single learner answered.
    """

    under_way: int | None
    passing: int | None
    is_marked_again: bool
    has_harder_parts: bool


@dataclass(frozen=True)
class Outlook:
    """`present` is what learners see now. `is_same` says that the draft is just that."""

    draft: OpenDraft
    present: Revision | None
    is_same: bool
    key: list[Group]
    structure: list[Group]
    text: list[Group]
    effect: Effect
    planned: PlannedRevision | None
    planned_is_draft: bool
    revisions: list[Revision]
    translations: list[Translation]
    is_translation: bool
    is_behind: bool


# These ask more of whoever begins than of whoever has begun.
HARDER = frozenset(
    {"completion", "pass_mark_higher", "limits", "lesson_added", "lesson_required", "quiz_added", "exam_added"}
)


def outlook(session: Session, opened: OpenDraft) -> Outlook:
    course = opened.course
    present = session.get(Revision, course.revision_id) if course.revision_id else None
    changes = _changes(session, opened, present) if present else []
    planned = planning.planned_for(session, course)
    return Outlook(
        draft=opened,
        present=present,
        is_same=present is not None and present.sha256 == digest(opened.folder),
        key=groups(changes, "key"),
        structure=groups(changes, "structure"),
        text=groups(changes, "text"),
        effect=_effect(session, opened, present, changes),
        planned=planned,
        planned_is_draft=planned is not None and planning.is_the_draft(session, course),
        revisions=history(session, course),
        translations=translating.translations(session, course),
        is_translation=bool(opened.reading.course and opened.reading.course.translation_of),
        is_behind=translating.is_behind(session, course),
    )


def _changes(session: Session, opened: OpenDraft, present: Revision) -> list[Change]:
    folder = revision_folder(session, present)
    before, after = read_course(folder).course, opened.reading.course
    return compare(before, after, folder, opened.folder) if before and after else []


def _effect(session: Session, opened: OpenDraft, present: Revision | None, changes: list[Change]) -> Effect:
    begun = shown(under_way.count_under_way(session, opened.course)) if present else None
    harder = any(change.what in HARDER for change in changes)
    if present is None or opened.reading.has_errors:
        return Effect(begun, None, is_marked_again=False, has_harder_parts=harder)
    remark = _remark(opened, published_revision(session, present.id))
    passing = shown(under_way.would_pass(session, opened.course.id, remark)) if remark.is_needed else None
    return Effect(begun, passing, remark.is_needed, harder)


def _remark(opened: OpenDraft, before: Published) -> under_way.Remark:
    value = opened.value
    drawn = {paper.id: paper for paper in papers(Press(value, opened.folder.files))}
    questions = {id_: question for paper in drawn.values() for id_, question in paper.questions.items()}
    void = frozenset(question.id for question in value.questions if question.void)
    return under_way.remark_between(before, drawn, Corrections(questions, void))
