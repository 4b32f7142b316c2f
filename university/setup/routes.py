"""Setting the installation up: each step is kept at once, and all of it applied when the owner says so."""

from __future__ import annotations

from litestar import Response, Router
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.accounts import members, passkeys
from university.accounts.signed_in import SignedIn
from university.awarding.specimen import parts_without_room
from university.errors import NotFound, Refused
from university.language import gettext as _
from university.models import SETUP_STEPS
from university.serving.forms import Form, read_fields
from university.serving.house_style import static_files
from university.serving.pages import Visitor, act, settings_of, show
from university.setting_up import kept_settings, setup_steps
from university.setting_up.reaching import why_unreachable
from university.setting_up.setup_pages import HERE, Changes, coming, filled, keep, note, onward, page, refused
from university.setup import showing
from university.setup.forms import AddressForm, MailForm, WhoForm
from university.setup.trying_mail import why_unsent


@show("/")
def overview(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    return page(request, session, "setup/setup.html", "")


@act("/skip/{step:str}")
def skip(session: NamedDependency[Session], step: FromPath[str]) -> Response[bytes]:
    if step not in SETUP_STEPS:
        raise NotFound(_("There is no page at this address."))
    setup_steps.settle(session, step, "skipped")
    return onward(step)


@act("/apply")
def apply(request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]) -> Response[bytes]:
    """New processes read what was chosen; this one ends when they answer."""
    renew, chosen = request.app.state.renew, coming(request)
    if renew is None:
        raise Refused(_("This server cannot start itself again. Stop it, and start it with “university serve”."))
    static_files(chosen)
    note(session, staff, "change_settings", "settings", "applied")
    answer = page(
        request, session, "setup/applied.html", "", address=chosen.base_url, was=settings_of(request).base_url
    )
    answer.background = BackgroundTask(renew)
    return answer


# ---- who you are


@show("/who")
def who_form(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    return page(request, session, "setup/who.html", "who", values=showing.who_fields(coming(request)))


@act("/who")
def set_who(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    form = filled(request, form, showing.who_fields(coming(request)))
    asked, errors = read_fields(WhoForm, form)
    if asked:
        changes: Changes = dict(asked.model_dump())
        errors = refused(request, changes, {}) or _without_room(request, changes)
        errors = errors or keep(request, session, staff, "who", changes, {})
    if errors:
        return page(request, session, "setup/who.html", "who", errors, values=form.values(WhoForm))
    return onward("who")


def _without_room(request: Visitor, changes: Changes) -> dict[str, str]:
    """What stands on every certificate must be settable, or none could be issued."""
    parts = parts_without_room(kept_settings.with_changes(settings_of(request), changes))
    said = _("This cannot be set on a certificate: it is too long, or has letters that no face of ours has.")
    return {field: said for part, field in (("issuer", "site_name"), ("signatory", "signatory_name")) if part in parts}


# ---- address


@show("/address")
def address_form(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    return _address_page(request, session, coming(request).base_url, {})


@act("/address")
def set_address(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    """Kept once this very server answers there, or when the owner says that it will."""
    form = filled(request, form, {"base_url": coming(request).base_url})
    asked, errors = read_fields(AddressForm, form)
    if asked is None:
        return _address_page(request, session, form.one("base_url"), errors)
    address, beside = asked.base_url.rstrip("/"), {"smtp_url": "base_url"}
    errors = refused(request, {"base_url": address}, beside)
    problem = "" if errors else why_unreachable(address, request.app.state.keyring) or ""
    if errors or form.one("then") == "try" or (problem and not form.one("anyway")):
        return _address_page(request, session, asked.base_url, errors, has_tried=not errors, problem=problem)
    keep(request, session, staff, "address", {"base_url": address}, beside)
    return onward("address")


def _address_page(
    request: Visitor,
    session: Session,
    typed: str,
    errors: dict[str, str],
    *,
    has_tried: bool = False,
    problem: str = "",
) -> Response[bytes]:
    return page(
        request,
        session,
        "setup/address.html",
        "address",
        errors or ({"base_url": problem} if problem else {}),
        values={"base_url": typed},
        has_worked=has_tried and not problem,
        may_insist=bool(problem),
        issued=showing.addresses_on_certificates(session),
        passkeys=passkeys.are_possible(settings_of(request)),
    )


# ---- mail


@show("/mail")
def mail_form(request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]) -> Response[bytes]:
    email = members.member_of(session, staff.id).email
    return _mail_page(request, session, showing.mail_fields(coming(request), email), {})


@act("/mail")
def set_mail(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    form = filled(request, form, showing.mail_fields(coming(request), ""), showing.OF_MAIL)
    asked, errors = read_fields(MailForm, form)
    typed = {name: value for name, value in form.values(MailForm).items() if name != "smtp_password"}
    if asked is None:
        return _mail_page(request, session, typed, errors)
    changes, beside = asked.settings(coming(request)), {"smtp_url": "host"}
    errors = refused(request, changes, beside)
    if errors or form.one("then") == "test":
        errors = errors or _tested(request, asked, changes)
        return _mail_page(request, session, typed, errors, has_tried=True)
    keep(request, session, staff, "mail", changes, beside)
    return onward("mail")


def _tested(request: Visitor, asked: MailForm, changes: Changes) -> dict[str, str]:
    """Beside the fields what went wrong; nothing once the server took the mail."""
    if not asked.host or not asked.recipient:
        return {"recipient" if asked.host else "host": _("Please fill in this field.")}
    chosen = kept_settings.with_changes(settings_of(request), changes)
    said = why_unsent(chosen, request.app.state.templates, asked.recipient)
    return dict([said]) if said else {}


def _mail_page(
    request: Visitor, session: Session, values: dict[str, str], errors: dict[str, str], *, has_tried: bool = False
) -> Response[bytes]:
    chosen = coming(request)
    return page(
        request,
        session,
        "setup/sending.html",
        "mail",
        errors,
        values=values,
        has_password=showing.has_mail_password(chosen),
        has_worked=has_tried and not errors,
        may_be_without=chosen.is_local,
        organisation_address=chosen.organisation_email,
    )


routes = Router(
    HERE,
    route_handlers=[
        *(overview, skip, apply, who_form, set_who, address_form, set_address, mail_form, set_mail),
    ],
)
