"""The signed sheet beside every backup: what is in it, for which key it is sealed, where the rights ledger was."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature

from university.backups.faults import BackupFault
from university.chains.ledger import START, LedgerFault, Record
from university.keys.keyring import KeyRing

SIGNING_KEY = "manifest-1"
SEALED, SHEET = ".sealed", ".json"

_NAME = re.compile(r"university-(\d{8}T\d{9})Z\.(sealed|json)")


@dataclass(frozen=True)
class Manifest:
    """`ledger_seq` and `ledger_sha256` are of the newest record that the copy itself had carried out; `sha256` and
    `size` are of the sealed file, `rows` counts each table."""

    name: str
    made_at: str
    engine: str
    schema: str
    key: str
    sha256: str
    size: int
    ledger_seq: int
    ledger_sha256: str
    rows: Mapping[str, int]

    @property
    def sheet_name(self) -> str:
        return self.name.removesuffix(SEALED) + SHEET

    def signed(self, keyring: KeyRing) -> bytes:
        body = asdict(self)
        signature = keyring.ed25519(SIGNING_KEY).sign(rfc8785.dumps(body))
        return json.dumps({**body, "sig": urlsafe_b64encode(signature).decode()}, indent=1).encode()


def name_at(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"university-{utc:%Y%m%dT%H%M%S}{utc.microsecond // 1000:03}Z{SEALED}"


def moment_of(name: str) -> datetime | None:
    """When the backup or manifest with this name was made; None for anything else."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC) if found else None


def day_of(name: str) -> date | None:
    """The UTC day whose key seals it."""
    moment = moment_of(name)
    return moment.date() if moment else None


def read_manifest(content: bytes, keyring: KeyRing) -> Manifest:
    """BackupFault for a sheet that we did not sign."""
    try:
        body: dict[str, Any] = json.loads(content)
        signature = urlsafe_b64decode(body.pop("sig"))
        if keyring.public_jwk(SIGNING_KEY) is None:
            raise BackupFault("the key ring holds no key for manifests: put the key ring of this installation back")
        keyring.ed25519(SIGNING_KEY).public_key().verify(signature, rfc8785.dumps(body))
        return Manifest(**body)
    except InvalidSignature:
        raise BackupFault("the manifest was altered, or another installation signed it") from None
    except (ValueError, KeyError, TypeError) as error:
        raise BackupFault("the manifest cannot be read") from error


def chain_at(records: Sequence[Record], seq: int) -> str:
    """The hash of record `seq`, or of what stands for it after compaction; the start of the chain for none."""
    at = [record.chain for record in records if record.seq == seq]
    return at[0] if at else START


def refuse_ledger_behind(manifest: Manifest, records: Sequence[Record]) -> None:
    """LedgerFault if a backup knows a record that this ledger lacks, or knows it differently: it was rolled back."""
    head, seq = records[-1].seq if records else 0, manifest.ledger_seq
    if seq > head:
        raise LedgerFault(seq, f"the backup {manifest.name} had carried it out, but it is missing here")
    if any(record.seq == seq and record.chain != manifest.ledger_sha256 for record in records):
        raise LedgerFault(seq, f"differs from what the backup {manifest.name} had carried out")
