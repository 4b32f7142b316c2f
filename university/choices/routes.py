"""What people choose about the use of their data: hide their name, show it again, object; and their own papers."""

from __future__ import annotations

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.chains.ledger import open_ledger
from university.choices.forms import ObjectionForm
from university.errors import NotFound, Refused
from university.language import gettext as _
from university.models import Person
from university.rights import held, portal
from university.rights.cases import open_case
from university.rights.held import Subject
from university.rights.papers import TYPES, paper
from university.rights.restricting import OBJECTIONS, hide_name, object_to, show_name
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, as_file, redirect, render, settings_of, show

MY_DATA = "/privacy/my-data"


@act("/hide")
def hide(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    person = _confirmed(portal.must_be_open(request, session))
    hide_name(session, open_ledger(settings_of(request)), person, actor="holder")
    return redirect(MY_DATA)


@act("/show")
def show_again(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    person = _confirmed(portal.must_be_open(request, session))
    show_name(session, open_ledger(settings_of(request)), person, actor="holder")
    return redirect(MY_DATA)


@show("/object")
def objection_form(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    subject = portal.visitor(request, session)
    return _objection_page(request, {}) if subject else redirect(MY_DATA)


@act("/object")
def object_(request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[bytes]:
    """Ends that use at once; an answer where there is nothing to end, a case where a person has to look."""
    person = _confirmed(portal.must_be_open(request, session))
    asked, errors = read_fields(ObjectionForm, form)
    if asked is None:
        return _objection_page(request, errors)
    if asked.purpose in OBJECTIONS:
        object_to(session, open_ledger(settings_of(request)), person, asked.purpose, actor="holder")
    if asked.purpose == "else":
        open_case(session, settings_of(request), "objection", language=person.language, person=person)
    return render(request, "choices/objected.html", purpose=asked.purpose)


@show("/papers/{name:str}")
def own_paper(request: Visitor, session: NamedDependency[Session], name: FromPath[str]) -> Response[bytes]:
    """PDF, badge or credential of one's own certificate."""
    subject = portal.visitor(request, session)
    if subject is None:
        return redirect(MY_DATA)
    number, _dot, kind = name.rpartition(".")
    award = held.award_of(session, subject, number)
    content = paper(session, award, kind, request.app.state.keyring) if kind in TYPES else None
    if content is None:
        raise NotFound(_("There is no page at this address."))
    return as_file(content, TYPES[kind], f"certificate-{name}")


def _confirmed(subject: Subject) -> Person:
    if subject.person is None:
        raise Refused(_("Confirm your address first, with the link in the mail. Until then nobody is shown anything."))
    return subject.person


def _objection_page(request: Visitor, errors: dict[str, str]) -> Response[bytes]:
    return render(
        request, "choices/object.html", status=422 if errors else 200, purposes=list(OBJECTIONS), errors=errors
    )


routes = Router(MY_DATA, route_handlers=[hide, show_again, objection_form, object_, own_paper])
