"""Deleting everything, and the receipt that says so."""

from __future__ import annotations

import threading
from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university import clock, language as languages
from university.chains.ledger import open_ledger
from university.consents.never import is_never_mailed
from university.database import Database
from university.deletion.forms import DELETE_WORD, DeleteForm
from university.deletion.mails import send_receipt
from university.deletion.receipt_words import facts_of, receipt_paper
from university.errors import BadRequest, NotFound
from university.language import gettext as _
from university.rights import erasure, held, portal, receipts
from university.rights.held import Subject
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, as_file, redirect, render, settings_of, show

SECONDS_BETWEEN_TRIES = 3
CLEARED = {"clear-site-data": '"cache", "cookies", "storage"'}


@show("/my-data/delete")
def delete_form(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    subject = portal.visitor(request, session)
    if subject is None:
        return redirect("/privacy/my-data")
    return _delete_page(request, session, subject, {"word": ""}, {})


@act("/my-data/delete")
def delete(request: Visitor, form: NamedDependency[Form]) -> Response[bytes]:
    """No session of the request's own: the receipt may only be shown when erasure's own transaction is over."""
    database: Database = request.app.state.database
    with database.writing() as session:
        subject = portal.must_be_open(request, session)
        meant, errors = read_fields(DeleteForm, form)
        if meant is None:
            return _delete_page(request, session, subject, form.values(DeleteForm), errors)
    settings = settings_of(request)
    done = erasure.erase(database, open_ledger(settings), settings, subject.email, actor="holder")
    receipt = receipts.sign(request.app.state.keyring, done, settings)
    _mail_receipt(request, subject.email, receipt, done.receipt_id)
    return _receipt_page(request, receipt, headers=CLEARED)


@show("/receipt")
def receipt_form(request: Visitor) -> Response[bytes]:
    """For whoever has kept the signed text of a receipt and wants to read it, or have it on paper."""
    return render(request, "deletion/receipt_form.html", receipt="", errors={})


@act("/receipt")
def receipt_again(request: Visitor, form: NamedDependency[Form]) -> Response[bytes]:
    """Gives a receipt back as a page or a file, or completes one whose last step took longer; being signed, it needs
    no copy."""
    languages.use(form.one("language") or languages.current_language())  # the choice was a cookie, and those are gone
    receipt = "".join(form.one("receipt").split())  # out of a mail it comes on many lines
    try:
        kind, facts = _read(request, receipt)
    except BadRequest as refusal:
        errors = {"receipt": refusal.sentence if receipt else _("Please paste your receipt here.")}
        return render(request, "deletion/receipt_form.html", status=422, receipt=form.one("receipt"), errors=errors)
    if form.one("then") == "download":
        return as_file(receipt.encode(), "application/jose", f"receipt-{facts['id']}.jws")
    if form.one("then") == "pdf" and kind == receipts.FINISHED:
        return as_file(
            receipt_paper(receipt, facts, settings_of(request)), "application/pdf", f"receipt-{facts['id']}.pdf"
        )
    return _finished_or_not(request, receipt)


@show("/receipt/finishing")
def finishing(request: Visitor) -> Response[bytes]:
    """Where the page that says “almost done” goes by itself until all of it is done. A receipt names nobody."""
    return _finished_or_not(request, request.query_params.get("receipt", ""))


@show("/receipt/{receipt_id:str}")
def receipt_kept(request: Visitor, session: NamedDependency[Session], receipt_id: FromPath[str]) -> Response[bytes]:
    kept = receipts.find(session, receipt_id)
    if kept is None:
        raise NotFound(_("There is no page at this address."))
    attested = receipts.attested(session, kept)
    return render(
        request,
        "deletion/receipt_kept.html",
        kept=kept,
        attested=attested,
        is_due=clock.now().date() >= kept.backups_gone_on,
        complaint=receipts.COMPLAINT,
    )


def _delete_page(
    request: Visitor, session: Session, subject: Subject, values: dict[str, str], errors: dict[str, str]
) -> Response[bytes]:
    return render(
        request,
        "deletion/delete.html",
        status=422 if errors else 200,
        email=subject.email,
        certificates=len(held.awards_of(session, subject)),
        word=_(DELETE_WORD),
        values=values,
        errors=errors,
    )


def _read(request: Visitor, receipt: str) -> tuple[str, dict[str, Any]]:
    try:
        kind, facts = receipts.read(request.app.state.keyring, receipt)
    except ValueError:
        kind, facts = "", {}
    # Other statements of ours bear the same signature.
    if kind not in {receipts.UNDER_WAY, receipts.FINISHED}:
        raise BadRequest(_("This is not a receipt of ours."))
    return kind, facts


def _finished_or_not(request: Visitor, receipt: str) -> Response[bytes]:
    """The receipt; or, before everything is done, one more try to finish it."""
    kind, facts = _read(request, receipt)
    engine = request.app.state.database.engine
    if kind == receipts.UNDER_WAY and erasure.finish(engine, open_ledger(settings_of(request))):
        return _receipt_page(request, receipts.completed(request.app.state.keyring, facts))
    return _receipt_page(request, receipt)


def _receipt_page(request: Visitor, receipt: str, headers: dict[str, str] | None = None) -> Response[bytes]:
    kind, facts = receipts.read(request.app.state.keyring, receipt)
    again = {"refresh": f"{SECONDS_BETWEEN_TRIES}; url=/privacy/receipt/finishing?receipt={receipt}"}
    return render(
        request,
        "deletion/receipt.html",
        headers={**(headers or {}), **(again if kind == receipts.UNDER_WAY else {})},
        receipt=receipt,
        said=facts,
        facts=facts_of(facts),
        is_finished=kind == receipts.FINISHED,
    )


def _mail_receipt(request: Visitor, email: str, receipt: str, receipt_id: str) -> None:
    settings = settings_of(request)
    if settings.has_local_mailbox:
        return  # it would keep the address
    with request.app.state.database.reading() as session:
        if is_never_mailed(session, request.app.state.keyring, email):
            return
    values = (email, receipt, receipt_id, settings, request.app.state.templates)
    threading.Thread(target=send_receipt, args=values, daemon=True).start()


routes = Router("/privacy", route_handlers=[delete_form, delete, receipt_form, receipt_again, finishing, receipt_kept])
