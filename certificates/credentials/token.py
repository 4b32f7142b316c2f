"""VC-JWT: the credential as a signed token (RFC 7519, EdDSA of RFC 8037), with its proofs inside."""

import base64
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.credentials.document import read_moment
from certificates.credentials.json_text import Document, credential_json, read_json

_CLAIMS = ("iss", "jti", "sub", "nbf", "exp")


@dataclass(frozen=True)
class Token:
    """`method` is the address of the key that claims to have signed."""

    method: str
    signed: bytes
    signature: bytes
    document: Document

    def is_signed_by(self, public_key: bytes) -> bool:
        """Whether the Ed25519 key (32 bytes) made the signature; False also for bytes that are no key."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, self.signed)
        except (InvalidSignature, ValueError):
            return False
        return True


def token_to_sign(credential: Document, method: str) -> str:
    """Header and payload, to which the signature is put behind a dot."""
    header = {"typ": "JWT", "alg": "EdDSA", "kid": method}
    return f"{_encode(credential_json(header).encode())}.{_encode(_payload(credential).encode())}"


def with_signature(token: str, signature: bytes) -> str:
    return f"{token}.{_encode(signature)}"


def read_token(text: str) -> Token:
    """Reads what `with_signature` gives, not yet judging who signed; a ValueError for anything else."""
    try:
        header, payload, signature = text.split(".")
        head, claims = read_json(_decode(header)), read_json(_decode(payload))
        document = {name: value for name, value in claims.items() if name not in _CLAIMS}
        if head != {"typ": "JWT", "alg": "EdDSA", "kid": head["kid"]} or claims != read_json(_payload(document)):
            raise ValueError("the token says other than its credential")
        return Token(str(head["kid"]), f"{header}.{payload}".encode(), _decode(signature), document)
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("this is not a token that holds a credential") from error


def _payload(credential: Document) -> str:
    ends = {"exp": _seconds(credential["validUntil"])} if "validUntil" in credential else {}
    claims: dict[str, Any] = {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": _seconds(credential["validFrom"]),
        **ends,
    }
    return credential_json({**credential, **claims})


def _seconds(moment: str) -> int:
    return int(read_moment(moment).timestamp())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
