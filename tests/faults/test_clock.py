"""FA6: a clock that is wrong, put on the program alone; and what is left when it is put right."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from litestar.testing import TestClient
from sqlalchemy import func, select

from tests import cast
from tests.conftest import only_on
from tests.faults.crowd import OURS, make_claim_link
from tests.faults.figures import Note, Rounds
from tests.live import LiveServer, link_in
from tests.post_office import ScriptedServer
from university import clock, tokens
from university.app import create_app
from university.cli import main
from university.commands.working import make_worker
from university.database import Database
from university.jobs.worker import lease, run_job
from university.mailing.mail import enqueue
from university.models import Award, Course, Outbox, Token
from university.retention import CLAIM_LIFETIME
from university.settings import Settings

RIGHT = timedelta()
SKEWS = (timedelta(days=30), timedelta(hours=1), timedelta(hours=-1))
PORTAL_LIFETIME = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
TRIES, LONGEST_SECONDS = 10, 3600  # of the form of “My data”, for one network


@pytest.fixture
def mail_server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


def put_clock(live: LiveServer, skew: timedelta) -> LiveServer:
    """The same installation with a clock that is wrong by so much, from its next start on."""
    (library,) = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")  # tests/tools.sh installs it
    live.extra = {"LD_PRELOAD": str(library), "FAKETIME": f"{skew.total_seconds():+.0f}"} if skew else {}
    return live


class Link:
    """A link that works once, made while the clock was wrong by `skew`. Real time passes by moving its end nearer, for
    no test waits a day."""

    def __init__(self, database: Database, path: str, lifetime: timedelta, skew: timedelta) -> None:
        self.database, self.path, self.lifetime, self.skew = database, path, lifetime, skew
        self._made_at = time.monotonic()
        self._sha256 = hashlib.sha256(path.rpartition("/")[2].encode()).hexdigest()
        with database.reading() as session:
            self._ends_at = session.get_one(Token, self._sha256).expires_at

    def works(self, live: LiveServer, real_age: timedelta) -> bool:
        """Whether it does so long after it was made, of which the test itself takes a part."""
        still_to_pass = real_age - timedelta(seconds=time.monotonic() - self._made_at)
        with self.database.writing() as session:
            token = session.get(Token, self._sha256, with_for_update=True)
            if token:  # what has ended long ago is deleted, by a job beside us
                token.expires_at = self._ends_at - still_to_pass
        status = httpx.post(f"{live.address}{self.path}", headers=OURS, timeout=20).status_code
        assert status in {303, 404, 410}
        return status == 303

    def check(self, live: LiveServer, now_wrong_by: timedelta) -> None:
        """Dead a minute after its life and as much again as the clock was wrong; alive a minute before its end."""
        assert not self.works(live, self.lifetime + abs(self.skew - now_wrong_by) + MINUTE)
        age_at_end = self.lifetime + self.skew - now_wrong_by
        if age_at_end > MINUTE and now_wrong_by <= timedelta(hours=1):  # a claim of last month is deleted
            assert self.works(live, age_at_end - MINUTE)


def make_links(database: Database, course: Course, n: int) -> tuple[Link, Link]:
    """One to a claim and one to “My data”, made while the clock is right."""
    with database.writing() as session:
        claim = make_claim_link(session, course, n)
        person = cast.make_person(session, f"grace-{n}@example.org")
        cast.make_award(session, person)  # else she is nobody, and gone by the next night
        portal = tokens.make(session, tokens.PORTAL, person_id=person.id, lifetime=PORTAL_LIFETIME)
    return (
        Link(database, f"/claims/confirm/{claim}", CLAIM_LIFETIME, RIGHT),
        Link(database, f"/privacy/my-data/{portal}", PORTAL_LIFETIME, RIGHT),
    )


class Visitor:
    """Somebody in a network of their own, who asks the program itself for links."""

    def __init__(self, live: LiveServer, network: int) -> None:
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{network}")
        self.browser = httpx.Client(base_url=live.address, headers=OURS, transport=transport, timeout=20)
        self.name = f"visitor-{network}"

    def claim(self, database: Database, course: Course, email: str) -> None:
        form = {"first_name": "Ada", "last_name": "Lovelace", "email": email}
        cookie = {"cookie": f"e={cast.make_passed_enrolment(database, course)}"}
        assert self.browser.post("/claims/rivers", data=form, headers=cookie).status_code == 303

    def ask_for_my_data(self, email: str) -> httpx.Response:
        return self.browser.post("/privacy/my-data", data={"email": email})


def links_of(
    live: LiveServer, database: Database, server: ScriptedServer, course: Course, skew: timedelta
) -> tuple[Link, Link, Link]:
    """Two to claims and one to “My data”, made by the program with its wrong clock, from the mails."""
    visitor = Visitor(live, 10 + SKEWS.index(skew))
    addresses = [f"{visitor.name}-{n}@example.org" for n in range(2)]
    for address in addresses:
        visitor.claim(database, course, address)
    assert visitor.ask_for_my_data("grace-0@example.org").status_code == 303
    wait_until_sent(database)
    kinds = [("/claims/confirm/", CLAIM_LIFETIME)] * 2 + [("/privacy/my-data/", PORTAL_LIFETIME)]
    newest = {to[0]: mail for to, mail in zip(server.recipients, server.mails, strict=True)}
    mails = [newest[address] for address in (*addresses, "grace-0@example.org")]
    made = [(httpx.URL(link_in(mail, path)).path, life) for mail, (path, life) in zip(mails, kinds, strict=True)]
    first, second, third = (Link(database, path, lifetime, skew) for path, lifetime in made)
    return first, second, third


def wait_until_sent(database: Database, but: int = 0) -> None:
    """Until no more than so many mails wait in the outbox."""
    until = time.monotonic() + 60
    waiting = select(func.count()).select_from(Outbox).where(Outbox.sent_at.is_(None))
    while time.monotonic() < until:
        with database.reading() as session:
            if (session.scalar(waiting) or 0) <= but:
                return
        time.sleep(0.05)
    raise AssertionError("mail is stuck")


def try_until_limited(live: LiveServer, database: Database) -> bool:
    """Whether one came through. A limit lasts no longer than it ever would, also where the database's clock is another
    than the program's; on SQLite it is the same, and what was counted under a clock that was ahead counts no more."""
    visitor = Visitor(live, 1)
    answers = [visitor.ask_for_my_data(f"nobody-{n}@example.org") for n in range(TRIES + 1)]
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["retry-after"]) <= LONGEST_SECONDS
    came_through = answers[0].status_code == 303
    assert came_through or not database.is_sqlite
    return came_through


def test_fa6_with_a_wrong_clock_no_link_lives_too_long_no_limit_locks_for_ever_and_the_owner_is_told(
    installation: LiveServer, database: Database, mail_server: ScriptedServer, rounds: Rounds, figure: Note
) -> None:
    course = cast.publish_sample(database)
    installation.processes = 1
    installation.settings |= {"UNIVERSITY_SMTP_URL": mail_server.address, "UNIVERSITY_LIMITS_FACTOR": "1"}
    skews = SKEWS[: rounds(1, len(SKEWS))]
    of_wrong_clocks: list[Link] = []
    for n, skew in enumerate(skews):
        of_right_clock = make_links(database, course, n)
        with put_clock(installation, skew) as live:
            wait_until_sent(database)  # what was postponed under another clock as well
            for link in of_right_clock:
                link.check(live, skew)
            at_once, *later = links_of(live, database, mail_server, course, skew)
            assert at_once.works(live, timedelta())
            of_wrong_clocks += later
            wait_until_sent(database)
            mail_server.answers = ["421"]
            if try_until_limited(live, database):
                wait_until_sent(database, but=1)
                assert mail_server.answers == []
            mail_server.answers = []
    with put_clock(installation, RIGHT) as live:
        wait_until_sent(database)
        for link in of_wrong_clocks:
            link.check(live, RIGHT)
        try_until_limited(live, database)
        said = CliRunner(env=installation.environment).invoke(main, ["doctor"]).output
    ahead = issued_later_than(database, clock.now())
    links = 2 * len(of_wrong_clocks)
    figure(f"{len(skews)} wrong clocks, {links} links: 0 lived too long; 0 locked for ever; {ahead} dated ahead, told")
    assert ahead > 0
    assert f"{ahead} certificates are dated ahead of this clock" in said
    assert f"the clock was or is wrong: {ahead} certificates" in installation.log.read_text()


def issued_later_than(database: Database, moment: datetime) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Award).where(Award.issued_at > moment)) or 0


@only_on("sqlite")
def test_fa6_a_first_start_with_a_clock_that_was_ahead_keeps_nobody_from_a_certificate_afterwards(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys sign from their own first moment on, and that is still to come once the clock is right."""
    path = make_links(database, cast.publish_sample(database), 0)[0].path
    with monkeypatch.context() as ahead:
        ahead.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(days=30))
        app = create_app(settings)
    with TestClient(app, base_url=settings.base_url) as client:
        client.headers.update(OURS)
        client.follow_redirects = False
        assert client.post(path).status_code == 503
        keys = next(job for job in make_worker(settings).due_jobs if job.name == "keys")
        assert run_job(database, keys) == 2
        assert run_job(database, keys) == 0
        issued = client.post(path)
        assert issued.status_code == 303
        pdf = client.get(f"{issued.headers['location'].removesuffix('#yours')}.pdf")
        assert pdf.status_code == 200
        verdict = client.post("/verify/file", files={"file": ("c.pdf", pdf.content)})
        assert "This PDF is untouched and the certificate is valid" in verdict.text


def test_fa6_a_mail_leased_while_the_clock_was_ahead_is_free_again_once_it_is_right(database: Database) -> None:
    with database.writing() as session:
        enqueue(session, "my_data", language="en", address="ada@example.org")
        session.scalars(select(Outbox)).one().leased_until = clock.now() + timedelta(days=30)
    assert lease(database) is not None
    assert lease(database) is None
