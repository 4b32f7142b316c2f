"""Topics without a certificate: nothing counts before the address is confirmed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from tests import cast
from tests.privacy.conftest import Open
from tests.subscriptions.conftest import link_in, live, text_of
from university import clock, limits
from university.database import Database
from university.models import TOPICS, Consent, LocalMail, Outbox, Person, PortalSession, SignUp, Token

Post = Callable[[], list[LocalMail]]
CONFIRM = "/subscriptions/confirm/"


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def sign_up(client: TestClient, email: str = "grace@example.org", topics: list[str] | str = "newsletter") -> None:
    answer = client.post("/subscriptions", data={"email": email, "topics": topics})
    assert (answer.status_code, answer.headers["location"]) == (303, "/subscriptions/sent")


def test_p11_the_form_has_four_boxes_and_none_is_ticked(client: TestClient) -> None:
    page = client.get("/subscriptions")
    assert re.findall(r'name="topics" value="(\w+)"', page.text) == list(TOPICS)
    assert " checked" not in page.text
    assert "16 or older" in page.text
    assert "set-cookie" not in page.headers


def test_both_mistakes_are_named_and_nothing_is_lost(client: TestClient, database: Database) -> None:
    answer = client.post("/subscriptions", data={"email": "grace at home"})
    assert answer.status_code == 422
    assert "name@example.org" in answer.text
    assert "choose at least one topic" in answer.text
    again = client.post("/subscriptions", data={"email": "grace at home", "topics": "newsletter"})
    assert 'value="newsletter" checked' in again.text
    assert 'value="grace at home"' in again.text
    assert count(database, SignUp) == count(database, Outbox) == 0


def test_the_link_in_the_mail_makes_it_count(client: TestClient, database: Database, post: Post) -> None:
    sign_up(client, topics=["newsletter", "product_updates"])
    assert count(database, Consent) == count(database, Person) == 0
    link = link_in(post()[0], CONFIRM)
    assert {client.get(link).status_code for _look in range(5)} == {client.head(link).status_code} == {200}
    assert count(database, Consent) == 0
    answer = client.post(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/subscriptions/confirmed")
    assert client.get("/subscriptions/confirmed").status_code == 200
    assert live(database) == ["newsletter", "product_updates"]
    assert count(database, SignUp) == 0
    assert client.post(link).status_code == client.get(link).status_code == 410


def test_the_mail_holds_nothing_that_was_typed_and_a_way_out(client: TestClient, post: Post) -> None:
    sign_up(client, "countess@example.org")
    (mail,) = post()
    assert mail.message.count(b"countess") == 1
    assert "Newsletter" in text_of(mail)
    assert "Or never be mailed again" in text_of(mail)
    assert client.get(link_in(mail, "/subscriptions/never/")).status_code == 200


def test_known_and_unknown_addresses_are_answered_alike(client: TestClient, ada: UUID) -> None:
    answers = [
        client.post("/subscriptions", data={"email": who, "topics": "newsletter"})
        for who in ("ada@example.org", "ben@example.org")
    ]
    assert answers[0].content == answers[1].content
    assert {answer.status_code for answer in answers} == {303}


def test_a_holder_who_signs_up_stays_one_person(client: TestClient, database: Database, ada: UUID, post: Post) -> None:
    sign_up(client, "Ada@Example.org", list(TOPICS))
    assert client.post(link_in(post()[0], CONFIRM)).status_code == 303
    assert live(database) == sorted(TOPICS)
    with database.reading() as session:
        assert session.scalars(select(Person.id)).all() == [ada]
        # What was wanted before keeps its older proof.
        newest = session.scalars(select(Consent.topic).where(Consent.method == "sign_up", Consent.given_at > cast.NOON))
        assert sorted(newest) == ["product_updates", "subprocessor_changes"]


def test_twice_a_day_is_all_an_address_is_mailed(client: TestClient, post: Post) -> None:
    for _try in range(6):
        sign_up(client)
    assert len(post()) == 2


def test_a_flood_waits_in_the_queue(
    client: TestClient,
    database: Database,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(limits.FOR_EVERYBODY, "subscribe", (limits.per(2, limits.HOUR),))
    for n in range(4):
        sign_up(client, f"reader{n}@example.org")
    assert len(post()) == 2
    assert "alarm" in caplog.text
    assert "reader" not in caplog.text


def test_an_expired_link_is_over(client: TestClient, database: Database, post: Post) -> None:
    sign_up(client)
    link = link_in(post()[0], CONFIRM)
    with database.writing() as session:
        session.execute(update(Token).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert client.get(link).status_code == client.post(link).status_code == 410
    assert client.get(link[:-1]).status_code == 404


def test_an_address_that_only_signed_up_can_be_seen_and_deleted(
    client: TestClient, database: Database, open_portal: Open
) -> None:
    with database.writing() as session:
        cast.make_sign_up(session, "grace@example.org")
        cast.make_sign_up(session, "charles@example.org")
    open_portal("grace@example.org")
    assert "grace@example.org" in client.get("/privacy/my-data").text
    assert client.post("/privacy/my-data/delete", data={"word": "DELETE"}).status_code == 200
    with database.reading() as session:
        assert session.scalars(select(SignUp.email)).all() == ["charles@example.org"]
    assert count(database, PortalSession) == 0
