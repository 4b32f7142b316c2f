"""The local mailbox: what would have been sent if a mail server were set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
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
class OpenMail:
    """One mail as its reader sees it: paragraphs of lines of pieces, each with the address it links to, if any."""

    id: UUID
    recipient: str
    subject: str
    received_at: datetime
    paragraphs: Sequence[Sequence[Line]]


def newest(session: Session, base_url: str) -> list[OpenMail]:
    mails = session.scalars(select(LocalMail).order_by(LocalMail.received_at.desc(), LocalMail.id.desc()))
    return [open_mail(mail, base_url) for mail in mails.fetchmany(MOST_SHOWN)]


def find_mail(session: Session, mail_id: str) -> LocalMail:
    try:
        mail = session.get(LocalMail, UUID(mail_id))
    except ValueError:
        mail = None
    if mail is None:
        raise NotFound(_("This mail is not in the mailbox any more."))
    return mail


def open_mail(mail: LocalMail, base_url: str) -> OpenMail:
    """The text part; addresses of this very site become links, nothing else does."""
    message = message_from_bytes(mail.message, policy=policy.default)
    body = message.get_body(("plain",))
    text = body.get_content().replace("\r\n", "\n") if body else ""
    link = re.compile(rf"({re.escape(base_url)}/\S*)")
    paragraphs = [
        [_pieces(link, line) for line in paragraph.split("\n")] for paragraph in re.split(r"\n\s*\n", text.strip())
    ]
    return OpenMail(mail.id, show_email(mail.recipient), str(message["Subject"]), mail.received_at, paragraphs)


def _pieces(link: re.Pattern[str], line: str) -> Line:
    # Splitting by a group puts what the group matched at every second place.
    return [(piece, piece if place % 2 else None) for place, piece in enumerate(link.split(line)) if piece]
