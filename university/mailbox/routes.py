"""The local mailbox's pages. They exist on a machine of one's own without a mail server, and nowhere else."""

from __future__ import annotations

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.errors import NotFound
from university.language import gettext as _
from university.mailbox.reading import find_mail, newest, open_mail
from university.pages import Visitor, render, settings_of, show


@show("/")
def mailbox(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    base_url = _of_this_machine(request)
    return render(request, "mailbox/mailbox.html", mails=newest(session, base_url))


@show("/{mail_id:str}")
def one_mail(request: Visitor, session: NamedDependency[Session], mail_id: FromPath[str]) -> Response[bytes]:
    base_url = _of_this_machine(request)
    return render(request, "mailbox/mail.html", mail=open_mail(find_mail(session, mail_id), base_url))


def _of_this_machine(request: Visitor) -> str:
    """The base address, if it is a loopback one and no mail server is set."""
    settings = settings_of(request)
    if not settings.has_local_mailbox:
        raise NotFound(_("There is no page at this address."))
    return settings.base_url


routes = Router("/mailbox", route_handlers=[mailbox, one_mail])
