"""Write a lesson: its form, its preview as it is typed, and how learners will see the draft."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.course_folders.forms.lesson_form import LESSON
from university.course_folders.reading.field_places import BODY
from university.drafting.desks import AT_A_DESK, Desk
from university.drafting.draft_saving import Conflict, OpenDraft
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
def show_lesson(request: Visitor, draft: NamedDependency[OpenDraft], lesson: FromPath[str]) -> Response[bytes]:
    place = writing.find(draft, lesson)
    return _lesson_page(request, draft, place, writing.form_of(draft, place.lesson))


@act(LESSON_PATH, max_bytes=FORM_BYTES)
def save_lesson(
    request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form], lesson: FromPath[str]
) -> Response[bytes]:
    """By button, by key, or by itself while somebody writes: then it is marked as such and joins the last one."""
    picture, problem = _picture(form)
    typed, base, is_auto = typed_in(form, LESSON, BODY), form.one("base"), bool(form.one("auto"))
    if problem:
        place = writing.find(desk.draft, lesson)
        errors = {ALT if isinstance(problem, NoDescription) else FILE: problem.sentence}
        f = writing.form_as_typed(desk.draft, place.lesson, typed, base, errors)
        return _lesson_page(request, desk.draft, place, f, status=problem.status)
    try:
        desk.save(
            partial(writing.with_lesson, lesson_id=lesson, typed=typed, base=base, is_auto=is_auto, picture=picture)
        )
    except Conflict as conflict:
        place = writing.find(conflict.draft, lesson)
        f = writing.form_of_conflict(desk.looking, conflict.draft, place.lesson, typed, base)
        return _lesson_page(request, conflict.draft, place, f, status=409)
    return redirect(f"{desk.draft.address}/lessons/{lesson}")


@act(LESSON_PATH + "/preview", max_bytes=FORM_BYTES, keeps_nothing=True)
def look_ahead(
    request: Visitor,
    session: NamedDependency[Session],
    draft: NamedDependency[OpenDraft],
    form: NamedDependency[Form],
    lesson: FromPath[str],
) -> Response[bytes]:
    """The real lesson page with what is in the form, saved or not."""
    page = writing.look_ahead(session, draft, lesson, typed_in(form, LESSON, BODY))
    return render(request, "lesson_editor/preview.html", draft=draft, **page)


@show(COURSE_PATH + "/preview/{lesson:str}")
def show_preview(
    request: Visitor, session: NamedDependency[Session], draft: NamedDependency[OpenDraft], lesson: FromPath[str]
) -> Response[bytes]:
    page = writing.shown_as_lesson(session, draft, lesson)
    return render(request, "lesson_editor/preview.html", draft=draft, **page)


@show(COURSE_PATH + "/preview")
def show_course_preview(request: Visitor, draft: NamedDependency[OpenDraft]) -> Response[bytes]:
    """The page of the course, from which every lesson is one click away."""
    page = writing.shown_as_course(draft)
    return render(request, "lesson_editor/course_preview.html", draft=draft, **page)


def _picture(form: Form) -> tuple[Pictured | None, Problem | None]:
    """The picture, or why it is not taken. Drawing it anew takes seconds, in which no transaction may be open."""
    try:
        return picture_in(form), None
    except (NoDescription, BadUpload, TooLarge) as problem:
        return None, problem


def _lesson_page(
    request: Visitor, draft: OpenDraft, place: writing.Place, f: FormView, status: int = 200
) -> Response[bytes]:
    page: dict[str, Any] = {"draft": draft, "place": place, "f": f, **writing.choices(draft, place.lesson)}
    return render(request, "lesson_editor/lesson.html", status=status, **page)


routes = Router(
    "/editor",
    route_handlers=[show_lesson, save_lesson, look_ahead, show_preview, show_course_preview],
    dependencies=AT_A_DESK,
)
