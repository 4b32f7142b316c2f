"""The mail to somebody who is invited, or who has to choose anew how to sign in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from university.accounts import invitations, members
from university.language import gettext as _
from university.mailing.mail import Letter, Writer
from university.models import Outbox
from university.settings import Settings


def write_invitation(session: Session, row: Outbox, settings: Settings) -> Letter | None:
    made = invitations.link_to_mail(session, row.address) if row.address else None
    if made is None or row.address is None:
        return None
    invited, token = made
    is_reset = members.known(session, row.address) is not None
    return Letter(
        row.address,
        _("Choose anew how you sign in") if is_reset else _("You are invited to work with us"),
        "colleagues/mail_invitation",
        {
            "link": settings.link(f"/staff/invitations/{token}"),
            "expires_at": invited.expires_at,
            "is_reset": is_reset,
            "contact": settings.organisation_email,
        },
    )


MAILS: dict[str, Writer] = {invitations.MAIL: write_invitation}
