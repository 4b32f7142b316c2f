"""Campaigns: written by staff who see no address, sent only to whoever still wants the topic."""

from __future__ import annotations

import re
import threading
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlalchemy import delete, func, select

from tests import cast, crew
from tests.post_office import ScriptedServer, make_test_worker, with_mail_server
from university import clock
from university.campaigns.mail_markdown import as_html, as_text
from university.campaigns.writing import figures
from university.database import Database
from university.keys.keyring import open_keyring
from university.mailing.links import topic_token
from university.models import AuditEntry, Campaign, Consent, LocalMail, Outbox, Person, Restriction
from university.settings import Settings

WORDS = {
    "topic": "newsletter",
    "subject_en": "Rivers in winter",
    "body_en": "# Cold water\n\nRead [the lesson](https://example.org/ice).\n\n- one\n- two",
    "subject_nl": "Rivieren in de winter",
    "body_nl": "Koud *water*.",
}


# The version that the last question was asked about.
SEEN = {"version": "2"}


@pytest.fixture
def draft(client: TestClient, database: Database) -> str:
    """The address of a campaign that Pia has written."""
    crew.sign_in(client, database, "pia")
    page = client.post("/campaigns", data={"topic": "newsletter"}).headers["location"]
    assert client.post(page, data={**WORDS, "version": "1"}).status_code == 303
    return str(page)


def make_readers(database: Database, count: int = 3) -> list[UUID]:
    with database.writing() as session:
        readers = []
        for n in range(count):
            person = cast.make_person(session, f"reader{n}@example.org", "nl" if n % 2 else "en")
            cast.make_consent(session, person)
            readers.append(person.id)
        cast.make_consent(session, cast.make_person(session, "other@example.org"), "status_updates")
        return readers


def the_campaign(database: Database) -> Campaign:
    with database.reading() as session:
        return session.scalars(select(Campaign)).one()


def one_click(client: TestClient, settings: Settings, mail_ref: UUID, topic: str = "newsletter") -> int:
    token = topic_token(open_keyring(settings), mail_ref, topic, "reader@example.org")
    answer = client.post(f"/subscriptions/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"})
    return answer.status_code


def test_grace_who_writes_courses_and_priya_send_no_mail(client: TestClient, database: Database) -> None:
    for who in ("grace", "priya"):
        crew.sign_in(client, database, who)
        assert client.get("/campaigns").status_code in {403, 404}
        assert client.post("/campaigns", data={"topic": "newsletter"}).status_code in {403, 404}


def test_everybody_who_wants_the_topic_gets_it_in_their_language_and_nobody_else(
    client: TestClient, database: Database, settings: Settings, draft: str
) -> None:
    make_readers(database)
    page = client.get(f"{draft}/send").text
    assert "People who asked for this topic and get it: fewer than five." in page
    assert "@example.org" not in page
    assert client.post(f"{draft}/send", data=SEEN).status_code == 303
    make_test_worker(database, settings).send_what_is_due()
    with database.reading() as session:
        mails = {
            mail.recipient: message_from_bytes(mail.message, policy=policy.default)
            for mail in session.scalars(select(LocalMail))
        }
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()[-1] == "send_campaign"
    assert {to: str(mail["Subject"]) for to, mail in mails.items()} == {
        "reader0@example.org": "Rivers in winter",
        "reader1@example.org": "Rivieren in de winter",
        "reader2@example.org": "Rivers in winter",
    }
    figures = client.get(draft).text
    assert "Mails sent" in figures
    assert "@example.org" not in figures
    campaign = the_campaign(database)
    assert (campaign.recipients, campaign.sent, campaign.left_out, campaign.given_up) == (3, 3, 0, 0)
    assert client.post(f"{draft}/send", data=SEEN).status_code == 409
    assert client.post(draft, data={**WORDS, "version": "2"}).status_code == 409


def test_a_test_mail_goes_to_its_writer_alone_and_its_link_ends_nothing(
    client: TestClient, database: Database, settings: Settings, draft: str
) -> None:
    make_readers(database)
    client.post(draft, data={**WORDS, "version": "2", "then": "test"})
    make_test_worker(database, settings).send_what_is_due()
    with database.reading() as session:
        mails = session.scalars(select(LocalMail)).all()
        assert session.scalar(select(func.count()).select_from(Outbox)) == 0
    assert [mail.recipient for mail in mails] == ["pia@example.org"] * 2
    message = message_from_bytes(mails[0].message, policy=policy.default)
    path = re.search(r"/subscriptions/unsubscribe/[^>]+", str(message["List-Unsubscribe"]))
    assert path
    assert client.post(path[0], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert the_campaign(database).sent == 0


def test_the_preview_is_the_mail_and_can_do_nothing(client: TestClient, draft: str) -> None:
    page = client.get(f"{draft}/preview/en.html")
    assert "Cold water" in page.text
    assert "Unsubscribe" in page.text
    policy_sent = page.headers["content-security-policy"]
    assert "sandbox" in policy_sent
    assert "script-src" not in policy_sent
    assert "the lesson (https://example.org/ice)" in client.get(f"{draft}/preview/en.txt").text
    for wrong in ("fr.html", "en.pdf", "en"):
        assert client.get(f"{draft}/preview/{wrong}").status_code == 404


def test_what_is_missing_is_named_and_nothing_typed_is_lost(client: TestClient, draft: str) -> None:
    answer = client.post(draft, data={**WORDS, "subject_en": "", "body_nl": "", "version": "2"})
    assert answer.status_code == 422
    assert "Cold water" in answer.text
    assert "Please write the text of the mail" in answer.text
    encoded = client.post(draft, data={**WORDS, "subject_en": "=?utf-8?q?A?=", "version": "2"})
    assert encoded.status_code == 422


def test_of_two_writers_the_second_is_told(client: TestClient, draft: str) -> None:
    assert client.post(draft, data={**WORDS, "version": "2"}).status_code == 303
    late = client.post(draft, data={**WORDS, "subject_en": "Mine", "version": "2"})
    assert late.status_code == 409
    assert 'value="Mine"' in late.text, "what was typed is still there"
    assert client.post(draft, data={**WORDS, **crew.hidden_fields(late, draft)}).status_code == 303, "now they know"
    assert client.post(f"{draft}/delete").headers["location"] == "/campaigns"
    assert client.get(draft).status_code == 404


def test_only_what_was_shown_is_sent_off(client: TestClient, database: Database, draft: str) -> None:
    make_readers(database)
    client.post(draft, data={**WORDS, "subject_en": "Something else", "version": "2"})
    asked = client.post(f"{draft}/send", data=SEEN)
    assert asked.status_code == 409
    assert "Something else" in asked.text
    assert the_campaign(database).sent_off_at is None
    assert client.post(f"{draft}/send", data=crew.hidden_fields(asked, f"{draft}/send")).status_code == 303
    assert client.get(f"{draft}/send").headers["location"] == draft, "it is not asked twice"


def test_a_link_in_a_mail_leads_somewhere(client: TestClient, settings: Settings, draft: str) -> None:
    dead = client.post(draft, data={**WORDS, "body_en": "[a](rivers) [b](//x.example) [c](#top)", "version": "2"})
    assert dead.status_code == 422
    assert "rivers, //x.example, #top" in dead.text
    client.post(draft, data={**WORDS, "body_en": "[See it](/courses/rivers)", "version": "2"})
    assert f'href="{settings.link("/courses/rivers")}"' in client.get(f"{draft}/preview/en.html").text
    assert f"See it ({settings.link('/courses/rivers')})" in client.get(f"{draft}/preview/en.txt").text


def test_markdown_becomes_a_mail_without_pictures_or_html_of_its_own() -> None:
    html = as_html("<script>x</script> ![spy](https://evil.example/x.png) [x](javascript:alert) *yes*")
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:alert" not in re.findall(r'href="([^"]*)"', html)
    assert "<em>yes</em>" in html
    assert "evil.example" not in html
    assert as_text("Look: ![the spy](https://evil.example/x.png).") == "Look: the spy."
    assert as_text("1. a\n2. b\n\n> said\n\n`x`") == "1. a\n2. b\n\nsaid\n\nx"


def test_who_unsubscribed_is_left_out_at_the_last_moment(
    client: TestClient, database: Database, settings: Settings, draft: str
) -> None:
    readers = make_readers(database)
    client.post(f"{draft}/send", data=SEEN)
    with database.writing() as session:  # without the queue being told
        session.execute(delete(Consent).where(Consent.person_id == readers[0]))
    with database.reading() as session:
        mail_ref = session.get_one(Person, readers[1]).mail_ref
    assert one_click(client, settings, mail_ref) == 200
    make_test_worker(database, settings).send_what_is_due()
    campaign = the_campaign(database)
    assert (campaign.recipients, campaign.sent, campaign.left_out) == (3, 1, 2)


def test_whoever_hid_their_name_meanwhile_is_left_out_and_none_is_said_to_wait(
    client: TestClient, database: Database, settings: Settings, draft: str
) -> None:
    readers = make_readers(database)
    client.post(f"{draft}/send", data=SEEN)
    with database.writing() as session:
        session.add(Restriction(person_id=readers[0], restricted_at=clock.now()))
    make_test_worker(database, settings).send_what_is_due()
    campaign = the_campaign(database)
    assert (campaign.sent, campaign.left_out, figures(campaign).waiting) == (2, 1, 0)


def test_a51_whoever_unsubscribes_while_5000_mails_leave_gets_none_after_the_answer(
    client: TestClient, database: Database, settings: Settings, draft: str
) -> None:
    make_many_readers(database, 5000)
    client.post(f"{draft}/send", data=SEEN)
    with database.reading() as session:
        leaving = session.execute(select(Person.email, Person.mail_ref).order_by(Person.id.desc()).limit(40)).all()
    with ScriptedServer() as server:
        worker = make_test_worker(database, with_mail_server(settings, server.address))
        sending = threading.Thread(target=worker.send_what_is_due)
        sending.start()
        server.arrived.wait(60)
        answered = {}
        for email, mail_ref in leaving:
            assert one_click(client, settings, mail_ref) == 200
            answered[email] = len(server.recipients)
        worker.stop()
        sending.join()
        # Whatever a mail program asked before, none of its mails is written after its answer: at most the one mail
        # that this one worker held in its hands at that moment.
        for email, before in answered.items():
            assert [email] not in server.recipients[before + 1 :]
    with database.reading() as session:
        gone = session.scalars(select(Person.id).where(Person.email.in_(answered)))
        waiting = select(func.count()).where(Outbox.person_id.in_(list(gone)), Outbox.sent_at.is_(None))
        assert session.scalar(waiting) == 0


def make_many_readers(database: Database, count: int) -> None:
    with database.writing() as session:
        people = [Person(email=f"reader{n}@example.org", language="en", created_at=cast.NOON) for n in range(count)]
        session.add_all(people)
        session.flush()
        first = cast.make_consent(session, people[0])
        proof = {column: getattr(first, column) for column in PROOF}
        session.add_all(Consent(person_id=person.id, **proof) for person in people[1:])


PROOF = ("topic", "wording_version", "wording_sha256", "language", "given_at", "method", "confirmed_at")
