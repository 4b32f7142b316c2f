"""Credentials of the cast, signed with a key that is in no secret: its seed is the bytes 0 to 31."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates import (
    Certificate,
    CredentialKey,
    PublicKey,
    PublicKeys,
    StatusEntry,
    credential,
    credential_json,
    status_list,
)
from tests.certificates.conftest import FOUNDED, ISSUED, make_certificate

BASE = "https://learn.example.org"
DID = "did:web:learn.example.org"
LIST = f"{BASE}/credentials/status/1"
INDEX = 94567
SALT = "81349c67d6923e8c9d700cd81ea82def"
SUBJECT = "urn:uuid:0b6c5f0e-1f0a-4c58-9a7f-3c7c1c6b9f3d"

VECTORS = Path(__file__).parent / "vectors"
OTHERS = Path(__file__).parents[3] / "shared" / "checks" / "credential"  # made by another program, if they are there

Document = dict[str, Any]


def key_from(seed: bytes = bytes(range(32)), key_id: str = "credential-1") -> CredentialKey:
    return CredentialKey(key_id, Ed25519PrivateKey.from_private_bytes(seed))


KEY = key_from()


def credential_of(certificate: Certificate, **changes: Any) -> Document:
    """Unsigned."""
    arguments: dict[str, Any] = {
        "issuer_did": DID,
        "subject_id": SUBJECT,
        "salt": SALT,
        "email": "ada@example.org",
        "status": StatusEntry(LIST, INDEX),
    }
    return credential(certificate, **{**arguments, **changes})


def ada(expires_on: date | None = None, version: int = 1, **course: Any) -> Certificate:
    return replace(make_certificate(**course), expires_on=expires_on, version=version)


def signed(certificate: Certificate | None = None, **changes: Any) -> Document:
    return KEY.sign(credential_of(certificate or ada(), **changes), ISSUED)


def list_with(*revoked: int, **changes: Any) -> Document:
    return KEY.sign(status_list(LIST, revoked, issuer_did=DID, valid_from=ISSUED, **changes), ISSUED)


def keys_with(*keys: CredentialKey, did: str = DID, **life: Any) -> PublicKeys:
    """The published list for these keys; keywords are the moments of each key's life."""
    public = [PublicKey(key.key_id, "credential", FOUNDED, multibase=key.multikey, **life) for key in keys]
    return PublicKeys("Example University", BASE, tuple(public), did=did)


KEYS = keys_with(KEY)


def changed(document: Document, change: Callable[[Document], object]) -> Document:
    """A copy with one thing in it changed."""
    copied = copy.deepcopy(document)
    change(copied)
    return copied


def written(document: Document) -> bytes:
    return credential_json(document).encode()


def vector(name: str) -> str:
    """A file that another program made with the same key; skipped, and said so, where it is not."""
    path = OTHERS / "vectors" / name
    if not path.is_file():
        pytest.skip(f"the vectors of another program are not in {OTHERS}")
    return path.read_text(encoding="utf-8").strip()
