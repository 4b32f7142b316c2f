"""Write a lesson: its form, its preview as it is typed, and how learners will see the draft."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.course_folders.forms.lesson_form import LESSON
from university.course_folders.reading.field_places import BODY
from university.drafting.draft_saving import Conflict, OpenDraft, open_draft
from university.drafting.form_views import FormView, typed_in
from university.drafting.pictured import ALT, FILE, NoDescription, Pictured, picture_in
from university.drafting.uploads import MOST_BYTES, BadUpload
from university.errors import Problem, TooLarge
from university.lesson_editor import writing
from university.serving.forms import Form
from university.serving.pages import Visitor, act, redirect, render, show

COURSE_PATH = "/courses/{slug:str}"
LESSON_PATH = COURSE_PATH + "/lessons/{lesson:str}"
# A picture, the longest text, and what a form adds around them.
FORM_BYTES = MOST_BYTES + 3 * 1024 * 1024


@show(LESSON_PATH)
def show_lesson(
    request: Visitor, session: NamedDependency[Session], slug: FromPath[str], lesson: FromPath[str]
) -> Response[bytes]:
    opened = open_draft(session, slug)
    place = writing.find(opened, lesson)
    return _lesson_page(request, opened, place, writing.form_of(opened, place.lesson))


@act(LESSON_PATH, max_bytes=FORM_BYTES)
def save_lesson(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
    lesson: FromPath[str],
) -> Response[bytes]:
    """By button, by key, or by itself while somebody writes: then it is marked as such and joins the last one."""
    picture, problem = _picture(form)
    opened = open_draft(session, slug, lock=True)
    place = writing.find(opened, lesson)
    typed, base, is_auto = typed_in(form, LESSON, BODY), form.one("base"), bool(form.one("auto"))
    if problem:
        errors = {ALT if isinstance(problem, NoDescription) else FILE: problem.sentence}
        f = writing.form_as_typed(opened, place.lesson, typed, base, errors)
        return _lesson_page(request, opened, place, f, status=problem.status)
    try:
        writing.save_lesson(session, opened, place.lesson, typed, base, staff.id, is_auto=is_auto, picture=picture)
    except Conflict:
        f = writing.form_of_conflict(session, opened, place.lesson, typed, base)
        return _lesson_page(request, opened, place, f, status=409)
    return redirect(f"{opened.address}/lessons/{place.lesson.id}")


@act(LESSON_PATH + "/preview", max_bytes=FORM_BYTES, keeps_nothing=True)
def look_ahead(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    slug: FromPath[str],
    lesson: FromPath[str],
) -> Response[bytes]:
    """The real lesson page with what is in the form, saved or not."""
    opened = open_draft(session, slug)
    place = writing.find(opened, lesson)
    page = writing.look_ahead(session, opened, place.lesson, typed_in(form, LESSON, BODY))
    return render(request, "lesson_editor/preview.html", draft=opened, **page)


@show(COURSE_PATH + "/preview/{lesson:str}")
def show_preview(
    request: Visitor, session: NamedDependency[Session], slug: FromPath[str], lesson: FromPath[str]
) -> Response[bytes]:
    opened = open_draft(session, slug)
    page = writing.shown_as_lesson(session, opened, lesson)
    return render(request, "lesson_editor/preview.html", draft=opened, **page)


@show(COURSE_PATH + "/preview")
def show_course_preview(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    """The page of the course, from which every lesson is one click away."""
    opened = open_draft(session, slug)
    page = writing.shown_as_course(opened)
    return render(request, "lesson_editor/course_preview.html", draft=opened, **page)


def _picture(form: Form) -> tuple[Pictured | None, Problem | None]:
    """The picture, or why it is not taken. Drawing it anew takes seconds, in which no transaction may be open."""
    try:
        return picture_in(form), None
    except (NoDescription, BadUpload, TooLarge) as problem:
        return None, problem


def _lesson_page(
    request: Visitor, opened: OpenDraft, place: writing.Place, f: FormView, status: int = 200
) -> Response[bytes]:
    page: dict[str, Any] = {"draft": opened, "place": place, "f": f, **writing.choices(opened, place.lesson)}
    return render(request, "lesson_editor/lesson.html", status=status, **page)


routes = Router("/editor", route_handlers=[show_lesson, save_lesson, look_ahead, show_preview, show_course_preview])
