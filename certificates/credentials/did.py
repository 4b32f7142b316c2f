"""Who the issuer is for machines: did:web on https, did:key on a development machine (W3C DID Core)."""

from typing import Any
from urllib.parse import quote, urlsplit

from certificates.keys import PublicKey, PublicKeys

_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


def issuer_did(base_address: str, multikey: str) -> str:
    """The issuer's name for an installation. Strict verifiers resolve did:web over https alone, so http has did:key."""
    return did_web(base_address) if urlsplit(base_address).scheme == "https" else did_key(multikey)


def did_web(base_address: str) -> str:
    """Host, port and path of the base address; the document of a did:web with a path is at `{base}/did.json`."""
    parts = urlsplit(base_address)
    path = [quote(segment) for segment in parts.path.split("/") if segment]
    return ":".join(["did:web", quote(parts.netloc.lower()), *path])


def did_key(multikey: str) -> str:
    return f"did:key:{multikey}"


def verification_method(did: str, key_id: str, multikey: str) -> str:
    """The address of one key: by its id in the document of a did:web; a did:key names its only key itself."""
    return f"{did}#{multikey}" if did.startswith("did:key:") else f"{did}#{key_id}"


def methods_of(keys: PublicKeys) -> dict[str, PublicKey]:
    """Every address under which a credential key of this issuer signs or signed, whatever became of it."""
    if keys.did is None:
        return {}
    return {
        verification_method(_owner(keys.did, key.multibase), key.id, key.multibase): key
        for key in keys.keys
        if key.use == "credential" and key.multibase
    }


def did_document(keys: PublicKeys) -> dict[str, Any]:
    """What /.well-known/did.json says: every key that is not compromised, the retired ones too."""
    if keys.did is None:
        raise ValueError("an issuer without a DID has no DID document")
    methods = {
        address: key
        for address, key in methods_of(keys).items()
        if key.compromised_at is None and address.startswith(f"{keys.did}#")
    }
    return {
        "@context": list(_CONTEXTS),
        "id": keys.did,
        "verificationMethod": [
            {"id": address, "type": "Multikey", "controller": keys.did, "publicKeyMultibase": key.multibase}
            for address, key in methods.items()
        ],
        "assertionMethod": list(methods),
    }


def _owner(did: str, multikey: str) -> str:
    """A did:key is its key: an earlier key was another issuer by name."""
    return did_key(multikey) if did.startswith("did:key:") else did
