"""The Ed25519 key that signs credentials and status lists."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from certificates.credentials.canonical import Unsignable
from certificates.credentials.did import verification_method
from certificates.credentials.json_text import Document, credential_json, read_json
from certificates.credentials.multikey import to_multibase, to_multikey
from certificates.credentials.proofs import JCS, RDFC, bytes_to_sign, proof_holds, proof_options, without_proof
from certificates.credentials.token import token_to_sign, with_signature
from certificates.signing.authority import UnusableKey


class CredentialKey:
    """`key_id` is its name in the issuer's DID document (`credential-1`), `multikey` its public half."""

    def __init__(self, key_id: str, key: Ed25519PrivateKey) -> None:
        self.key_id = key_id
        self._key = key
        self._public = key.public_key().public_bytes_raw()
        self.multikey = to_multikey(self._public)

    @classmethod
    def make(cls, key_id: str) -> "CredentialKey":
        """A fresh key."""
        return cls(key_id, Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, key_id: str, private_key: bytes) -> "CredentialKey":
        """From PEM; UnusableKey if it is no Ed25519 key."""
        try:
            key = load_pem_private_key(private_key, None)
        except (ValueError, TypeError) as error:
            raise UnusableKey(f"the key {key_id} cannot be read") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise UnusableKey(f"the key {key_id} is not an Ed25519 key")
        return cls(key_id, key)

    @property
    def private_key(self) -> bytes:
        """PEM, for the key ring."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, document: Document, at: datetime, second_proof: bool = False) -> Document:
        """The credential or status list with its proofs, made at this moment; earlier proofs are left out.

        The second proof is one over JSON itself (eddsa-jcs-2022). Unsignable if a proof would not cover every word:
        nothing leaves here that does not verify.
        """
        suites = [RDFC, JCS] if second_proof else [RDFC]
        unsecured = without_proof(document)
        signed = {**unsecured, "proof": [self._proof(unsecured, suite, at) for suite in suites]}
        written = read_json(credential_json(signed))
        if written != signed or not all(proof_holds(written, proof, self._public) for proof in written["proof"]):
            raise Unsignable("the credential does not verify as it is written")
        return signed

    def sign_token(self, credential: Document) -> str:
        """A signed credential as VC-JWT."""
        token = token_to_sign(credential, self._method(credential))
        return with_signature(token, self._key.sign(token.encode()))

    def _proof(self, document: Document, suite: str, at: datetime) -> Document:
        options = proof_options(document, suite, self._method(document), at)
        return {**options, "proofValue": to_multibase(self._key.sign(bytes_to_sign(document, options)))}

    def _method(self, document: Document) -> str:
        issuer = document["issuer"]
        did = issuer if isinstance(issuer, str) else issuer["id"]
        return verification_method(did, self.key_id, self.multikey)
