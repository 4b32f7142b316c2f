"""The course editor: all courses, what one consists of and in which order, its settings and its history."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.course_folders.forms.course_form import COURSE, MODULE
from university.drafting.draft_saving import Conflict, OpenDraft, go_back, open_draft
from university.drafting.finding_words import listed
from university.drafting.form_views import FormView, typed_in, view_of, view_of_conflict
from university.editor import addressing, content, settings
from university.editor.courses import SHELVES, counted, course_lines, on_shelf
from university.editor.forms import LICENCES, AddressForm, CopyForm, LessonTitleForm, NewCourseForm, TitleForm
from university.editor.history import past
from university.language import LANGUAGES, current_language, gettext as _
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, redirect, render, show

COURSE_PATH = "/courses/{slug:str}"
MODULE_PATH = COURSE_PATH + "/modules/{module:str}"
# Descriptions are long; the text of a field may have 200,000 characters.
LONG_FORM = 1024 * 1024
ORDER = ("do", "lesson", "module", "into", "to")


@show("/")
def show_courses(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    lines = course_lines(session)
    shelf = request.query_params.get("show", "all")
    shelf = shelf if shelf in SHELVES else "all"
    page: dict[str, Any] = {"lines": on_shelf(lines, shelf), "shelf": shelf, "counts": counted(lines)}
    return render(request, "editor/courses.html", **page)


@show("/new")
def show_new_course(request: Visitor) -> Response[bytes]:
    values = {"language": current_language(), "licence": LICENCES[0], "module": _("Introduction")}
    return render(request, "editor/new.html", values=values, errors={}, licences=LICENCES, languages_known=LANGUAGES)


@act("/new")
def make_course(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    sent = settings.with_slug(form)
    asked, errors = read_fields(NewCourseForm, sent)
    errors |= settings.further_errors(session, asked)
    if asked is None or errors:
        page: dict[str, Any] = {"values": sent.values(NewCourseForm), "errors": errors}
        return render(request, "editor/new.html", status=422, licences=LICENCES, languages_known=LANGUAGES, **page)
    course = settings.create(session, asked, staff.id)
    return redirect(f"/editor/courses/{course.slug}")


@show(COURSE_PATH)
def show_content(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    return _content_page(request, open_draft(session, slug))


@act(COURSE_PATH + "/order")
def change_order(
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    """One place up or down, or to a place, for a lesson or a module."""
    opened = open_draft(session, slug, lock=True)
    order = {name: form.one(name) for name in ORDER}
    content.move(session, opened, order, staff.id)
    place = f"lesson-{order['lesson']}" if order["lesson"] else f"module-{order['module']}"
    return redirect(f"{opened.address}#{place}")


@act(COURSE_PATH + "/modules")
def make_module(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    asked, errors = read_fields(TitleForm, form)
    if asked is None:
        return _content_page(request, opened, status=422, typed=form.one("title"), problem=errors["title"])
    content.new_module(session, opened, asked.title, staff.id)
    return redirect(opened.address)


@act(MODULE_PATH + "/lessons")
def make_lesson(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
    module: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    found = content.find_module(opened, module)
    asked, errors = read_fields(LessonTitleForm, form)
    if asked is None:
        told = {"typed": form.one("title"), "problem": errors["title"], "of_module": found.id}
        return _content_page(request, opened, status=422, **told)
    lesson = content.new_lesson(session, opened, found, asked.title, staff.id)
    return redirect(f"{opened.address}/lessons/{lesson}")


@act(COURSE_PATH + "/remove")
def take_out(
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    content.take_out(session, opened, form.one("lesson"), form.one("module"), staff.id)
    return redirect(f"{opened.address}/history")


@show(MODULE_PATH)
def show_module(
    request: Visitor, session: NamedDependency[Session], slug: FromPath[str], module: FromPath[str]
) -> Response[bytes]:
    opened = open_draft(session, slug)
    found = content.find_module(opened, module)
    f = view_of(opened, settings.module_file(found), settings.module_values)
    return render(request, "editor/module.html", draft=opened, module=found, f=f)


@act(MODULE_PATH, max_bytes=LONG_FORM)
def save_module(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
    module: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    found = content.find_module(opened, module)
    typed, base = typed_in(form, MODULE), form.one("base")
    try:
        settings.save_module(session, opened, found, typed, base, staff.id)
    except Conflict:
        f = view_of_conflict(session, opened, settings.module_file(found), settings.module_values, typed, base)
        return render(request, "editor/module.html", status=409, draft=opened, module=found, f=f)
    return redirect(opened.address)


@show(COURSE_PATH + "/settings")
def show_settings(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    opened = open_draft(session, slug)
    return _settings_page(request, session, opened, settings.view(opened))


@act(COURSE_PATH + "/settings", max_bytes=LONG_FORM)
def save_settings(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    typed, bases = typed_in(form, COURSE, settings.CREDITS), settings.bases_in(form)
    try:
        settings.save_settings(session, opened, typed, bases, staff.id)
    except Conflict:
        f = settings.view_of_conflict(session, opened, typed, bases)
        return _settings_page(request, session, opened, f, status=409)
    return redirect(f"{opened.address}/settings#saved")


@act(COURSE_PATH + "/copy")
def copy_course(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug)
    asked, errors = read_fields(CopyForm, form)
    errors |= settings.further_errors(session, asked)
    if asked is None or errors:
        told = {"copy_values": form.values(CopyForm), "copy_errors": errors}
        return _settings_page(request, session, opened, settings.view(opened), status=422, **told)
    return redirect(f"/editor/courses/{settings.copy(session, opened, asked, staff.id).slug}/settings")


@act(COURSE_PATH + "/status")
def change_status(
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    settings.set_archived(session, opened, form.one("do") == "archive", form.one("replaced_by"), staff.id)
    return redirect(f"{opened.address}/settings")


@act(COURSE_PATH + "/address")
def change_address(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    asked, errors = read_fields(AddressForm, form)
    problem = errors.get("slug", "") if asked is None else addressing.problem_with(session, opened, asked.slug)
    if asked is None or problem:
        told: dict[str, Any] = {"new_address": form.one("slug"), "address_problem": problem}
        return _settings_page(request, session, opened, settings.view(opened), status=422, **told)
    addressing.move(session, opened, asked.slug, staff)
    return redirect(f"/editor/courses/{asked.slug}/settings")


@show(COURSE_PATH + "/history")
def show_history(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    opened = open_draft(session, slug)
    return render(request, "editor/history.html", draft=opened, steps=past(session, opened.course.id))


@act(COURSE_PATH + "/history")
def return_to_version(
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    go_back(session, opened, settings.version_in(form), staff.id)
    return redirect(f"{opened.address}/history")


def _content_page(request: Visitor, opened: OpenDraft, status: int = 200, **told: Any) -> Response[bytes]:
    told = {"typed": "", "problem": "", "of_module": "", **told}
    page: dict[str, Any] = {"modules": content.outline(opened), "said": listed(opened, opened.findings)}
    return render(request, "editor/content.html", status=status, draft=opened, **page, **told)


def _settings_page(
    request: Visitor, session: Session, opened: OpenDraft, f: FormView, status: int = 200, **told: Any
) -> Response[bytes]:
    page = settings.page_of(session, opened) | told
    return render(request, "editor/settings.html", status=status, draft=opened, f=f, licences=LICENCES, **page)


routes = Router(
    "/editor",
    route_handlers=[
        *(show_courses, show_new_course, make_course, show_content, change_order, make_module, make_lesson, take_out),
        *(show_module, save_module, show_settings, save_settings, copy_course, change_status, change_address),
        *(show_history, return_to_version),
    ],
)
