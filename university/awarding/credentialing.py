"""The credential of a certificate: signed when it is issued, kept as it is, and ended by its bit in a status list.

A place in a list is given out once and never again, not even after an erasure: wallets keep credentials for ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from secrets import randbelow
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, exists, func, select, update
from sqlalchemy.orm import Session

from certificates import (
    STATUS_LIST_CAPACITY,
    StatusEntry,
    credential,
    credential_json,
    draw_index,
    issuer_did,
    make_salt,
    make_subject_id,
    status_list,
)
from university import clock
from university.awarding.awards import certificate_of
from university.database import Database
from university.keys.keyring import KeyRing
from university.language import catalogue, primary
from university.models import Award, Person, StatusBit, StatusList, StoredCredential
from university.settings import Settings
from university.turns import take_turn

_DOCUMENT = select(StoredCredential.document).where(StoredCredential.number == bindparam("number"))


@dataclass(frozen=True)
class Place:
    """A bit in one of our lists; written ``3:94567`` in the rights ledger."""

    list_number: int
    list_index: int

    def __str__(self) -> str:
        return f"{self.list_number}:{self.list_index}"

    @classmethod
    def read(cls, text: str) -> Place:
        number, index = text.split(":")
        return cls(int(number), int(index))


def issue_credential(session: Session, keyring: KeyRing, settings: Settings, award: Award, email: str) -> None:
    """Signs and keeps the credential of this version of the award, in the transaction that makes the award."""
    certificate = certificate_of(award)
    key = keyring.credential_key()
    place = _give_out(session)
    document = credential(
        certificate,
        issuer_did=issuer_did(settings.base_url, key.multikey),
        subject_id=make_subject_id(),
        salt=make_salt(),
        email=email,
        status=StatusEntry(list_address(settings, place.list_number), place.list_index),
        translate=catalogue(primary(certificate.course.language)).gettext,
    )
    signed = key.sign(document, clock.now().replace(microsecond=0), second_proof=settings.second_proof == "jcs")
    session.add(
        StoredCredential(
            number=award.number,
            document=credential_json(signed),
            list_number=place.list_number,
            list_index=place.list_index,
        )
    )
    session.flush()


def stored_credential(record: Session | Connection, number: str) -> str | None:
    """The credential of the present version, as it was given out."""
    return record.execute(_DOCUMENT, {"number": number}).scalar()


def places_of(session: Session, numbers: Iterable[str]) -> list[Place]:
    """Where the credentials of these certificates stand in the lists."""
    columns = select(StoredCredential.list_number, StoredCredential.list_index)
    rows = session.execute(columns.where(StoredCredential.number.in_(list(numbers)))).all()
    return sorted((Place(*row) for row in rows), key=lambda place: (place.list_number, place.list_index))


def set_bits(session: Session, places: Iterable[Place]) -> None:
    """The credentials at these places count no more, from this transaction's commit on. Once more does no harm.

    A place that a restored database does not know of yet was given out after that backup: it is made.
    """
    for place in places:
        _make_list(session, place.list_number)
        bit = session.get(StatusBit, (place.list_number, place.list_index), with_for_update=True)
        if bit is not None and bit.is_set:
            continue
        session.merge(StatusBit(list_number=place.list_number, list_index=place.list_index, is_set=True))
        session.execute(
            update(StatusList)
            .where(StatusList.number == place.list_number)
            .values(revision=StatusList.revision + 1, changed_at=clock.now().replace(microsecond=0))
        )
    session.flush()


def end_credential(session: Session, number: str) -> None:
    """For a version that is replaced: its bit is set, and the credential itself is gone."""
    set_bits(session, places_of(session, [number]))
    session.execute(delete(StoredCredential).where(StoredCredential.number == number))


def issue_missing(database: Database, keyring: KeyRing, settings: Settings) -> int:
    """Signs what has no credential yet, such as awards of a release that knew none. Returns how many."""
    with database.reading() as session:
        lacking = select(Award.id).where(~exists().where(StoredCredential.number == Award.number))
        award_ids = session.scalars(lacking).all()
    for award_id in award_ids:
        _issue_later(database, keyring, settings, award_id)
    return len(award_ids)


def sign_anew(session: Session, keyring: KeyRing, settings: Settings) -> int:
    """For a stolen key: every stored credential gets new proofs by the present one and says the same. Returns how many.

    Status lists follow by themselves. A development machine is known by its key, so there the issuer's name changes.
    """
    key, now = keyring.credential_key(), clock.now().replace(microsecond=0)
    stored = session.scalars(select(StoredCredential)).all()
    for row in stored:
        document = json.loads(row.document)
        document["issuer"]["id"] = issuer_did(settings.base_url, key.multikey)
        row.document = credential_json(key.sign(document, now, second_proof=settings.second_proof == "jcs"))
    return len(stored)


def list_address(settings: Settings, number: int) -> str:
    return settings.link(f"/credentials/status/{number}")


class SignedLists:
    """Status lists as they are served: signed anew when a bit or the key changed, kept in memory until then."""

    def __init__(self, keyring: KeyRing, settings: Settings) -> None:
        self._keyring, self._settings = keyring, settings
        self._kept: dict[int, tuple[tuple[int, str], str]] = {}

    def read(self, session: Session, number: int) -> str | None:
        """The list as JSON text, or None if there is no such list."""
        found, key = session.get(StatusList, number), self._keyring.credential_key()
        if found is None:
            return None
        version = (found.revision, key.key_id)
        kept = self._kept.get(number)
        if kept is None or kept[0] != version:
            kept = self._kept[number] = (version, self._sign(session, found))
        return kept[1]

    def _sign(self, session: Session, found: StatusList) -> str:
        key, since = self._keyring.credential_key(), self._keyring.credential_key_since()
        set_ones = select(StatusBit.list_index).where(StatusBit.list_number == found.number, StatusBit.is_set)
        document = status_list(
            list_address(self._settings, found.number),
            session.scalars(set_ones),
            issuer_did=issuer_did(self._settings.base_url, key.multikey),
            valid_from=found.changed_at,
        )
        # The same moment in every process, so that all of them serve the same bytes.
        return credential_json(key.sign(document, max(found.changed_at, since)))


def _issue_later(database: Database, keyring: KeyRing, settings: Settings, award_id: UUID) -> None:
    with database.writing() as session:
        award = session.get(Award, award_id, with_for_update=True)
        if award is None or stored_credential(session, award.number) is not None:
            return
        email = session.get_one(Person, award.person_id).email
        issue_credential(session, keyring, settings, award, email)


class _Taken:
    """The indexes of one list that were given out."""

    def __init__(self, session: Session, list_number: int) -> None:
        self._session, self._list_number = session, list_number

    def __contains__(self, index: object) -> bool:
        return self._session.get(StatusBit, (self._list_number, index)) is not None


def _give_out(session: Session) -> Place:
    number = _present_list(session)
    place = Place(number, draw_index(_Taken(session, number)))
    session.add(StatusBit(list_number=place.list_number, list_index=place.list_index, is_set=False))
    session.flush()
    return place


def _present_list(session: Session) -> int:
    """The newest list; the next one once half of that was given out, for drawing a free index must stay quick."""
    newest = _newest_list(session)
    # Counted now and then only: it takes longer than signing.
    if newest and (randbelow(100) or not _is_half_used(session, newest)):
        return newest
    take_turn(session, "status lists")
    newest = _newest_list(session)
    if not newest or _is_half_used(session, newest):
        newest += 1
        _make_list(session, newest)
    return newest


def _newest_list(session: Session) -> int:
    """Its number; 0 while there is none."""
    return session.scalar(select(func.max(StatusList.number))) or 0


def _is_half_used(session: Session, number: int) -> bool:
    given_out = session.scalar(select(func.count()).where(StatusBit.list_number == number)) or 0
    return given_out >= STATUS_LIST_CAPACITY


def _make_list(session: Session, number: int) -> None:
    if session.get(StatusList, number) is None:
        session.add(StatusList(number=number, revision=0, changed_at=clock.now().replace(microsecond=0)))
        session.flush()
