"""Ada wants two topics; mails are read in the local mailbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from tests import cast
from tests.post_office import make_test_worker
from tests.privacy.conftest import link_for, open_portal  # noqa: F401 - fixtures
from university.database import Database
from university.keys.keyring import open_keyring
from university.mailing.links import never_token, topic_token
from university.models import Consent, LocalMail, Person
from university.settings import Settings


@pytest.fixture
def ada(database: Database) -> UUID:
    """Ada's id; she holds a certificate, and wants the newsletter and status updates."""
    with database.writing() as session:
        person = cast.make_award(session).person
        cast.make_consent(session, person, "newsletter")
        cast.make_consent(session, person, "status_updates")
        return person.id


@pytest.fixture
def token_of(database: Database, settings: Settings) -> Callable[[UUID, str], str]:
    """The token in a mail about this topic to this person."""

    def token(person_id: UUID, topic: str = "newsletter") -> str:
        with database.reading() as session:
            person = session.get_one(Person, person_id)
            return topic_token(open_keyring(settings), person.mail_ref, topic, person.email)

    return token


@pytest.fixture
def never_link(settings: Settings) -> Callable[[str], str]:
    return lambda email: f"/subscriptions/never/{never_token(open_keyring(settings), email)}"


@pytest.fixture
def post(database: Database, settings: Settings) -> Callable[[], list[LocalMail]]:
    """Sends what waits; answers every mail in the mailbox, the oldest first."""

    def deliver() -> list[LocalMail]:
        make_test_worker(database, settings).send_what_is_due()
        with database.reading() as session:
            return list(session.scalars(select(LocalMail).order_by(LocalMail.received_at, LocalMail.id)))

    return deliver


def live(database: Database) -> list[str]:
    """The topics anybody wants now."""
    with database.reading() as session:
        return sorted(session.scalars(select(Consent.topic).where(Consent.withdrawn_at.is_(None))))


def text_of(mail: LocalMail) -> str:
    return mail.message.decode().replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")


def link_in(mail: LocalMail, path: str) -> str:
    found = re.search(rf"{re.escape(path)}[A-Za-z0-9_.-]+", text_of(mail))
    assert found
    return found[0]
