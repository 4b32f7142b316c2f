"""Begin an account, sign in and out, show a factor once more, and the page staff begin their day on."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university import limits
from university.accounts import invitations, members, passkeys, sessions, signing_in
from university.accounts.kept_forms import FIELD, STEP_BYTES, unpack
from university.accounts.sessions import Begun
from university.accounts.signed_in import SignedIn
from university.language import gettext as _
from university.models import SETTING_UP, StaffSession
from university.operating import attention
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, as_json, redirect, render, safe_path, settings_of, show
from university.staff.forms import FirstOwnerForm, JoinForm, SignInForm


@show("/")
def home(request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]) -> Response[bytes]:
    return render(request, "staff/home.html", points=attention.points(session, settings_of(request), staff))


# ---- signing in


@show("/sign-in")
def sign_in_form(request: Visitor) -> Response[bytes]:
    return _step(request, "staff/sign_in.html", {"next": request.query_params.get("next", "")})


@act("/sign-in", max_bytes=STEP_BYTES)
def sign_in(request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[bytes]:
    """Password and code together: whoever is refused does not learn which of them was wrong."""
    asked, errors = read_fields(SignInForm, form)
    if asked is None:
        return _step(request, "staff/sign_in.html", _typed(form), errors, 422)
    database, keyring = request.app.state.database, request.app.state.keyring
    signing_in.count_try(request, database, asked.email)
    proven = signing_in.prove(database, keyring, settings_of(request), asked.email, asked.password, asked.code)
    begun = proven and signing_in.sign_in(session, proven, sessions.device_of_request(request))
    if not begun:
        wrong = _("These do not go together, or the code is over. Look at all three, and try the next code.")
        return _step(request, "staff/sign_in.html", _typed(form), {"email": wrong}, 401)
    return _go_on(request, session, form, begun)


@act("/sign-in/passkey/question")
def ask_for_passkey(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    limits.by_network(request, session, "passkey_question")
    return as_json(passkeys.ask_to_show(session, settings_of(request), passkeys.SIGN_IN))


@act("/sign-in/passkey", max_bytes=STEP_BYTES)
def sign_in_with_passkey(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form]
) -> Response[bytes]:
    limits.by_network(request, request.app.state.database, "passkey")
    member = passkeys.shown_by(session, settings_of(request), form.one("credential"), passkeys.SIGN_IN)
    if member is None:
        return _step(request, "staff/sign_in.html", _typed(form), {"passkey": _not_this_passkey()}, 401)
    begun = signing_in.begin(session, member, sessions.device_of_request(request))
    return _go_on(request, session, form, begun)


@act("/sign-out")
def sign_out(request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]) -> Response[bytes]:
    sessions.end(session, StaffSession.id_sha256 == staff.session)
    return sessions.drop(redirect("/staff/sign-in", headers={"clear-site-data": '"cache"'}), request)


# ---- a factor once more


@show("/step-up")
def step_up_form(request: Visitor) -> Response[bytes]:
    return _step(request, "staff/step_up.html", {"next": request.query_params.get("next", "")})


@act("/step-up", max_bytes=STEP_BYTES)
def step_up(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
) -> Response[bytes]:
    """A code; the password was shown when this session began."""
    database, keyring = request.app.state.database, request.app.state.keyring
    limits.by_network(request, database, "second_factor")
    if signing_in.show_code_again(database, keyring, settings_of(request), session, staff, form.one("code")):
        return _stronger(request, session, form, staff)
    wrong = _("This code is wrong, or it was used already. Try the next one.")
    return _step(request, "staff/step_up.html", _typed(form), {"code": wrong}, 401)


@act("/step-up/passkey/question")
def ask_to_step_up(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    limits.by_network(request, session, "passkey_question")
    return as_json(passkeys.ask_to_show(session, settings_of(request), passkeys.STEP_UP, staff.id))


@act("/step-up/passkey", max_bytes=STEP_BYTES)
def step_up_with_passkey(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
) -> Response[bytes]:
    limits.by_network(request, request.app.state.database, "passkey")
    if passkeys.shown_by(session, settings_of(request), form.one("credential"), passkeys.STEP_UP, staff.id):
        return _stronger(request, session, form, staff)
    return _step(request, "staff/step_up.html", _typed(form), {"passkey": _not_this_passkey()}, 401)


# ---- a new account


@show("/invitations/{token:str}")
def invitation(request: Visitor, session: NamedDependency[Session], token: FromPath[str]) -> Response[bytes]:
    """The page behind the link. Opening it changes nothing."""
    return _invitation_page(request, session, token, {}, {})


@act("/invitations/{token:str}")
def join(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], token: FromPath[str]
) -> Response[bytes]:
    """Uses the link up: an account that can do nothing yet but choose what it signs in with."""
    limits.by_network(request, request.app.state.database, "invitation")
    invited = invitations.look(session, token)
    model = JoinForm if invited.email else FirstOwnerForm
    asked, errors = read_fields(model, form)
    if asked is None:
        return _invitation_page(request, session, token, form.values(model), errors)
    member = invitations.accept(session, token, asked.name, getattr(asked, "email", ""))
    begun = sessions.begin(session, member, level=SETTING_UP, device=sessions.device_of_request(request))
    return sessions.keep(redirect("/staff/welcome"), request, begun.secret)


@show("/welcome")
def welcome(request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]) -> Response[bytes]:
    """Where a new account chooses what it signs in with."""
    if members.has_factors(session, staff.id):
        return redirect("/staff/account")
    return render(request, "staff/welcome.html", errors={}, has_passkeys=passkeys.are_possible(settings_of(request)))


def _go_on(request: Visitor, session: Session, form: Form, begun: Begun) -> Response[bytes]:
    """To where the member was going: a page, or a form that was kept, which then waits for one press."""
    kept = unpack(form.one(FIELD))
    if kept:
        sessions.enter(request, session, begun)
        answer = render(request, "staff/go_on.html", kept=kept)
    else:
        answer = redirect(safe_path(form.one("next") or "/staff"))
    return sessions.keep(answer, request, begun.secret)


def _stronger(request: Visitor, session: Session, form: Form, staff: SignedIn) -> Response[bytes]:
    begun = sessions.renew(session, staff, fresh=True)
    return _go_on(request, session, form, begun)


def _typed(form: Form) -> dict[str, Any]:
    return {"values": {"email": form.one("email")}, "next": form.one("next"), "kept": unpack(form.one(FIELD))}


def _step(
    request: Visitor,
    template: str,
    carried: dict[str, Any],
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response[bytes]:
    """One page of the sign-in; it carries along where it leads to and what was typed before."""
    values = {"values": {}, "kept": None, "sentence": "", **carried}
    has_passkeys = passkeys.are_possible(settings_of(request))
    return render(request, template, status=status, errors=errors or {}, has_passkeys=has_passkeys, **values)


def _invitation_page(
    request: Visitor, session: Session, token: str, values: dict[str, str], errors: dict[str, str]
) -> Response[bytes]:
    invited = invitations.look(session, token)
    known = members.known(session, invited.email) if invited.email else None
    return render(
        request,
        "staff/invitation.html",
        status=422 if errors else 200,
        token=token,
        invited=invited,
        values={"name": known.name if known else "", "email": "", **values},
        errors=errors,
    )


def _not_this_passkey() -> str:
    return _("This passkey was not accepted. Try it once more, or sign in another way.")


routes = Router(
    "/staff",
    route_handlers=[
        *(home, sign_in_form, sign_in, ask_for_passkey, sign_in_with_passkey, sign_out),
        *(step_up_form, step_up, ask_to_step_up, step_up_with_passkey),
        *(invitation, join, welcome),
    ],
)
