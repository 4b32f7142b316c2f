"""Continue on another device, keep a recovery code, stop on this computer."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university import limits
from university.devices import handing_over
from university.devices.codes import read_code
from university.errors import Refused
from university.language import gettext as _
from university.learning import enrolments
from university.learning.resuming import under_way
from university.serving.forms import Form
from university.serving.pages import Visitor, act, redirect, render, settings_of, show
from university.serving.qr_code import qr_code


@show("/")
def overview(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    return _overview(request, session)


@act("/links")
def make_link(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    """Link, QR code and typeable code, shown once."""
    limits.by_network(request, session, "device")
    made = handing_over.make_device_link(session, _own_secret(request, session))
    link = settings_of(request).link(f"/devices/{made.token}")
    return render(request, "devices/made.html", made=made, link=link, picture=qr_code(link))


@act("/recovery")
def make_recovery(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    limits.by_network(request, session, "device")
    made = handing_over.make_recovery_code(session, _own_secret(request, session))
    begun = under_way(session, enrolments.all_of(request, session))
    return render(request, "devices/recovery.html", made=made, begun=begun)


@act("/code")
def use_code(request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[bytes]:
    limits.by_network(request, session, "code")
    typed = form.one("code")
    code = read_code(typed)
    secret = handing_over.take_by_code(session, code) if code else None
    if secret is None:
        wrong = _("This code leads nowhere. Look at it once more: it may be mistyped, used or too old.")
        return _overview(request, session, status=422, typed=typed, error=wrong)
    return _arrived(request, secret)


@act("/stop")
def stop(request: Visitor) -> Response[bytes]:
    """For shared computers: the cookie goes, the progress stays for whoever has another way to it."""
    answer = redirect("/")
    enrolments.stop_on_this_computer(answer, request)
    return answer


@show("/{token:str}")
def arrival(request: Visitor, session: NamedDependency[Session], token: FromPath[str]) -> Response[bytes]:
    """Opening the link changes nothing; its button does."""
    coming = under_way(session, handing_over.progress_behind(session, handing_over.look(session, token)))
    own = under_way(session, enrolments.all_of(request, session))
    return render(request, "devices/arrival.html", token=token, coming=coming, own=own)


@act("/{token:str}")
def use_link(request: Visitor, session: NamedDependency[Session], token: FromPath[str]) -> Response[bytes]:
    limits.by_network(request, session, "code")
    return _arrived(request, handing_over.take_by_link(session, token))


def _overview(request: Visitor, session: Session, status: int = 200, **typed: Any) -> Response[bytes]:
    begun = under_way(session, enrolments.all_of(request, session))
    secret = enrolments.secret_of(request)
    printed = handing_over.recovery_made_at(session, secret) if secret and begun else None
    values = {"typed": "", "error": "", **typed}
    return render(request, "devices/overview.html", status=status, begun=begun, printed=printed, **values)


def _own_secret(request: Visitor, session: Session) -> str:
    secret = enrolments.secret_of(request)
    if secret is None or not enrolments.all_of(request, session):
        raise Refused(_("There is no progress in this browser yet. It begins with your first answer."))
    return secret


def _arrived(request: Visitor, secret: str) -> Response[bytes]:
    answer = redirect("/")
    enrolments.keep(answer, request, secret)
    return answer


routes = Router("/devices", route_handlers=[overview, make_link, make_recovery, use_code, stop, arrival, use_link])
