"""Bringing a backup back so that nobody returns who had gone: the rights ledger is replayed before it may serve.

Decrypt into a scratch database → integrity and schema → the ledger must not be behind → replay → empty what only
made sense at that moment → no erased person is there → swap in. A drill does all of it but the swap.
"""

from __future__ import annotations

import gzip
import logging
import shutil
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from alembic.util.exc import CommandError
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy.exc import SQLAlchemyError

from university.backups.accounts import Accounts, Rows, read_accounts, settle_accounts
from university.backups.copying import Facts
from university.backups.faults import BackupFault
from university.backups.keeping import newest, places
from university.backups.making import CHUNK, back_up, scratch_folder, sha256_of
from university.backups.manifests import Manifest, read_manifest, refuse_ledger_behind
from university.backups.scratch import Scratch, engine_of, make_scratch
from university.backups.settling import count_rows, empty, look_for_erased, look_for_texts, park_mail
from university.chains import audit, audit_head, ledger as ledgers
from university.chains.ledger import LedgerFault, Record, open_ledger
from university.database import Database
from university.keys import sealing
from university.keys.day_keys import DayKey, open_day_keys, unwrap
from university.keys.keyring import open_keyring
from university.keys.sealing import FindKey, NotOpened
from university.migrating import migrate
from university.places import open_place
from university.rights import traces
from university.rights.events import events
from university.settings import Settings

log = logging.getLogger("university.backups")


@dataclass(frozen=True)
class Restored:
    """What came back. `replayed` counts records of the ledger, `emptied` rows per table, `gone` erased people who were
    looked for and not found; `kept` names the backup of what was there before, if that could be read."""

    manifest: Manifest
    rows: Mapping[str, int]
    replayed: int
    emptied: Mapping[str, int]
    parked: int
    gone: int
    accounts: Accounts
    kept: str | None = None


def restore(settings: Settings, file: Path) -> Restored:
    """Puts the backup in place of the database. Nothing may be using either. BackupFault: all is as it was."""
    manifest, records = trusted(settings, file)
    kept, present = _keep_present(settings, records), read_accounts(settings)
    with scratch_folder(settings) as folder:
        scratch = make_scratch(settings, folder)
        try:
            _load(scratch, file, manifest, folder, at_hand(settings))
            restored = _settle(scratch.settings, manifest, records, present, note=True)
            scratch.swap_in()
        finally:
            scratch.drop()
    _sign_audit_log(settings)
    return replace(restored, kept=kept)


def drill(settings: Settings, file: Path, absent: Sequence[str] = (), find_key: FindKey | None = None) -> Restored:
    """The same up to the swap, beside a program that may be running. `absent` texts must occur nowhere."""
    manifest, records = trusted(settings, file)
    with scratch_folder(settings) as folder:
        scratch = make_scratch(settings, folder)
        try:
            _load(scratch, file, manifest, folder, find_key or at_hand(settings))
            return _settle(scratch.settings, manifest, records, read_accounts(settings), absent)
        finally:
            scratch.drop()


def _sign_audit_log(settings: Settings) -> None:
    """The log ends earlier than it did: its line about the restore says why, and the signed head follows."""
    database = Database(settings)
    try:
        with database.reading() as session:
            audit_head.sign_head(session, settings)
    finally:
        database.close()


def at_hand(settings: Settings) -> FindKey:
    """Day keys from the key ring, or else from the second place, by the recovery key that is at hand."""
    keys, second = open_day_keys(settings), open_place(settings.backup_copy)

    def find(key_id: str) -> X25519PrivateKey | None:
        private, recovery = keys.private(key_id), keys.recovery_key()
        if private or second is None or recovery is None:
            return private
        content = second.read(f"{key_id}.json")
        return unwrap(DayKey.from_json(content), recovery) if content else None

    return find


def trusted_ledger(settings: Settings) -> list[Record]:
    """The ledger, whole and not older than its second copy or the newest backup. Raises LedgerFault.

    A second place that is silent just now is asked no further: whoever could silence it would stop us as well.
    """
    records = open_ledger(settings).records()
    for place in places(settings):
        try:
            manifest = newest(place, settings)
        except OSError as error:
            log.error("the second place of the backups does not answer: %s", type(error).__name__)
            continue
        if manifest:
            refuse_ledger_behind(manifest, records)
    return records


def trusted(settings: Settings, file: Path) -> tuple[Manifest, list[Record]]:
    """The signed sheet beside a whole backup, and a ledger that may be replayed on it. BackupFault."""
    sheet = file.with_suffix(".json")
    if not file.is_file() or not sheet.is_file():
        raise BackupFault(f"{file.name} and its manifest {sheet.name} must lie beside each other")
    manifest = read_manifest(sheet.read_bytes(), open_keyring(settings))
    if manifest.name != file.name or manifest.sha256 != sha256_of(file):
        raise BackupFault("the backup is not the one its manifest was signed for")
    if manifest.engine != engine_of(settings):
        raise BackupFault(f"this is a backup of {manifest.engine}, the settings name a database of another kind")
    try:
        records = trusted_ledger(settings)
        refuse_ledger_behind(manifest, records)
    except LedgerFault as fault:
        raise BackupFault(f"{fault}. Without the whole ledger people who were erased would return") from fault
    return manifest, records


def _keep_present(settings: Settings, records: list[Record]) -> str | None:
    """A backup of what is about to be replaced, if there is anything that can be read. BackupFault if it has carried
    out more than the ledger knows: once it is replaced, nothing would tell of those erasures."""
    if not make_scratch(settings, settings.data).is_there_another():
        return None
    database = Database(settings)
    try:
        with database.reading() as session:
            ledgers.refuse_older_ledger(session, records)
        return back_up(database, settings)[0].name
    except LedgerFault as fault:
        raise BackupFault(f"{fault}. Without the whole ledger people who were erased would return") from fault
    except (BackupFault, SQLAlchemyError):
        return None
    finally:
        database.close()


def _load(scratch: Scratch, file: Path, manifest: Manifest, folder: Path, find_key: FindKey) -> None:
    packed, plain = folder / "packed", folder / "plain"
    try:
        with file.open("rb") as source, packed.open("wb") as target:
            sealing.open_file(source, target, find_key)
        with gzip.open(packed, "rb") as source, plain.open("wb") as target:
            shutil.copyfileobj(source, target, CHUNK)
    except NotOpened as error:
        raise BackupFault(f"the backup does not open: {error}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise BackupFault(f"the backup cannot be unpacked: {type(error).__name__}") from error
    packed.unlink()
    _must_be_the_same(manifest, scratch.load(plain))


def _must_be_the_same(manifest: Manifest, facts: Facts) -> None:
    different = [name for name, count in manifest.rows.items() if facts.rows.get(name) != count]
    if different or facts.ledger_seq != manifest.ledger_seq or facts.schema != manifest.schema:
        raise BackupFault(f"what came back differs from the manifest: {', '.join(different) or 'schema or ledger'}")


def _settle(
    settings: Settings,
    manifest: Manifest,
    records: Sequence[Record],
    present: Rows | None,
    absent: Sequence[str] = (),
    *,
    note: bool = False,
) -> Restored:
    """Everything that must be true before the scratch database of these settings may serve anybody."""
    database = Database(settings)
    try:
        migrate(database)
        with database.writing() as session:
            replayed = ledgers.replay(session, open_ledger(settings), events(settings))
            emptied, parked = empty(session), park_mail(session)
            gone = look_for_erased(session, records)
            accounts = settle_accounts(session, present)
            if note:
                audit.record(session, actor="operator", action="restore", object_kind="backup", object_ref=manifest.key)
        traces.wipe(database.engine)
        with database.reading() as session:
            if found := look_for_texts(session, absent):
                raise BackupFault(f"what should be absent is in {', '.join(found)}")
            return Restored(manifest, count_rows(session), replayed, emptied, parked, gone, accounts)
    except CommandError as error:
        raise BackupFault("a newer version of this program made this backup") from error
    except LedgerFault as fault:
        raise BackupFault(f"the replay failed: {fault}") from fault
    finally:
        database.close()
