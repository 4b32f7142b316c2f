"""The one place that lets staff in: session, role, a factor shown just now, and for every POST its own token."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from functools import partial
from urllib.parse import urlencode

import anyio.to_thread

from university.accounts import sessions
from university.accounts.kept_forms import CSRF_FIELD, MOST_BYTES, MOST_SENT, KeptForm, keep_form
from university.accounts.passkeys import are_possible
from university.accounts.signed_in import SignedIn, admit
from university.database import Database
from university.errors import Detour, Forbidden
from university.language import gettext as _
from university.models import FULL
from university.serving.pages import SAFE_METHODS, Visitor, form_of, promptly, safe_path, settings_of

SIGN_IN = "/staff/sign-in"
STEP_UP = "/staff/step-up"
SET_UP = "/staff/welcome"
CSRF_HEADER = "x-csrf-token"


async def admit_member(
    request: Visitor, roles: Collection[str], *, needs_fresh_factor: bool = False, while_setting_up: bool = False
) -> None:
    """Lets the signed-in member through to a route open to `roles`, and raises what to do instead otherwise.

    Nothing typed is lost: a form whose session has ended, or whose token is another one's, comes back in the page.
    """
    is_act = request.method not in SAFE_METHODS
    if is_act:
        _refuse_other_sites(request)
    member = await _member(request)
    if member is None:
        raise await _detour(request, SIGN_IN, _("Sign in to go on. What you typed is kept."))
    if member.auth_level < FULL and not while_setting_up:
        raise Detour(SET_UP)
    if not member.has(*roles):
        raise Forbidden(_("Your account does not have the role this needs. An owner can give it to you."))
    admit(request, member)
    if needs_fresh_factor and member.auth_level == FULL and not member.is_fresh:
        raise await _detour(request, STEP_UP, _("This needs your second factor once more. What you typed is kept."))
    if is_act and not await _has_token(request, member):
        raise await _ask_to_send_again(request)


def _refuse_other_sites(request: Visitor) -> None:
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    allowed = site in {"same-origin", "none"} if site is not None else origin == settings_of(request).origin
    if not allowed:
        raise Forbidden(_("This form was not sent from our own page. Open the page again and send it from there."))


async def _member(request: Visitor) -> SignedIn | None:
    secret, database = sessions.secret_of(request), request.app.state.database
    found = await promptly(request, _look, database, secret) if secret else None
    if found is None:
        return None
    member, is_time_to_touch = found
    if is_time_to_touch:
        await anyio.to_thread.run_sync(partial(_touch, database, member.session))
    return member


def _look(database: Database, secret: str) -> tuple[SignedIn, bool] | None:
    with database.reading() as session:
        return sessions.find(session, secret)


def _touch(database: Database, id_sha256: str) -> None:
    with database.writing() as session:
        sessions.touch(session, id_sha256)


async def _has_token(request: Visitor, member: SignedIn) -> bool:
    in_header = request.headers.get(CSRF_HEADER)
    tokens = [in_header] if in_header is not None else (await form_of(request)).many(CSRF_FIELD)
    return len(tokens) == 1 and hmac.compare_digest(tokens[0].encode(), member.csrf.encode())


async def _detour(request: Visitor, place: str, sentence: str) -> Detour:
    """The way to `place` and back: by address for a page, with everything typed for a form."""
    if request.method in SAFE_METHODS:
        query = request.scope["query_string"].decode("latin-1")
        here = safe_path(request.scope["path"] + (f"?{query}" if query else ""))
        return Detour(f"{place}?{urlencode({'next': here})}")
    kept = await _kept(request)
    page = "staff/step_up.html" if place == STEP_UP else "staff/sign_in.html"
    values: dict[str, object] = {
        "kept": kept,
        "next": "",
        "errors": {},
        "values": {},
        "has_passkeys": are_possible(settings_of(request)),
    }
    return Detour(place, sentence, page=page, values=values)


async def _ask_to_send_again(request: Visitor) -> Detour:
    sentence = _("This form belongs to another sign-in. Look whether it is still right, and send it again.")
    return Detour("", sentence, page="staff/send_again.html", values={"kept": await _kept(request)}, status=403)


async def _kept(request: Visitor) -> KeptForm | None:
    """Everything typed; None where it is more than a page can carry. A chosen file may well be larger: it is left."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_SENT:
        return None
    kept = keep_form(request, await form_of(request))
    return kept if len(kept.packed().encode()) <= MOST_BYTES else None
