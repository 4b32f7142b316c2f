"""A credential to a verdict: who signed it, whether it is as it was signed, its end, and its bit in the status list.

A verdict is a value: nothing that is handed in makes this raise. Only documents that name one of our own keys are
canonicalised, and `canonical` refuses those that would take long.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from certificates.credentials.canonical import unsignable
from certificates.credentials.did import methods_of
from certificates.credentials.document import PURPOSE, read_moment
from certificates.credentials.json_text import Document, read_json
from certificates.credentials.multikey import from_multikey
from certificates.credentials.proofs import proof_holds, without_proof
from certificates.credentials.reading import LARGEST_PICTURE, Presented, read_presented
from certificates.credentials.status_list import decode_bits, is_set
from certificates.keys import PublicKey, PublicKeys
from certificates.number import read_number
from certificates.verifying import Word

Reason = Literal[
    "all_rules_kept",
    "altered_after_signing",
    "no_signature",
    "another_key",
    "outside_key_life",
    "key_compromised",
    "not_a_credential",
    "empty",
    "too_large",
]
ListedStatus = Literal["clear", "set", "not_asked", "could_not_check"]

_WORDS: dict[Reason, Word] = {
    "all_rules_kept": "untouched",
    "altered_after_signing": "changed",
    "no_signature": "not_ours",
    "another_key": "not_ours",
    "outside_key_life": "not_ours",
    "key_compromised": "not_ours",
    "not_a_credential": "not_ours",
    "empty": "could_not_check",
    "too_large": "could_not_check",
}
_ID = re.compile(r"/credentials/([0-9A-Z-]{16,24})(?:#([1-9][0-9]{0,5}))?\Z")
_MOST_PROOFS = 2


@dataclass(frozen=True)
class CredentialVerdict:
    """What the credential is. Everything from `number` on is as signed if "untouched", else as it claims.

    `status` is the bit in the list that `status_list` names: "not_asked" where no list was handed in.
    """

    word: Word
    reason: Reason
    status: ListedStatus = "not_asked"
    is_expired: bool = False
    number: str | None = None
    version: int | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    title: str | None = None
    issuer: str | None = None
    status_list: str | None = None
    status_index: int | None = None
    signed_at: datetime | None = None
    key_id: str | None = None

    @property
    def is_valid(self) -> bool:
        """Ours, unchanged, not expired, and its bit seen to be clear."""
        return self.word == "untouched" and not self.is_expired and self.status == "clear"


def verify_credential(
    data: bytes, keys: PublicKeys, at: datetime, status_list: bytes | None = None
) -> CredentialVerdict:
    """Judges JSON, a token or a picture by the issuer's public keys, as of `at`. Never raises.

    `status_list` is the signed list that was found at the verdict's own `status_list`, if somebody asked for it.
    """
    if not data:
        return _verdict("empty")
    if len(data) > LARGEST_PICTURE:
        return _verdict("too_large")
    try:
        presented = read_presented(data)
    except ValueError:
        return _verdict("not_a_credential")
    found = _judge(presented, keys)
    until = _moment(presented.document.get("validUntil"))
    status = "not_asked" if status_list is None else _listed(found, status_list, presented.document, keys)
    return replace(found, status=status, is_expired=until is not None and until < at)


def same_credential(one: str | None, other: str | None) -> bool:
    """Whether both say the same; their proofs may differ, for they are made anew when a key was compromised."""
    if one is None or other is None:
        return one == other
    try:
        return without_proof(read_json(one)) == without_proof(read_json(other))
    except ValueError:
        return False


def _judge(presented: Presented, keys: PublicKeys) -> CredentialVerdict:
    document, proofs, methods = presented.document, presented.document.get("proof"), methods_of(keys)
    if not isinstance(proofs, list) or not 0 < len(proofs) <= _MOST_PROOFS:
        return _verdict("no_signature", document)
    found = [_key_of(proof, document, methods) for proof in proofs]
    if presented.token:
        found.append(methods.get(presented.token.method))
    signers = [key for key in found if key is not None]
    if len(signers) != len(found):
        return _verdict("another_key", document)
    if any(key.compromised_at is not None for key in signers):  # before anything is computed from its words
        return _verdict("key_compromised", document, signers[0])
    if not _all_hold(presented, proofs, signers):
        return _verdict("altered_after_signing", document, signers[0])
    moments = [_moment(proof.get("created")) for proof in proofs]
    in_life = all(moment and key.was_in_use_at(moment) for key, moment in zip(signers, moments, strict=False))
    return _verdict("all_rules_kept" if in_life else "outside_key_life", document, signers[0], moments[0])


def _key_of(proof: Any, document: Document, methods: dict[str, PublicKey]) -> PublicKey | None:
    """Our key that the proof names, if it is the issuer's own that the document names."""
    method = proof.get("verificationMethod") if isinstance(proof, dict) else None
    if not isinstance(method, str) or method.partition("#")[0] != _issuer(document):
        return None
    return methods.get(method)


def _all_hold(presented: Presented, proofs: list[Document], signers: list[PublicKey]) -> bool:
    """Every proof, not any one; and the token around them."""
    publics = [from_multikey(key.multibase or "") for key in signers]
    holds = all(proof_holds(presented.document, proof, public) for proof, public in zip(proofs, publics, strict=False))
    return holds and (presented.token is None or presented.token.is_signed_by(publics[-1]))


def _listed(found: CredentialVerdict, data: bytes, document: Document, keys: PublicKeys) -> ListedStatus:
    """The bit, if the list is ours, untouched, the one that the credential names, and for this purpose."""
    try:
        presented = read_presented(data)
        subject, entry = presented.document["credentialSubject"], document["credentialStatus"]
        fits = (
            _judge(presented, keys).word == "untouched"
            and presented.document["id"] == entry["statusListCredential"]
            and _issuer(presented.document) == _issuer(document)
            and "BitstringStatusListCredential" in presented.document["type"]
            and subject["statusPurpose"] == entry["statusPurpose"] == PURPOSE
        )
        if not fits or found.status_index is None:
            return "could_not_check"
        return "set" if is_set(decode_bits(subject["encodedList"]), found.status_index) else "clear"
    except (ValueError, LookupError, TypeError, AttributeError):
        return "could_not_check"


def _verdict(
    reason: Reason,
    document: Document | None = None,
    key: PublicKey | None = None,
    signed_at: datetime | None = None,
) -> CredentialVerdict:
    document = document or {}
    status = document.get("credentialStatus")
    entry = status if isinstance(status, dict) else {}
    number, version = _number_and_version(document)
    first, last = _moment(document.get("validFrom")), _moment(document.get("validUntil"))
    issuer = document.get("issuer")
    index = _text(entry.get("statusListIndex")) or ""
    return CredentialVerdict(
        _WORDS[reason],
        reason,
        number=number,
        version=version,
        issued_on=first.date() if first else None,
        expires_on=last.date() if last else None,
        title=_text(document.get("name")),
        issuer=_text(issuer.get("name")) if isinstance(issuer, dict) else None,
        status_list=_text(entry.get("statusListCredential")),
        status_index=int(index) if re.fullmatch(r"[0-9]{1,9}", index) else None,
        signed_at=signed_at,
        key_id=key.id if key else None,
    )


def _number_and_version(document: Document) -> tuple[str | None, int | None]:
    found = _ID.search(_text(document.get("id")) or "")
    number = read_number(found[1]) if found else None
    return (number, int(found[2] or 1)) if found and number else (None, None)


def _issuer(document: Document) -> str | None:
    issuer = document.get("issuer")
    return _text(issuer.get("id")) if isinstance(issuer, dict) else _text(issuer)


def _text(value: Any) -> str | None:
    """A text that can be shown, or none."""
    return value if isinstance(value, str) and not unsignable(value) else None


def _moment(value: Any) -> datetime | None:
    try:
        return read_moment(value)
    except (ValueError, TypeError):
        return None
