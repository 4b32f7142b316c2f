"""Privacy cases for those who decide them: what waits, until when, and what two people decided."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university import clock
from university.accounts.signed_in import SignedIn
from university.casework.deciding import CaseInHand, case_in_hand, closed_cases, find_case, read_contact
from university.casework.forms import DecisionForm
from university.rights import cases
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, redirect, render, show


@show("/")
def list_cases(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    page: dict[str, Any] = {
        "waiting": cases.open_cases(session),
        "closed": closed_cases(session),
        "today": clock.now().date(),
    }
    return render(request, "casework/cases.html", **page)


@show("/{number:str}")
def show_case(request: Visitor, session: NamedDependency[Session], number: FromPath[str]) -> Response[bytes]:
    return _page(request, case_in_hand(session, number))


@act("/{number:str}/contact")
def show_contact(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn], number: FromPath[str]
) -> Response[bytes]:
    """Where the answer goes: shown once, and written into the log."""
    contact = read_contact(session, find_case(session, number), staff)
    return _page(request, case_in_hand(session, number), contact=contact)


@act("/{number:str}")
def decide(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    number: FromPath[str],
) -> Response[bytes]:
    asked, errors = read_fields(DecisionForm, form)
    if asked is None:
        return _page(request, case_in_hand(session, number), errors=errors)
    cases.decide(session, find_case(session, number, lock=True), staff.id, asked.outcome)
    return redirect(f"/registry/cases/{number}")


@act("/{number:str}/close")
def close(
    session: NamedDependency[Session], staff: NamedDependency[SignedIn], number: FromPath[str]
) -> Response[bytes]:
    cases.close(session, find_case(session, number, lock=True), staff.id)
    return redirect("/registry/cases")


def _page(request: Visitor, in_hand: CaseInHand, **values: Any) -> Response[bytes]:
    page = {"errors": {}, "contact": None, **values}
    status = 422 if page["errors"] else 200
    return render(request, "casework/case.html", status=status, hand=in_hand, today=clock.now().date(), **page)


routes = Router("/registry/cases", route_handlers=[list_cases, show_case, show_contact, decide, close])
