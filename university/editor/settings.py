"""Everything course.yaml says, the credits, and what becomes of a course as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from university.chains import audit
from university.course_folders import Module, with_status
from university.course_folders.course.model import Status
from university.course_folders.files.links import is_picture_name
from university.course_folders.forms.course_form import COURSE, MODULE, copied, new_course, yaml_values, yaml_with
from university.course_folders.reading.fields import as_id
from university.drafting import drafts
from university.drafting.desks import Desk
from university.drafting.draft_saving import Edit, OpenDraft
from university.drafting.draft_steps import Step
from university.drafting.form_views import FormView, view_of, view_of_conflict as conflict
from university.editor.content import find_module
from university.editor.courses import CourseLine, course_lines
from university.editor.forms import CopyForm, NewCourseForm
from university.errors import Refused, Unprocessable
from university.language import gettext as _
from university.models import Course
from university.revisions import closing
from university.serving.forms import Form

COURSE_FILE, CREDITS_FILE = "course.yaml", "ATTRIBUTION.md"
CREDITS = "credits"
LICENCE_FILES = ("LICENSE", "LICENCE", "LICENSE.txt")
course_values = partial(yaml_values, layout=COURSE)
module_values = partial(yaml_values, layout=MODULE)


def module_file(module: Module) -> str:
    return f"{module.path}/module.yaml"


def with_settings(opened: OpenDraft, typed: Mapping[str, str], bases: Mapping[str, str]) -> Edit:
    content = _changed(opened, COURSE_FILE, partial(yaml_with, layout=COURSE, typed=typed))
    changes: dict[str, bytes | None] = {COURSE_FILE: content}
    credits = typed[CREDITS].replace("\r\n", "\n")
    if credits != opened.text(CREDITS_FILE).replace("\r\n", "\n"):
        changes[CREDITS_FILE] = credits.encode() if credits.strip() else None
    return Edit(changes, Step("settings"), bases)


def with_module_words(opened: OpenDraft, module_id: str, typed: Mapping[str, str], base: str) -> Edit:
    module = find_module(opened, module_id)
    path = module_file(module)
    content = _changed(opened, path, partial(yaml_with, layout=MODULE, typed=typed))
    return Edit({path: content}, Step("module", typed["title"] or module.title), {path: base})


def _changed(opened: OpenDraft, path: str, change: partial[bytes]) -> bytes:
    try:
        return change(opened.folder.files[path])
    except ValueError as fault:
        raise Refused(_("This file cannot be read. Go back to an earlier version in the history.")) from fault


def create(looking: Session, session: Session, asked: NewCourseForm, by: UUID) -> Course:
    """A course with one empty module; its editor goes on from there."""
    licence = {"id": asked.licence}
    if asked.attribution:
        licence["attribution"] = asked.attribution
    folder = new_course(asked.slug, asked.title, asked.summary, asked.language, licence, asked.module)
    return drafts.begin(session, folder, drafts.read_for(looking, folder), Step("new", by=by))


def copy(desk: Desk, asked: CopyForm) -> Course:
    """The same course under another address; as a translation it stays tied to this one."""
    draft, changes = desk.draft, {"title": asked.title, "language": asked.language}
    if asked.as_translation:
        changes["translation_of"] = draft.value.translation_of or draft.slug
    folder = copied(draft.folder, asked.slug, changes)
    reading = drafts.read_at(draft.site, folder)
    return drafts.begin(desk.session, folder, reading, Step("copy", draft.value.title, desk.staff.id))


def set_archived(desk: Desk, archived: bool, replaced_by: str) -> None:
    """At once: an archived course takes no new learners. Where another course takes its place, that one is named."""
    session, course = desk.session, desk.save(partial(_with_status, archived=archived)).course
    if course.revision_id is None:
        course.status = "archived" if archived else "draft"
    elif archived:
        closing.close(session, course, replaced_by or None)
    else:
        closing.reopen(course)
    action = "archive" if archived else "reopen"
    audit.record(
        session, actor="staff", staff_id=desk.staff.id, action=action, object_kind="course", object_ref=course.id
    )


def _with_status(opened: OpenDraft, archived: bool) -> Edit:
    status: Status = "archived" if archived else "published" if opened.course.revision_id else "draft"
    return Edit({COURSE_FILE: with_status(opened.folder, status).files[COURSE_FILE]}, Step("status"))


def with_slug(form: Form) -> Form:
    """An address that was left empty follows from the title."""
    wanted = form.one("slug").strip() or as_id(form.one("title")) or ""
    return Form([(name, value) for name, value in form.fields if name != "slug"] + [("slug", wanted)])


def further_errors(looking: Session, asked: NewCourseForm | CopyForm | None) -> dict[str, str]:
    """What only the database and the fields together can say."""
    errors = {}
    if asked and asked.slug in drafts.site_of(looking).names:
        errors["slug"] = _("Another course has this address already. Choose another one.")
    if isinstance(asked, NewCourseForm) and asked.licence.startswith("CC-BY") and not asked.attribution:
        errors["attribution"] = _("This licence asks for a line that names the authors.")
    return errors


# The settings page


def view(opened: OpenDraft) -> FormView:
    f = view_of(opened, COURSE_FILE, course_values)
    return replace(f, values={**f.values, CREDITS: opened.text(CREDITS_FILE)})


def view_of_conflict(
    looking: Session, opened: OpenDraft, typed: Mapping[str, str], bases: Mapping[str, str]
) -> FormView:
    """Two files are edited on one page; the credits are the author's own, the rest is brought together."""
    f = conflict(looking, opened, COURSE_FILE, course_values, typed, bases[COURSE_FILE])
    return replace(f, values={**f.values, CREDITS: typed[CREDITS]})


def bases_in(form: Form) -> dict[str, str]:
    return {COURSE_FILE: form.one("base"), CREDITS_FILE: form.one("credits_base")}


def version_in(form: Form) -> int:
    asked = form.one("version")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        raise Unprocessable(_("We could not read this form."))
    return int(asked)


def page_of(looking: Session, opened: OpenDraft) -> dict[str, Any]:
    """Everything the settings page offers to choose from."""
    lines = course_lines(looking)
    original = opened.value.translation_of or opened.slug
    pictures = [path for path in opened.folder.under("images") if is_picture_name(path)]
    return {
        "pictures": pictures,
        "cover_options": _options(pictures, opened.value.cover.file if opened.value.cover else None),
        "template_options": _options(sorted(drafts.TEMPLATES), opened.value.certificate.template),
        "licence_files": _options([p for p in LICENCE_FILES if p in opened.folder.files], opened.value.licence.file),
        "translations_of": _named([line for line in lines if line.slug != opened.slug], opened.value.translation_of),
        "versions": [
            line for line in lines if line.slug != opened.slug and original in (line.slug, line.translation_of)
        ],
        "successors": [(one.slug, one.title) for one in lines if one.slug != opened.slug and one.status == "published"],
        "credits_base": opened.base(CREDITS_FILE),
        "copy_values": {"title": opened.value.title, "language": opened.value.language, "slug": "", "translation": ""},
        "copy_errors": {},
        **{"new_address": opened.slug, "address_problem": ""},
    }


def _options(choices: list[str], now: str | None) -> list[tuple[str, str]]:
    """What the file says stays a choice, even where it should not."""
    return [(one, one) for one in ([*choices, now] if now and now not in choices else choices)]


def _named(lines: list[CourseLine], now: str | None) -> list[tuple[str, str]]:
    known = {line.slug: f"{line.title} ({line.slug})" for line in lines}
    return list(({now: now} | known if now else known).items())
