"""The local mailbox: what would have been sent if a mail server were set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.addresses import show_email
from university.errors import NotFound
from university.language import gettext as _
from university.models import LocalMail

MOST_SHOWN = 200

Line = Sequence[tuple[str, str | None]]


@dataclass(frozen=True)
class ShownMail:
    """One mail, as a list shows it; `message` is all of it."""

    id: UUID
    sender: str
    recipient: str
    subject: str
    received_at: datetime
    message: EmailMessage


def newest(session: Session) -> list[ShownMail]:
    mails = session.scalars(select(LocalMail).order_by(LocalMail.received_at.desc(), LocalMail.id.desc()))
    return [show_mail(mail) for mail in mails.fetchmany(MOST_SHOWN)]


def find_mail(session: Session, mail_id: str) -> LocalMail:
    try:
        mail = session.get(LocalMail, UUID(mail_id))
    except ValueError:
        mail = None
    if mail is None:
        raise NotFound(_("This mail is not in the mailbox any more."))
    return mail


def show_mail(mail: LocalMail) -> ShownMail:
    message = message_from_bytes(mail.message, policy=policy.default)
    sender, subject = str(message["From"] or ""), str(message["Subject"] or "")
    return ShownMail(mail.id, sender, show_email(mail.recipient), subject, mail.received_at, message)


def paragraphs(mail: ShownMail, base_url: str) -> Sequence[Sequence[Line]]:
    """The text part as paragraphs of lines of pieces, each with the address it links to, if any: addresses of this
    very site become links, nothing else does."""
    text = _part(mail, "plain")
    link = re.compile(rf"({re.escape(base_url)}/\S*)")
    return [[_pieces(link, line) for line in part.split("\n")] for part in re.split(r"\n\s*\n", text.strip())]


def designed(mail: ShownMail) -> str:
    """The HTML part as it was sent; empty if there is none."""
    return _part(mail, "html")


def headers(mail: ShownMail) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in mail.message.items()]


def source(mail: LocalMail) -> str:
    """The whole message as it went over the wire."""
    return mail.message.decode(errors="replace").replace("\r\n", "\n")


def _part(mail: ShownMail, kind: str) -> str:
    body = mail.message.get_body((kind,))
    return str(body.get_content()).replace("\r\n", "\n") if body else ""


def _pieces(link: re.Pattern[str], line: str) -> Line:
    # Splitting by a group puts what the group matched at every second place.
    return [(piece, piece if place % 2 else None) for place, piece in enumerate(link.split(line)) if piece]
