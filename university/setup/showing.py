"""The settings as the forms show them: everything but secrets."""

from __future__ import annotations

import json
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.models import StoredCredential
from university.settings import Settings

OF_MAIL = dict.fromkeys(("host", "port", "encryption", "user"), "smtp_url")
USUAL_PORTS = {"smtp": 25, "smtps": 465}


def who_fields(settings: Settings) -> dict[str, str]:
    names = (
        *("site_name", "organisation_name", "organisation_address", "organisation_registration"),
        *("organisation_email", "signatory_name", "signatory_role"),
    )
    return {name: str(getattr(settings, name)) for name in names}


def mail_fields(settings: Settings, recipient: str) -> dict[str, str]:
    known = urlsplit(settings.smtp_url)
    port = known.port or USUAL_PORTS.get(known.scheme, 587)
    return {
        "host": known.hostname or "",
        "port": str(port),
        "encryption": known.scheme or "smtp",
        "user": unquote(known.username or ""),
        "mail_from": settings.mail_from,
        "recipient": recipient,
    }


def has_mail_password(settings: Settings) -> bool:
    return bool(urlsplit(settings.smtp_url).password)


def addresses_on_certificates(session: Session) -> str:
    """The address that certificates were issued under first; empty while there are none."""
    document = session.scalar(select(StoredCredential.document).limit(1))
    return str(json.loads(document)["id"]).partition("/credentials/")[0] if document else ""
