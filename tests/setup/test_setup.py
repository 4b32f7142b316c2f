"""Setting up: who may, what is kept and what is not, and what a mail server's answer means in words."""

from __future__ import annotations

import smtplib
import ssl
from datetime import timedelta

import pytest
from litestar.testing import TestClient
from sqlalchemy import select, update

from tests import crew
from tests.conftest import only_on
from tests.live import free_port
from tests.post_office import ScriptedServer
from university import clock
from university.database import Database
from university.models import AuditEntry, SetupStep, StaffSession
from university.setting_up import kept_settings, setup_steps
from university.setting_up.setup_pages import HERE
from university.settings import Settings

pytestmark = only_on("sqlite")
SECRET = "sec/ret"
WHO = {
    "site_name": "Harbour School",
    "organisation_name": "Harbour School",
    "organisation_address": "Pier 1",
    "organisation_registration": "",
    "organisation_email": "privacy@example.org",
    "signatory_name": "",
    "signatory_role": "",
}


@pytest.fixture(autouse=True)
def _owner(olga: crew.Here) -> None:
    """Every test here is Olga's."""


def mail_form(server: ScriptedServer | None, **changes: str) -> dict[str, str]:
    port = str(server.controller.port) if server else str(free_port())
    typed = {"host": "127.0.0.1", "port": port, "encryption": "smtp", "user": "olga", "smtp_password": SECRET}
    return {**typed, "mail_from": "school@example.org", "recipient": "olga@example.org", **changes}


def test_a_step_is_kept_at_once_noted_and_counts_from_the_next_start(
    client: TestClient, settings: Settings, database: Database
) -> None:
    assert client.post(f"{HERE}/who", data=WHO).headers["location"] == f"{HERE}/look"
    assert kept_settings.coming(settings).site_name == "Harbour School"
    assert 'value="Harbour School"' in client.get(f"{HERE}/who").text
    assert "Harbour School" not in client.get("/").text
    page = client.get(HERE).text
    assert "university serve" in page, "nothing here can start the server again, so the page says how"
    assert client.post(f"{HERE}/apply").status_code == 409
    with database.reading() as session:
        line = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert line is not None
        assert (line.action, line.object_kind, line.object_ref) == ("change_settings", "settings", "who")
        assert session.scalars(select(SetupStep.name)).all() == ["who"]


def test_what_this_machine_sets_is_shown_and_cannot_be_changed(client: TestClient, settings: Settings) -> None:
    page = client.get(f"{HERE}/address").text
    assert "Set by this machine, with UNIVERSITY_BASE_URL." in page
    assert "disabled" in page.partition('id="base_url"')[2].partition(">")[0]
    changed = kept_settings.keep(settings, {"base_url": "http://localhost:1"})
    assert changed.base_url == settings.base_url
    assert not kept_settings.is_waiting(settings)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"site_name": " "}, "site_name"),
        ({"site_name": "Sch\u202eool"}, "site_name"),
        ({"site_name": "\u1f980" * 3 + "\U0001f980"}, "site_name"),
        ({"organisation_email": "nobody"}, "organisation_email"),
        ({"signatory_name": "Olga " * 39}, "signatory_name"),
    ],
)
def test_nothing_wrong_is_kept_and_nothing_typed_is_lost(
    client: TestClient, settings: Settings, changes: dict[str, str], field: str
) -> None:
    answer = client.post(f"{HERE}/who", data={**WHO, **changes})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="Pier 1"' in answer.text
    assert not (settings.data / "settings.env").exists()


def test_a_step_can_be_put_off_and_stands_on_the_home_page_until_it_is_done(
    client: TestClient, database: Database
) -> None:
    assert client.post(f"{HERE}/skip/look").headers["location"] == f"{HERE}/address"
    assert client.post(f"{HERE}/skip/backups").headers["location"] == HERE
    assert client.post(f"{HERE}/skip/nothing").status_code == 404
    assert "4 steps of setting up are open: Who you are, Look, Mail, Backups." in client.get("/staff").text
    with database.writing() as session:
        for step in ("who", "look", "mail"):
            setup_steps.settle(session, step, "done")
    assert "One step of setting up is open: Backups." in client.get("/staff").text
    assert "setting up" not in crew_home(client, database, "priya")


def crew_home(client: TestClient, database: Database, who: str) -> str:
    crew.sign_in(client, database, who)
    return client.get("/staff").text


def test_the_password_is_kept_and_never_shown(client: TestClient, settings: Settings) -> None:
    with ScriptedServer() as server:
        form = mail_form(server)
        answers = [client.post(f"{HERE}/mail", data={**form, "then": "test"}), client.post(f"{HERE}/mail", data=form)]
        assert [answer.status_code for answer in answers] == [200, 303]
        assert server.passwords == [SECRET.encode()]
        again = {**form, "smtp_password": "", "then": "test"}
        answers += [client.post(f"{HERE}/mail", data=again), client.get(f"{HERE}/mail")]
        assert server.passwords == [SECRET.encode()] * 2, "empty means: the one that is kept"
        client.post(f"{HERE}/mail", data={**again, "user": "ada"})
        assert server.passwords[2] == b"", "of another user it would be a guess"
    for answer in answers:
        assert SECRET not in answer.text
        assert "sec%2Fret" not in answer.text
    assert "One is kept." in answers[-1].text
    assert kept_settings.coming(settings).smtp_url.startswith("smtp://olga:sec%2Fret@127.0.0.1:")


def test_a_password_is_in_no_page_while_a_factor_is_shown_once_more(
    client: TestClient, settings: Settings, database: Database
) -> None:
    with database.writing() as session:
        session.execute(update(StaffSession).values(auth_at=clock.now() - timedelta(minutes=6)))
    answer = client.post(f"{HERE}/mail", data=mail_form(None))
    assert answer.status_code == 401
    assert "school@example.org" in answer.text
    assert SECRET not in answer.text


def test_each_failure_of_a_test_mail_has_its_own_sentence_beside_its_field(client: TestClient) -> None:
    with ScriptedServer("rcpt 550", "554") as server:
        for changes, field, words in (
            ({"smtp_password": "wrong"}, "smtp_password", "does not accept this user and password. (It answered 535.)"),
            ({}, "recipient", "takes no mail for this recipient. (It answered 550.)"),
            ({}, "host", "took everything but the mail itself. (It answered 554.)"),
            ({"port": str(free_port())}, "port", "nothing listens on this port"),
            ({"host": "nowhere.invalid"}, "host", "is not known. Is it spelt right?"),
            ({"encryption": "smtps"}, "encryption", "does not speak this kind of encryption"),
            ({"host": "http://x"}, "host", "Only the name of the server"),
            ({"port": "70000"}, "port", "up to 65535"),
            ({"recipient": "nobody"}, "recipient", "address"),
        ):
            answer = client.post(f"{HERE}/mail", data={**mail_form(server, **changes), "then": "test"})
            beside = answer.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
            assert (answer.status_code, words in beside) == (422, True), (changes, beside)


@pytest.mark.parametrize(
    ("error", "field", "words"),
    [
        (ssl.SSLCertVerificationError("self-signed"), "host", "not valid for that name"),
        (smtplib.SMTPSenderRefused(553, b"not yours", "x"), "mail_from", "takes no mail from the sender"),
        (smtplib.SMTPServerDisconnected("bye"), "encryption", "hung up"),
        (smtplib.SMTPNotSupportedError("no"), "encryption", "offers no encryption"),
        (TimeoutError(), "port", "does not answer on this port"),
    ],
)
def test_what_a_server_elsewhere_says_is_said_in_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, error: Exception, field: str, words: str
) -> None:
    def fail(_settings: Settings) -> None:
        raise error

    monkeypatch.setattr("university.setup.trying_mail.connect", fail)
    answer = client.post(f"{HERE}/mail", data={**mail_form(None), "then": "test"})
    assert words in answer.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]


def test_the_address_must_answer_as_this_very_server(client: TestClient) -> None:
    question = "0123456789abcdef" * 2
    answer = client.get(f"/healthz/{question}", headers={"host": "anywhere.example"})
    assert (answer.status_code, len(answer.text)) == (200, 64)
    assert client.get("/healthz/x").status_code == 404
    assert client.get("/healthz/" + "0" * 32).text != answer.text


def test_the_pages_speak_dutch(client: TestClient) -> None:
    for path in ("", "/who", "/look", "/address", "/mail", "/backups"):
        page = client.get(HERE + path, headers={"accept-language": "nl"}).text
        assert "Inrichten" in page, path
