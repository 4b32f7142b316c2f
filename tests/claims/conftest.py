"""Ada has passed the course on rivers in this browser; Ben has begun it in his."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import make_begun_enrolment, make_passed_enrolment, publish_sample
from tests.post_office import make_test_worker
from university.database import Database
from university.jobs.worker import Worker
from university.models import Course, LocalMail, Outbox, Table
from university.settings import Settings

ADA = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org"}


@pytest.fixture
def rivers(database: Database) -> Course:
    return publish_sample(database)


@pytest.fixture
def as_ada(client: TestClient, database: Database, rivers: Course) -> TestClient:
    client.cookies.set("e", make_passed_enrolment(database, rivers))
    return client


@pytest.fixture
def as_ben(client: TestClient, database: Database, rivers: Course) -> TestClient:
    client.cookies.set("e", make_begun_enrolment(database, rivers))
    return client


@pytest.fixture
def worker(database: Database, settings: Settings) -> Worker:
    return make_test_worker(database, settings)


@pytest.fixture
def post(database: Database, worker: Worker) -> Callable[[], list[LocalMail]]:
    """Sends what waits; answers every mail in the mailbox, the oldest first."""

    def deliver() -> list[LocalMail]:
        worker.send_what_is_due()
        with database.reading() as session:
            return list(session.scalars(select(LocalMail).order_by(LocalMail.received_at, LocalMail.id)))

    return deliver


def claim(client: TestClient, **changes: str) -> None:
    answer = client.post("/claims/rivers", data={**ADA, **changes})
    assert (answer.status_code, answer.headers["location"]) == (303, "/claims/rivers/sent")


def link_in(mail: LocalMail) -> str:
    """The path of the confirmation link."""
    found = re.search(rb"/claims/confirm/unc_[A-Za-z0-9_=\r\n-]{43,60}", mail.message)
    assert found
    return re.sub(r"=\r?\n", "", found.group().decode()).split("\r")[0].split("\n")[0]


def count(database: Database, table: type[Table]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(Outbox.kind).order_by(Outbox.kind)))
