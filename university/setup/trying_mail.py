"""A test mail through the server that was typed, and in words what it said."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import closing, suppress
from urllib.parse import urlsplit
from uuid import uuid4

from jinja2 import Environment

from university.language import gettext as _
from university.mailing.mail import Letter, compose, connect
from university.settings import Settings


def why_unsent(settings: Settings, templates: Environment, recipient: str) -> tuple[str, str] | None:
    """None once the server took the mail; otherwise the field it is about, and a sentence."""
    letter = Letter(recipient, _("Test mail"), "setup/mail_test", {"server": urlsplit(settings.smtp_url).hostname})
    message = compose(letter, settings, templates, message_id=uuid4())
    try:
        with closing(connect(settings)) as server:
            server.sendmail(settings.bounce_address, [recipient], message)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
    except (smtplib.SMTPException, OSError) as error:
        return _said(error, settings)
    return None


def _said(error: Exception, settings: Settings) -> tuple[str, str]:
    host = urlsplit(settings.smtp_url).hostname or ""
    sentences = (
        (socket.gaierror, "host", _("The name %(host)s is not known. Is it spelt right?")),
        (ConnectionRefusedError, "port", _("At %(host)s nothing listens on this port.")),
        (TimeoutError, "port", _("%(host)s does not answer on this port. Is it the right one, and open in between?")),
        (ssl.SSLCertVerificationError, "host", _("The certificate of %(host)s is not valid for that name.")),
        (ssl.SSLError, "encryption", _("%(host)s does not speak this kind of encryption on this port.")),
        (smtplib.SMTPNotSupportedError, "encryption", _("%(host)s offers no encryption, or no sign-in, on this port.")),
        (smtplib.SMTPAuthenticationError, "smtp_password", _("%(host)s does not accept this user and password.")),
        (smtplib.SMTPSenderRefused, "mail_from", _("%(host)s takes no mail from the sender %(sender)s.")),
        (smtplib.SMTPRecipientsRefused, "recipient", _("%(host)s takes no mail for this recipient.")),
        (smtplib.SMTPDataError, "host", _("%(host)s took everything but the mail itself.")),
        (smtplib.SMTPServerDisconnected, "encryption", _("%(host)s hung up. Another encryption, or another port?")),
        (smtplib.SMTPException, "host", _("%(host)s answered something that is no mail server's answer.")),
        (OSError, "host", _("%(host)s cannot be reached from this machine.")),
    )
    field, sentence = next((field, said) for kind, field, said in sentences if isinstance(error, kind))
    return field, sentence % {"host": host, "sender": settings.bounce_address} + _code(error)


def _code(error: Exception) -> str:
    """What the server itself answers begins with three digits; its words are not repeated."""
    refused = getattr(error, "recipients", {}).values()
    code = next((said[0] for said in refused), getattr(error, "smtp_code", None))
    return " " + _("(It answered %(code)s.)") % {"code": code} if code else ""
