"""Letters become messages that say what was meant and nothing else, and reach a real mail server."""

from __future__ import annotations

import re
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest
from jinja2 import Environment

from tests.post_office import ScriptedServer, with_mail_server
from tests.static import static_files
from university.app import make_templates
from university.keys.keyring import KeyRing
from university.language import LANGUAGES, speaking
from university.mailing import mail
from university.mailing.mail import Letter, Undelivered, UnsafeLetter, compose, deliver
from university.settings import Settings, read_settings

MESSAGE = b"Subject: x\r\n\r\nx\r\n"

TEMPLATES = {
    "claims/mail_confirm": {
        "course": "Rivers",
        "course_language": "en",
        "link": "http://127.0.0.1:8000/claims/confirm/unc_x",
    },
    "claims/mail_issued": {
        "first_name": "Ada",
        "course": "Rivers",
        "course_language": "en",
        "number": "7KQ2-9FXD-M4TB-W8HC",
        "page": "http://127.0.0.1:8000/verify/7KQ2-9FXD-M4TB-W8HC",
        "pdf": "http://127.0.0.1:8000/verify/7KQ2-9FXD-M4TB-W8HC.pdf",
    },
}
TEMPLATES["claims/mail_known"] = {**TEMPLATES["claims/mail_issued"], "topics": ()}


@pytest.fixture
def own_settings(tmp_path: Path) -> Settings:
    return read_settings({"UNIVERSITY_DATA": str(tmp_path / "data"), "UNIVERSITY_SITE_NAME": "Université, de Ada"})


@pytest.fixture
def templates(own_settings: Settings) -> Environment:
    keyring = KeyRing(own_settings.data / "keys")
    return make_templates(own_settings, static_files(), keyring)


def letter(recipient: str = "ada@example.org", subject: str = "Here is your certificate", **values: str) -> Letter:
    return Letter(recipient, subject, "claims/mail_issued", {**TEMPLATES["claims/mail_issued"], **values})


def read(message: bytes) -> EmailMessage:
    parsed = message_from_bytes(message, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def parts(message: EmailMessage) -> tuple[str, str]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    contents = (part.get_content().replace("\r\n", "\n") for part in (text, html))
    return next(contents), next(contents)


def test_a_message_has_these_headers_and_no_other(own_settings: Settings, templates: Environment) -> None:
    row_id = uuid4()
    message = read(compose(letter(), own_settings, templates, message_id=row_id))
    assert set(message.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    }
    assert message["To"] == "ada@example.org"
    assert message["From"].addresses[0].display_name == "Université, de Ada"
    assert message["From"].addresses[0].addr_spec == own_settings.sender
    assert message["Message-ID"] == f"<{row_id}@127.0.0.1>"
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_has_text_and_html_a_way_to_ones_data_and_no_remote_picture(
    template: str, language: str, own_settings: Settings, templates: Environment
) -> None:
    with speaking(language):
        message = compose(
            Letter("ada@example.org", "Subject", template, TEMPLATES[template]),
            own_settings,
            templates,
            message_id=uuid4(),
        )
    text, html = parts(read(message))
    for part in (text, html):
        assert "http://127.0.0.1:8000/privacy/my-data" in part
        assert own_settings.organisation_name in part
        addresses = re.findall(r"https?://[^\s\"<>]+", part)
        assert all(address.startswith(own_settings.base_url + "/") for address in addresses)
    assert f'lang="{language}"' in html
    assert not re.search(r"<img|<script|\ssrc=|url\(", html)
    assert "<" not in text


def test_a_name_in_a_mail_is_text_in_both_parts(own_settings: Settings, templates: Environment) -> None:
    message = compose(letter(first_name="O'Brien <b>{{7*7}}</b>"), own_settings, templates, message_id=uuid4())
    text, html = parts(read(message))
    assert "O'Brien <b>{{7*7}}</b>" in text
    assert "<b>" not in html
    assert "{{7*7}}" in html


@pytest.mark.parametrize(
    "recipient",
    [
        "=?utf-8?q?A=0D=0ABcc:_x=40y?=",
        "=?utf-8?q?A=0D=0ABcc=3A_x=40y?=@example.org",
        "ada@example.org\r\nBcc: ben@example.org",
        "ada@example.org, ben@example.org",
        "Ada <ada@example.org>",
        "ADA@example.org",
        "ada@bücher.example",
        "",
    ],
)
def test_only_one_clean_address_may_stand_in_to(recipient: str, own_settings: Settings, templates: Environment) -> None:
    with pytest.raises(UnsafeLetter):
        compose(letter(recipient), own_settings, templates, message_id=uuid4())


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?q?A=0D=0ABcc:_x=40y?=",
        "Hello =?utf-8?b?QQ0KQmNjOiB4QHk=?=",
        "Hello\r\nBcc: ben@example.org",
        "Hello\nBcc: ben@example.org",
        "Hello\u2028Bcc: ben@example.org",
    ],
)
def test_a22_an_encoded_word_or_line_break_in_a_subject_is_refused(
    subject: str, own_settings: Settings, templates: Environment
) -> None:
    with pytest.raises(UnsafeLetter):
        compose(letter(subject=subject), own_settings, templates, message_id=uuid4())


def test_a_message_that_came_out_differently_is_not_sent(
    own_settings: Settings, templates: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = mail._message

    def faulty(headers: dict[str, object], text: str, html: str) -> bytes:
        return b"Bcc: ben@example.org\r\n" + made(headers, text, html)

    monkeypatch.setattr(mail, "_message", faulty)
    with pytest.raises(UnsafeLetter):
        compose(letter(), own_settings, templates, message_id=uuid4())
    monkeypatch.setattr(mail, "_message", lambda *what: made(*what).replace(b"certificate", b"invoice"))
    with pytest.raises(UnsafeLetter):
        compose(letter(), own_settings, templates, message_id=uuid4())


def test_the_longest_address_and_a_long_subject_stay_whole(own_settings: Settings, templates: Environment) -> None:
    recipient = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".nl"
    subject = "Hier is uw getuigschrift, één van velen " * 4
    message = read(compose(letter(recipient, subject.strip()), own_settings, templates, message_id=uuid4()))
    assert message["To"] == recipient
    assert message["Subject"] == subject.strip()
    assert list(message.keys()).count("To") == 1


def test_a_real_mail_server_gets_the_message_as_it_was_composed(own_settings: Settings, templates: Environment) -> None:
    message = compose(letter(first_name="Zoë"), own_settings, templates, message_id=uuid4())
    with ScriptedServer() as server:
        deliver(message, "ada@example.org", with_mail_server(own_settings, server.address))
    assert server.recipients == [["ada@example.org"]]
    assert server.mails[0]["Message-ID"] == read(message)["Message-ID"]
    assert parts(server.mails[0]) == parts(read(message))


@pytest.mark.parametrize(
    ("answer", "reason", "for_good"),
    [
        ("421", "421", False),
        ("451", "451", False),
        ("550", "550", True),
        ("rcpt 450", "450", False),
        ("rcpt 550", "550", True),
        ("530", "530", False),
        ("drop", "connection", False),
    ],
)
def test_what_the_server_answers_decides_whether_to_try_again(
    answer: str, reason: str, for_good: bool, own_settings: Settings
) -> None:
    with ScriptedServer(answer) as server, pytest.raises(Undelivered) as failure:
        deliver(MESSAGE, "ada@example.org", with_mail_server(own_settings, server.address))
    assert (failure.value.reason, failure.value.for_good) == (reason, for_good)


def test_a_server_that_is_not_there_is_asked_again_later(own_settings: Settings) -> None:
    with ScriptedServer() as server:
        settings = with_mail_server(own_settings, server.address)
    with pytest.raises(Undelivered) as failure:
        deliver(MESSAGE, "ada@example.org", settings)
    assert (failure.value.reason, failure.value.for_good) == ("connection", False)


def test_a_server_that_says_nothing_is_not_waited_for_forever(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "SECONDS_PER_ANSWER", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = with_mail_server(own_settings, f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(Undelivered) as failure:
            deliver(MESSAGE, "ada@example.org", settings)
    assert (failure.value.reason, failure.value.for_good) == ("connection", False)


def signing_in(server: ScriptedServer, scheme: str, password: str = "sec%2Fret") -> str:
    return f"{scheme}://ada:{password}@{server.address.removeprefix('smtp://')}"


def test_a_server_on_this_machine_may_ask_for_name_and_password(own_settings: Settings) -> None:
    with ScriptedServer() as server:
        deliver(MESSAGE, "ada@example.org", with_mail_server(own_settings, signing_in(server, "smtp")))
    assert len(server.mails) == 1


def test_a_wrong_password_is_no_reason_to_give_a_mail_up(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "SECONDS_PER_ANSWER", 1)  # this server falls silent after a wrong password
    with ScriptedServer() as server, pytest.raises(Undelivered) as failure:
        deliver(MESSAGE, "ada@example.org", with_mail_server(own_settings, signing_in(server, "smtp", "x")))
    assert not failure.value.for_good
    assert not server.mails


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_password_never_travels_in_the_clear(
    scheme: str, own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "LOOPBACK_NAMES", frozenset())  # as if the server stood elsewhere
    with ScriptedServer() as server, pytest.raises(Undelivered):
        deliver(MESSAGE, "ada@example.org", with_mail_server(own_settings, signing_in(server, scheme)))
    assert not server.passwords
    assert not server.mails
