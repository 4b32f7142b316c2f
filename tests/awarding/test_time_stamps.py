"""With an authority set, every new certificate gets its stamp a little later; without one, or with a dead one, none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from certificates import Verdict, verify
from tests import cast
from tests.time_stamping import TimeStampingAuthority, time_stamping_authority
from university import clock
from university.awarding.awards import certificate_of
from university.awarding.credentialing import issue_credential
from university.awarding.drawing import drawn, inside
from university.awarding.time_stamps import count_lacking, stamp_new
from university.awarding.versions import correct_name
from university.database import Database
from university.keys.keyring import KeyRing, open_keyring
from university.models import Award, TimeStamp
from university.settings import Settings


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[TimeStampingAuthority]:
    with time_stamping_authority(tmp_path / "tsa") as authority:
        yield authority


@pytest.fixture
def stamping(settings: Settings, authority: TimeStampingAuthority) -> Settings:
    return settings.model_copy(update={"tsa_url": authority.address})


@pytest.fixture
def keyring(stamping: Settings, monkeypatch: pytest.MonkeyPatch) -> KeyRing:
    """Made on the day of Ada's exam."""
    keyring = open_keyring(stamping)
    monkeypatch.setattr(clock, "now", lambda: cast.NOON)
    keyring.make_certificate_keys(stamping)
    return keyring


@pytest.fixture
def ada(database: Database, keyring: KeyRing, stamping: Settings) -> Award:
    with database.writing() as session:
        award = cast.make_award(session)
        issue_credential(session, keyring, stamping, award, cast.ADA[2])
    return award


def run(database: Database, keyring: KeyRing, settings: Settings) -> int:
    with database.writing() as session:
        return stamp_new(session, clock.now(), database=database, keyring=keyring, settings=settings)


def verdict(database: Database, keyring: KeyRing, settings: Settings) -> Verdict:
    with database.reading() as session:
        award = session.scalars(select(Award)).one()
        file = drawn(certificate_of(award), inside(session, award.number), keyring)
    return verify(file, keyring.public_keys(settings))


def stamps(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(TimeStamp)) or 0


@pytest.mark.usefixtures("ada")
def test_a_new_certificate_is_stamped_once_and_its_pdf_carries_it(
    database: Database, keyring: KeyRing, stamping: Settings, authority: TimeStampingAuthority
) -> None:
    assert verdict(database, keyring, stamping).stamped_at is None
    assert [run(database, keyring, stamping) for _ in range(2)] == [1, 0]
    assert authority.asked == 1
    found = verdict(database, keyring, stamping)
    assert (found.word, found.stamped_at is not None) == ("untouched", True)


@pytest.mark.usefixtures("ada")
def test_an_authority_that_talks_nonsense_is_asked_again_later(
    database: Database, keyring: KeyRing, stamping: Settings, authority: TimeStampingAuthority
) -> None:
    authority.broken = True
    run(database, keyring, stamping)
    assert (stamps(database), verdict(database, keyring, stamping).word) == (0, "untouched")
    with database.reading() as session:
        assert count_lacking(session, keyring) == 1
    authority.broken = False
    run(database, keyring, stamping)
    assert stamps(database) == 1


@pytest.mark.usefixtures("ada")
def test_an_authority_that_points_elsewhere_is_not_followed(
    database: Database, keyring: KeyRing, stamping: Settings, authority: TimeStampingAuthority
) -> None:
    authority.moved = True
    run(database, keyring, stamping)
    assert (stamps(database), authority.asked, authority.followed) == (0, 1, 0)


@pytest.mark.usefixtures("ada")
def test_an_authority_that_does_not_answer_harms_nobody(
    database: Database, keyring: KeyRing, stamping: Settings
) -> None:
    nobody = stamping.model_copy(update={"tsa_url": "http://127.0.0.1:9/"})
    assert run(database, keyring, nobody) == 1
    assert verdict(database, keyring, stamping).word == "untouched"


@pytest.mark.usefixtures("ada")
def test_without_an_authority_nobody_is_asked(database: Database, keyring: KeyRing, settings: Settings) -> None:
    assert run(database, keyring, settings) == 0


def test_a_corrected_version_gets_a_stamp_of_its_own(
    database: Database, keyring: KeyRing, stamping: Settings, ada: Award
) -> None:
    run(database, keyring, stamping)
    with database.writing() as session:
        award = session.get_one(Award, ada.id)
        correct_name(session, keyring, stamping, award, "Augusta", "King", actor="holder")
    assert stamps(database) == 0
    assert run(database, keyring, stamping) == 1
    assert verdict(database, keyring, stamping).stamped_at is not None


def test_a_new_key_leaves_the_old_stamp_out(
    database: Database, keyring: KeyRing, stamping: Settings, ada: Award
) -> None:
    run(database, keyring, stamping)
    keyring.rotate("pdf", clock.now(), clock.now())
    found = verdict(database, keyring, stamping)
    assert (found.word, found.stamped_at) == ("untouched", None)
