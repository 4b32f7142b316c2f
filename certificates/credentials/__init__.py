"""A certificate for machines: Open Badges 3.0, its proofs, its status, and how to judge one. No private keys here."""

from certificates.credentials.baking import bake, unbake
from certificates.credentials.canonical import Unsignable, unsignable
from certificates.credentials.did import did_document, did_key, did_web, issuer_did
from certificates.credentials.document import (
    StatusEntry,
    credential,
    credential_id,
    identity_hash,
    make_salt,
    make_subject_id,
)
from certificates.credentials.json_text import credential_json
from certificates.credentials.status_list import STATUS_LIST_BITS, STATUS_LIST_CAPACITY, draw_index, status_list
from certificates.credentials.verdict import CredentialVerdict, same_credential, verify_credential

__all__ = [
    "STATUS_LIST_BITS",
    "STATUS_LIST_CAPACITY",
    "CredentialVerdict",
    "StatusEntry",
    "Unsignable",
    "bake",
    "credential",
    "credential_id",
    "credential_json",
    "did_document",
    "did_key",
    "did_web",
    "draw_index",
    "identity_hash",
    "issuer_did",
    "make_salt",
    "make_subject_id",
    "same_credential",
    "status_list",
    "unbake",
    "unsignable",
    "verify_credential",
]
