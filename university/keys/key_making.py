"""The lives of the keys that sign certificates: how one is made, which one signs now, and how it ends.

A key signs from `valid_from` until `retired_at`, and verifies what it signed for ever; a compromised one proves
nothing. PDFs are signed by keys with a certificate of our own root (X.509), credentials by plain Ed25519 keys.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from certificates import (
    Authority,
    CredentialKey,
    Issuer,
    PublicAuthority,
    PublicKey,
    PublicKeys,
    SigningKey,
    UnusableKey,
    make_authority,
)
from university.keys.private_files import write_privately

PDF, CREDENTIAL = USES = ("pdf", "credential")


class NoKey(LookupError):
    """No key of the ring may sign at this moment."""


def present_key(ring: PublicKeys, use: str, now: datetime) -> PublicKey:
    """The key that signs now; NoKey if the ring holds none."""
    for key in reversed(ring.keys):
        if key.use == use and key.compromised_at is None and key.was_in_use_at(now):
            return key
    raise NoKey(f"the key ring holds no {use} key that may sign")


def lacking(ring: PublicKeys, now: datetime) -> list[str]:
    """The uses for which no key signs now: there is none yet, or the clock was put back to before its first moment."""
    signing = {key.use for key in ring.keys if key.compromised_at is None and key.was_in_use_at(now)}
    return [use for use in USES if use not in signing]


def with_new_key(folder: Path, ring: PublicKeys, use: str, begins_at: datetime) -> PublicKeys:
    """The ring with one more key at its end, its private half written to `folder`."""
    return (_with_pdf_key if use == PDF else _with_credential_key)(folder, ring, begins_at)


def with_key_of_owner(
    folder: Path, ring: PublicKeys, bundle: bytes, password: bytes | None, begins_at: datetime
) -> PublicKeys:
    """The ring with the key out of a PKCS#12 file. UnusableKey if it cannot sign, or is in the ring already."""
    key_id = _free_id(ring, f"own-{begins_at.year}", f"own-{begins_at.year}-")
    signer = SigningKey.from_pkcs12(key_id, bundle, password)
    key = PublicKey(key_id, PDF, begins_at, certificate=signer.certificate.decode())
    if any(key.der == one.der for one in ring.keys):
        raise UnusableKey("this key is in the ring already")
    Issuer.load(key_id, signer.private_key, signer.certificate, begins_at)  # signs once on trial
    write_privately(folder / f"{key_id}.pem", signer.private_key)
    return replace(ring, keys=(*ring.keys, key))


def with_life(ring: PublicKeys, key_id: str, **moments: Any) -> PublicKeys:
    """The ring with these moments in the life of that key."""
    return replace(ring, keys=tuple(replace(key, **moments) if key.id == key_id else key for key in ring.keys))


def _with_pdf_key(folder: Path, ring: PublicKeys, begins_at: datetime) -> PublicKeys:
    if not ring.authorities or ring.authorities[-1].valid_from > begins_at:
        ring = _with_root(folder, ring, begins_at)
    root = ring.authorities[-1]
    authority = Authority(ring.issuer_name, (folder / f"{root.id}.pem").read_bytes(), root.certificate.encode())
    key_id = _free_id(ring, f"cert-{begins_at.year}", f"cert-{begins_at.year}-")
    signer = authority.make_signer(key_id, begins_at)
    write_privately(folder / f"{key_id}.pem", signer.private_key)
    key = PublicKey(key_id, PDF, begins_at, certificate=signer.certificate.decode())
    return replace(ring, keys=(*ring.keys, key))


def _with_root(folder: Path, ring: PublicKeys, at: datetime) -> PublicKeys:
    root_id, root = _free_id(ring, f"ca-{at.year}", f"ca-{at.year}-"), make_authority(ring.issuer_name, at)
    write_privately(folder / f"{root_id}.pem", root.private_key)
    return replace(ring, authorities=(*ring.authorities, PublicAuthority(root_id, root.certificate.decode())))


def _with_credential_key(folder: Path, ring: PublicKeys, begins_at: datetime) -> PublicKeys:
    key = CredentialKey.make(_free_id(ring, "credential-1", "credential-"))
    write_privately(folder / f"{key.key_id}.pem", key.private_key)
    return replace(ring, keys=(*ring.keys, PublicKey(key.key_id, CREDENTIAL, begins_at, multibase=key.multikey)))


def _free_id(ring: PublicKeys, first: str, stem: str) -> str:
    """`first`, or `stem` with the next number: an id never means two keys."""
    taken = {key.id for key in ring.keys} | {root.id for root in ring.authorities}
    return first if first not in taken else next(name for n in count(2) if (name := f"{stem}{n}") not in taken)
