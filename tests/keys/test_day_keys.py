"""What is sealed on a day can be read with the recovery key until the key of that day is destroyed, and never after."""

from __future__ import annotations

import io
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from pydantic import ValidationError

from university.keys import sealing
from university.keys.day_keys import DayKeys, WrongRecoveryKey, read_recovery_key, written
from university.keys.keyring import KeyRing
from university.keys.sealing import PIECE, TAG, NotOpened
from university.settings import SettingsError, read_settings

DAY = date(2026, 11, 26)


@pytest.fixture
def day_keys(tmp_path: Path) -> DayKeys:
    return DayKeys(KeyRing(tmp_path / "keys"), 20)


def seal(content: bytes, private: X25519PrivateKey) -> bytes:
    target = io.BytesIO()
    sealing.seal_file(io.BytesIO(content), target, private.public_key(), "backup-2026-11-26")
    return target.getvalue()


def unseal(sealed: bytes, private: X25519PrivateKey) -> bytes:
    target = io.BytesIO()
    sealing.open_file(io.BytesIO(sealed), target, lambda _key_id: private)
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_is_sealed_comes_out_again_whatever_its_size(size: int) -> None:
    private, content = X25519PrivateKey.generate(), bytes(range(256)) * (size // 256 + 1)
    assert unseal(seal(content[:size], private), private) == content[:size]


def test_a_sealed_file_that_was_cut_changed_or_rearranged_does_not_open() -> None:
    private = X25519PrivateKey.generate()
    sealed = seal(b"a" * PIECE + b"b" * PIECE + b"c" * 10, private)
    start = len(sealed) - 10 - TAG - 2 * (PIECE + TAG)
    first, second = sealed[start : start + PIECE + TAG], sealed[start + PIECE + TAG : start + 2 * (PIECE + TAG)]
    damaged = [
        sealed[:-1],
        sealed[: -10 - TAG],
        sealed + b"x",
        sealed[:start] + second + first + sealed[start + 2 * (PIECE + TAG) :],
        sealed[:start] + bytes([first[0] ^ 1]) + sealed[start + 1 :],
        sealed.replace(b"2026-11-26", b"2026-11-25", 1),
        b"something else",
    ]
    for content in damaged:
        with pytest.raises(NotOpened):
            unseal(content, private)
    with pytest.raises(NotOpened):
        unseal(sealed, X25519PrivateKey.generate())


def test_one_key_a_day_and_its_private_half_is_nowhere_in_the_clear(day_keys: DayKeys) -> None:
    key, private = day_keys.key_of(DAY)
    assert private is not None
    assert day_keys.key_of(DAY) == (key, None)
    assert day_keys.key_of(DAY + timedelta(days=1))[0].public != key.public
    for path in day_keys.keyring.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert private.private_bytes_raw() not in path.read_bytes()


def test_a_sealed_name_opens_while_its_day_key_lives_and_not_after_noon_of_day_20(day_keys: DayKeys) -> None:
    sealed = day_keys.seal(b"Ada Lovelace", DAY)
    assert b"Ada" not in sealed
    assert day_keys.open(sealed) == b"Ada Lovelace"
    noon = datetime(2026, 12, 16, 12, tzinfo=UTC)
    assert day_keys.destroy_due(noon - timedelta(seconds=1)) == []
    key, _private = day_keys.key_of(DAY)
    assert day_keys.destroy_due(noon) == [key.file_name]
    assert key.file_name.startswith("backup-2026-11-26-")
    assert day_keys.open(sealed) is None
    assert day_keys.all() == []


def test_once_the_recovery_key_is_kept_elsewhere_this_machine_opens_nothing_without_it(day_keys: DayKeys) -> None:
    sealed = day_keys.seal(b"Ada Lovelace", DAY)
    recovery = day_keys.recovery_key()
    assert recovery is not None
    typed = written(recovery)
    assert not day_keys.is_recovery_key_kept_elsewhere()
    with pytest.raises(WrongRecoveryKey):
        day_keys.keep_recovery_key_elsewhere(written(X25519PrivateKey.generate()))
    day_keys.keep_recovery_key_elsewhere(typed.lower().replace("-", " "))
    assert day_keys.is_recovery_key_kept_elsewhere()
    assert day_keys.open(sealed) is None
    assert day_keys.open(day_keys.seal(b"tomorrow", DAY + timedelta(days=1))) is None
    assert DayKeys(day_keys.keyring, 20, recovery).open(sealed) == b"Ada Lovelace"


@pytest.mark.parametrize("typed", ["", "ABCD", "not a key", "A" * 56])
def test_what_is_no_recovery_key_is_told(typed: str) -> None:
    with pytest.raises(WrongRecoveryKey):
        read_recovery_key(typed)


def test_a_setting_that_would_keep_backups_longer_than_promised_is_refused() -> None:
    assert read_settings({"UNIVERSITY_BACKUP_DAYS": "7"}).backup_days == 7
    with pytest.raises((SettingsError, ValidationError), match="BACKUP_DAYS"):
        read_settings({"UNIVERSITY_BACKUP_DAYS": "21"})
