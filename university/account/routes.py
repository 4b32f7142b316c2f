"""One's own account. What changes a factor asks for one shown just now, and signs out every other browser."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import delete
from sqlalchemy.orm import Session

from university import limits
from university.account.forms import AddressForm, NameForm
from university.accounts import codes, factors, members, new_address, passkeys, passwords, sessions
from university.accounts.signed_in import SignedIn
from university.errors import NotFound, Refused
from university.language import gettext as _, marked
from university.models import FULL, OWNER, StaffAddressChange, StaffMember, StaffPasskey, StaffSession
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, as_json, redirect, render, settings_of, show
from university.serving.qr_code import qr_code
from university.setting_up import setup_steps

HERE = "/staff/account"
DONE = {
    "asked": marked("A link is on its way to the new address. Open it here within a day."),
    "changed": marked("The address is changed. The old mailbox was told."),
}


@show("/")
def account(request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]) -> Response[bytes]:
    return _account_page(request, session, staff, {})


@act("/name")
def rename(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
) -> Response[bytes]:
    asked, errors = read_fields(NameForm, form)
    if asked is None:
        return _account_page(request, session, staff, errors, name=form.one("name"))
    members.member_of(session, staff.id).name = asked.name
    return redirect(HERE)


# ---- address


@show("/address")
def address_form(request: Visitor) -> Response[bytes]:
    return _address_page(request, {"email": ""}, {})


@act("/address")
def ask_for_address(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
) -> Response[bytes]:
    asked, errors = read_fields(AddressForm, form)
    if asked is None:
        return _address_page(request, form.values(AddressForm), errors)
    limits.by_account(settings_of(request), request.app.state.database, "staff_address", str(staff.id))
    new_address.ask(session, staff, asked.email)
    return redirect(f"{HERE}?done=asked")


@show("/address/{token:str}")
def show_new_address(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn], token: FromPath[str]
) -> Response[bytes]:
    return _address_page(request, {"email": ""}, {}, waiting=new_address.look(session, staff, token))


@act("/address/{token:str}")
def confirm_address(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn], token: FromPath[str]
) -> Response[bytes]:
    new_address.confirm(session, staff, token)
    sessions.end_others(session, staff)
    begun = sessions.renew(session, staff, fresh=True)
    return sessions.keep(redirect(f"{HERE}?done=changed"), request, begun.secret)


# ---- passkeys


@act("/passkeys/question")
def ask_to_register(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    member = members.member_of(session, staff.id)
    return as_json(passkeys.ask_to_register(session, settings_of(request), member))


@act("/passkeys")
def add_passkey(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
) -> Response[bytes]:
    member, label = members.member_of(session, staff.id), sessions.device_of_request(request)
    made = passkeys.register(session, settings_of(request), member, form.one("credential"), label)
    if made is None:
        wrong = _("This passkey was not accepted. Try it once more, or use another one.")
        return _account_page(request, session, staff, {"passkeys": wrong})
    return _settled(request, session, staff, member)


@act("/passkeys/{passkey_id:uuid}/remove")
def remove_passkey(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn], passkey_id: FromPath[Any]
) -> Response[bytes]:
    mine = (StaffPasskey.id == passkey_id, StaffPasskey.staff_id == staff.id)
    if not session.execute(delete(StaffPasskey).where(*mine).returning(StaffPasskey.id)).first():
        raise NotFound(_("There is no such passkey."))
    if not members.has_factors(session, staff.id):
        raise Refused(_("This is the only way you can sign in. Add another one first."))
    return _settled(request, session, staff, members.member_of(session, staff.id))


# ---- password and authenticator


@show("/password")
def password_form(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    member = members.member_of(session, staff.id)
    authenticator = None if member.totp_confirmed_at else factors.new_authenticator(request.app.state.keyring, member)
    return _factor_page(request, member, True, authenticator, {})


@show("/authenticator")
def authenticator_form(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    member = members.member_of(session, staff.id)
    authenticator = factors.new_authenticator(request.app.state.keyring, member)
    return _factor_page(request, member, not member.password_hash, authenticator, {})


@act("/password")
def set_password(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
) -> Response[bytes]:
    """A password, an authenticator, or both, as the form before it asked."""
    with request.app.state.database.reading() as reading:
        member = members.member_of(reading, staff.id)
    password, authenticator = _asked(form, "password"), _asked(form, "authenticator")
    if authenticator is None and not member.totp_confirmed_at:
        raise Refused(_("A password needs an authenticator beside it. Open the page again."))
    settings = settings_of(request)
    if password is not None and member.password_hash:
        limits.by_account(settings, request.app.state.database, "sign_in", member.email)
    typed, errors = factors.check(
        request.app.state.keyring,
        member,
        settings.site_name,
        password=password,
        authenticator=authenticator,
        code=form.one("code"),
        current_password=form.one("current_password"),
    )
    if typed is None:
        return _factor_page(request, member, password is not None, authenticator, errors)
    member = members.member_of(session, staff.id)
    factors.put(member, typed)
    return _settled(request, session, staff, member)


@act("/recovery-codes")
def make_recovery_codes(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    """Ten new codes, shown this once; the earlier ones are over, and so is every other sign-in."""
    shown, hashed = codes.make_recovery_codes()
    codes.replace_recovery_codes(session, staff.id, hashed)
    begun = factors.settle(session, staff, members.member_of(session, staff.id))
    sessions.enter(request, session, begun)
    answer = render(request, "account/recovery_codes.html", codes=shown)
    return sessions.keep(answer, request, begun.secret)


# ---- where one is signed in


@act("/devices/sign-out")
def sign_out_elsewhere(session: NamedDependency[Session], staff: NamedDependency[SignedIn]) -> Response[bytes]:
    sessions.end_others(session, staff)
    return redirect(HERE)


@act("/devices/{public_id:uuid}/sign-out")
def sign_out_there(
    session: NamedDependency[Session], staff: NamedDependency[SignedIn], public_id: FromPath[Any]
) -> Response[bytes]:
    sessions.end(session, StaffSession.staff_id == staff.id, StaffSession.public_id == public_id)
    return redirect(HERE)


def _asked(form: Form, name: str) -> str | None:
    return form.one(name) if name in form.names() else None


def _settled(request: Visitor, session: Session, staff: SignedIn, member: StaffMember) -> Response[bytes]:
    """The first owner goes on to setting up, this once: what is left of it stands on the home page afterwards."""
    is_first = staff.auth_level < FULL and OWNER in member.roles and setup_steps.is_untouched(session)
    begun = factors.settle(session, staff, member)
    return sessions.keep(redirect("/staff/setup" if is_first else HERE), request, begun.secret)


def _account_page(
    request: Visitor,
    session: Session,
    staff: SignedIn,
    errors: dict[str, str],
    name: str = "",
) -> Response[bytes]:
    member = members.member_of(session, staff.id)
    return render(
        request,
        # A new account has seen nothing but the page it began on.
        "account/account.html" if staff.auth_level == FULL else "staff/welcome.html",
        status=422 if errors else 200,
        member=member,
        name=name or member.name,
        passkeys=passkeys.of_member(session, staff.id),
        has_passkeys=passkeys.are_possible(settings_of(request)),
        codes_left=codes.recovery_codes_left(session, staff.id),
        devices=sessions.of_member(session, staff.id),
        done=DONE.get(request.query_params.get("done", "")),
        errors=errors,
    )


def _address_page(
    request: Visitor,
    values: dict[str, str],
    errors: dict[str, str],
    waiting: StaffAddressChange | None = None,
) -> Response[bytes]:
    status = 422 if errors else 200
    return render(request, "account/address.html", status=status, values=values, errors=errors, waiting=waiting)


def _factor_page(
    request: Visitor, member: StaffMember, asks_password: bool, authenticator: str | None, errors: dict[str, str]
) -> Response[bytes]:
    """`authenticator` is the sealed seed of a new one, shown as a picture and in letters; None: it stays."""
    seed = factors.seed_in(request.app.state.keyring, member, authenticator) if authenticator else None
    address = codes.address_for_authenticator(seed, member.email, settings_of(request).site_name) if seed else ""
    return render(
        request,
        "account/password.html",
        status=422 if errors else 200,
        asks_password=asks_password,
        asks_current=asks_password and member.password_hash is not None,
        shortest=passwords.SHORTEST,
        authenticator=authenticator,
        address=address,
        picture=qr_code(address) if address else "",
        letters=codes.letters_of(seed) if seed else "",
        errors=errors,
    )


routes = Router(
    HERE,
    route_handlers=[
        *(account, rename, address_form, ask_for_address, show_new_address, confirm_address),
        *(ask_to_register, add_passkey, remove_passkey),
        *(password_form, authenticator_form, set_password, make_recovery_codes),
        *(sign_out_elsewhere, sign_out_there),
    ],
)
