"""Data Integrity proofs: eddsa-rdfc-2022 and eddsa-jcs-2022 (W3C Data Integrity EdDSA Cryptosuites 1.0).

Each proof of a set is over the document without any proof. What is signed: SHA-256 of the canonical proof options,
followed by SHA-256 of the canonical document.
"""

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.credentials.canonical import CREDENTIALS, Unsignable, canonical_form
from certificates.credentials.document import show_moment
from certificates.credentials.json_text import Document
from certificates.credentials.multikey import from_multibase

RDFC = "eddsa-rdfc-2022"
JCS = "eddsa-jcs-2022"


def without_proof(document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "proof"}


def proof_options(document: Document, suite: str, method: str, at: datetime) -> Document:
    """A proof that has no value yet; one over JSON itself carries the contexts, one over their meaning does not."""
    contexts = {"@context": document["@context"]} if suite == JCS else {}
    return {
        **contexts,
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": show_moment(at),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }


def bytes_to_sign(document: Document, options: Document) -> bytes:
    """64 bytes; Unsignable if document or options have no canonical form, or the suite is none of the two."""
    unsecured = without_proof(document)
    if options["cryptosuite"] == RDFC:
        return _rdfc_options(tuple(sorted(options.items()))) + _sha256(canonical_form(unsecured).encode())
    if options["cryptosuite"] == JCS:
        return _sha256(_jcs(options)) + _sha256(_jcs(unsecured))
    raise Unsignable(f"{options['cryptosuite']!r} is no suite of ours")


def proof_holds(document: Document, proof: Document, public_key: bytes) -> bool:
    """Whether this proof is the key's (32 raw bytes) over exactly this document. Never raises."""
    try:
        contexts = {"@context": document["@context"]} if proof["cryptosuite"] == JCS else {}
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        signature = from_multibase(proof["proofValue"])
        if options.get("@context") != contexts.get("@context") or options["type"] != "DataIntegrityProof":
            return False
        if options["proofPurpose"] != "assertionMethod":
            return False
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, bytes_to_sign(document, options))
    except (InvalidSignature, LookupError, ValueError, TypeError, AttributeError):
        return False
    return True


@lru_cache(maxsize=64)
def _rdfc_options(options: tuple[tuple[str, str], ...]) -> bytes:
    """Kept for a moment, for a proof is verified right after it was made.

    All terms of a proof are in the first context, which lets no later one change them, so it alone is enough.
    """
    return _sha256(canonical_form({"@context": [CREDENTIALS], **dict(options)}).encode())


def _jcs(value: Any) -> bytes:
    return bytes(rfc8785.dumps(value))


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
