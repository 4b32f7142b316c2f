"""Give one learner more time, for those who answer people's mail."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.errors import NotFound
from university.extra_time.forms import NONE, ExtraTimeForm, extras
from university.extra_time.giving import give, timed_courses
from university.language import gettext as _
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, render, show


@show("/")
def show_form(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    return _page(request, session, dict.fromkeys(ExtraTimeForm.model_fields, ""))


@act("/")
def give_time(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    """Sent twice, it gives the same: the answer is the page itself."""
    values = form.values(ExtraTimeForm)
    asked, errors = read_fields(ExtraTimeForm, form)
    if values["course"] not in dict(timed_courses(session)):
        errors["course"] = _("Choose a course with an exam against the clock.")
    if asked is None or errors:
        return _page(request, session, values, errors=errors)
    try:
        given = give(session, asked.course, asked.code, None if asked.extra == NONE else asked.extra, staff)
    except NotFound as unknown:
        return _page(request, session, values, errors={"code": str(unknown)})
    return _page(request, session, {**values, "code": "", "extra": ""}, given=given)


def _page(request: Visitor, session: Session, values: dict[str, str], **more: Any) -> Response[bytes]:
    page = {"errors": {}, "given": None, **more}
    status = 422 if page["errors"] else 200
    courses = timed_courses(session)
    return render(
        request, "extra_time/give.html", status=status, values=values, courses=courses, extras=extras(), **page
    )


routes = Router("/registry/extra-time", route_handlers=[show_form, give_time])
