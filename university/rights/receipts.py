"""The receipt of an erasure: a signed statement (JWS, RFC 7515, Ed25519) that names nobody.

The server keeps a receipt's id and two days; whoever holds the receipt can prove the rest with our public key.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from university.keys.keyring import RECEIPT_KEY as KEY, KeyRing
from university.models import Attestation, Receipt
from university.rights.erasure import Erasure
from university.settings import Settings

FINISHED = "erasure-receipt"
UNDER_WAY = "erasure-under-way"
COMPLAINT = "https://autoriteitpersoonsgegevens.nl/een-tip-of-klacht-indienen-bij-de-ap"
KEPT_FOR = timedelta(days=730)

# What people call the rows that were deleted; the rest belongs to one of these.
KINDS = {
    "award": "certificates",
    "claim": "claims",
    "enrolment": "enrolments",
    "attempt": "attempts",
    "outbox": "mails",
    "token": "links",
    "portal_session": "visits",
}


def sign(keyring: KeyRing, erasure: Erasure, settings: Settings) -> str:
    """The receipt as a compact JWS, with the public key in its header; before everything is done, a promise of it."""
    facts = {
        "iss": settings.base_url,
        "id": erasure.receipt_id,
        "by": settings.organisation_name,
        "erased_at": erasure.erased_at.isoformat().replace("+00:00", "Z"),
        "deleted": {word: erasure.deleted.get(table, 0) for table, word in KINDS.items()},
        "certificates_withdrawn": erasure.withdrawn,
        "backups_gone_on": erasure.backups_gone_on.isoformat(),
        "ledger": {"seq": erasure.ledger_seq, "sha256": erasure.ledger_sha256},
        "complaint": COMPLAINT,
    }
    return sign_statement(keyring, FINISHED if erasure.is_finished else UNDER_WAY, facts)


def read(keyring: KeyRing, receipt: str) -> tuple[str, dict[str, Any]]:
    """Type and facts of a receipt of ours. Raises ValueError for anything else."""
    signed, _dot, signature = receipt.rpartition(".")
    header, _dot, facts = signed.partition(".")
    try:
        keyring.ed25519(KEY).public_key().verify(_decoded(signature), signed.encode())
        return str(json.loads(_decoded(header))["typ"]), dict(json.loads(_decoded(facts)))
    except (InvalidSignature, ValueError) as error:
        raise ValueError("not a receipt of ours") from error


def completed(keyring: KeyRing, facts: dict[str, Any]) -> str:
    """The receipt proper, for a promise whose last step is done now."""
    return sign_statement(keyring, FINISHED, facts)


def find(session: Session, receipt_id: str) -> Receipt | None:
    return session.get(Receipt, receipt_id)


def delete_old(session: Session, now: datetime) -> int:
    """Forgets receipts past their retention; they stay valid for whoever holds them."""
    limit = now.date() - KEPT_FOR
    gone = session.execute(delete(Receipt).where(Receipt.erased_on < limit))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def attested(session: Session, receipt: Receipt) -> Attestation | None:
    """The first statement by which no backup held the person of this receipt any more; None before it was signed."""
    since = select(Attestation).where(Attestation.day >= receipt.backups_gone_on).order_by(Attestation.day)
    return next((kept for kept in session.scalars(since) if _is_younger(kept, receipt)), None)


def _is_younger(kept: Attestation, receipt: Receipt) -> bool:
    """Whether even the oldest backup of that day was made after the day of the erasure."""
    oldest = json.loads(_decoded(kept.statement.split(".")[1]))["oldest_backup"]
    return oldest is None or datetime.fromisoformat(oldest).date() > receipt.erased_on


def sign_statement(keyring: KeyRing, kind: str, facts: dict[str, Any]) -> str:
    """A compact JWS that carries the key to check it with; that key stands among our published keys."""
    key = keyring.ed25519(KEY)
    header: dict[str, Any] = {"alg": "EdDSA", "kid": KEY, "typ": kind, "jwk": keyring.public_jwk(KEY)}
    signed = f"{_encoded(rfc8785.dumps(header))}.{_encoded(rfc8785.dumps(facts))}"
    return f"{signed}.{_encoded(key.sign(signed.encode()))}"


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
