"""FA7: two programs on one database get the same attempt at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlalchemy import func, select

from tests.cast import publish_sample
from tests.faults import rounds
from tests.faults.crowd import OURS, losses, make_claim_link, settings_of
from tests.live import LiveServer
from university.database import Database
from university.models import Award, Claim, Enrolment

ROUNDS = rounds(20, 200)


def test_fa7_of_two_claims_for_one_attempt_at_two_programs_one_is_issued(
    live: LiveServer, its_database: Database
) -> None:
    course = publish_sample(its_database)
    pairs = []
    with its_database.writing() as session:
        for n in range(ROUNDS):
            first = make_claim_link(session, course, n)
            claim = session.scalars(select(Claim).where(Claim.email == f"ada-{n}@example.org")).one()
            enrolment = session.get_one(Enrolment, claim.enrolment_id)
            pairs.append((first, make_claim_link(session, course, n + ROUNDS, enrolment)))
    other = LiveServer(live.data, database_url=settings_of(live).database_url)
    other.settings["UNIVERSITY_BASE_URL"] = live.address
    told: list[str] = []
    with other, ThreadPoolExecutor(2) as threads:
        for pair in pairs:
            start = threading.Barrier(2)
            answers = [
                threads.submit(press, start, server.address, live.address, link)
                for server, link in zip((live, other), pair, strict=True)
            ]
            results = [answer.result() for answer in answers]
            issued = [answer.headers["location"] for answer in results if answer.status_code == 303]
            assert sorted(answer.status_code for answer in results) in ([303, 409], [303, 410])
            told += [location.removeprefix("/verify/") for location in issued]
    live.stop()
    with its_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Award)) == ROUNDS
    print(f"FA7: {len(told)} of {ROUNDS} rounds gave exactly one certificate")
    assert len(told) == ROUNDS
    assert losses(its_database, settings_of(live), told) == []


def press(start: threading.Barrier, address: str, base: str, link: str) -> httpx.Response:
    start.wait(10)
    headers = {**OURS, "host": base.removeprefix("http://")}
    return httpx.post(f"{address}/claims/confirm/{link}", headers=headers, timeout=20)
