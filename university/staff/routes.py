"""Sign in and out, and the page staff begin their day on."""

from __future__ import annotations

from litestar import Response, Router
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from university import attention
from university.accounts import sessions, signing_in
from university.accounts.kept_forms import FIELD, STEP_BYTES, unpack
from university.accounts.signed_in import SignedIn
from university.forms import Form, read_fields
from university.language import gettext as _
from university.models import StaffSession
from university.pages import Visitor, act, redirect, render, safe_path, settings_of, show
from university.staff.forms import SignInForm


@show("/")
def home(request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]) -> Response[bytes]:
    return render(request, "staff/home.html", points=attention.points(session, settings_of(request), staff))


@show("/sign-in")
def sign_in_form(request: Visitor) -> Response[bytes]:
    return _sign_in_page(request, request.query_params.get("next", ""), {}, {})


@act("/sign-in", max_bytes=STEP_BYTES)
def sign_in(request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[bytes]:
    """Password and code together: whoever is refused does not learn which of them was wrong."""
    asked, _errors = read_fields(SignInForm, form)
    state = request.app.state
    proven = asked and signing_in.prove(state.database, state.keyring, asked.email, asked.password, asked.code)
    begun = proven and signing_in.sign_in(session, proven, sessions.device_of_request(request))
    if not begun:
        errors = {
            "email": _("These do not go together, or the code is over. Look at all three, and try the next code.")
        }
        return _sign_in_page(request, form.one("next"), errors, {"email": form.one("email")}, form.one(FIELD))
    return _welcome(request, form, begun)


@act("/sign-out")
def sign_out(request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]) -> Response[bytes]:
    sessions.end(session, StaffSession.id_sha256 == staff.session)
    return sessions.drop(redirect("/staff/sign-in", headers={"clear-site-data": '"cache"'}), request)


def _welcome(request: Visitor, form: Form, begun: sessions.Begun) -> Response[bytes]:
    """On to where the member was going: a page, or a form that was kept, which then waits for one press."""
    kept = unpack(form.one(FIELD))
    if kept:
        answer = render(request, "staff/go_on.html", kept=kept, csrf=begun.csrf)
    else:
        answer = redirect(safe_path(form.one("next") or "/staff"))
    return sessions.keep(answer, request, begun.secret)


def _sign_in_page(
    request: Visitor, next_path: str, errors: dict[str, str], values: dict[str, str], kept: str = ""
) -> Response[bytes]:
    return render(
        request,
        "staff/sign_in.html",
        status=401 if errors else 200,
        sentence="",
        next=next_path,
        errors=errors,
        values=values,
        kept=unpack(kept),
    )


routes = Router("/staff", route_handlers=[home, sign_in_form, sign_in, sign_out])
