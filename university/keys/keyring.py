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

from certificates import CredentialKey, Issuer, PublicKey, PublicKeys, issuer_did
from university import clock
from university.keys.key_making import (
    CREDENTIAL,
    PDF,
    lacking,
    present_key,
    with_key_of_owner,
    with_life,
    with_new_key,
)
from university.keys.private_files import write_privately
from university.settings import Settings

PUBLIC = "public.json"
RECEIPT_KEY = "receipt-1"


class KeyRing:
    """Reads and makes the installation's keys. Making is exclusive between processes."""

    def __init__(self, folder: Path, *, room_for_time_stamps: bool = False) -> None:
        self.folder = folder
        self._has_room = room_for_time_stamps
        self._ring: tuple[tuple[int, int], PublicKeys] | None = None
        self._issuer: Issuer | None = None
        self._credential_key: CredentialKey | None = None
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

    def make_certificate_keys(self, settings: Settings) -> int:
        """At the first start: a root of our own, the first key that signs PDFs, the first that signs credentials.

        And once more after the first start met a clock that was ahead: those keys sign only from their own first
        moment on. Returns how many were made.
        """
        now = clock.now().replace(microsecond=0)
        if not lacking(self._listed_or_new(settings), now):
            return 0
        with self.locked():
            ring = self._listed_or_new(settings)
            uses = lacking(ring, now)
            for use in uses:
                ring = with_new_key(self.folder, ring, use, now)
            if uses:
                self._write(ring)
            return len(uses)

    def lacks(self) -> list[str]:
        """The uses for which no key signs at this moment."""
        return lacking(self._listed(), clock.now())

    def _listed_or_new(self, settings: Settings) -> PublicKeys:
        if (self.folder / PUBLIC).exists():
            return self._listed()
        return PublicKeys(settings.organisation_name, settings.base_url)

    def rotate(self, use: str, now: datetime, begins_at: datetime) -> PublicKey:
        """Adds the next key for this use (one of `USES`), to sign from `begins_at` on; the present one retires then."""
        with self.locked():
            ring = self._listed()
            present = present_key(ring, use, now)
            ring = with_new_key(self.folder, ring, use, begins_at)
            self._write(with_life(ring, present.id, retired_at=begins_at))
            return ring.keys[-1]

    def bring(self, bundle: bytes, password: bytes | None, now: datetime) -> PublicKey:
        """Adds the owner's own key (PKCS#12), to sign PDFs from now on; the present one retires. UnusableKey: no."""
        with self.locked():
            ring = self._listed()
            present = present_key(ring, PDF, now)
            ring = with_key_of_owner(self.folder, ring, bundle, password, now)
            self._write(with_life(ring, present.id, retired_at=now))
            return ring.keys[-1]

    def compromise(self, key_id: str, now: datetime) -> PublicKey:
        """From now on what `key_id` signed proves nothing; a new key for its use signs at once. LookupError: no key."""
        with self.locked():
            ring = self._listed()
            stolen = next((key for key in ring.keys if key.id == key_id), None)
            if stolen is None:
                raise LookupError(f"there is no key {key_id}")
            ring = with_life(ring, key_id, compromised_at=now)
            ring = with_new_key(self.folder, ring, stolen.use, now)
            self._write(ring)
            return ring.keys[-1]

    def _write(self, ring: PublicKeys) -> None:
        # After every private half: a ring with this file is complete.
        write_privately(self.folder / PUBLIC, json.dumps(ring.to_json(), indent=1).encode())

    def public_keys(self, settings: Settings) -> PublicKeys:
        """What strangers need to check a certificate: every key that ever signed one, under our present name."""
        kept = self._listed()
        multibase = present_key(kept, CREDENTIAL, clock.now()).multibase or ""
        did = issuer_did(settings.base_url, multibase)
        return replace(kept, issuer_name=settings.organisation_name, issuer_url=settings.base_url, did=did)

    def issuer(self) -> Issuer:
        """The key that signs PDFs now; loaded once per process, which takes a moment."""
        with self._loading:
            key = present_key(self._listed(), PDF, clock.now())
            if self._issuer is None or self._issuer.key_id != key.id:
                private = (self.folder / f"{key.id}.pem").read_bytes()
                certificates = (key.certificate or "").encode()
                self._issuer = Issuer.load(key.id, private, certificates, key.valid_from, self._has_room)
            return self._issuer

    def credential_key(self) -> CredentialKey:
        """The key that signs credentials and status lists now."""
        with self._loading:
            key = present_key(self._listed(), CREDENTIAL, clock.now())
            if self._credential_key is None or self._credential_key.key_id != key.id:
                self._credential_key = CredentialKey.load(key.id, (self.folder / f"{key.id}.pem").read_bytes())
            return self._credential_key

    def credential_key_since(self) -> datetime:
        """The first moment of that key: what it signs says no earlier one."""
        return present_key(self._listed(), CREDENTIAL, clock.now()).valid_from

    def _listed(self) -> PublicKeys:
        """The list of keys as it is now: another process may have put a new one into it."""
        found = (self.folder / PUBLIC).stat()
        written = (found.st_ino, found.st_mtime_ns)  # the clock of files may stand for some milliseconds
        if self._ring is None or self._ring[0] != written:
            self._ring = written, PublicKeys.from_json(json.loads((self.folder / PUBLIC).read_bytes()))
        return self._ring[1]

    def _kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        path = self.folder / name
        if not path.exists():
            with self.locked():
                if not path.exists():
                    write_privately(path, make())
        return path.read_bytes()

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def open_keyring(settings: Settings) -> KeyRing:
    return KeyRing(settings.data / "keys", room_for_time_stamps=bool(settings.tsa_url))


def _new_ed25519() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
