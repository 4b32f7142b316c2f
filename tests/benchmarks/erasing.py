"""How long a person with twenty certificates waits for the deletion of everything, and for the download before it."""

from __future__ import annotations

import tempfile
import time

from litestar.testing import TestClient
from sqlalchemy import select

from tests import cast
from university import tokens
from university.app import create_app
from university.awarding.credentialing import issue_credential
from university.chains.ledger import open_ledger
from university.database import Database
from university.keys.keyring import open_keyring
from university.migrating import migrate
from university.models import Person
from university.rights import erasure
from university.rights.portal import LINK_LIFETIME
from university.settings import Settings, read_settings

PEOPLE = 20
CERTIFICATES = 20
PACKED = 10


def run(database_url: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(
            {"UNIVERSITY_DATA": folder, "UNIVERSITY_DATABASE_URL": database_url, "UNIVERSITY_TESTING": "1"}
        )
        database, keyring = Database(settings), open_keyring(settings)
        migrate(database)
        keyring.make_certificate_keys(settings)
        spent = [_erase_one(database, settings, number) for number in range(PEOPLE)]
        packed = _pack_some(database, settings)
        database.close()
    engine = "PostgreSQL" if database_url else "SQLite"
    print(f"download with {CERTIFICATES} certificates, {PACKED} times, {engine}: {_line(packed)}")
    print(f"erasure of {CERTIFICATES} certificates, {PEOPLE} people, {engine}: {_line(spent)}")


def _erase_one(database: Database, settings: Settings, number: int) -> float:
    email = f"ada{number}@example.org"
    make_holder(database, settings, email)
    began = time.perf_counter()
    done = erasure.erase(database, open_ledger(settings), settings, email, actor="holder")
    spent = time.perf_counter() - began
    assert done.is_finished
    assert done.withdrawn == CERTIFICATES
    return spent


def _pack_some(database: Database, settings: Settings) -> list[float]:
    email = "ben@example.org"
    make_holder(database, settings, email)
    with database.writing() as session:
        person = session.scalars(select(Person).where(Person.email == email)).one()
        token = tokens.make(session, tokens.PORTAL, person_id=person.id, lifetime=LINK_LIFETIME)
    spent = []
    with TestClient(create_app(settings), base_url=settings.base_url) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        client.follow_redirects = False
        client.post(f"/privacy/my-data/{token}")
        for _time in range(PACKED):
            began = time.perf_counter()
            answer = client.post("/privacy/my-data/download")
            spent.append(time.perf_counter() - began)
            assert answer.headers["content-type"] == "application/zip"
    return spent


def make_holder(database: Database, settings: Settings, email: str) -> None:
    keyring = open_keyring(settings)
    with database.writing() as session:
        person = cast.make_person(session, email)
        for _certificate in range(CERTIFICATES):
            issue_credential(session, keyring, settings, cast.make_award(session, person), email)


def _line(spent: list[float]) -> str:
    ordered = sorted(1000 * seconds for seconds in spent)
    p95 = ordered[int(len(ordered) * 0.95) - 1]
    return f"median {ordered[len(ordered) // 2]:.0f} ms, p95 {p95:.0f} ms, longest {ordered[-1]:.0f} ms"
