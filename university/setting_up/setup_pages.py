"""The frame of the pages that set an installation up: what each shows, how each keeps, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Response
from pydantic import AfterValidator, StringConstraints
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.chains import audit
from university.errors import Refused
from university.language import gettext as _
from university.serving.forms import Form
from university.serving.pages import Visitor, redirect, render, settings_of
from university.setting_checks import Unusable
from university.setting_up import kept_settings, setup_steps
from university.settings import Settings, SettingsError

HERE = "/staff/setup"
Changes = dict[str, str | None]


def one_line(text: str) -> str:
    """Without blanks around it and without doubled ones; nothing that cannot be seen."""
    clean = " ".join(text.split())
    if not clean.isprintable():
        raise ValueError(_("This field holds something that is no text."))
    return clean


def _some(text: str) -> str:
    if not text:
        raise ValueError(_("Please fill in this field."))
    return text


Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(one_line)]
Needed = Annotated[Line, AfterValidator(_some)]


def coming(request: Visitor) -> Settings:
    """The settings as the next start will read them: what was chosen counts here at once."""
    try:
        return kept_settings.coming(settings_of(request))
    except SettingsError as error:
        raise Refused(str(error)) from None


def filled(request: Visitor, form: Form, shown: Mapping[str, str], made_of: Mapping[str, str] | None = None) -> Form:
    """The form with what browsers leave out: fields of settings that this machine sets, as they are shown. `made_of`
    says which setting a field of another name belongs to."""
    settings, sent = settings_of(request), form.names()
    fixed = [name for name in shown if settings.is_fixed((made_of or {}).get(name, name)) and name not in sent]
    return Form([*form.fields, *((name, shown[name]) for name in fixed)], form.files, form.file_names)


def page(
    request: Visitor, session: Session, template: str, step: str, errors: Mapping[str, str] | None = None, **values: Any
) -> Response[bytes]:
    """One page of the set-up; `step` is where it stands in the list of steps, empty for none of them."""
    settings = settings_of(request)
    return render(
        request,
        template,
        status=422 if errors else 200,
        errors=errors or {},
        step=step,
        steps=[
            (name, setup_steps.title_of(name), outcome)
            for name, outcome in setup_steps.outcomes(session, coming(request)).items()
        ],
        fixed={name for name in type(settings).model_fields if settings.is_fixed(name)},
        is_waiting=kept_settings.is_waiting(settings),
        can_apply=request.app.state.renew is not None,
        **values,
    )


def refused(request: Visitor, changes: Changes, beside: Mapping[str, str]) -> dict[str, str]:
    """Why these choices would not be kept, beside the fields; `beside` says which setting stands in which."""
    try:
        kept_settings.with_changes(settings_of(request), changes)
    except SettingsError as error:
        return _said_beside(error, beside)
    return {}


def keep(
    request: Visitor, session: Session, staff: SignedIn, step: str, changes: Changes, beside: Mapping[str, str]
) -> dict[str, str]:
    """Keeps what was chosen in a step and notes who did it; or says what is wrong, and keeps nothing."""
    try:
        kept_settings.keep(settings_of(request), changes)
    except SettingsError as error:
        return _said_beside(error, beside)
    setup_steps.settle(session, step, "done")
    note(session, staff, "change_settings", "settings", step)
    return {}


def note(session: Session, staff: SignedIn, action: str, kind: str, about: str) -> None:
    audit.record(session, actor="staff", staff_id=staff.id, action=action, object_kind=kind, object_ref=about)


def onward(step: str) -> Response[bytes]:
    """To the next step, or back to the list of them."""
    following = setup_steps.after(step)
    return redirect(f"{HERE}/{following}" if following else HERE)


def _said_beside(error: SettingsError, beside: Mapping[str, str]) -> dict[str, str]:
    found = {beside.get(name, name): _sentence(problem) for name, problem in error.problems.items()}
    return found or {next(iter(beside.values()), "form"): str(error)}


def _sentence(problem: Unusable) -> str:
    """As a page says it; where a start ends with it, it stands after the name of the setting."""
    said = _(problem.message) % problem.values if problem.values else _(problem.message)
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."
