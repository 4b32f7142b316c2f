"""Addresses that programs look for by themselves: public keys, security contact, robots, icon, place of reports."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from litestar import Response, Router

from certificates import did_document
from university import clock
from university.keys.keyring import RECEIPT_KEY, KeyRing
from university.serving.gate import REPORTS
from university.serving.pages import Visitor, act, answer_unless_known, redirect, settings_of, show
from university.well_known.policy_reports import note_reports

# RFC 9116 wants a last day less than a year away; ours moves along as long as somebody runs the program.
CONTACT_HOLDS_FOR = timedelta(days=180)
ROBOTS = """\
User-agent: *
Disallow: /claims/
Disallow: /privacy/my-data
Disallow: /mailbox

Sitemap: {sitemap}
"""


@show("/.well-known/certificate-keys.json")
def certificate_keys(request: Visitor) -> Response[bytes]:
    """Every public key that ever signed a certificate: what `university verify --keys` takes. And the receipts' key."""
    keyring: KeyRing = request.app.state.keyring
    document = keyring.public_keys(settings_of(request)).to_json()
    document["receipts"] = [key for key in (keyring.public_jwk(RECEIPT_KEY),) if key]
    return _for_machines(request, document, "application/json")


@show("/.well-known/did.json")
def issuer_document(request: Visitor) -> Response[bytes]:
    """Who we are for wallets (did:web): the keys that credentials may be signed with. On http we are a did:key."""
    keyring: KeyRing = request.app.state.keyring
    return _for_machines(request, did_document(keyring.public_keys(settings_of(request))), "application/did+json")


@show("/.well-known/security.txt")
def security_contact(request: Visitor) -> Response[bytes]:
    """RFC 9116."""
    settings = settings_of(request)
    expires = (clock.now() + CONTACT_HOLDS_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    text = (
        f"Contact: mailto:{settings.organisation_email}\n"
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}\n"
        "Preferred-Languages: nl, en\n"
        f"Canonical: {settings.link('/.well-known/security.txt')}\n"
    )
    return answer_unless_known(request, text.encode(), "text/plain")


@show("/robots.txt")
def robots(request: Visitor) -> Response[bytes]:
    """Certificate pages are not barred: they say noindex themselves, and link previews must be able to fetch them."""
    text = ROBOTS.format(sitemap=settings_of(request).link("/sitemap.xml"))
    return answer_unless_known(request, text.encode(), "text/plain")


@show("/favicon.ico")
def icon(request: Visitor) -> Response[bytes]:
    """For browsers that ask for it without being told."""
    return redirect(request.app.state.static.address("favicon.svg"))


@act(REPORTS, from_anywhere=True)
async def policy_reports(request: Visitor) -> Response[bytes]:
    """What a browser kept a page of ours from doing, as it reports by itself."""
    note_reports(await request.body())
    return Response(b"", status_code=204, headers={"cache-control": "no-store"})


def _for_machines(request: Visitor, document: dict[str, Any], media_type: str) -> Response[bytes]:
    content = json.dumps(document, indent=1, ensure_ascii=False).encode()
    everywhere = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
    return answer_unless_known(request, content, media_type, everywhere)


routes = Router("/", route_handlers=[certificate_keys, issuer_document, security_contact, robots, icon, policy_reports])
