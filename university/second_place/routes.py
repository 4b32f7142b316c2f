"""The second place of backups and ledger, and the recovery key."""

from __future__ import annotations

from litestar import Response, Router
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.errors import Refused
from university.keys.day_keys import WrongRecoveryKey, open_day_keys, written
from university.language import gettext as _
from university.second_place.forms import BackupForm, fields_of, has_secret
from university.second_place.trying_places import is_on_the_same_disk, why_unusable
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, redirect, settings_of, show
from university.setting_up import kept_settings
from university.setting_up.setup_pages import HERE, coming, keep, note, onward, page, refused


@show("/backups")
def backup_form(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    return _backup_page(request, session, fields_of(coming(request)), {})


@act("/backups")
def set_backups(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    """No place is kept that was not written to, read from and cleaned up just now."""
    asked, errors = read_fields(BackupForm, form)
    typed = {name: value for name, value in form.values(BackupForm).items() if name != "bucket_secret"}
    errors = asked.problems() if asked else errors
    if asked is None or errors:
        return _backup_page(request, session, typed, errors)
    changes, beside = asked.settings(coming(request)), dict.fromkeys(("backup_copy", "ledger_copy"), asked.field)
    errors = refused(request, changes, beside) or _tried(request, asked, changes)
    if errors or form.one("then") == "try":
        return _backup_page(request, session, typed, errors, has_tried=asked.kind != "none")
    keep(request, session, staff, "backups", changes, beside)
    return onward("backups")


@act("/recovery-key")
def show_recovery_key(
    request: Visitor, session: NamedDependency[Session], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    key = open_day_keys(settings_of(request)).recovery_key()
    if key is None:
        raise Refused(_("The recovery key is kept elsewhere. This machine does not have it any more."))
    note(session, staff, "show_recovery_key", "key", "recovery")
    return page(request, session, "second_place/recovery_key.html", "backups", key=written(key))


@act("/recovery-key/kept")
def keep_recovery_key(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    """Typed from where it is kept, it leaves this machine."""
    errors = {} if form.one("two") else {"two": _("Two people must have it before it leaves this machine.")}
    try:
        if not errors:
            open_day_keys(settings_of(request)).keep_recovery_key_elsewhere(form.one("recovery_key"))
    except WrongRecoveryKey:
        errors = {"recovery_key": _("This is not the recovery key of this installation. Look at it letter by letter.")}
    if errors:
        return page(request, session, "second_place/recovery_key.html", "backups", errors, key="")
    note(session, staff, "keep_recovery_key", "key", "recovery")
    return redirect(f"{HERE}/backups")


def _tried(request: Visitor, asked: BackupForm, changes: dict[str, str | None]) -> dict[str, str]:
    chosen = kept_settings.with_changes(settings_of(request), changes)
    said = why_unusable(settings_of(request), chosen)
    return {asked.field: said} if said else {}


def _backup_page(
    request: Visitor, session: Session, values: dict[str, str], errors: dict[str, str], *, has_tried: bool = False
) -> Response[bytes]:
    settings, chosen = settings_of(request), coming(request)
    keys = open_day_keys(settings)
    return page(
        request,
        session,
        "second_place/backups.html",
        "backups",
        errors,
        values=values,
        has_secret=has_secret(chosen),
        has_worked=has_tried and not errors,
        same_disk=is_on_the_same_disk(chosen),
        is_key_elsewhere=keys.is_recovery_key_kept_elsewhere(),
    )


routes = Router(HERE, route_handlers=[backup_form, set_backups, show_recovery_key, keep_recovery_key])
