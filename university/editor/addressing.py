"""Another address for a course. Once learners have seen it, the old one leads to the new one for good."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.course_folders.forms.course_form import moved
from university.drafting import drafts
from university.drafting.draft_saving import OpenDraft, save
from university.drafting.draft_steps import Step
from university.errors import Forbidden, Refused
from university.language import gettext as _
from university.models import OWNER, PUBLISHER, Course, CourseAlias, PlannedRevision

COURSE_FILE = "course.yaml"


def may_move(opened: OpenDraft, staff: SignedIn) -> bool:
    """An address that learners know is changed by those who publish."""
    return opened.course.revision_id is None or staff.has(PUBLISHER, OWNER)


def problem_with(session: Session, opened: OpenDraft, slug: str) -> str:
    """Why the course cannot move to this address; empty when it can."""
    if drafts.site_of(session).names.get(slug, opened.slug) != opened.slug:
        return _("Another course has this address already. Choose another one.")
    if session.get(PlannedRevision, opened.course.id):
        return _("A publish of this course is planned. Let it happen or drop the plan first.")
    if session.scalar(select(Course.id).where(Course.translation_of == opened.slug).limit(1)):
        return _("Translations of this course name its address. It has to stay.")
    return ""


def move(session: Session, opened: OpenDraft, slug: str, staff: SignedIn) -> None:
    """At once, in the draft and for learners. Raises Refused where `problem_with` has something to say."""
    if not may_move(opened, staff):
        raise Forbidden(_("The course is published: ask somebody who publishes to change its address."))
    problem = problem_with(session, opened, slug)
    if problem:
        raise Refused(problem)
    _rename(session, opened, slug)
    folder = moved(opened.folder, slug, _old_slugs(session, opened))
    there = replace(opened, folder=replace(opened.folder, name=slug))
    save(session, there, {COURSE_FILE: folder.files[COURSE_FILE]}, Step("settings", by=staff.id))


def _rename(session: Session, opened: OpenDraft, slug: str) -> None:
    course, old = opened.course, opened.slug
    back = session.get(CourseAlias, slug)
    if back:
        session.delete(back)
    if course.revision_id and old != slug:
        session.add(CourseAlias(slug=old, course_id=course.id))
    session.execute(update(Course).where(Course.replaced_by == old).values(replaced_by=slug))
    course.slug = slug
    session.flush()


def _old_slugs(session: Session, opened: OpenDraft) -> set[str]:
    """Those of the draft's own list and, once learners have seen the course, every address they knew."""
    known = select(CourseAlias.slug).where(CourseAlias.course_id == opened.course.id)
    return {*opened.value.aliases, *session.scalars(known)}
