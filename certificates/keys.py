"""The issuer's public keys, present and retired: what a stranger needs to check a file, and nothing secret."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


@dataclass(frozen=True)
class PublicKey:
    """`use` is "pdf" (then it has a certificate) or "credential" (then a multibase). Moments are aware.

    A retired key verifies what it signed before; a compromised one proves nothing any more.
    """

    id: str
    use: str
    valid_from: datetime
    retired_at: datetime | None = None
    compromised_at: datetime | None = None
    certificate: str | None = None
    multibase: str | None = None

    @property
    def der(self) -> bytes | None:
        """The signer's own certificate; `certificate` may go on with those between it and a foreign root."""
        return _der(self.certificate) if self.certificate else None

    @property
    def valid_until(self) -> datetime | None:
        """The last moment of its certificate, if it has one."""
        return x509.load_der_x509_certificate(self.der).not_valid_after_utc if self.der else None

    def comes_with(self, certificates: Iterable[bytes]) -> bool:
        """Whether these (DER), in any order, are the certificates published with this key and no others."""
        published = x509.load_pem_x509_certificates((self.certificate or "").encode()) if self.certificate else []
        return sorted(certificates) == sorted(entry.public_bytes(Encoding.DER) for entry in published)

    def was_in_use_at(self, moment: datetime) -> bool:
        return self.valid_from <= moment and (self.retired_at is None or moment <= self.retired_at)


@dataclass(frozen=True)
class PublicAuthority:
    """A root of the installation's own: nothing but the keys' certificates is signed by it."""

    id: str
    certificate: str

    @property
    def valid_from(self) -> datetime:
        return x509.load_pem_x509_certificate(self.certificate.encode()).not_valid_before_utc


@dataclass(frozen=True)
class PublicKeys:
    """The content of /.well-known/certificate-keys.json."""

    issuer_name: str
    issuer_url: str
    keys: tuple[PublicKey, ...] = ()
    authorities: tuple[PublicAuthority, ...] = ()
    did: str | None = None
    _by_der: Mapping[bytes, PublicKey] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = {key.der: key for key in self.keys if key.use == "pdf" and key.der}
        object.__setattr__(self, "_by_der", found)

    def signer(self, certificate: bytes) -> PublicKey | None:
        """Our key with exactly this certificate (DER), if it is one."""
        return self._by_der.get(certificate)

    def any_in(self, data: bytes) -> PublicKey | None:
        """A key whose certificate occurs in a hexadecimal signature value somewhere in the file."""
        return next((key for der, key in self._by_der.items() if der.hex().encode() in data), None)

    def to_json(self) -> dict[str, Any]:
        """The list as it is served, as JSON types: with the SHA-256 of every certificate, moments in UTC with Z."""
        return {
            "issuer": {"name": self.issuer_name, "url": self.issuer_url, "did": self.did},
            "authorities": [
                {"id": root.id, "certificate": root.certificate, "sha256": _sha256(root.certificate)}
                for root in self.authorities
            ],
            "keys": [_show_key(key) for key in self.keys],
        }

    @classmethod
    def from_json(cls, document: Any) -> "PublicKeys":
        """Reads what `to_json` gives; a ValueError with a sentence if it is something else."""
        try:
            issuer, keys = document["issuer"], [_read_key(entry) for entry in document["keys"]]
            authorities = [_read_authority(entry) for entry in document.get("authorities", [])]
            return cls(str(issuer["name"]), str(issuer["url"]), tuple(keys), tuple(authorities), issuer.get("did"))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("a part that belongs into it is missing or of another kind") from error


def _show_key(key: PublicKey) -> dict[str, Any]:
    if key.certificate:
        material: dict[str, Any] = {"certificate": key.certificate, "sha256": _sha256(key.certificate)}
    else:
        material = {"multibase": key.multibase}
    return {
        "id": key.id,
        "use": key.use,
        **material,
        "valid_from": _show(key.valid_from),
        "retired_at": _show(key.retired_at),
        "compromised_at": _show(key.compromised_at),
    }


def _read_key(entry: dict[str, Any]) -> PublicKey:
    valid_from = _read(entry["valid_from"])
    if valid_from is None or (entry["use"] == "pdf" and not entry.get("certificate")):
        raise ValueError(f"key {entry['id']!r} has no certificate or no first moment")
    return PublicKey(
        id=str(entry["id"]),
        use=str(entry["use"]),
        valid_from=valid_from,
        retired_at=_read(entry.get("retired_at")),
        compromised_at=_read(entry.get("compromised_at")),
        certificate=_checked(entry),
        multibase=entry.get("multibase"),
    )


def _read_authority(entry: dict[str, Any]) -> PublicAuthority:
    return PublicAuthority(str(entry["id"]), _checked(entry) or "")


def _checked(entry: dict[str, Any]) -> str | None:
    """The certificate of an entry, whose digest must be the one beside it."""
    certificate: str | None = entry.get("certificate")
    if certificate is None:
        return None
    if entry.get("sha256", _sha256(certificate)) != _sha256(certificate):
        raise ValueError(f"the digest beside the certificate of {entry['id']!r} is another one's")
    return certificate


def _der(certificate: str) -> bytes:
    return x509.load_pem_x509_certificate(certificate.encode()).public_bytes(Encoding.DER)


def _sha256(certificate: str) -> str:
    return hashlib.sha256(_der(certificate)).hexdigest()


def _show(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _read(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError(f"{text} has no time zone")
    return moment
