"""Another address for a course. Once learners have seen it, the old one leads to the new one for good."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.course_folders.forms.course_form import moved
from university.drafting import drafts
from university.drafting.desks import Desk
from university.drafting.draft_saving import Edit, OpenDraft
from university.drafting.draft_steps import Step
from university.errors import Forbidden, Refused
from university.language import gettext as _
from university.models import OWNER, PUBLISHER, Course, CourseAlias, PlannedRevision

COURSE_FILE = "course.yaml"


def may_move(opened: OpenDraft, staff: SignedIn) -> bool:
    """An address that learners know is changed by those who publish."""
    return opened.course.revision_id is None or staff.has(PUBLISHER, OWNER)


def problem_with(looking: Session, opened: OpenDraft, slug: str) -> str:
    """Why the course cannot move to this address; empty when it can."""
    if drafts.site_of(looking).names.get(slug, opened.slug) != opened.slug:
        return _("Another course has this address already. Choose another one.")
    if looking.get(PlannedRevision, opened.course.id):
        return _("A publish of this course is planned. Let it happen or drop the plan first.")
    if looking.scalar(select(Course.id).where(Course.translation_of == opened.slug).limit(1)):
        return _("Translations of this course name its address. It has to stay.")
    return ""


def move(desk: Desk, slug: str) -> None:
    """At once, in the draft and for learners. Raises Refused where `problem_with` has something to say."""
    if not may_move(desk.draft, desk.staff):
        raise Forbidden(_("The course is published: ask somebody who publishes to change its address."))
    known = _known_slugs(desk.looking, desk.draft.course)
    there = desk.save(partial(_at, slug=slug, known=known))
    problem = problem_with(desk.session, desk.draft, slug)  # nobody can come in between any more
    if problem:
        raise Refused(problem)
    _rename(desk.session, there.course, slug)


def _at(opened: OpenDraft, slug: str, known: set[str]) -> Edit:
    files = moved(opened.folder, slug, {*opened.value.aliases, *known}).files
    return Edit({COURSE_FILE: files[COURSE_FILE]}, Step("settings"), address=slug)


def _rename(session: Session, course: Course, slug: str) -> None:
    old = course.slug
    back = session.get(CourseAlias, slug)
    if back:
        session.delete(back)
    if course.revision_id and old != slug:
        session.add(CourseAlias(slug=old, course_id=course.id))
    session.execute(update(Course).where(Course.replaced_by == old).values(replaced_by=slug))
    course.slug = slug
    session.flush()


def _known_slugs(looking: Session, course: Course) -> set[str]:
    """Every address that learners knew, this one too once the course is open."""
    aliases = looking.scalars(select(CourseAlias.slug).where(CourseAlias.course_id == course.id))
    return {*aliases, *([course.slug] if course.revision_id else [])}
