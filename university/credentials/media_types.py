"""The forms of a credential: JSON with its proof inside (W3C VC 2.0), or the same as a signed token (VC-JWT)."""

from __future__ import annotations

import json

from university.keys.keyring import KeyRing

USUAL = "application/vc+ld+json"
TOKEN = ("application/vc+jwt", "application/jwt")
FORMS = (USUAL, "application/vc", *TOKEN, "application/ld+json", "application/json")


def form_asked(accept: str) -> str:
    """The first form that the Accept header names; the usual one for everything else."""
    wanted = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    return next((form for form in wanted if form in FORMS), USUAL)


def token_of(document: str, keyring: KeyRing) -> str:
    """The stored credential as VC-JWT, signed by the present key."""
    return keyring.credential_key().sign_token(json.loads(document))
