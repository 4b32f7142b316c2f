"""The local mailbox: there on a machine of one's own, absent everywhere else."""

from __future__ import annotations

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests.cast import make_award
from tests.post_office import make_test_worker
from university.app import create_app
from university.database import Database
from university.mailing.mail import enqueue
from university.models import LocalMail
from university.settings import Settings


@pytest.fixture
def mail_id(database: Database, settings: Settings) -> str:
    """The mail with Ada's certificate, arrived."""
    with database.writing() as session:
        award = make_award(session)
        enqueue(session, "issued", language="en", person_id=award.person_id, award_id=award.id)
    make_test_worker(database, settings).send_what_is_due()
    with database.reading() as session:
        return str(session.scalars(select(LocalMail.id)).one())


def test_an_empty_mailbox_says_so(client: TestClient) -> None:
    answer = client.get("/mailbox")
    assert answer.status_code == 200
    assert "No mail yet" in answer.text


def test_the_list_leads_to_the_mail_and_the_mail_to_the_certificate(client: TestClient, mail_id: str) -> None:
    listed = client.get("/mailbox")
    assert f'href="/mailbox/{mail_id}"' in listed.text
    assert "Here is your certificate" in listed.text
    mail = client.get(f"/mailbox/{mail_id}")
    assert 'href="http://127.0.0.1:8000/verify/' in mail.text
    for answer in (listed, mail):
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers


def test_only_addresses_of_this_site_become_links(client: TestClient, mail_id: str, database: Database) -> None:
    with database.writing() as session:
        kept = session.scalars(select(LocalMail)).one()
        kept.message = (
            b"Subject: <b>Hello</b>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            b"http://evil.example/ <script>alert(1)</script> http://127.0.0.1:8000/verify\r\n"
        )
    page = client.get(f"/mailbox/{mail_id}").text
    assert "evil.example" in page
    assert 'href="http://evil.example' not in page
    assert "<script>alert" not in page
    assert "<b>Hello" not in page
    assert '<a href="http://127.0.0.1:8000/verify">' in page


def test_a_mail_is_shown_as_text_as_it_looks_by_its_headers_and_as_it_was_sent(
    client: TestClient, mail_id: str
) -> None:
    tabs = client.get(f"/mailbox/{mail_id}").text
    for view in ("html", "headers", "source"):
        assert f'href="/mailbox/{mail_id}/{view}"' in tabs
    assert "Message-ID" in client.get(f"/mailbox/{mail_id}/headers").text
    source = client.get(f"/mailbox/{mail_id}/source").text
    assert "Content-Transfer-Encoding: quoted-printable" in source
    assert "&lt;!doctype html&gt;" in source
    mail = client.get(f"/mailbox/{mail_id}/html")
    assert "<h1" in mail.text
    assert mail.headers.get_list("content-security-policy") == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"
    ]
    assert (mail.headers["x-frame-options"], mail.headers["cache-control"]) == ("DENY", "no-store")


def test_a_mail_without_html_says_so(client: TestClient, mail_id: str, database: Database) -> None:
    with database.writing() as session:
        session.scalars(select(LocalMail)).one().message = b"Subject: Hello\r\n\r\nHello\r\n"
    assert f"/mailbox/{mail_id}/html" not in client.get(f"/mailbox/{mail_id}").text
    assert client.get(f"/mailbox/{mail_id}/html").status_code == 404


@pytest.mark.parametrize("path", ["/mailbox/x", "/mailbox/01a20b6e-1619-7617-b32a-b372c8517e0b"])
def test_an_unknown_mail_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"smtp_url": "smtp://127.0.0.1:25"}, {"base_url": "https://learn.example.org", "smtp_url": "smtp://mail:25"}],
)
def test_with_a_mail_server_there_is_no_mailbox(changes: dict[str, str], mail_id: str, settings: Settings) -> None:
    elsewhere = settings.model_copy(update=changes)
    with TestClient(create_app(elsewhere), base_url=elsewhere.base_url) as client:
        for path in ("/mailbox", *(f"/mailbox/{mail_id}{view}" for view in ("", "/html", "/headers", "/source"))):
            assert client.get(path).status_code == 404
