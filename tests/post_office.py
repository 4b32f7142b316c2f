"""Mail in tests: a worker on the test's own database, and a mail server that answers by a script."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from sqlalchemy import select

from tests.live import free_port
from tests.static import static_files
from university.app import make_templates
from university.commands.working import WRITERS
from university.database import Database
from university.jobs.worker import Worker
from university.keys.keyring import KeyRing
from university.mailing.mail import Writer
from university.models import LocalMail
from university.settings import Settings


def make_test_worker(database: Database, settings: Settings, writers: Mapping[str, Writer] = WRITERS) -> Worker:
    templates = make_templates(settings, static_files(), KeyRing(settings.data / "keys"))
    return Worker(database, settings, templates, writers)


def with_mail_server(settings: Settings, address: str) -> Settings:
    return settings.model_copy(update={"smtp_url": address})


class ScriptedServer:
    """A real SMTP server. Each mail takes the next answer of the script, and ``250 kept`` when it is at its end.

    ``drop`` takes the mail and hangs up without an answer; ``rcpt 550`` refuses at the recipient already. Whoever
    signs in does so with the password ``sec/ret``.
    """

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.arrived = threading.Event()
        self.passwords: list[bytes] = []
        self.controller = Controller(
            self,
            hostname="127.0.0.1",
            port=free_port(),
            ready_timeout=20,
            authenticator=self._sign_in,
            auth_require_tls=False,
        )

    def __enter__(self) -> ScriptedServer:
        self.controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.controller.stop()

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"

    def _sign_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any) -> AuthResult:
        self.passwords.append(given.password)
        is_right = given.password == b"sec/ret"
        return AuthResult(success=is_right, handled=is_right)  # a refusal is answered by the server itself

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: object) -> str:
        if self.answers and self.answers[0].startswith("rcpt "):
            return f"{self.answers.pop(0).removeprefix('rcpt ')} not here"
        envelope.rcpt_tos.append(address)
        return "250 go on"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250"
        if answer in {"250", "drop"}:
            assert isinstance(envelope.content, bytes)
            self.recipients.append(list(envelope.rcpt_tos))
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
            self.arrived.set()
        if answer == "drop":
            assert server.transport is not None
            server.transport.abort()
        return f"{answer} as the script says"


def send_all(database: Database, settings: Settings) -> list[str]:
    """Lets the worker send what is due into the local mailbox; every letter there, the words of it decoded."""
    make_test_worker(database, settings).send_what_is_due()
    with database.reading() as session:
        kept = session.scalars(select(LocalMail.message).order_by(LocalMail.received_at)).all()
    messages = [message_from_bytes(one, policy=policy.default) for one in kept]
    return [f"{message['subject']}\n{message.get_body(('plain',)).get_content()}" for message in messages]  # type: ignore[union-attr]
