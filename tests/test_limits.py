"""Rate limits: exact, shared, forgetful, on both engines."""

from __future__ import annotations

import multiprocessing
import re
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta

import pytest
from litestar.testing import RequestFactory
from sqlalchemy import select, update

from university import clock, limits
from university.database import Database
from university.errors import TooMany
from university.limits import Limit, per
from university.models import RateLimit
from university.retention import delete_limits
from university.serving.pages import Visitor
from university.settings import Settings


@pytest.fixture
def five_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.BY_ADDRESS, "claim", (per(5, limits.HOUR),))


def spend(settings: Settings, database: Database, email: str = "ada@example.org") -> bool:
    return limits.by_address(settings, database, "claim", email)


def pass_time(database: Database, seconds: float) -> None:
    """The clock is the database's own: instead of it, what is written moves into the past."""
    with database.writing() as session:
        session.execute(update(RateLimit).values(arrival=RateLimit.arrival - seconds))


@pytest.mark.usefixtures("five_an_hour", "still_limits")
def test_after_a_burst_one_more_is_let_through_per_interval(database: Database, settings: Settings) -> None:
    assert [spend(settings, database) for _ in range(7)] == [True] * 5 + [False] * 2
    pass_time(database, 719)
    assert not spend(settings, database)
    pass_time(database, 2)
    assert [spend(settings, database) for _ in range(2)] == [True, False]
    pass_time(database, 4 * limits.HOUR)
    assert [spend(settings, database) for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.usefixtures("five_an_hour", "still_limits")
def test_three_hundred_tries_in_four_threads_let_five_through(database: Database, settings: Settings) -> None:
    with ThreadPoolExecutor(4) as threads:
        passed = list(threads.map(lambda _: spend(settings, database), range(300)))
    assert sum(passed) == 5


def tries_of_a_process(settings: Settings, count: int) -> int:
    limits.BY_ADDRESS["claim"] = (per(5, limits.HOUR),)
    database = Database(settings)
    try:
        return sum(spend(settings, database) for _ in range(count))
    finally:
        database.close()


def test_processes_share_one_count(database: Database, settings: Settings) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        passed = [processes.submit(tries_of_a_process, settings, 60) for _ in range(2)]
        assert sum(future.result() for future in passed) == 5


@pytest.mark.usefixtures("five_an_hour")
def test_every_mailbox_has_its_own_limit_and_variants_of_one_share_it(database: Database, settings: Settings) -> None:
    variants = ["v.w@gmail.com", "vw+1@gmail.com", "vw+2@googlemail.com", "v.w+3@gmail.com", "vw@gmail.com"]
    assert all(spend(settings, database, email) for email in variants)
    assert not spend(settings, database, "v.w+9@gmail.com")
    assert spend(settings, database, "ben@example.org")


@pytest.mark.usefixtures("still_limits")
def test_a_claim_is_mailed_once_in_ten_minutes_and_three_times_a_day(database: Database, settings: Settings) -> None:
    passed = 0
    for _ in range(100):
        passed += spend(settings, database)
        pass_time(database, 6)
    assert passed == 1
    pass_time(database, 8 * limits.DAY)
    for _ in range(20):
        passed += spend(settings, database)
        pass_time(database, 601)
    assert passed == 4


@pytest.mark.usefixtures("five_an_hour")
def test_the_factor_multiplies_burst_and_rate(database: Database, settings: Settings) -> None:
    twice = settings.model_copy(update={"limits_factor": 2.0})
    assert sum(spend(twice, database) for _ in range(20)) == 10


@pytest.mark.usefixtures("five_an_hour")
def test_a_clock_that_was_put_back_locks_nobody_out(database: Database, settings: Settings) -> None:
    assert spend(settings, database)
    pass_time(database, -30 * limits.DAY)
    assert [spend(settings, database) for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.usefixtures("five_an_hour")
def test_what_is_limited_is_known_by_a_hash_that_changes_every_day(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    spend(settings, database)
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    spend(settings, database)
    with database.reading() as session:
        keys = session.scalars(select(RateLimit.key)).all()
    assert len(set(keys)) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


@pytest.mark.usefixtures("five_an_hour")
def test_rows_that_limit_nothing_any_more_are_deleted(database: Database, settings: Settings) -> None:
    spend(settings, database)
    with database.writing() as session:
        assert delete_limits(session, clock.now()) == 0
        assert delete_limits(session, clock.now() + timedelta(hours=1)) == 1


def request_from(settings: Settings, client: str) -> Visitor:
    request = RequestFactory().post("/claims/rivers")
    request.scope["state"] = {"client": client}
    request.app.state["settings"] = settings
    return request


def test_too_much_from_one_network_is_told_when_to_try_again(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.BY_NETWORK, "claim", (Limit(2, 1, limits.MINUTE),))
    request = request_from(settings, "192.0.2.1")
    limits.by_network(request, database, "claim")
    limits.by_network(request, database, "claim")
    with pytest.raises(TooMany) as refused:
        limits.by_network(request, database, "claim")
    assert 50 <= int(refused.value.headers["retry-after"]) <= 60
    limits.by_network(request_from(settings, "192.0.2.2"), database, "claim")


def test_a61_a_class_of_thirty_five_behind_one_address_gets_through(database: Database, settings: Settings) -> None:
    request = request_from(settings, "192.0.2.1")
    for _ in range(35):
        limits.by_network(request, database, "claim")


def test_the_whole_installation_has_a_limit_of_its_own(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.FOR_EVERYBODY, "claim", (per(2, limits.HOUR),))
    waits = [limits.by_everybody(settings, database, "claim") for _ in range(3)]
    assert waits[:2] == [0, 0]
    assert 1790 <= waits[2] <= 1800
