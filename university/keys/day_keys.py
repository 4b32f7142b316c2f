"""One key pair per day, for what must become unreadable when the day is 20 days old: backups, names in the ledger.

The public half seals. The private half is kept only wrapped: sealed to the recovery key, in the key ring and at the
second place of the backups. Destroying that one small file of a day destroys everything that was ever sealed on it,
wherever copies lie.

The recovery key is made at the first start. While it lies in the key ring, whoever has this machine can open every
backup; once people keep it elsewhere (`university keys recovery`), nobody can without them.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from university import clock
from university.keys import sealing
from university.keys.keyring import KeyRing, open_keyring
from university.keys.private_files import write_privately
from university.keys.sealing import NotOpened
from university.settings import Settings

RECOVERY = "recovery.json"
# At noon, so that a job that fails for hours still ends a day before it is 21 days old.
END_OF_DAY_KEY = time(12, tzinfo=UTC)

_FILE = re.compile(r"backup-(\d{4}-\d{2}-\d{2})-[0-9a-f]{8}\.json")


class WrongRecoveryKey(ValueError):
    """What was typed is no recovery key, or not the one of this installation."""


@dataclass(frozen=True)
class DayKey:
    """The key pair of one UTC day. `wrapped` is the private half, sealed to the recovery key.

    The id ends at random: two machines that make a key for one day never overwrite each other's at the second place.
    """

    id: str
    public: bytes
    wrapped: bytes
    destroy_at: datetime

    @property
    def day(self) -> date:
        return _day_in(self.file_name)

    @property
    def file_name(self) -> str:
        return f"{self.id}.json"

    def to_json(self) -> bytes:
        facts = {"id": self.id, "public": _text(self.public), "wrapped": _text(self.wrapped)}
        return json.dumps({**facts, "destroy_at": self.destroy_at.isoformat()}, indent=1).encode()

    @staticmethod
    def from_json(content: bytes) -> DayKey:
        facts: dict[str, Any] = json.loads(content)
        return DayKey(
            id=facts["id"],
            public=base64.b64decode(facts["public"]),
            wrapped=base64.b64decode(facts["wrapped"]),
            destroy_at=datetime.fromisoformat(facts["destroy_at"]),
        )


class DayKeys:
    """The day keys in a key ring. `recovery` opens them where the key ring itself no longer holds it."""

    def __init__(self, keyring: KeyRing, kept_days: int, recovery: X25519PrivateKey | None = None) -> None:
        self.keyring = keyring
        self.kept_days = kept_days
        self._recovery = recovery

    def seal(self, content: bytes, day: date | None = None) -> bytes:
        """`content`, sealed to the key of this UTC day (default today). The seal names its key."""
        key, _private = self.key_of(day or clock.now().date())
        target = io.BytesIO()
        sealing.seal_file(io.BytesIO(content), target, X25519PublicKey.from_public_bytes(key.public), key.id)
        return target.getvalue()

    def open(self, sealed: bytes) -> bytes | None:
        """What was sealed; None when the key of its day is destroyed or the recovery key is kept elsewhere."""
        target = io.BytesIO()
        try:
            sealing.open_file(io.BytesIO(sealed), target, self.private)
        except NotOpened:
            return None
        return target.getvalue()

    def key_of(self, day: date) -> tuple[DayKey, X25519PrivateKey | None]:
        """The key of this day, made at its first use: then, and never again, with its private half."""
        if found := self._read(day):
            return found, None
        self.make_recovery_key()
        with self.keyring.locked():
            if found := self._read(day):
                return found, None
            private = X25519PrivateKey.generate()
            key = self._wrapped(day, private)
            write_privately(self.keyring.folder / key.file_name, key.to_json())
            return key, private

    def private(self, key_id: str) -> X25519PrivateKey | None:
        """The private half, if it is not destroyed and the recovery key is at hand."""
        path, recovery = self.keyring.folder / f"{key_id}.json", self.recovery_key()
        if not _FILE.fullmatch(path.name) or not path.is_file() or recovery is None:
            return None
        return unwrap(DayKey.from_json(path.read_bytes()), recovery)

    def all(self) -> list[DayKey]:
        """Every day key that is not destroyed, oldest first."""
        paths = sorted(path for path in self.keyring.folder.glob("backup-*.json") if _FILE.fullmatch(path.name))
        return [DayKey.from_json(path.read_bytes()) for path in paths]

    def destroy_due(self, now: datetime) -> list[str]:
        """Destroys every key whose time has come; gives their file names, for the second place to do the same."""
        due = [key for key in self.all() if key.destroy_at <= now]
        for key in due:
            _destroy(self.keyring.folder / key.file_name)
        return [key.file_name for key in due]

    # ---- the recovery key

    def make_recovery_key(self) -> None:
        """At the first start."""
        path = self.keyring.folder / RECOVERY
        if path.exists():
            return
        with self.keyring.locked():
            if not path.exists():
                private = X25519PrivateKey.generate()
                facts = {"public": _text(private.public_key().public_bytes_raw()), "private": written(private)}
                write_privately(path, json.dumps(facts, indent=1).encode())

    def recovery_key(self) -> X25519PrivateKey | None:
        """The recovery key that was given, or the one that still lies in the key ring."""
        if self._recovery is not None:
            return self._recovery
        text = self._recovery_facts().get("private")
        return read_recovery_key(text) if text else None

    def is_recovery_key_kept_elsewhere(self) -> bool:
        return "kept_elsewhere_at" in self._recovery_facts()

    def keep_recovery_key_elsewhere(self, typed: str) -> None:
        """Takes the private half out of the key ring, once somebody has typed it from where it is kept.

        WrongRecoveryKey: it is another one, and nothing changes.
        """
        if read_recovery_key(typed).public_key().public_bytes_raw() != self._recovery_public().public_bytes_raw():
            raise WrongRecoveryKey("this is not the recovery key of this installation")
        facts = {"public": _text(self._recovery_public().public_bytes_raw())}
        facts["kept_elsewhere_at"] = clock.now().isoformat()
        with self.keyring.locked():
            write_privately(self.keyring.folder / RECOVERY, json.dumps(facts, indent=1).encode())

    def _recovery_facts(self) -> dict[str, str]:
        path = self.keyring.folder / RECOVERY
        return dict(json.loads(path.read_bytes())) if path.exists() else {}

    def _recovery_public(self) -> X25519PublicKey:
        return X25519PublicKey.from_public_bytes(base64.b64decode(self._recovery_facts()["public"]))

    def _wrapped(self, day: date, private: X25519PrivateKey) -> DayKey:
        key_id = f"backup-{day.isoformat()}-{secrets.token_hex(4)}"
        destroy_at = datetime.combine(day + timedelta(days=self.kept_days), END_OF_DAY_KEY)
        wrapped = sealing.seal_message(private.private_bytes_raw(), self._recovery_public(), key_id.encode())
        return DayKey(key_id, private.public_key().public_bytes_raw(), wrapped, destroy_at)

    def _read(self, day: date) -> DayKey | None:
        return next((key for key in self.all() if key.day == day), None)


def open_day_keys(settings: Settings) -> DayKeys:
    """WrongRecoveryKey if the settings hold something else than a recovery key."""
    given = read_recovery_key(settings.recovery_key) if settings.recovery_key else None
    return DayKeys(open_keyring(settings), settings.backup_days, given)


def unwrap(key: DayKey, recovery: X25519PrivateKey) -> X25519PrivateKey:
    """The private half of a day key. NotOpened if this is not the recovery key it was wrapped for."""
    return X25519PrivateKey.from_private_bytes(sealing.open_message(key.wrapped, recovery, key.id.encode()))


def written(private: X25519PrivateKey) -> str:
    """The recovery key as people can keep it on paper: 14 groups of 4 letters and digits, the end of it a check."""
    content = private.private_bytes_raw()
    text = base64.b32encode(content + hashlib.sha256(content).digest()[:3]).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def read_recovery_key(typed: str) -> X25519PrivateKey:
    """The key somebody typed, in any case and with any spaces and dashes. WrongRecoveryKey."""
    try:
        content = base64.b32decode(re.sub(r"[\s-]", "", typed).upper())
    except ValueError as error:
        raise WrongRecoveryKey("a recovery key is 14 groups of 4 letters and digits") from error
    if len(content) != 35 or hashlib.sha256(content[:32]).digest()[:3] != content[32:]:
        raise WrongRecoveryKey("a recovery key is 14 groups of 4 letters and digits, and one of them is mistyped")
    return X25519PrivateKey.from_private_bytes(content[:32])


def _destroy(path: Path) -> None:
    """Overwrites before unlinking: on a plain disk the key is then gone from its blocks as well."""
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def day_of_key(file_name: str) -> date | None:
    """The day whose key lies in a file of this name; None for any other file."""
    return _day_in(file_name) if _FILE.fullmatch(file_name) else None


def _day_in(file_name: str) -> date:
    return date.fromisoformat(file_name[len("backup-") : len("backup-2026-11-26")])


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
