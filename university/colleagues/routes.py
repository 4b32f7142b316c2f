"""Accounts, for owners. Every change asks for a factor shown just now and leaves a line in the audit log."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.accounts import invitations, members
from university.accounts.signed_in import SignedIn
from university.colleagues.forms import InvitationForm, roles_in
from university.language import gettext as _
from university.models import StaffMember
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, redirect, render, settings_of, show

HERE = "/staff/accounts"


@show("/")
def accounts(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    return _list(request, session, {"email": "", "roles": []}, {})


@act("/")
def invite(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
) -> Response[bytes]:
    """A link by mail, and one to hand over: shown once, for only its hash is kept."""
    asked, errors = read_fields(InvitationForm, form)
    roles, without = roles_in(form)
    if asked is None or without:
        return _list(request, session, {"email": form.one("email"), "roles": roles}, errors | without)
    if members.known(session, asked.email):
        known = _("There is an account with this address already. Change its roles or reset it instead.")
        return _list(request, session, {"email": form.one("email"), "roles": roles}, {"email": known})
    link = _link(request, invitations.make(session, asked.email, roles, by=staff.id))
    invitations.send(session, asked.email)
    return render(request, "colleagues/link.html", link=link, email=asked.email, is_reset=False)


@show("/{staff_id:uuid}")
def one_account(request: Visitor, session: NamedDependency[Session], staff_id: FromPath[Any]) -> Response[bytes]:
    return _account(request, session, members.member_of(session, staff_id), {})


@act("/{staff_id:uuid}/roles")
def change_roles(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    staff_id: FromPath[Any],
) -> Response[bytes]:
    member, (roles, without) = members.member_of(session, staff_id), roles_in(form)
    if without:
        return _account(request, session, member, without)
    members.change_roles(session, member, roles, by=staff.id)
    return redirect(f"{HERE}/{staff_id}")


@act("/{staff_id:uuid}/disable")
def disable(
    session: NamedDependency[Session], staff: NamedDependency[SignedIn], staff_id: FromPath[Any]
) -> Response[bytes]:
    members.disable(session, members.member_of(session, staff_id), by=staff.id)
    return redirect(f"{HERE}/{staff_id}")


@act("/{staff_id:uuid}/enable")
def enable(
    session: NamedDependency[Session], staff: NamedDependency[SignedIn], staff_id: FromPath[Any]
) -> Response[bytes]:
    members.enable(session, members.member_of(session, staff_id), by=staff.id)
    return redirect(f"{HERE}/{staff_id}")


@act("/{staff_id:uuid}/reset")
def reset(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn], staff_id: FromPath[Any]
) -> Response[bytes]:
    """Takes every factor away and makes the link to new ones."""
    member = members.member_of(session, staff_id)
    link = _link(request, invitations.make_for(session, member, by=staff.id))
    invitations.send(session, member.email)
    return render(request, "colleagues/link.html", link=link, email=member.email, is_reset=True)


def _account(request: Visitor, session: Session, member: StaffMember, errors: dict[str, str]) -> Response[bytes]:
    status, can_sign_in = 422 if errors else 200, members.has_factors(session, member.id)
    page = "colleagues/account.html"
    return render(request, page, status=status, member=member, can_sign_in=can_sign_in, errors=errors)


def _link(request: Visitor, token: str) -> str:
    return settings_of(request).link(f"/staff/invitations/{token}")


def _list(request: Visitor, session: Session, values: dict[str, Any], errors: dict[str, str]) -> Response[bytes]:
    return render(
        request,
        "colleagues/accounts.html",
        status=422 if errors else 200,
        members=members.everybody(session),
        invitations=invitations.open_ones(session),
        values=values,
        errors=errors,
    )


routes = Router(HERE, route_handlers=[accounts, invite, one_account, change_roles, disable, enable, reset])
