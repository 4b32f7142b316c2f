"""Olga looks after the keys: the next one is announced, an old one verifies for ever, a stolen one proves nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric import ec
from litestar.testing import TestClient
from sqlalchemy import select

from certificates import show_number, verify, verify_credential
from tests import cast
from tests.conftest import only_on
from tests.owners_key import owners_pkcs12
from university import clock
from university.awarding.awards import certificate_of
from university.awarding.credentialing import issue_credential, stored_credential
from university.awarding.drawing import drawn, inside
from university.cli import main
from university.database import Database
from university.keys.keyring import KeyRing
from university.models import AuditEntry, Award
from university.settings import Settings

Keys = Callable[..., Result]


@pytest.fixture
def keyring(settings: Settings) -> KeyRing:
    return cast.make_keyring(settings)


@pytest.fixture
def keys(settings: Settings, database: Database, keyring: KeyRing) -> Keys:
    environment = {"UNIVERSITY_DATA": str(settings.data), "UNIVERSITY_DATABASE_URL": settings.database_url}

    def run(*words: str) -> Result:
        return partial(CliRunner().invoke, main, env=environment)(["keys", *words], catch_exceptions=False)

    return run


@pytest.fixture
def ada(database: Database, keyring: KeyRing, settings: Settings) -> Award:
    with database.writing() as session:
        award = cast.make_award(session)
        issue_credential(session, keyring, settings, award, cast.ADA[2])
    return award


def lines(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output
    return [" ".join(line.split()) for line in result.output.splitlines()]


def paper_of(award: Award, database: Database, keyring: KeyRing) -> bytes:
    with database.reading() as session:
        return drawn(certificate_of(award), inside(session, award.number), keyring)


@only_on("sqlite")
def test_the_next_keys_are_announced_and_the_present_ones_go_on_until_then(keys: Keys, keyring: KeyRing) -> None:
    year, later = clock.now().year, clock.now() + timedelta(days=30)
    begins_at = f"{later:%Y-%m-%d}"
    assert lines(keys("rotate")) == [
        f"cert-{later.year}{'-2' if later.year == year else ''} signs from {begins_at} on",
        f"credential-2 signs from {begins_at} on",
    ]
    shown = lines(keys("list"))
    assert [line.split()[0] for line in shown][:2] == [f"cert-{year}", "credential-1"]
    assert shown[0].endswith(f"signs until {begins_at}")
    assert shown[3].endswith("published, does not sign yet")
    assert keyring.credential_key().key_id == "credential-1"


def test_a54_a_retired_key_verifies_what_it_signed_for_ever(
    keys: Keys, keyring: KeyRing, database: Database, settings: Settings, ada: Award
) -> None:
    before = paper_of(ada, database, keyring)
    keys("rotate", "--now")
    after = paper_of(ada, database, keyring)
    public = keyring.public_keys(settings)
    assert [verify(paper, public).word for paper in (before, after)] == ["untouched", "untouched"]
    assert verify(before, public).key_id != verify(after, public).key_id
    with database.reading() as session:
        document = stored_credential(session, ada.number) or ""
        actions = session.scalars(select(AuditEntry.action)).all()
    assert actions == ["rotate_key", "rotate_key"]
    https = settings.model_copy(update={"base_url": "https://learn.example.org"})
    assert len(keyring.public_keys(https).keys) == 4
    assert verify_credential(document.encode(), public, clock.now()).word == "untouched"


def test_a55_what_a_stolen_key_signed_proves_nothing_and_the_record_goes_on(
    keys: Keys, keyring: KeyRing, client: TestClient, database: Database, settings: Settings, ada: Award
) -> None:
    stolen = stored_of(database, ada)
    lines(keys("compromise", "credential-1", "--yes"))
    public = keyring.public_keys(settings)
    assert verify_credential(stolen.encode(), public, clock.now()).reason == "key_compromised"
    served = client.get(f"/credentials/{show_number(ada.number)}").content
    listed = client.get("/credentials/status/1").content
    assert verify_credential(served, public, clock.now(), listed).is_valid
    assert "credential-1" not in json.dumps(client.get("/.well-known/did.json").json())
    assert client.get(f"/verify/{ada.number}.json").json()["standing"] == "valid"


def stored_of(database: Database, award: Award) -> str:
    with database.reading() as session:
        return stored_credential(session, award.number) or ""


def test_a_running_program_takes_the_new_key_without_a_restart(keys: Keys, client: TestClient, ada: Award) -> None:
    def signer() -> str:
        paper = client.get(f"/verify/{ada.number}.pdf").content
        files = {"file": ("paper.pdf", paper, "application/pdf")}
        answer = client.post("/verify/file", files=files, headers={"accept": "application/json"}).json()
        assert answer["result"] == "valid"
        return str(answer["signed_by"])

    before = signer()
    lines(keys("compromise", before, "--yes"))
    assert signer() == f"{before}-2"


@only_on("sqlite")
def test_a_key_nobody_has_is_named(keys: Keys) -> None:
    result = keys("compromise", "cert-1999", "--yes")
    assert (result.exit_code, result.output) == (1, "Error: there is no key cert-1999\n")
    public = json.loads(keys("list", "--json").output)
    assert public["issuer"]["did"].startswith("did:key:")


@only_on("sqlite")
def test_the_owners_own_key_signs_from_the_day_it_is_brought(
    keys: Keys, keyring: KeyRing, database: Database, ada: Award, tmp_path: Path, settings: Settings
) -> None:
    before = paper_of(ada, database, keyring)
    bundle = tmp_path / "own.p12"
    bundle.write_bytes(owners_pkcs12(ec.generate_private_key(ec.SECP256R1())))
    assert keys("import", str(bundle), "--password", "wrong").exit_code == 1
    (said,) = lines(keys("import", str(bundle), "--password", "secret"))
    assert said == f"own-{clock.now().year} signs certificates from now on"
    after = paper_of(ada, database, keyring)
    public = keyring.public_keys(settings)
    assert [verify(paper, public).word for paper in (before, after)] == ["untouched", "untouched"]
    assert verify(after, public).key_id == f"own-{clock.now().year}"
    again = keys("import", str(bundle), "--password", "secret")
    assert (again.exit_code, "in the ring already" in again.output) == (1, True)
    assert (keyring.folder / f"own-{clock.now().year}.pem").stat().st_mode & 0o077 == 0
