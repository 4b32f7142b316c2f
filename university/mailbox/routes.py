"""The local mailbox's pages. They exist on a machine of one's own without a mail server, and nowhere else."""

from __future__ import annotations

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.errors import NotFound
from university.language import gettext as _
from university.mailbox import reading
from university.serving.pages import Visitor, render, settings_of, show

# A mail brings its style along and may do nothing else: no script, no form, no request to anybody. It is a page of its
# own and stands in no frame, for no page of ours may hold one.
POLICY_OF_A_MAIL = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"


@show("/")
def mailbox(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    _must_be_this_machine(request)
    return render(request, "mailbox/mailbox.html", mails=reading.newest(session))


@show("/{mail_id:str}")
def one_mail(request: Visitor, session: NamedDependency[Session], mail_id: FromPath[str]) -> Response[bytes]:
    base_url = _must_be_this_machine(request)
    mail = reading.show_mail(reading.find_mail(session, mail_id))
    return render(request, "mailbox/text.html", mail=mail, paragraphs=reading.paragraphs(mail, base_url))


@show("/{mail_id:str}/html")
def designed(request: Visitor, session: NamedDependency[Session], mail_id: FromPath[str]) -> Response[bytes]:
    """The mail itself, as its reader sees it."""
    _must_be_this_machine(request)
    html = reading.designed(reading.show_mail(reading.find_mail(session, mail_id)))
    if not html:
        raise NotFound(_("This mail is text alone."))
    sent = {"content-security-policy": POLICY_OF_A_MAIL, "cache-control": "no-store"}
    return Response(html.encode(), headers=sent, media_type="text/html; charset=utf-8")


@show("/{mail_id:str}/headers")
def headers(request: Visitor, session: NamedDependency[Session], mail_id: FromPath[str]) -> Response[bytes]:
    _must_be_this_machine(request)
    mail = reading.show_mail(reading.find_mail(session, mail_id))
    return render(request, "mailbox/headers.html", mail=mail, lines=reading.headers(mail))


@show("/{mail_id:str}/source")
def source(request: Visitor, session: NamedDependency[Session], mail_id: FromPath[str]) -> Response[bytes]:
    _must_be_this_machine(request)
    found = reading.find_mail(session, mail_id)
    return render(request, "mailbox/source.html", mail=reading.show_mail(found), source=reading.source(found))


def _must_be_this_machine(request: Visitor) -> str:
    """The base address, if it is a loopback one and no mail server is set."""
    settings = settings_of(request)
    if not settings.has_local_mailbox:
        raise NotFound(_("There is no page at this address."))
    return settings.base_url


routes = Router("/mailbox", route_handlers=[mailbox, one_mail, designed, headers, source])
