"""Mail: a row in the outbox with the work it belongs to, later a letter, then a message that says only what was meant.

The outbox holds no text and no address. When a row is sent, the writer of its kind (each slice has its own, in
``mails.py``) makes the letter from what the database says at that moment; link tokens are made then as well.
"""

from __future__ import annotations

import json
import logging
import re
import smtplib
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from jinja2 import Environment
from sqlalchemy.orm import Session

from university import clock, language as languages
from university.addresses import AddressProblem, clean_email
from university.database import after_commit
from university.keys.keyring import open_keyring
from university.mailing.links import never_token
from university.models import Outbox
from university.setting_checks import LOOPBACK_NAMES
from university.settings import Settings

log = logging.getLogger("university.mailing.mail")

SECONDS_PER_ANSWER = 20

# Enhanced status codes (RFC 3463) about the system, the network, the protocol, the content or a policy: whoever
# cannot be reached because of those has done nothing, and a wrong setting of ours must not unsubscribe anybody.
_NOT_THE_MAILBOX = re.compile(r"5\.[34567]\.")

# Set when a committed transaction left something in the outbox; a worker in the same process wakes up at once.
something_to_send = threading.Event()


@dataclass(frozen=True)
class Letter:
    """One mail in words. `recipient` is a clean address and `subject` fixed text of ours, nobody's input.

    `template` names two files beside each other, ``<slice>/<name>.txt`` and ``.html``; `values` fill them. A mail
    about a topic brings the link that ends it, `unsubscribe`: a token of `mailing.links`.
    """

    recipient: str
    subject: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    unsubscribe: str = ""


class Later(Exception):
    """A writer's answer when this letter must wait for `seconds`, such as when a limit is reached."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


class UnsafeLetter(Exception):
    """The message would say something else than the letter: it is not sent."""


class Undelivered(Exception):
    """The mail server did not take the message. `reason` is its three digits or one word; `for_good`: do not retry.

    `is_bounce`: for good, and because of this mailbox, not because of us or of what the mail says.
    """

    def __init__(self, reason: str, *, for_good: bool = False, is_bounce: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good
        self.is_bounce = is_bounce


# Makes the letter of one outbox row, in the row's language; None when there is nothing left to send.
Writer = Callable[[Session, Outbox, Settings], Letter | None]


def enqueue(
    session: Session,
    kind: str,
    *,
    language: str,
    person_id: UUID | None = None,
    claim_id: UUID | None = None,
    award_id: UUID | None = None,
    sign_up_id: UUID | None = None,
    campaign_id: UUID | None = None,
    address: str | None = None,
) -> Outbox:
    """Puts one mail into the outbox, in the caller's transaction. `address` only where no row knows the recipient."""
    now = clock.now()
    row = Outbox(
        kind=kind,
        language=language,
        person_id=person_id,
        claim_id=claim_id,
        award_id=award_id,
        sign_up_id=sign_up_id,
        campaign_id=campaign_id,
        address=address,
        created_at=now,
        next_try_at=now,
    )
    session.add(row)
    after_commit(session, something_to_send.set)
    return row


def warn_of_flood(wait: int) -> None:
    """More is asked to go to unconfirmed addresses than the limit for everybody lets through: somebody should look."""
    log.warning(json.dumps({"alarm": "more mail to unconfirmed addresses than the limit allows", "wait": wait}))


def compose(letter: Letter, settings: Settings, templates: Environment, *, message_id: UUID) -> bytes:
    """The letter as the bytes of a message (RFC 5322), text and HTML. Raises UnsafeLetter.

    The message is read again as a mail program would: its headers and texts must be the ones meant. Some Python
    versions turn encoded words inside of a header into new headers; nothing like that may leave the house.
    """
    headers = _headers(letter, settings, message_id)
    text, html = drawn(letter, settings, templates)
    message = _message(headers, text, html)
    _must_say_the_same(message, headers, text, html)
    return message


def drawn(letter: Letter, settings: Settings, templates: Environment) -> tuple[str, str]:
    """The letter as its reader will see it, as text and as HTML, in the language spoken now."""
    code = languages.current_language()
    values = {
        **letter.values,
        "language": code,
        "direction": languages.direction(code),
        "subject": letter.subject,
        "unsubscribe_link": unsubscribe_link(settings, letter.unsubscribe) if letter.unsubscribe else "",
        "never_link": settings.link(f"/subscriptions/never/{never_token(open_keyring(settings), letter.recipient)}"),
    }
    text, html = (
        templates.get_template(f"{letter.template}{ending}").render(values).strip() + "\n"
        for ending in (".txt", ".html")
    )
    return text, html


def unsubscribe_link(settings: Settings, token: str) -> str:
    return settings.link(f"/subscriptions/unsubscribe/{token}")


def deliver(message: bytes, recipient: str, settings: Settings) -> None:
    """Hands the message to the mail server of the settings. Raises Undelivered."""
    try:
        with closing(connect(settings)) as server:
            server.sendmail(settings.bounce_address, [recipient], message)
            with suppress(smtplib.SMTPException, OSError):  # the message is theirs by now
                server.quit()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise _refusal(error) from None
    except smtplib.SMTPAuthenticationError:
        raise Undelivered("sign-in") from None
    except ssl.SSLError:
        raise Undelivered("tls") from None
    except (smtplib.SMTPException, OSError):
        raise Undelivered("connection") from None


def server_problem(settings: Settings) -> str | None:
    """Why the mail server would take nothing from us just now, or None. It is greeted and given nothing."""
    try:
        with closing(connect(settings)):
            return None
    except smtplib.SMTPAuthenticationError:
        return "the mail server does not accept our name and password"
    except (smtplib.SMTPException, OSError) as error:
        return f"the mail server does not answer: {type(error).__name__}"


def _headers(letter: Letter, settings: Settings, message_id: UUID) -> dict[str, Any]:
    try:
        clean = clean_email(letter.recipient)
    except AddressProblem as problem:
        raise UnsafeLetter("the recipient is no address") from problem
    if clean != letter.recipient or "=?" in letter.subject or not letter.subject.isprintable():
        raise UnsafeLetter("a header holds what no header of ours holds")
    sender, _at, domain = settings.sender.rpartition("@")
    return {
        "From": Address(settings.site_name, sender, domain),
        "To": Address(addr_spec=letter.recipient),
        "Subject": letter.subject,
        "Date": clock.now().replace(microsecond=0),
        # Of the row, not of the try: whoever gets a mail twice can see that it is the same one (RFC 5322, 3.6.4).
        "Message-ID": f"<{message_id}@{settings.base.hostname}>",
        # RFC 3834: no holiday replies, please.
        "Auto-Submitted": "auto-generated",
        **(_ways_out(letter.unsubscribe, settings) if letter.unsubscribe else {}),
    }


def _ways_out(token: str, settings: Settings) -> dict[str, str]:
    """What lets a mail program end a topic with one click (RFC 2369, RFC 8058)."""
    by_mail = f"mailto:{settings.bounce_address}?subject=unsubscribe%20{token}"
    return {
        "List-Unsubscribe": f"<{unsubscribe_link(settings, token)}>, <{by_mail}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _message(headers: dict[str, Any], text: str, html: str) -> bytes:
    # Unfolded: folding splits long addresses into encoded words, and ours stay far below 998 characters.
    message = EmailMessage(policy=policy.SMTP.clone(max_line_length=998))
    for name, value in headers.items():
        message[name] = value
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _must_say_the_same(message: bytes, headers: dict[str, Any], text: str, html: str) -> None:
    try:
        parsed = message_from_bytes(message, policy=policy.SMTP)
        names = [name for name in parsed.keys() if name not in {"MIME-Version", "Content-Type"}]  # noqa: SIM118
        parts = [part.get_content().replace("\r\n", "\n") for part in parsed.iter_parts()]
        same = (
            names == list(headers)
            and parsed["To"].addresses == (headers["To"],)
            and parsed["From"].addresses == (headers["From"],)
            and parsed["Date"].datetime == headers["Date"]
            and all(parsed[name] == value for name, value in headers.items() if isinstance(value, str))
            and parts == [text, html]
            and not any(parsed.defects for parsed in parsed.walk())
        )
    except (MessageError, LookupError, ValueError, AttributeError) as error:
        raise UnsafeLetter("the message cannot be read again") from error
    if not same:
        raise UnsafeLetter("the message says something else than the letter")


def connect(settings: Settings) -> smtplib.SMTP:
    """A session with the mail server, encrypted unless it is on this very machine; signed in if we have a name there.

    Encryption is a must on port 587, with a name and password, and of course with smtps.
    """
    address = urlsplit(settings.smtp_url)
    host, us = address.hostname or "", settings.base.hostname
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(
            host, address.port or 465, local_hostname=us, timeout=SECONDS_PER_ANSWER, context=context
        )
    else:
        server = smtplib.SMTP(host, address.port or 25, local_hostname=us, timeout=SECONDS_PER_ANSWER)
        server.ehlo()
        is_offered, is_far = server.has_extn("starttls"), host not in LOOPBACK_NAMES
        if is_far and (is_offered or address.port == 587 or address.username):
            server.starttls(context=context)
    if address.username:
        server.login(unquote(address.username), unquote(address.password or ""))
    return server


def _refusal(error: smtplib.SMTPException) -> Undelivered:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    else:
        code, words = error.smtp_code, error.smtp_error  # type: ignore[attr-defined]
    # 530 and its neighbours speak of our own account there, which can be put right.
    for_good = 500 <= code < 600 and code not in {530, 534, 535, 538}
    is_about_us = isinstance(error, smtplib.SMTPSenderRefused) or _NOT_THE_MAILBOX.match(_text(words)) is not None
    return Undelivered(str(code), for_good=for_good, is_bounce=for_good and not is_about_us)


def _text(words: bytes | str) -> str:
    return words.decode("ascii", "replace") if isinstance(words, bytes) else words
