"""The privacy statement, “My data”, and the receipt of a deletion."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlsplit

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from certificates import show_number
from university import awards, clock, limits, tokens
from university.addresses import show_email
from university.credentialing import stored_credential
from university.database import Database
from university.drawing import drawn
from university.errors import BadRequest, NotFound
from university.forms import Form, read_fields
from university.language import current_language, gettext as _
from university.ledger import open_ledger
from university.pages import Visitor, act, redirect, render, render_alike, settings_of, show
from university.privacy import entries, erasure, export, held, portal, receipts, statement
from university.privacy.forms import DELETE_WORD, DeleteForm, MyDataForm
from university.privacy.held import Subject
from university.privacy.mails import send_receipt
from university.retention import PORTAL_SESSION_LIFETIME

COOKIE = "p"
CLEARED = {"clear-site-data": '"cache", "cookies", "storage"'}


@show("/")
def privacy(request: Visitor) -> Response[bytes]:
    return render_alike(request, "privacy/statement.html", (), lambda: _statement(request))


@show("/my-data")
def my_data(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    """Everything about the address whose link opened this browser; the form for everybody else."""
    subject = portal.visitor(session, _secret(request))
    if subject is None:
        return render(request, "privacy/ask.html", values={"email": ""}, errors={})
    _keep_open(request)
    document = held.document(session, subject, settings_of(request))
    return render(
        request,
        "privacy/data.html",
        email=show_email(subject.email),
        data=document,
        entries=entries.lines(document),
        moment=entries.in_words,
        complaint=receipts.COMPLAINT,
    )


@act("/my-data")
def ask(request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[bytes]:
    """The same answer for every address: whether anything is held about it is found out by the worker."""
    limits.by_network(request, session, "portal")
    asked, errors = read_fields(MyDataForm, form)
    if asked is None:
        values = form.values(MyDataForm)
        return render(request, "privacy/ask.html", status=422, values=values, errors=errors)
    portal.ask_for_link(session, settings_of(request), asked.email, current_language())
    return redirect("/privacy/my-data/sent")


@show("/my-data/sent")
def sent(request: Visitor) -> Response[bytes]:
    return render(request, "privacy/sent.html")


@show("/my-data/{token:str}")
def link(request: Visitor, session: NamedDependency[Session], token: FromPath[str]) -> Response[bytes]:
    """The page behind the link in the mail. Opening it changes nothing: mail programs open links by themselves."""
    tokens.look(session, tokens.PORTAL, token)
    return render(request, "privacy/open.html", token=token)


@act("/my-data/{token:str}")
def open_portal(request: Visitor, session: NamedDependency[Session], token: FromPath[str]) -> Response[bytes]:
    settings = settings_of(request)
    answer = redirect("/privacy/my-data")
    answer.set_cookie(
        settings.cookie_name(COOKIE),
        portal.open_with(session, token),
        max_age=int(PORTAL_SESSION_LIFETIME.total_seconds()),
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )
    return answer


@act("/my-data/download")
def download(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    subject = portal.must_be_open(session, _secret(request))
    document = held.document(session, subject, settings_of(request))
    text = request.app.state.templates.get_template("privacy/statement_file.html").render(
        language=current_language(), **_statement(request)
    )
    portal.note(session, subject, "export")
    return _file(
        export.pack(document, _papers(request, session, subject), text, clock.now()), "application/zip", "my-data.zip"
    )


@act("/my-data/sign-out")
def sign_out(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    portal.close(session, _secret(request))
    answer = render(request, "privacy/closed.html", headers={"clear-site-data": '"cache"'})
    answer.delete_cookie(settings_of(request).cookie_name(COOKIE))
    return answer


@show("/my-data/delete")
def delete_form(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    subject = portal.visitor(session, _secret(request))
    if subject is None:
        return redirect("/privacy/my-data")
    _keep_open(request)
    return _delete_page(request, session, subject, {"word": ""}, {})


@act("/my-data/delete")
def delete(request: Visitor, form: NamedDependency[Form]) -> Response[bytes]:
    """No session of the request's own: the receipt may only be shown when erasure's own transaction is over."""
    database: Database = request.app.state.database
    with database.writing() as session:
        subject = portal.must_be_open(session, _secret(request))
        meant, errors = read_fields(DeleteForm, form)
        if meant is None:
            return _delete_page(request, session, subject, form.values(DeleteForm), errors)
    settings = settings_of(request)
    done = erasure.erase(database, open_ledger(settings), settings, subject.email, actor="holder")
    receipt = receipts.sign(request.app.state.keyring, done, settings)
    _mail_receipt(request, subject.email, receipt, done.receipt_id)
    return _receipt_page(request, receipt, headers=CLEARED)


@act("/receipt")
def receipt_again(request: Visitor, form: NamedDependency[Form]) -> Response[bytes]:
    """Gives a receipt back as a file, or completes one whose last step took longer; being signed, it needs no copy."""
    keyring, database = request.app.state.keyring, request.app.state.database
    receipt = form.one("receipt")
    try:
        kind, facts = receipts.read(keyring, receipt)
    except ValueError:
        raise BadRequest(_("This is not a receipt of ours.")) from None
    if kind == receipts.UNDER_WAY and erasure.finish(database, open_ledger(settings_of(request))):
        return _receipt_page(request, receipts.completed(keyring, facts))
    if form.one("then") == "download":
        return _file(receipt.encode(), "application/jose", f"receipt-{facts['id']}.jws")
    return _receipt_page(request, receipt)


@show("/receipt/{receipt_id:str}")
def receipt_kept(request: Visitor, session: NamedDependency[Session], receipt_id: FromPath[str]) -> Response[bytes]:
    kept = receipts.find(session, receipt_id)
    if kept is None:
        raise NotFound(_("There is no page at this address."))
    is_gone = clock.now().date() >= kept.backups_gone_on
    return render(request, "privacy/receipt_kept.html", kept=kept, is_gone=is_gone, complaint=receipts.COMPLAINT)


def _secret(request: Visitor) -> str:
    return request.cookies.get(settings_of(request).cookie_name(COOKIE), "")


def _keep_open(request: Visitor) -> None:
    """Notes that the visit goes on, in a transaction of its own, since looking at a page writes nothing else."""
    if request.method == "GET":
        with request.app.state.database.writing() as session:
            portal.touch(session, _secret(request))


def _delete_page(
    request: Visitor, session: Session, subject: Subject, values: dict[str, str], errors: dict[str, str]
) -> Response[bytes]:
    return render(
        request,
        "privacy/delete.html",
        status=422 if errors else 200,
        email=subject.email,
        certificates=len(held.awards_of(session, subject)),
        word=_(DELETE_WORD),
        values=values,
        errors=errors,
    )


def _receipt_page(request: Visitor, receipt: str, headers: dict[str, str] | None = None) -> Response[bytes]:
    kind, facts = receipts.read(request.app.state.keyring, receipt)
    return render(
        request,
        "privacy/receipt.html",
        headers=headers,
        receipt=receipt,
        facts=facts,
        is_finished=kind == receipts.FINISHED,
        moment=entries.in_words,
    )


def _mail_receipt(request: Visitor, email: str, receipt: str, receipt_id: str) -> None:
    settings = settings_of(request)
    if settings.has_local_mailbox:
        return  # it would keep the address
    values = (email, receipt, receipt_id, settings, request.app.state.templates)
    threading.Thread(target=send_receipt, args=values, daemon=True).start()


def _papers(request: Visitor, session: Session, subject: Subject) -> dict[str, bytes]:
    """Each certificate that may be shown, drawn now, and its credential; by file name."""
    papers = {}
    for award in held.awards_of(session, subject):
        found, credential = awards.standing(session, award.number), stored_credential(session, award.number)
        name = show_number(award.number)
        if found.certificate:
            papers[f"{name}.pdf"] = drawn(found.certificate, credential, request.app.state.keyring)
        if credential:
            papers[f"{name}.json"] = credential.encode()
    return papers


def _statement(request: Visitor) -> dict[str, Any]:
    settings = settings_of(request)
    return {
        "lines": statement.lines(_),
        "mail_host": urlsplit(settings.smtp_url).hostname,
        "complaint": receipts.COMPLAINT,
    }


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(
        content,
        media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


routes = Router(
    "/privacy",
    route_handlers=[
        *(privacy, my_data, ask, sent, link, open_portal, download, sign_out),
        *(delete_form, delete, receipt_again, receipt_kept),
    ],
)
