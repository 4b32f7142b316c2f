"""The way for people who can no longer read the mailbox their certificate belongs to."""

from __future__ import annotations

from litestar import Response, Router
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from university import limits
from university.cases.forms import CaseForm
from university.language import current_language
from university.rights.cases import open_case
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, redirect, render, settings_of, show


@show("/")
def form_page(request: Visitor) -> Response[bytes]:
    return _page(request, {"kind": "", "certificate": "", "email": ""}, {})


@act("/")
def ask(request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[bytes]:
    """The same answer whether there is such a certificate or not, and whether a limit was reached."""
    limits.by_network(request, session, "case")
    asked, errors = read_fields(CaseForm, form)
    if asked is None:
        return _page(request, form.values(CaseForm), errors)
    settings, language = settings_of(request), current_language()
    if limits.by_address(settings, session, "case", asked.email):
        number = asked.certificate
        open_case(session, settings, asked.kind, language=language, contact=asked.email, certificate=number)
    return redirect("/privacy/request/sent")


@show("/sent")
def sent(request: Visitor) -> Response[bytes]:
    return render(request, "cases/sent.html")


def _page(request: Visitor, values: dict[str, str], errors: dict[str, str]) -> Response[bytes]:
    return render(request, "cases/ask.html", status=422 if errors else 200, values=values, errors=errors)


routes = Router("/privacy/request", route_handlers=[form_page, ask, sent])
