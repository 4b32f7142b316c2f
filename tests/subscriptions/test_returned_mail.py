"""Mail that comes back ends topic mail, when it is really about a mail of ours."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient
from sqlalchemy import select

from tests import cast
from tests.subscriptions.conftest import live
from university import clock
from university.app import create_app
from university.cli import main
from university.consents.returned_mail import read_returned
from university.database import Database
from university.keys.keyring import open_keyring
from university.mailing import mail
from university.mailing.links import topic_token
from university.models import Bounce, Consent, Outbox, Person
from university.settings import Settings

SECRET = "a-secret-of-the-mail-service"

DSN = """From: MAILER-DAEMON@mx.example.org
To: privacy@selfguide.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <daemon-1@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mailbox is not there.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; ada@example.org
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: <{message_id}@127.0.0.1>
Subject: Rivers in winter

--b--
"""

ARF = """From: feedback@mailbox.example.org
To: privacy@selfguide.com
Subject: FW: Rivers in winter
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

Somebody pressed the button.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Mailbox/1.0
Version: 1

--b
Content-Type: message/rfc822

Message-ID: <{message_id}@127.0.0.1>
Subject: Rivers in winter

Hello.
--b--
"""


@pytest.fixture
def sent(database: Database, ada: UUID) -> UUID:
    """The id of a mail that was sent to Ada."""
    with database.writing() as session:
        row = mail.enqueue(session, "issued", language="en", person_id=ada)
        row.sent_at = clock.now()
        session.flush()
        return row.id


def take(settings: Settings, folder: Path, text: str) -> str:
    """What `university mail bounce` says to this message."""
    file = folder / "returned.eml"
    file.write_bytes(text.replace("\n", "\r\n").encode())
    environment = {"UNIVERSITY_DATA": str(settings.data), "UNIVERSITY_DATABASE_URL": settings.database_url}
    result = CliRunner().invoke(main, ["mail", "bounce", str(file)], env=environment)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_bounce_ends_topic_mail_and_is_kept_as_a_code(
    database: Database, settings: Settings, tmp_path: Path, sent: UUID
) -> None:
    for _twice in range(2):
        assert "topic mail has ended" in take(
            settings, tmp_path, DSN.format(action="failed", status="5.1.1", message_id=sent)
        )
    assert live(database) == []
    with database.reading() as session:
        bounce = session.scalars(select(Bounce)).one()
        assert (bounce.kind, bounce.code) == ("bounce", "5.1.1")
        assert set(session.scalars(select(Consent.withdrawn_through))) == {"bounce"}


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.4.7"), ("failed", "5.7.1")])
def test_what_is_late_or_was_refused_for_another_reason_changes_nothing(
    action: str, status: str, database: Database, settings: Settings, tmp_path: Path, sent: UUID
) -> None:
    take(settings, tmp_path, DSN.format(action=action, status=status, message_id=sent))
    assert live(database) == ["newsletter", "status_updates"]


def test_a_complaint_ends_topic_mail(database: Database, settings: Settings, tmp_path: Path, sent: UUID) -> None:
    take(settings, tmp_path, ARF.format(message_id=sent))
    assert live(database) == []
    with database.reading() as session:
        assert session.scalars(select(Bounce.kind)).one() == "complaint"


def test_a_report_about_no_mail_of_ours_ends_nothing(
    database: Database, settings: Settings, tmp_path: Path, sent: UUID
) -> None:
    forged = str(sent)[:-1] + ("0" if str(sent)[-1] != "0" else "1")
    for text in (ARF.format(message_id=forged), DSN.format(action="failed", status="5.1.1", message_id=forged)):
        assert "about no mail" in take(settings, tmp_path, text)
    assert live(database) == ["newsletter", "status_updates"]


def test_a_mail_program_may_unsubscribe_by_mail(
    database: Database, settings: Settings, tmp_path: Path, ada: UUID
) -> None:
    with database.reading() as session:
        token = topic_token(open_keyring(settings), session.get_one(Person, ada).mail_ref, "newsletter", cast.ADA[2])
    take(settings, tmp_path, f"From: x@example.org\nSubject: unsubscribe {token}\n\n\n")
    assert live(database) == ["status_updates"]
    assert "about no mail" in take(settings, tmp_path, f"Subject: unsubscribe {token[:-1]}\n\n\n")


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff" * 100, b"Content-Type: multipart/report\n\n", b"Subject: hello\n\nhi"]
)
def test_any_other_mail_is_left_alone(content: bytes) -> None:
    assert read_returned(content) is None


# ---- the address for a mail service


@pytest.fixture
def service(settings: Settings, database: Database) -> TestClient:
    return TestClient(create_app(settings.model_copy(update={"bounce_secret": SECRET})), base_url=settings.base_url)


@pytest.mark.parametrize(
    ("document", "left"),
    [
        ({"events": [{"kind": "bounce", "email": "Ada@Example.org", "code": "5.1.1"}]}, 0),
        (
            {
                "events": [
                    {"kind": "complaint", "email": "ada@example.org"},
                    {"kind": "bounce", "email": "x@example.org"},
                ]
            },
            0,
        ),
        ({"RecordType": "Bounce", "Type": "HardBounce", "Email": "ada@example.org", "ID": 1}, 0),
        ({"RecordType": "SpamComplaint", "Email": "ada@example.org"}, 0),
        ({"RecordType": "Bounce", "Type": "SoftBounce", "Email": "ada@example.org"}, 2),
        ({"RecordType": "Delivery", "Recipient": "ada@example.org"}, 2),
        ({"RecordType": "Bounce", "Type": ["HardBounce"], "Email": "ada@example.org"}, 2),
        ({"events": []}, 2),
    ],
)
def test_a_service_reports_what_came_back(
    document: object, left: int, service: TestClient, database: Database, ada: UUID
) -> None:
    answer = service.post(f"/subscriptions/bounces/{SECRET}", json=document)
    assert (answer.status_code, answer.json()) == (200, {})
    assert len(live(database)) == left


def test_without_the_secret_there_is_no_such_address(
    client: TestClient, service: TestClient, database: Database, ada: UUID
) -> None:
    report = {"events": [{"kind": "bounce", "email": "ada@example.org"}]}
    assert service.post("/subscriptions/bounces/another-secret-of-some-length", json=report).status_code == 404
    assert client.post(f"/subscriptions/bounces/{SECRET}", json=report).status_code == 404
    assert client.post("/subscriptions/bounces/", json=report).status_code in {404, 405}
    assert len(live(database)) == 2


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "{}", '{"events": 1}', '{"events": [{"kind": "x", "email": "a@b.nl"}]}', "[" * 100_000),
        *('{"events": [{"kind": {}, "email": "a@b.nl"}]}', '{"events": [{"kind": "bounce", "email": []}]}'),
    ],
)
def test_what_is_no_report_is_refused(body: str, service: TestClient, database: Database) -> None:
    assert service.post(f"/subscriptions/bounces/{SECRET}", content=body).status_code in {400, 422}
    with database.reading() as session:
        assert session.scalars(select(Outbox)).all() == []
