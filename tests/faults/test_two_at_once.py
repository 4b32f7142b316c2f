"""FA7: two programs on one database get the same attempt at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlalchemy import func, select

from tests.cast import publish_sample
from tests.faults.crowd import OURS, losses, make_claim_link, settings_of, told_number
from tests.faults.figures import Note, Rounds
from tests.live import LiveServer
from university.database import Database
from university.models import Award, Claim, Enrolment


def test_fa7_of_two_claims_for_one_attempt_at_two_programs_one_is_issued(
    installation: LiveServer, database: Database, rounds: Rounds, figure: Note
) -> None:
    count = rounds(5, 200)
    course = publish_sample(database)
    pairs = []
    with database.writing() as session:
        for n in range(count):
            first = make_claim_link(session, course, n)
            claim = session.scalars(select(Claim).where(Claim.email == f"ada-{n}@example.org")).one()
            enrolment = session.get_one(Enrolment, claim.enrolment_id)
            pairs.append((first, make_claim_link(session, course, n + count, enrolment)))
    installation.processes = 1
    other = LiveServer(installation.data, database_url=settings_of(installation).database_url)
    other.settings["UNIVERSITY_BASE_URL"] = installation.address
    told: list[str] = []
    browsers = [httpx.Client(base_url=one.address, headers=of_site(installation)) for one in (installation, other)]
    with installation as live, other, ThreadPoolExecutor(2) as threads:
        for pair in pairs:
            start = threading.Barrier(2)
            answers = [
                threads.submit(press, start, browser, link) for browser, link in zip(browsers, pair, strict=True)
            ]
            results = [answer.result() for answer in answers]
            issued = [told_number(answer) for answer in results if answer.status_code == 303]
            assert sorted(answer.status_code for answer in results) in ([303, 409], [303, 410])
            told += issued
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Award)) == count
    figure(f"{len(told)} of {count} rounds with two programs gave exactly one certificate")
    assert len(told) == count
    assert losses(database, settings_of(live), told) == []


def of_site(live: LiveServer) -> dict[str, str]:
    """Whichever program is asked, it is the same site."""
    return {**OURS, "host": live.address.removeprefix("http://")}


def press(start: threading.Barrier, browser: httpx.Client, link: str) -> httpx.Response:
    start.wait(10)
    return browser.post(f"/claims/confirm/{link}", timeout=20)
