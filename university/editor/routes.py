"""The course editor: all courses, what one consists of and in which order, its settings and its history."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.course_folders.forms.course_form import COURSE, MODULE
from university.drafting.desks import AT_A_DESK, Desk
from university.drafting.draft_saving import Conflict, OpenDraft, going_back
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
    request: Visitor,
    session: NamedDependency[Session],
    looking: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
) -> Response[bytes]:
    sent = settings.with_slug(form)
    asked, errors = read_fields(NewCourseForm, sent)
    errors |= settings.further_errors(looking, asked)
    if asked is None or errors:
        page: dict[str, Any] = {"values": sent.values(NewCourseForm), "errors": errors}
        return render(request, "editor/new.html", status=422, licences=LICENCES, languages_known=LANGUAGES, **page)
    course = settings.create(looking, session, asked, staff.id)
    return redirect(f"/editor/courses/{course.slug}")


@show(COURSE_PATH)
def show_content(request: Visitor, draft: NamedDependency[OpenDraft]) -> Response[bytes]:
    return _content_page(request, draft)


@act(COURSE_PATH + "/order")
def change_order(desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    """One place up or down, or to a place, for a lesson or a module."""
    order = {name: form.one(name) for name in ORDER}
    desk.save(partial(content.moved, order=order))
    return redirect(f"{desk.draft.address}#{content.anchor(order)}")


@act(COURSE_PATH + "/modules")
def make_module(request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    asked, errors = read_fields(TitleForm, form)
    if asked is None:
        return _content_page(request, desk.draft, status=422, typed=form.one("title"), problem=errors["title"])
    desk.save(partial(content.with_module, title=asked.title))
    return redirect(desk.draft.address)


@act(MODULE_PATH + "/lessons")
def make_lesson(
    request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form], module: FromPath[str]
) -> Response[bytes]:
    found = content.find_module(desk.draft, module)
    asked, errors = read_fields(LessonTitleForm, form)
    if asked is None:
        told = {"typed": form.one("title"), "problem": errors["title"], "of_module": found.id}
        return _content_page(request, desk.draft, status=422, **told)
    saved = desk.save(partial(content.with_lesson, module_id=found.id, title=asked.title))
    return redirect(f"{saved.address}/lessons/{content.last_lesson(saved, found.id)}")


@act(COURSE_PATH + "/remove")
def take_out(desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    desk.save(partial(content.without, lesson_id=form.one("lesson"), module_id=form.one("module")))
    return redirect(f"{desk.draft.address}/history")


@show(MODULE_PATH)
def show_module(request: Visitor, draft: NamedDependency[OpenDraft], module: FromPath[str]) -> Response[bytes]:
    found = content.find_module(draft, module)
    f = view_of(draft, settings.module_file(found), settings.module_values)
    return render(request, "editor/module.html", draft=draft, module=found, f=f)


@act(MODULE_PATH, max_bytes=LONG_FORM)
def save_module(
    request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form], module: FromPath[str]
) -> Response[bytes]:
    typed, base = typed_in(form, MODULE), form.one("base")
    try:
        desk.save(partial(settings.with_module_words, module_id=module, typed=typed, base=base))
    except Conflict as conflict:
        found = content.find_module(conflict.draft, module)
        path, values = settings.module_file(found), settings.module_values
        f = view_of_conflict(desk.looking, conflict.draft, path, values, typed, base)
        return render(request, "editor/module.html", status=409, draft=conflict.draft, module=found, f=f)
    return redirect(desk.draft.address)


@show(COURSE_PATH + "/settings")
def show_settings(
    request: Visitor, session: NamedDependency[Session], draft: NamedDependency[OpenDraft]
) -> Response[bytes]:
    return _settings_page(request, session, draft, settings.view(draft))


@act(COURSE_PATH + "/settings", max_bytes=LONG_FORM)
def save_settings(request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    typed, bases = typed_in(form, COURSE, settings.CREDITS), settings.bases_in(form)
    try:
        desk.save(partial(settings.with_settings, typed=typed, bases=bases))
    except Conflict as conflict:
        f = settings.view_of_conflict(desk.looking, conflict.draft, typed, bases)
        return _settings_page(request, desk.looking, conflict.draft, f, status=409)
    return redirect(f"{desk.draft.address}/settings#saved")


@act(COURSE_PATH + "/copy")
def copy_course(request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    asked, errors = read_fields(CopyForm, form)
    errors |= settings.further_errors(desk.looking, asked)
    if asked is None or errors:
        told = {"copy_values": form.values(CopyForm), "copy_errors": errors}
        return _settings_page(request, desk.looking, desk.draft, settings.view(desk.draft), status=422, **told)
    return redirect(f"/editor/courses/{settings.copy(desk, asked).slug}/settings")


@act(COURSE_PATH + "/status")
def change_status(desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    settings.set_archived(desk, form.one("do") == "archive", form.one("replaced_by"))
    return redirect(f"{desk.draft.address}/settings")


@act(COURSE_PATH + "/address")
def change_address(request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    asked, errors = read_fields(AddressForm, form)
    draft = desk.draft
    problem = errors.get("slug", "") if asked is None else addressing.problem_with(desk.looking, draft, asked.slug)
    if asked is None or problem:
        told: dict[str, Any] = {"new_address": form.one("slug"), "address_problem": problem}
        return _settings_page(request, desk.looking, draft, settings.view(draft), status=422, **told)
    addressing.move(desk, asked.slug)
    return redirect(f"/editor/courses/{asked.slug}/settings")


@show(COURSE_PATH + "/history")
def show_history(
    request: Visitor, session: NamedDependency[Session], draft: NamedDependency[OpenDraft]
) -> Response[bytes]:
    return render(request, "editor/history.html", draft=draft, steps=past(session, draft.course.id))


@act(COURSE_PATH + "/history")
def return_to_version(desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    desk.save(partial(going_back, desk.looking, desk.draft, version=settings.version_in(form)))
    return redirect(f"{desk.draft.address}/history")


def _content_page(request: Visitor, draft: OpenDraft, status: int = 200, **told: Any) -> Response[bytes]:
    told = {"typed": "", "problem": "", "of_module": "", **told}
    page: dict[str, Any] = {"modules": content.outline(draft), "said": listed(draft, draft.findings)}
    return render(request, "editor/content.html", status=status, draft=draft, **page, **told)


def _settings_page(
    request: Visitor, looking: Session, draft: OpenDraft, f: FormView, status: int = 200, **told: Any
) -> Response[bytes]:
    page = settings.page_of(looking, draft) | told
    return render(request, "editor/settings.html", status=status, draft=draft, f=f, licences=LICENCES, **page)


routes = Router(
    "/editor",
    route_handlers=[
        *(show_courses, show_new_course, make_course, show_content, change_order, make_module, make_lesson, take_out),
        *(show_module, save_module, show_settings, save_settings, copy_course, change_status, change_address),
        *(show_history, return_to_version),
    ],
    dependencies=AT_A_DESK,
)
