"""Figures without persons: per course, per lesson, per objective and per question, each also as CSV."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.drafting.draft_saving import open_draft
from university.errors import NotFound
from university.figures import tables
from university.figures.course import Figures, all_courses, figures_of
from university.language import gettext as _
from university.serving.pages import Visitor, as_file, render, show


@show("/figures")
def show_all(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    return render(request, "figures/figures.html", courses=all_courses(session))


@show("/figures/courses.csv")
def all_as_csv(session: NamedDependency[Session]) -> Response[bytes]:
    return _csv(tables.courses(all_courses(session)), "courses")


@show("/editor/courses/{slug:str}/figures")
def show_course(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    opened = open_draft(session, slug)
    return render(request, "figures/course.html", draft=opened, figures=figures_of(session, opened.course))


@show("/editor/courses/{slug:str}/figures/{name:str}")
def course_as_csv(session: NamedDependency[Session], slug: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    opened = open_draft(session, slug)
    figures = figures_of(session, opened.course)
    made = CSV.get(name)
    if figures is None or made is None:
        raise NotFound(_("There is no page at this address."))
    return _csv(made(figures), f"{slug}-{name.removesuffix('.csv')}")


def _csv(text: str, name: str) -> Response[bytes]:
    return as_file(text.encode(), "text/csv; charset=utf-8", f"{name}.csv")


def _lessons(figures: Figures) -> str:
    return tables.lessons(figures.lessons)


def _objectives(figures: Figures) -> str:
    return tables.objectives(figures.exam)


def _questions(figures: Figures) -> str:
    return tables.questions(figures.questions)


CSV: dict[str, Any] = {"lessons.csv": _lessons, "objectives.csv": _objectives, "questions.csv": _questions}

routes = Router("/", route_handlers=[show_all, all_as_csv, show_course, course_as_csv])
