"""The key ring: files under ``data/keys``, mode 0600, made once under a lock, in no database and no data backup.

``public.json`` lists the keys that sign certificates, with their lives; beside it lie their private halves.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from certificates import Issuer, PublicAuthority, PublicKey, PublicKeys, make_authority
from university import clock
from university.settings import Settings

PUBLIC = "public.json"
RECEIPT_KEY = "receipt-1"


class KeyRing:
    """Reads and makes the installation's keys. Making is exclusive between processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._issuer: Issuer | None = None
        self._secrets: dict[str, bytes] = {}
        self._loading = Lock()

    def secret(self, name: str) -> bytes:
        """32 random bytes of their own for one purpose (a keyed hash); made at the first use."""
        if name not in self._secrets:
            self._secrets[name] = self._kept(f"{name}.secret", lambda: secrets.token_bytes(32))
        return self._secrets[name]

    def ed25519(self, name: str) -> Ed25519PrivateKey:
        """The signing key `name` (``ledger-1``, ``receipt-1``); made at the first use."""
        key = load_pem_private_key(self._kept(f"{name}.pem", _new_ed25519), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{name}.pem in the key ring is not an Ed25519 key")
        return key

    def public_jwk(self, name: str) -> dict[str, str] | None:
        """The public half of an Ed25519 key (RFC 8037), or None while there is no such key: looking never makes one."""
        if not (self.folder / f"{name}.pem").is_file():
            return None
        point = self.ed25519(name).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "kid": name, "x": urlsafe_b64encode(point).decode().rstrip("=")}

    def make_certificate_keys(self, settings: Settings) -> None:
        """At the first start: a root of our own, and the first key that signs certificates."""
        if (self.folder / PUBLIC).exists():
            return
        with self.locked():
            if not (self.folder / PUBLIC).exists():
                self._make_certificate_keys(settings, clock.now().replace(microsecond=0))

    def _make_certificate_keys(self, settings: Settings, now: datetime) -> None:
        root_id, key_id = f"ca-{now.year}", f"cert-{now.year}"
        root = make_authority(settings.organisation_name, now)
        signer = root.make_signer(key_id, now)
        write_privately(self.folder / f"{root_id}.pem", root.private_key)
        write_privately(self.folder / f"{key_id}.pem", signer.private_key)
        keys = PublicKeys(
            settings.organisation_name,
            settings.base_url,
            (PublicKey(key_id, "pdf", now, certificate=signer.certificate.decode()),),
            (PublicAuthority(root_id, root.certificate.decode()),),
        )
        # Last: a ring with this file is complete.
        write_privately(self.folder / PUBLIC, json.dumps(keys.to_json(), indent=1).encode())

    def public_keys(self, settings: Settings) -> PublicKeys:
        """What strangers need to check a certificate: every key that ever signed one, under our present name."""
        kept = PublicKeys.from_json(json.loads((self.folder / PUBLIC).read_bytes()))
        return replace(kept, issuer_name=settings.organisation_name, issuer_url=settings.base_url)

    def issuer(self, settings: Settings) -> Issuer:
        """The key that signs certificates now; loaded once per process, which takes a moment."""
        with self._loading:
            if self._issuer is None:
                self._issuer = self._load_issuer(self.public_keys(settings))
            return self._issuer

    def _load_issuer(self, keys: PublicKeys) -> Issuer:
        present = [key for key in keys.keys if key.use == "pdf" and not (key.retired_at or key.compromised_at)]
        if not present or present[-1].certificate is None:
            raise LookupError("the key ring holds no key that may sign certificates")
        key = present[-1]
        private = (self.folder / f"{key.id}.pem").read_bytes()
        return Issuer.load(key.id, private, present[-1].certificate.encode(), key.valid_from)

    def _kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        path = self.folder / name
        if not path.exists():
            with self.locked():
                if not path.exists():
                    write_privately(path, make())
        return path.read_bytes()

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _new_ed25519() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def write_privately(path: Path, content: bytes) -> None:
    """A complete file or none, readable by us alone, on the disk before this returns."""
    scratch = path.with_name(f".{path.name}.new")
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    scratch.rename(path)
    fsync_folder(path.parent)


def fsync_folder(folder: Path) -> None:
    """Makes a new or renamed name in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
