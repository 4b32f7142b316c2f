"""The signed head of the audit log: where the chain ended, said outside of the database.

A chain of hashes shows a changed line, but whoever can write the database can write the whole chain anew. The head
is signed every day, lies beside the rights ledger and travels to its second place; a rewritten chain does not fit it.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from university import clock
from university.chains.ledger import open_ledger
from university.keys.keyring import open_keyring
from university.models import AuditEntry
from university.settings import Settings

FILE_NAME = "audit-head.json"
SIGNING_KEY = "audit-1"


def sign_head(session: Session, settings: Settings) -> int:
    """Writes down where the log ends now; its last `seq`, 0 for an empty log, of which nothing is written."""
    last = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).one_or_none()
    if last is None:
        return 0
    body = {"seq": last.seq, "hash": last.hash, "at": clock.now().isoformat(timespec="seconds"), "key": SIGNING_KEY}
    signature = open_keyring(settings).ed25519(SIGNING_KEY).sign(rfc8785.dumps(body))
    signed = {**body, "sig": urlsafe_b64encode(signature).decode()}
    open_ledger(settings).beside.write(FILE_NAME, json.dumps(signed).encode())
    return int(last.seq)


def check_head(session: Session, settings: Settings) -> int | None:
    """The `seq` at which the log does not fit its signed head, or None if it fits or no head was signed yet."""
    signed = open_ledger(settings).beside.read(FILE_NAME)
    if signed is None:
        return None
    try:
        body: dict[str, Any] = json.loads(signed)
        signature = urlsafe_b64decode(body.pop("sig"))
        open_keyring(settings).ed25519(SIGNING_KEY).public_key().verify(signature, rfc8785.dumps(body))
        seq, hash_then = int(body["seq"]), body["hash"]
    except (InvalidSignature, ValueError, KeyError):
        return session.scalar(select(func.max(AuditEntry.seq))) or 1
    newest = session.scalar(select(func.max(AuditEntry.seq))) or 0
    if newest < seq:
        return newest + 1
    # Of a line past its retention only a later one vouches for the cut, and the chain itself tells that.
    hash_now = session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == seq))
    return seq if hash_now is not None and hash_now != hash_then else None
