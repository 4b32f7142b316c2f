"""Certificates for those who answer for them: find one, take it back, correct it, issue it again; classes, the log."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from certificates import show_number
from university.accounts.signed_in import SignedIn
from university.awarding.printed_names import preview, read_names
from university.awarding.reasons import sentence_of
from university.errors import NotFound
from university.language import gettext as _
from university.models import PRIVACY_OFFICER, REASONS
from university.registry import changing, classroom, log
from university.registry.finding import entry_of, find_award, find_by_address, read_contact
from university.registry.forms import AddressForm, CorrectForm, RevokeForm
from university.revisions.published import find
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, redirect, render, settings_of, show

CLASS_BYTES = 256 * 1024


@show("/")
def search(request: Visitor, staff: NamedDependency[SignedIn]) -> Response[bytes]:
    return _search_page(request, staff)


@act("/find")
def find_certificate(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    number = form.one("number")
    try:
        return redirect(f"/registry/{show_number(find_award(session, number).number)}")
    except NotFound as unknown:
        return _search_page(request, staff, errors={"number": str(unknown)}, values={"number": number})


@act("/people")
def find_person(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    """By address; the answer is the page itself, for an address stands in no link."""
    asked, errors = read_fields(AddressForm, form)
    rows = find_by_address(session, asked.email, staff) if asked else None
    return _search_page(request, staff, rows=rows, errors=errors, values=form.values(AddressForm))


@show("/{number:str}")
def certificate(request: Visitor, session: NamedDependency[Session], number: FromPath[str]) -> Response[bytes]:
    return _certificate_page(request, session, number)


@act("/{number:str}/contact")
def contact(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn], number: FromPath[str]
) -> Response[bytes]:
    """What is not public: shown once, and written into the log."""
    known = read_contact(session, find_award(session, number), staff)
    return _certificate_page(request, session, number, contact=known)


@act("/{number:str}/resend")
def resend(
    session: NamedDependency[Session], staff: NamedDependency[SignedIn], number: FromPath[str]
) -> Response[bytes]:
    changing.resend(session, find_award(session, number), staff)
    return _done(number, "sent")


@act("/{number:str}/reissue")
def reissue(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn], number: FromPath[str]
) -> Response[bytes]:
    award = find_award(session, number, lock=True)
    changing.reissue(session, request.app.state.keyring, settings_of(request), award, staff)
    return _done(number, "reissued")


@show("/{number:str}/revoke")
def revoke_form(request: Visitor, session: NamedDependency[Session], number: FromPath[str]) -> Response[bytes]:
    return _revoke_page(request, session, number, {}, {})


@act("/{number:str}/revoke")
def revoke(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    number: FromPath[str],
) -> Response[bytes]:
    asked, errors = read_fields(RevokeForm, form)
    if asked is None:
        return _revoke_page(request, session, number, form.values(RevokeForm), errors)
    changing.take_back(session, settings_of(request), find_award(session, number, lock=True), asked, staff)
    return _done(number, "revoked")


@show("/{number:str}/correct")
def correct_form(request: Visitor, session: NamedDependency[Session], number: FromPath[str]) -> Response[bytes]:
    return _correct_page(request, session, number, dict.fromkeys(CorrectForm.model_fields, ""), {})


@act("/{number:str}/correct")
def correct(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    number: FromPath[str],
) -> Response[bytes]:
    """With `do=preview` the name as it would be printed; otherwise the next version."""
    award = find_award(session, number, lock=True)
    language = award.record["course"]["language"]
    values = form.values(CorrectForm)
    if form.one("do") == "preview":
        picture, errors = preview(form, language)
        return _correct_page(request, session, number, values, errors, picture=picture)
    asked, errors = read_names(CorrectForm, form, language)
    if asked is None:
        return _correct_page(request, session, number, values, errors)
    changing.correct(session, request.app.state.keyring, settings_of(request), award, asked, staff)
    return _done(number, "corrected")


@show("/classes")
def class_form(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    return _class_page(request, session)


@act("/classes", max_bytes=CLASS_BYTES)
def check_or_invite(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    """A dry run first, always; `do=invite` sends only a list without a mistake."""
    slug, text = form.one("course"), _people_of(form)
    if text is None:
        wrong = _("This file is not in UTF-8. Save it anew: spreadsheets call that “CSV UTF-8”.")
        return _class_page(request, session, course=slug, people=form.one("people"), errors={"file": wrong})
    with request.app.state.database.reading() as looking:
        is_open = slug in dict(classroom.courses_with_certificate(looking))
        language = find(looking, slug).course.language if is_open else ""
    if not is_open:
        wrong = _("This course is not open, or gives no certificate. Choose another one.")
        return _class_page(request, session, course=slug, people=text, errors={"course": wrong})
    # Setting five hundred names takes a second, in which nobody else should have to wait for this transaction.
    read = classroom.read_class(text, language)
    if form.one("do") == "invite" and read.may_be_sent:
        sent = classroom.invite_class(session, settings_of(request), slug, read.people, staff)
        return _class_page(request, session, invited=sent)
    return _class_page(request, session, course=slug, people=text, read=read)


@show("/log")
def show_log(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    page = log.page_before(session, request.query_params.get("before", ""))
    return render(request, "registry/log.html", page=page, said=log.said)


def _done(number: str, what: str) -> Response[bytes]:
    return redirect(f"/registry/{number}?done={what}")


def _search_page(request: Visitor, staff: SignedIn, **values: Any) -> Response[bytes]:
    page = {"rows": None, "errors": {}, "values": {}, **values}
    may_see_people = staff.has(PRIVACY_OFFICER)
    status = 422 if page["errors"] else 200
    return render(request, "registry/search.html", status=status, may_see_people=may_see_people, **page)


def _certificate_page(request: Visitor, session: Session, number: str, **values: Any) -> Response[bytes]:
    done = {
        "sent": _("The mail is on its way."),
        "reissued": _("It is issued anew; earlier papers now read “replaced”."),
        "revoked": _("It was taken back. Its page says so from now on."),
        "corrected": _("The name is corrected; earlier papers now read “replaced”."),
    }.get(request.query_params.get("done", ""))
    page = {"contact": None, **values}
    return render(request, "registry/certificate.html", entry=entry_of(session, number), done=done, **page)


def _revoke_page(
    request: Visitor, session: Session, number: str, values: dict[str, str], errors: dict[str, str]
) -> Response[bytes]:
    reasons = [(reason, sentence_of(reason)) for reason in REASONS]
    status = 422 if errors else 200
    entry = entry_of(session, number)
    return render(
        request, "registry/revoke.html", status=status, entry=entry, reasons=reasons, values=values, errors=errors
    )


def _correct_page(
    request: Visitor,
    session: Session,
    number: str,
    values: dict[str, str],
    errors: dict[str, str],
    picture: Any = None,
) -> Response[bytes]:
    entry = entry_of(session, number)
    status = 422 if errors else 200
    return render(
        request, "registry/correct.html", status=status, entry=entry, values=values, errors=errors, picture=picture
    )


def _people_of(form: Form) -> str | None:
    """The list as a file or as text; None for a file in another encoding, whose names would come out wrong."""
    try:
        return form.files["file"].decode("utf-8") if form.files.get("file") else form.one("people")
    except UnicodeDecodeError:
        return None


def _class_page(request: Visitor, session: Session, **values: Any) -> Response[bytes]:
    page = {"course": "", "people": "", "read": None, "invited": None, "errors": {}, **values}
    status = 422 if page["errors"] or (page["read"] and not page["read"].may_be_sent) else 200
    courses = classroom.courses_with_certificate(session)
    return render(request, "registry/classes.html", status=status, courses=courses, **page)


routes = Router(
    "/registry",
    route_handlers=[
        *(search, find_certificate, find_person, class_form, check_or_invite, show_log),
        *(certificate, contact, resend, reissue, revoke_form, revoke, correct_form, correct),
    ],
)
