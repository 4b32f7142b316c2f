"""What an owner types, step by step, and the settings it makes."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import quote, unquote, urlsplit

from pydantic import AfterValidator, StringConstraints, field_validator

from university.addresses import clean_email
from university.language import gettext as _
from university.serving.forms import Fields
from university.setting_up.setup_pages import Line, Needed
from university.settings import Settings

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\]")


def _no_address(text: str) -> str:
    return clean_email(text) if text.strip() else ""


class WhoForm(Fields):
    site_name: Annotated[Needed, StringConstraints(max_length=60)]
    organisation_name: Needed
    organisation_address: Line
    organisation_registration: Line
    organisation_email: Annotated[str, AfterValidator(clean_email)]
    signatory_name: Line
    signatory_role: Line


class AddressForm(Fields):
    base_url: Needed


class MailForm(Fields):
    """An empty host means none: then mail stays in the local mailbox."""

    host: Line
    port: Annotated[str, StringConstraints(max_length=5)]
    encryption: Line
    user: Line
    smtp_password: Annotated[str, StringConstraints(max_length=500)]
    mail_from: Annotated[str, AfterValidator(_no_address)]
    recipient: Annotated[str, AfterValidator(_no_address)]

    @field_validator("host")
    @classmethod
    def _is_a_host(cls, value: str) -> str:
        if value and not _HOST.fullmatch(value):
            raise ValueError(_("Only the name of the server, such as mail.example.org."))
        return value

    @field_validator("port")
    @classmethod
    def _is_a_port(cls, value: str) -> str:
        if value.strip() and not (value.isascii() and value.isdecimal() and 0 < int(value) < 65536):
            raise ValueError(_("A port is a number up to 65535."))
        return value.strip()

    def settings(self, before: Settings) -> dict[str, str | None]:
        """An empty password beside the same user of the same server means: the one that is kept."""
        return {"smtp_url": self._address(before) if self.host else None, "mail_from": self.mail_from or None}

    def _address(self, before: Settings) -> str:
        known = urlsplit(before.smtp_url)
        same = (known.hostname or "", unquote(known.username or "")) == (self.host.lower(), self.user)
        password = self.smtp_password or (unquote(known.password or "") if same else "")
        who = f"{quote(self.user, safe='')}:{quote(password, safe='')}@" if self.user else ""
        scheme = "smtps" if self.encryption == "smtps" else "smtp"
        return f"{scheme}://{who}{self.host.lower()}" + (f":{self.port}" if self.port else "")
