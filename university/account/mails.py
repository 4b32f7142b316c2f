"""The mails about an account's address: the link to the new mailbox, and the word to the old one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from university.accounts import new_address
from university.language import gettext as _
from university.mailing.mail import Letter, Writer
from university.models import Outbox
from university.settings import Settings


def write_link(session: Session, row: Outbox, settings: Settings) -> Letter | None:
    made = new_address.link_to_mail(session, row.address) if row.address else None
    if made is None or row.address is None:
        return None
    change, token = made
    values = {"link": settings.link(f"/staff/account/address/{token}"), "expires_at": change.expires_at}
    return Letter(row.address, _("Confirm your new address"), "account/mail_new_address", values)


def write_notice(_session: Session, row: Outbox, settings: Settings) -> Letter | None:
    if row.address is None:
        return None
    values = {"contact": settings.organisation_email}
    return Letter(row.address, _("The address of your account was changed"), "account/mail_old_address", values)


MAILS: dict[str, Writer] = {new_address.TO_THE_NEW: write_link, new_address.TO_THE_OLD: write_notice}
