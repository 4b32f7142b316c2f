"""Ada's data, and the way from the form over the mail to the portal."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests import cast, post_office
from university.database import Database
from university.models import LocalMail
from university.settings import Settings

Open = Callable[..., None]


@pytest.fixture
def ada(database: Database) -> UUID:
    """The id of Ada, who holds one certificate."""
    with database.writing() as session:
        return cast.make_award(session).person_id


@pytest.fixture
def link_for(client: TestClient, database: Database, settings: Settings) -> Callable[[str], str]:
    """Asks for the link to an address and gives its path, read from the local mailbox."""

    def ask(email: str) -> str:
        assert client.post("/privacy/my-data", data={"email": email}).status_code == 303
        post_office.make_test_worker(database, settings).send_what_is_due()
        return link_in(newest_mail(database, email))

    return ask


@pytest.fixture
def open_portal(client: TestClient, link_for: Callable[[str], str]) -> Open:
    """Opens “My data” in the test's browser."""

    def follow(email: str = cast.ADA[2]) -> None:
        assert client.post(link_for(email)).status_code == 303

    return follow


def newest_mail(database: Database, email: str) -> str:
    """The text of the mail that came last to this address."""
    with database.reading() as session:
        message = session.scalar(
            select(LocalMail.message).where(LocalMail.recipient == email).order_by(LocalMail.received_at.desc())
        )
    assert message is not None
    return message.decode().replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")


def link_in(text: str) -> str:
    found = re.search(r"/privacy/my-data/unp_[A-Za-z0-9_-]{43}", text)
    assert found, text
    return found[0]
