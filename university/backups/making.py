"""Making a backup: copy, look at it, compress, seal, sign, take it to the second place, and leave nothing readable."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from university import clock
from university.backups.copying import Facts, copy_database
from university.backups.manifests import Manifest, chain_at, name_at
from university.chains.ledger import open_ledger
from university.database import Database
from university.keys import sealing
from university.keys.day_keys import DayKey, open_day_keys
from university.keys.private_files import fsync_folder, half_of
from university.places import Folder, Place, open_place
from university.settings import Settings

FOLDER, SCRATCH = "backups", "scratch"
CHUNK = 1024 * 1024


@contextmanager
def scratch_folder(settings: Settings) -> Iterator[Path]:
    """An empty folder for readable copies, for one process at a time; whatever was in it is gone before and after."""
    folder = settings.data / SCRATCH
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _empty(folder)
        try:
            yield folder
        finally:
            _empty(folder)


def remove_left_copies(settings: Settings) -> None:
    """At every start: a crash in the middle of a backup leaves a readable copy, or half of a sealed one."""
    if (settings.data / SCRATCH).exists():
        with scratch_folder(settings):
            Folder(settings.data).forget_halves(FOLDER)


def back_up(database: Database, settings: Settings) -> tuple[Manifest, X25519PrivateKey | None]:
    """One backup, here and at the second place. The private key of its day comes along if it was made just now.

    Raises BackupFault if the copy does not hold, and OSError when a disk or the second place fails: then the backup
    of this machine may be there already.
    """
    keys = open_day_keys(settings)
    with scratch_folder(settings) as scratch:
        now = clock.now()
        key, private = keys.key_of(now.date())
        plain = scratch / "copy"
        facts = copy_database(database, settings, plain)
        sealed = _sealed(plain, settings.data / FOLDER / name_at(now), key)
        manifest = _manifest(settings, sealed, key, facts)
    own, signed = Folder(settings.data / FOLDER), manifest.signed(keys.keyring)
    own.write(manifest.sheet_name, signed)
    second = open_place(settings.backup_copy)
    if second:
        _send(second, sealed, manifest, signed, key)
    return manifest, private


def _send(second: Place, sealed: Path, manifest: Manifest, signed: bytes, key: DayKey) -> None:
    """The sheet last: a backup without one is not complete."""
    second.write(key.file_name, key.to_json())
    second.put(manifest.name, sealed)
    second.write(manifest.sheet_name, signed)


def _sealed(plain: Path, target: Path, key: DayKey) -> Path:
    """Compresses and seals `plain`, and removes it."""
    packed = plain.with_suffix(".gz")
    with plain.open("rb") as source, packed.open("wb") as file, gzip.GzipFile("", "wb", 6, file, 0) as target_file:
        shutil.copyfileobj(source, target_file, CHUNK)
    plain.unlink()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = target.with_name(half_of(target.name))
    with packed.open("rb") as source, os.fdopen(os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        sealing.seal_file(source, file, X25519PublicKey.from_public_bytes(key.public), key.id)
        file.flush()
        os.fsync(file.fileno())
    new.rename(target)
    fsync_folder(target.parent)
    packed.unlink()
    return target


def _manifest(settings: Settings, sealed: Path, key: DayKey, facts: Facts) -> Manifest:
    return Manifest(
        name=sealed.name,
        made_at=clock.now().isoformat(timespec="seconds"),
        engine=facts.engine,
        schema=facts.schema,
        key=key.id,
        sha256=sha256_of(sealed),
        size=sealed.stat().st_size,
        ledger_seq=facts.ledger_seq,
        ledger_sha256=chain_at(open_ledger(settings).records(), facts.ledger_seq),
        rows=dict(facts.rows),
    )


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name == ".lock":
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
