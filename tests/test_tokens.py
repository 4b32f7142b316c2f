"""Links that work once, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from university import clock, tokens
from university.database import Database
from university.errors import Gone, NotFound
from university.models import Token

DAY = timedelta(hours=24)
CLAIM_ID = uuid4()


def make(database: Database, lifetime: timedelta = DAY) -> str:
    with database.writing() as session:
        return tokens.make(session, tokens.CLAIM, claim_id=CLAIM_ID, lifetime=lifetime)


def use(database: Database, text: str, purpose: str = tokens.CLAIM) -> UUID | None:
    with database.writing() as session:
        return tokens.use(session, purpose, text).claim_id


def look(database: Database, text: str, purpose: str = tokens.CLAIM) -> UUID | None:
    with database.reading() as session:
        return tokens.look(session, purpose, text).claim_id


def test_a_link_may_be_looked_at_often_and_used_once(database: Database) -> None:
    text = make(database)
    assert {look(database, text) for _ in range(5)} == {CLAIM_ID}
    assert use(database, text) == CLAIM_ID
    for again in (use, look):
        with pytest.raises(Gone):
            again(database, text)


def test_the_database_knows_a_link_by_its_hash_only(database: Database) -> None:
    text = make(database)
    with database.reading() as session:
        kept = session.scalars(select(Token)).one()
        assert text not in repr(vars(kept))
        assert text[4:] not in repr(vars(kept))
    assert text.startswith("unc_")
    assert len(text) == 4 + 43


def test_a_link_is_unused_again_when_its_work_was_rolled_back(database: Database) -> None:
    text = make(database)
    with database.session(reading=False) as session:
        tokens.use(session, tokens.CLAIM, text)
        session.rollback()
    assert use(database, text) == CLAIM_ID


def test_a_link_that_expired_a_second_ago_is_gone(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    text = make(database)
    expiry = clock.now() + DAY
    monkeypatch.setattr(clock, "now", lambda: expiry + timedelta(seconds=1))
    for act in (look, use):
        with pytest.raises(Gone):
            act(database, text)


def flipped(text: str) -> str:
    return text[:-2] + ("A" if text[-2] != "A" else "B") + text[-1]


@pytest.mark.parametrize(
    "altered",
    [
        flipped,
        lambda text: text[:-1],
        lambda text: text + "=",
        lambda text: text + "\n",
        lambda text: text.replace("unc_", "unp_"),
        lambda text: text[4:],
        lambda text: "",
        lambda text: "\ud800" + text,
    ],
)
def test_an_altered_link_is_not_found(database: Database, altered: Callable[[str], str]) -> None:
    text = make(database)
    for act in (look, use):
        with pytest.raises(NotFound):
            act(database, altered(text))


def test_a_link_for_one_purpose_opens_nothing_else(database: Database) -> None:
    text = make(database)
    for act in (look, use):
        with pytest.raises(NotFound):
            act(database, text, tokens.PORTAL)
    assert use(database, text) == CLAIM_ID


def test_of_fifty_uses_at_the_same_moment_one_succeeds(database: Database) -> None:
    text = make(database)

    def attempt(_: int) -> bool:
        try:
            return use(database, text) == CLAIM_ID
        except Gone:
            return False

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(attempt, range(50))) == 1
