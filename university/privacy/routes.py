"""The privacy statement, and “My data”: see, take along, correct."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from markupsafe import Markup
from sqlalchemy.orm import Session

from certificates import show_number
from university import clock, limits, tokens
from university.addresses import show_email
from university.awarding.printed_names import NameForm, preview, read_names
from university.awarding.versions import correct_name, corrections_left
from university.consents.showing import mail_choices
from university.errors import NotFound
from university.language import current_language, gettext as _
from university.models import Award
from university.privacy import entries, export, statement
from university.privacy.forms import MyDataForm
from university.privacy.schema import schema
from university.rights import held, portal, receipts, statements
from university.rights.papers import papers_of
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, as_file, redirect, render, render_alike, settings_of, show


@show("/")
def privacy(request: Visitor) -> Response[bytes]:
    return render_alike(request, "privacy/statement.html", (), lambda: _statement(request))


@show("/statement/{version:str}")
def version_of_statement(request: Visitor, version: FromPath[str]) -> Response[bytes]:
    if version not in statements.VERSIONS:
        raise NotFound(_("There is no page at this address."))
    return render_alike(request, "privacy/statement.html", version, lambda: _statement(request, version))


@show("/my-data.schema.json")
def schema_of_download(request: Visitor) -> Response[bytes]:
    """What data.json of a download looks like, for programs of anybody."""
    headers = {
        "cache-control": "no-cache",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
    }
    return Response(schema(settings_of(request).base_url), media_type="application/schema+json", headers=headers)


@show("/my-data")
def my_data(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    """Everything about the address whose link opened this browser; the form for everybody else."""
    subject = portal.visitor(request, session)
    if subject is None:
        return render(request, "privacy/ask.html", values={"email": ""}, errors={})
    document = held.document(session, subject, settings_of(request))
    return render(
        request,
        "privacy/data.html",
        email=show_email(subject.email),
        data=document,
        mail=mail_choices(session, request.app.state.keyring, subject),
        entries=entries.lines(document),
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
    answer = redirect("/privacy/my-data")
    portal.keep(answer, request, portal.open_with(session, token))
    return answer


@act("/my-data/download")
def download(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    subject = portal.must_be_open(request, session)
    document = held.document(session, subject, settings_of(request))
    text = request.app.state.templates.get_template("privacy/statement_file.html").render(
        language=current_language(), **_statement(request)
    )
    papers = papers_of(session, subject, request.app.state.keyring)
    portal.note(session, subject, "export")
    extra = {"privacy-statement.html": text.encode(), "data.schema.json": schema(settings_of(request).base_url)}
    return as_file(export.pack(document, papers, extra, clock.now()), "application/zip", "my-data.zip")


@act("/my-data/sign-out")
def sign_out(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    answer = render(request, "privacy/closed.html", headers={"clear-site-data": '"cache"'})
    portal.close(answer, request, session)
    return answer


@show("/my-data/name/{number:str}")
def name_form(request: Visitor, session: NamedDependency[Session], number: FromPath[str]) -> Response[bytes]:
    subject = portal.visitor(request, session)
    if subject is None:
        return redirect("/privacy/my-data")
    award = held.award_of(session, subject, number)
    return _name_page(request, session, award, {"first_name": award.first_name, "last_name": award.last_name})


@act("/my-data/name/{number:str}")
def correct(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], number: FromPath[str]
) -> Response[bytes]:
    """The corrected name on the certificate; or first how it would look."""
    award = held.award_of(session, portal.must_be_open(request, session), number)
    language, typed = award.record["course"]["language"], form.values(NameForm)
    if form.one("then") == "preview":
        picture, errors = preview(form, language)
        return _name_page(request, session, award, typed, errors, picture)
    asked, errors = read_names(NameForm, form, language)
    if asked is None:
        return _name_page(request, session, award, typed, errors)
    settings, keyring = settings_of(request), request.app.state.keyring
    correct_name(session, keyring, settings, award, asked.first_name, asked.last_name, actor="holder")
    return redirect("/privacy/my-data")


def _name_page(
    request: Visitor,
    session: Session,
    award: Award,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    picture: Markup | None = None,
) -> Response[bytes]:
    return render(
        request,
        "privacy/name.html",
        status=422 if errors else 200,
        number=show_number(award.number),
        version=award.version + 1,
        title=award.record["course"]["certificate_title"],
        left=corrections_left(session, award),
        values=values,
        errors=errors or {},
        picture=picture,
    )


def _statement(request: Visitor, version: str = statements.VERSIONS[0]) -> dict[str, Any]:
    settings = settings_of(request)
    return {
        "version": version,
        "versions": statements.VERSIONS,
        "prose": statements.language_of(version, current_language()),
        "sha256": statements.digest(version, current_language()),
        "lines": statement.lines(_),
        "mail_host": urlsplit(settings.smtp_url).hostname,
        "complaint": receipts.COMPLAINT,
    }


routes = Router(
    "/privacy",
    route_handlers=[
        *(privacy, my_data, ask, sent, link, open_portal, download, sign_out),
        *(name_form, correct, version_of_statement, schema_of_download),
    ],
)
