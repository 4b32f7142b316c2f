"""The drill: a backup, then twenty deletions, twenty unsubscriptions and ten corrections; then the backup is restored.

Nobody who left is back, nobody who unsubscribed is written to, and no old name is shown.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from litestar.testing import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import digest_of, show_number
from tests import cast
from tests.conftest import only_on
from tests.faults.figures import Note
from tests.privacy import canary
from university.app import create_app
from university.awarding.versions import correct_name, revoke
from university.backups.making import FOLDER, back_up
from university.backups.restoring import restore
from university.chains import audit
from university.chains.ledger import open_ledger
from university.commands.serving import prepare
from university.consents.giving import live_topics
from university.consents.never import is_never_mailed, never_mail
from university.consents.withdrawing import withdraw
from university.database import Database
from university.keys.day_keys import open_day_keys
from university.mailing.links import address_hmac
from university.models import Award, Person, Tombstone
from university.rights import erasure
from university.rights.restricting import hide_name, is_restricted
from university.settings import Settings

LEAVE, UNSUBSCRIBE, CORRECT, STAY = 20, 20, 10, 5


def address(kind: str, n: int) -> str:
    return f"{kind}-{n}@example.org"


def of(session: Session, kind: str, n: int) -> Person:
    return session.scalars(select(Person).where(Person.email == address(kind, n))).one()


def award_of(session: Session, kind: str, n: int) -> Award:
    return session.scalars(select(Award).where(Award.person_id == of(session, kind, n).id)).one()


@pytest.fixture
def settings(settings: Settings, database_url: str, request: pytest.FixtureRequest) -> Settings:
    """With PostgreSQL as on many machines: the ledger is a table elsewhere."""
    shared = request.getfixturevalue("ledger_server") if database_url else ""
    return settings.model_copy(update={"ledger_url": shared})


@pytest.fixture
def numbers(database: Database, settings: Settings) -> dict[str, list[str]]:
    """Everybody, each with a certificate and a topic, as of the moment of the backup."""
    cast.make_keyring(settings)
    numbers: dict[str, list[str]] = {}
    with database.writing() as session:
        course = cast.make_course(session)
        for kind, count in (("leave", LEAVE), ("quiet", UNSUBSCRIBE), ("correct", CORRECT), ("stay", STAY)):
            for n in range(count):
                person = cast.make_person(session, address(kind, n))
                last_name = canary.LAST_NAME if kind == "correct" else "Lovelace"
                award = cast.make_award(session, person, course, last_name=last_name)
                cast.make_consent(session, person)
                numbers.setdefault(kind, []).append(award.number)
    return numbers


@pytest.fixture
def file(database: Database, settings: Settings, numbers: dict[str, list[str]]) -> Path:
    return settings.data / FOLDER / back_up(database, settings)[0].name


def decide(database: Database, settings: Settings) -> None:
    """What people did after the backup was made."""
    ledger, keyring = open_ledger(settings), cast.make_keyring(settings)
    for n in range(LEAVE):
        erasure.erase(database, ledger, settings, address("leave", n), actor="holder")
    for n in range(UNSUBSCRIBE):
        with database.writing() as session:
            withdraw(session, ledger, of(session, "quiet", n), through="one_click")
    for n in range(CORRECT):
        with database.writing() as session:
            award = award_of(session, "correct", n)
            correct_name(session, keyring, settings, award, "Augusta", f"King-{'abcdefghij'[n]}", actor="holder")
    with database.writing() as session:
        hide_name(session, ledger, of(session, "stay", 0), actor="holder")
    with database.writing() as session:
        never_mail(session, ledger, address_hmac(keyring, address("stay", 1)))
    with database.writing() as session:
        revoke(session, settings, award_of(session, "stay", 2), "issued_in_error", actor="operator")


def check_everything(
    database: Database, settings: Settings, numbers: dict[str, list[str]], last_names: set[str]
) -> None:
    with database.reading() as session:
        people = set(session.scalars(select(Person.email)))
        assert {one for one in people if one.startswith("leave")} == set()
        assert len(people) == UNSUBSCRIBE + CORRECT + STAY
        assert set(session.scalars(select(Tombstone.number_sha256))) == {digest_of(one) for one in numbers["leave"]}
        assert all(live_topics(session, of(session, "quiet", n).id) == [] for n in range(UNSUBSCRIBE))
        assert live_topics(session, of(session, "stay", 3).id) == ["newsletter"]
        corrected = [award_of(session, "correct", n) for n in range(CORRECT)]
        assert {award.last_name for award in corrected} == last_names
        assert is_restricted(session, of(session, "stay", 0).id)
        assert is_never_mailed(session, cast.make_keyring(settings), address("stay", 1))
        assert audit.check(session) is None
    assert canary.LAST_NAME not in str(canary.in_tables(database))


def standings(settings: Settings, numbers: list[str]) -> set[str]:
    with TestClient(create_app(settings), base_url=settings.base_url) as client:
        return {client.get(f"/verify/{show_number(one)}.json").json()["standing"] for one in numbers}


def test_i6_fa8_nobody_returns_and_nothing_that_was_decided_is_undone(
    database: Database, settings: Settings, numbers: dict[str, list[str]], file: Path, figure: Note
) -> None:
    decide(database, settings)
    database.close()
    done = restore(settings, file)
    assert (done.replayed, done.gone) == (LEAVE + UNSUBSCRIBE + CORRECT + 3, LEAVE)
    check_everything(database, settings, numbers, {f"King-{letter}" for letter in "abcdefghij"})
    database.close()
    prepare(settings)
    assert standings(settings, numbers["leave"]) == {"withdrawn"}
    assert standings(settings, numbers["quiet"] + numbers["correct"]) == {"valid"}
    assert standings(settings, [numbers["stay"][2]]) == {"revoked"}
    if database.is_sqlite:
        assert {sighting for sighting in canary.in_files(settings.data) if canary.LAST_NAME in sighting} == set()
    figure(f"{LEAVE} erased, {UNSUBSCRIBE} unsubscribed, {CORRECT} corrected since the backup: 0 came back")


@only_on("sqlite")
def test_i6_a_name_whose_key_is_gone_is_hidden_and_never_the_old_one(
    database: Database, settings: Settings, numbers: dict[str, list[str]], file: Path
) -> None:
    decide(database, settings)
    database.close()
    beside = open_ledger(settings).beside
    for name in [name for name in beside.names() if name.startswith("names/")]:
        beside.delete(name)
    restore(settings, file)
    check_everything(database, settings, numbers, {""})
    assert open_day_keys(settings).all()


@only_on("sqlite")
def test_the_drill_would_see_somebody_who_returns(
    database: Database, settings: Settings, numbers: dict[str, list[str]], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that forgot to replay: the same checks must fail."""
    decide(database, settings)
    database.close()
    monkeypatch.setattr("university.backups.restoring.ledgers.replay", lambda *_: 0)
    monkeypatch.setattr("university.backups.restoring.look_for_erased", lambda *_: 0)
    restore(settings, file)
    with pytest.raises(AssertionError):
        check_everything(database, settings, numbers, {f"King-{letter}" for letter in "abcdefghij"})
