"""`university doctor` says what wants attention about keys, addresses and time stamps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec

from tests import cast
from tests.conftest import only_on
from tests.owners_key import owners_pkcs12
from university import clock
from university.awarding.credentialing import issue_credential
from university.cli import main
from university.database import Database
from university.keys.keyring import KeyRing
from university.settings import Settings

Doctor = Callable[..., list[str]]
pytestmark = only_on("sqlite")


@pytest.fixture(autouse=True)
def _day_of_the_exam(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the day on which Ada's certificate was issued: a year later the keys would be too old for the doctor."""
    monkeypatch.setattr(clock, "now", lambda: cast.NOON)


@pytest.fixture
def keyring(settings: Settings) -> KeyRing:
    return cast.make_keyring(settings)


@pytest.fixture
def doctor(settings: Settings, database: Database, keyring: KeyRing) -> Doctor:
    """The lines that want attention, with these settings; those about backups have tests of their own."""

    def ask(**changed: str) -> list[str]:
        environment = {"UNIVERSITY_DATA": str(settings.data)}
        environment.update({f"UNIVERSITY_{name.upper()}": value for name, value in changed.items()})
        said = CliRunner(env=environment).invoke(main, ["doctor"]).output
        lines = [line for line in said.splitlines() if not line.startswith("ok ")]
        return [line for line in lines if line.split()[1] not in {"backups", "recovery", "ledger"}]

    return ask


def issue(database: Database, keyring: KeyRing, settings: Settings) -> None:
    with database.writing() as session:
        issue_credential(session, keyring, settings, cast.make_award(session), cast.ADA[2])


def test_a_new_address_is_noticed_because_what_was_issued_leads_to_the_old_one(
    doctor: Doctor, database: Database, keyring: KeyRing, settings: Settings
) -> None:
    issue(database, keyring, settings)
    assert doctor() == []
    (line,) = doctor(base_url="http://localhost:8000")
    assert "issued at http://127.0.0.1:8000" in line


def test_certificates_that_wait_for_their_stamp_are_counted(
    doctor: Doctor, database: Database, keyring: KeyRing, settings: Settings
) -> None:
    assert doctor(tsa_url="http://127.0.0.1:9/") == []
    issue(database, keyring, settings)
    (line,) = doctor(tsa_url="http://127.0.0.1:9/")
    assert "1 new certificates wait" in line


def test_a_certificate_of_a_key_that_ends_soon_is_announced(
    doctor: Doctor, keyring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = owners_pkcs12(ec.generate_private_key(ec.SECP256R1()))
    ends = keyring.bring(own, b"secret", clock.now().replace(microsecond=0)).valid_until
    assert ends is not None
    for days, wanted in ((61, False), (59, True)):
        monkeypatch.setattr(clock, "now", lambda days=days: ends - timedelta(days=days))
        assert any("ends on" in line for line in doctor()) is wanted, days
