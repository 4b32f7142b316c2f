"""Who may call which route: one table for everybody, one for staff. A route in neither is refused to all."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.handlers.base import BaseRouteHandler

from university.accounts.admission import admit_member
from university.accounts.signed_in import SignedIn
from university.errors import NotFound
from university.language import gettext as _
from university.models import EDITOR, OWNER, PRIVACY_OFFICER, PUBLISHER, ROLES

# Route templates without their parameters' types, exactly as the router knows them.
PUBLIC: frozenset[str] = frozenset(
    {
        "GET /",
        "GET /courses/{slug}",
        "GET /courses/{slug}/{lesson}",
        "POST /courses/{slug}/{lesson}",
        "POST /courses/{slug}",
        "POST /courses/{slug}/{lesson}/place",
        "GET /courses/{slug}/{lesson}/{sha256}/{path}",
        "GET /quizzes/{slug}/{quiz}",
        "POST /quizzes/{slug}/{quiz}/answers",
        "POST /quizzes/{slug}/{quiz}/attempts",
        "GET /quizzes/{slug}/{quiz}/{attempt}",
        "POST /quizzes/{slug}/{quiz}/{attempt}",
        "GET /claims/confirm/{token}",
        "GET /claims/{slug}",
        "GET /claims/{slug}/sent",
        "GET /layout/components",
        "GET /devices",
        "GET /devices/{token}",
        "POST /devices/links",
        "POST /devices/recovery",
        "POST /devices/code",
        "POST /devices/stop",
        "POST /devices/{token}",
        *("GET /healthz", "GET /healthz/{question}", "GET /readyz", "GET /metrics"),
        *("GET /mailbox", "GET /mailbox/{mail_id}"),
        *("GET /mailbox/{mail_id}/html", "GET /mailbox/{mail_id}/headers", "GET /mailbox/{mail_id}/source"),
        "GET /privacy",
        "GET /privacy/my-data",
        "GET /privacy/my-data.schema.json",
        "GET /privacy/statement/{version}",
        "GET /privacy/my-data/delete",
        "GET /privacy/my-data/sent",
        "GET /privacy/my-data/{token}",
        "GET /privacy/request",
        "GET /privacy/request/sent",
        "POST /privacy/request",
        *("GET /privacy/receipt", "POST /privacy/receipt"),
        *("GET /privacy/receipt/finishing", "GET /privacy/receipt/{receipt_id}"),
        "POST /claims/confirm/{token}",
        "POST /claims/{slug}",
        "POST /claims/{slug}/preview",
        "POST /claims/{slug}/again",
        "GET /privacy/my-data/object",
        "GET /privacy/my-data/papers/{name}",
        "POST /privacy/my-data/hide",
        "POST /privacy/my-data/object",
        "POST /privacy/my-data/show",
        "GET /privacy/my-data/name/{number}",
        "POST /privacy/my-data/name/{number}",
        "POST /language",
        "POST /statistics",
        "POST /privacy/my-data",
        "POST /privacy/my-data/delete",
        "POST /privacy/my-data/download",
        "POST /privacy/my-data/sign-out",
        "POST /privacy/my-data/{token}",
        "GET /subscriptions",
        "POST /subscriptions",
        "GET /subscriptions/sent",
        "GET /subscriptions/confirm/{token}",
        "POST /subscriptions/confirm/{token}",
        "GET /subscriptions/confirmed",
        "GET /subscriptions/unsubscribe/{token}",
        "POST /subscriptions/unsubscribe/{token}",
        "GET /subscriptions/never/{token}",
        "POST /subscriptions/never/{token}",
        "POST /subscriptions/my-data",
        "POST /subscriptions/bounces/{secret}",
        "GET /verify",
        "GET /verify/{number}",
        "POST /verify/file",
        "GET /verify/list",
        "POST /verify/list",
        "POST /api/v1/verifications",
        "GET /V/{number}",
        "GET /credentials/{number}",
        "GET /credentials/status/{number}",
        "GET /.well-known/did.json",
        "GET /.well-known/certificate-keys.json",
        *("GET /.well-known/security.txt", "POST /policy-reports"),
        *("GET /robots.txt", "GET /sitemap.xml", "GET /courses.atom", "GET /favicon.ico"),
        "GET /staff/sign-in",
        "POST /staff/sign-in",
        "POST /staff/sign-in/passkey",
        "POST /staff/sign-in/passkey/question",
        "GET /staff/invitations/{token}",
        "POST /staff/invitations/{token}",
    }
)

EVERYBODY_HERE = frozenset(ROLES)
OWNERS = frozenset({OWNER})
# Who writes courses; what learners see is changed by those who publish.
WRITERS = frozenset({EDITOR, PUBLISHER, OWNER})
PUBLISHERS = frozenset({PUBLISHER, OWNER})
ANSWERING = frozenset({PRIVACY_OFFICER, OWNER})

# Who of the staff may call it. Learners' data is open to the privacy officer alone, accounts to the owner.
STAFF: dict[str, frozenset[str]] = {
    "GET /staff": EVERYBODY_HERE,
    "POST /staff/sign-out": EVERYBODY_HERE,
    "GET /staff/step-up": EVERYBODY_HERE,
    "POST /staff/step-up": EVERYBODY_HERE,
    "POST /staff/step-up/passkey": EVERYBODY_HERE,
    "POST /staff/step-up/passkey/question": EVERYBODY_HERE,
    "GET /staff/welcome": EVERYBODY_HERE,
    "GET /staff/account": EVERYBODY_HERE,
    "POST /staff/account/name": EVERYBODY_HERE,
    **dict.fromkeys(("GET /staff/account/address", "POST /staff/account/address"), EVERYBODY_HERE),
    "GET /staff/account/address/{token}": EVERYBODY_HERE,
    "POST /staff/account/address/{token}": EVERYBODY_HERE,
    "POST /staff/account/passkeys": EVERYBODY_HERE,
    "POST /staff/account/passkeys/question": EVERYBODY_HERE,
    "POST /staff/account/passkeys/{passkey_id}/remove": EVERYBODY_HERE,
    "GET /staff/account/password": EVERYBODY_HERE,
    "POST /staff/account/password": EVERYBODY_HERE,
    "GET /staff/account/authenticator": EVERYBODY_HERE,
    "POST /staff/account/recovery-codes": EVERYBODY_HERE,
    "POST /staff/account/devices/sign-out": EVERYBODY_HERE,
    "POST /staff/account/devices/{public_id}/sign-out": EVERYBODY_HERE,
    **dict.fromkeys(
        (
            *("GET /staff/setup", "POST /staff/setup/apply", "POST /staff/setup/skip/{step}"),
            *("GET /staff/setup/who", "POST /staff/setup/who", "GET /staff/setup/look", "POST /staff/setup/look"),
            *("POST /staff/setup/look/preview", "GET /staff/setup/look/colours.css"),
            *("GET /staff/setup/look/specimen.png", "GET /staff/setup/look/{name}"),
            *("GET /staff/setup/address", "POST /staff/setup/address", "GET /staff/setup/mail"),
            *("POST /staff/setup/mail", "GET /staff/setup/backups", "POST /staff/setup/backups"),
            *("POST /staff/setup/recovery-key", "POST /staff/setup/recovery-key/kept"),
            *("GET /staff/accounts", "POST /staff/accounts", "GET /staff/accounts/{staff_id}"),
            *("POST /staff/accounts/{staff_id}/roles", "POST /staff/accounts/{staff_id}/reset"),
            *("POST /staff/accounts/{staff_id}/disable", "POST /staff/accounts/{staff_id}/enable"),
        ),
        OWNERS,
    ),
    "GET /editor": WRITERS,
    "GET /editor/new": WRITERS,
    "POST /editor/new": WRITERS,
    "GET /editor/courses/{slug}": WRITERS,
    "POST /editor/courses/{slug}/order": WRITERS,
    "POST /editor/courses/{slug}/modules": WRITERS,
    "POST /editor/courses/{slug}/remove": WRITERS,
    "GET /editor/courses/{slug}/modules/{module}": WRITERS,
    "POST /editor/courses/{slug}/modules/{module}": WRITERS,
    "POST /editor/courses/{slug}/modules/{module}/lessons": WRITERS,
    "GET /editor/courses/{slug}/settings": WRITERS,
    "POST /editor/courses/{slug}/settings": WRITERS,
    "POST /editor/courses/{slug}/copy": WRITERS,
    "POST /editor/courses/{slug}/address": WRITERS,
    "POST /editor/courses/{slug}/status": PUBLISHERS,
    "GET /figures": WRITERS,
    "GET /figures/courses.csv": WRITERS,
    "GET /editor/courses/{slug}/figures": WRITERS,
    "GET /editor/courses/{slug}/figures/{name}": WRITERS,
    "GET /editor/exchange": WRITERS,
    "POST /editor/exchange": WRITERS,
    "POST /editor/exchange/accept": WRITERS,
    "GET /editor/courses/{slug}/exchange": WRITERS,
    "POST /editor/courses/{slug}/exchange": WRITERS,
    "POST /editor/courses/{slug}/exchange/accept": WRITERS,
    "GET /editor/courses/{slug}/exchange/folder": WRITERS,
    "GET /editor/courses/{slug}/exchange/moodle": WRITERS,
    "GET /editor/courses/{slug}/publish": WRITERS,
    "POST /editor/courses/{slug}/publish": PUBLISHERS,
    "POST /editor/courses/{slug}/publish/back": PUBLISHERS,
    "POST /editor/courses/{slug}/publish/cancel": PUBLISHERS,
    "GET /editor/courses/{slug}/questions": WRITERS,
    "POST /editor/courses/{slug}/questions": WRITERS,
    "GET /editor/courses/{slug}/questions/{quiz}": WRITERS,
    "POST /editor/courses/{slug}/questions/{quiz}": WRITERS,
    "POST /editor/courses/{slug}/questions/{quiz}/remove": WRITERS,
    "POST /editor/courses/{slug}/questions/{quiz}/new": WRITERS,
    "POST /editor/courses/{slug}/questions/{quiz}/order": WRITERS,
    "GET /editor/courses/{slug}/questions/{quiz}/paste": WRITERS,
    "POST /editor/courses/{slug}/questions/{quiz}/paste": WRITERS,
    "GET /editor/courses/{slug}/questions/{quiz}/{number}": WRITERS,
    "POST /editor/courses/{slug}/questions/{quiz}/{number}": WRITERS,
    "POST /editor/courses/{slug}/questions/{quiz}/{number}/try/answers": WRITERS,
    "GET /editor/courses/{slug}/history": WRITERS,
    "POST /editor/courses/{slug}/history": WRITERS,
    "GET /editor/courses/{slug}/lessons/{lesson}": WRITERS,
    "POST /editor/courses/{slug}/lessons/{lesson}": WRITERS,
    "POST /editor/courses/{slug}/lessons/{lesson}/preview": WRITERS,
    "GET /editor/courses/{slug}/preview": WRITERS,
    "GET /editor/courses/{slug}/preview/{lesson}": WRITERS,
    "GET /editor/courses/{slug}/preview/{lesson}/{sha256}/{path}": WRITERS,
    "GET /editor/courses/{slug}/files": WRITERS,
    "POST /editor/courses/{slug}/files": WRITERS,
    "POST /editor/courses/{slug}/files/remove": WRITERS,
    "POST /editor/courses/{slug}/pictures": WRITERS,
    # Words to everybody who wants a topic: whoever may publish may send them. No address is shown to anybody.
    "GET /campaigns": PUBLISHERS,
    "POST /campaigns": PUBLISHERS,
    "GET /campaigns/{campaign_id}": PUBLISHERS,
    "POST /campaigns/{campaign_id}": PUBLISHERS,
    "GET /campaigns/{campaign_id}/send": PUBLISHERS,
    "POST /campaigns/{campaign_id}/send": PUBLISHERS,
    "POST /campaigns/{campaign_id}/delete": PUBLISHERS,
    "GET /campaigns/{campaign_id}/preview/{name}": PUBLISHERS,
    "GET /registry": ANSWERING,
    "POST /registry/find": ANSWERING,
    "POST /registry/people": frozenset({PRIVACY_OFFICER}),
    "GET /registry/classes": ANSWERING,
    "POST /registry/classes": ANSWERING,
    **dict.fromkeys(("GET /registry/extra-time", "POST /registry/extra-time"), ANSWERING),
    "GET /registry/log": ANSWERING,
    "GET /registry/cases": ANSWERING,
    "GET /registry/cases/{number}": ANSWERING,
    "POST /registry/cases/{number}": ANSWERING,
    "POST /registry/cases/{number}/close": ANSWERING,
    "POST /registry/cases/{number}/contact": frozenset({PRIVACY_OFFICER}),
    "GET /registry/{number}": ANSWERING,
    "POST /registry/{number}/contact": frozenset({PRIVACY_OFFICER}),
    "POST /registry/{number}/resend": ANSWERING,
    "POST /registry/{number}/reissue": ANSWERING,
    "GET /registry/{number}/revoke": ANSWERING,
    "POST /registry/{number}/revoke": ANSWERING,
    "GET /registry/{number}/correct": ANSWERING,
    "POST /registry/{number}/correct": ANSWERING,
}

# Dangerous acts: a factor must have been shown at most five minutes ago.
STEP_UP: frozenset[str] = frozenset(
    {
        "GET /staff/account/address",
        "POST /staff/account/address",
        "POST /staff/account/address/{token}",
        "POST /staff/account/passkeys",
        "POST /staff/account/passkeys/question",
        "POST /staff/account/passkeys/{passkey_id}/remove",
        "GET /staff/account/password",
        "POST /staff/account/password",
        "GET /staff/account/authenticator",
        "POST /staff/account/recovery-codes",
        # Whoever took a browser over must not be able to throw its owner out of the others.
        *("POST /staff/account/devices/sign-out", "POST /staff/account/devices/{public_id}/sign-out"),
        *("POST /staff/setup/apply", "POST /staff/setup/who", "POST /staff/setup/look", "POST /staff/setup/address"),
        *("POST /staff/setup/mail", "GET /staff/setup/backups", "POST /staff/setup/backups"),
        *("POST /staff/setup/recovery-key", "POST /staff/setup/recovery-key/kept"),
        *("POST /staff/accounts", "POST /staff/accounts/{staff_id}/roles", "POST /staff/accounts/{staff_id}/reset"),
        *("POST /staff/accounts/{staff_id}/disable", "POST /staff/accounts/{staff_id}/enable"),
        "POST /registry/{number}/revoke",
        "POST /registry/{number}/reissue",
    }
)

# Open to an account that has no factor yet, and to every other.
WHILE_SETTING_UP: frozenset[str] = frozenset(
    {
        "POST /staff/sign-out",
        "GET /staff/welcome",
        "POST /staff/account/passkeys",
        "POST /staff/account/passkeys/question",
        "GET /staff/account/password",
        "POST /staff/account/password",
    }
)


def may(staff: SignedIn | None, route: str) -> bool:
    """Whether there is such a route and this member may call it; for menus."""
    return staff is not None and staff.has(*STAFF.get(route, ()))


async def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Guard of the whole program: fails closed for a route nobody declared.

    A coroutine, because the framework would send anything else through a thread, at every request.
    """
    asked = connection.scope
    method = "GET" if asked["method"] == "HEAD" else asked["method"]  # type: ignore[typeddict-item]
    route = f"{method} {asked['path_template']}"
    if method == "OPTIONS" or route in PUBLIC:
        return
    if route not in STAFF or not isinstance(connection, Request):
        raise NotFound(_("There is no page at this address."))
    await admit_member(
        connection,
        STAFF[route],
        needs_fresh_factor=route in STEP_UP,
        while_setting_up=route in WHILE_SETTING_UP,
    )
