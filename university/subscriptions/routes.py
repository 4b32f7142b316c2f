"""Mail on topics: sign up, confirm, stop; with a link from a mail, or in “My data”."""

from __future__ import annotations

from anyio import to_thread
from litestar import Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university import limits
from university.chains.ledger import open_ledger
from university.consents import never
from university.consents.giving import given_now, ticked
from university.consents.wording import boxes, label
from university.errors import NotFound, Problem
from university.language import current_language, gettext as _
from university.mailing import links
from university.rights import portal
from university.serving.forms import Form, read_fields, read_form
from university.serving.pages import Visitor, act, redirect, render, settings_of, show
from university.subscriptions.choosing import choose
from university.subscriptions.forms import SignUpForm
from university.subscriptions.reports import is_secret, note_events, read_events
from university.subscriptions.signing_up import confirm_topics, request_topics, topics_behind
from university.subscriptions.unsubscribing import is_one_click, scope_of, through, unsubscribe

REPORT_BYTES = 512 * 1024


@show("/")
def sign_up_form(request: Visitor) -> Response[bytes]:
    return _sign_up_page(request, Form([]), {})


@act("/")
def sign_up(request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[bytes]:
    """The same answer for every address."""
    limits.by_network(request, session, "subscribe")
    asked, errors = read_fields(SignUpForm, form)
    given = given_now(ticked(form))
    if given is None:
        errors["topics"] = _("Please choose at least one topic.")
    if asked is None or given is None:
        return _sign_up_page(request, form, errors)
    request_topics(session, settings_of(request), asked.email, given, current_language())
    return redirect("/subscriptions/sent")


@show("/sent")
def sent(request: Visitor) -> Response[bytes]:
    return render(request, "subscriptions/sent.html")


@show("/confirm/{token:str}")
def confirmation(request: Visitor, session: NamedDependency[Session], token: FromPath[str]) -> Response[bytes]:
    """The page behind the link in the mail. Opening it changes nothing: mail programs open links by themselves."""
    topics = [label(topic) for topic in topics_behind(session, token)]
    return render(request, "subscriptions/confirm.html", topics=topics, token=token)


@act("/confirm/{token:str}")
def confirm(session: NamedDependency[Session], token: FromPath[str]) -> Response[bytes]:
    confirm_topics(session, token)
    return redirect("/subscriptions/confirmed")


@show("/confirmed")
def confirmed(request: Visitor) -> Response[bytes]:
    return render(request, "subscriptions/confirmed.html")


@show("/unsubscribe/{token:str}")
def unsubscribe_form(request: Visitor, token: FromPath[str]) -> Response[bytes]:
    """Opening the link changes nothing. The page is made from the link alone, so that it says the same for ever."""
    return _unsubscribe_page(request, token)


@act("/unsubscribe/{token:str}", from_anywhere=True)
def unsubscribe_now(
    request: Visitor, session: NamedDependency[Session], sent_form: NamedDependency[Form], token: FromPath[str]
) -> Response[bytes]:
    """For mail programs (RFC 8058) and for the buttons of our own page: no cookie, no token of a form, always 200."""
    keyring = request.app.state.keyring
    link = links.read_topic(keyring, token)
    if link is None or not is_one_click(sent_form):
        return _unsubscribe_page(request, token)
    scope = scope_of(sent_form)
    ledger = open_ledger(settings_of(request))
    unsubscribe(session, ledger, keyring, link, scope, through=through(sent_form, scope))
    return render(
        request,
        "subscriptions/unsubscribed.html",
        topic=label(link.topic),
        scope=scope,
        knows_address=bool(link.address),
    )


@show("/never/{token:str}")
def never_form(request: Visitor, session: NamedDependency[Session], token: FromPath[str]) -> Response[bytes]:
    is_never = never.is_kept(session, _address_of(request, token))
    return render(request, "subscriptions/never.html", token=token, is_never=is_never)


@act("/never/{token:str}")
def never_mail(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], token: FromPath[str]
) -> Response[bytes]:
    """Stops all mail to the address the link was sent to, or undoes that."""
    digest, ledger = _address_of(request, token), open_ledger(settings_of(request))
    if form.one("then") == "again":
        never.mail_again(session, ledger, digest)
    else:
        never.never_mail_behind(session, ledger, request.app.state.keyring, digest)
    return redirect(f"/subscriptions/never/{token}")


@act("/my-data")
def choose_in_my_data(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form]
) -> Response[bytes]:
    subject = portal.must_be_open(request, session)
    ledger = open_ledger(settings_of(request))
    choose(session, ledger, request.app.state.keyring, subject, form.one("then"), form.one("topic"))
    return redirect("/privacy/my-data#mail")


@act("/bounces/{secret:str}", max_bytes=REPORT_BYTES, from_anywhere=True)
async def bounces(request: Visitor, secret: FromPath[str]) -> Response[bytes]:
    """Reports of the mail service. The secret in the address is all that tells it apart from anybody else."""
    settings = settings_of(request)
    if not is_secret(secret, settings.bounce_secret):
        raise NotFound(_("There is no page at this address."))
    events = read_events(await request.body())
    await to_thread.run_sync(note_events, request.app.state.database, open_ledger(settings), events)
    return Response(b"{}", media_type="application/json", headers={"cache-control": "no-store"})


async def provide_whatever_was_sent(request: Visitor) -> Form:
    """The form, or an empty one for what is none: a mail program is never refused for how it writes."""
    try:
        return await read_form(request)
    except Problem:
        return Form([])


def _sign_up_page(request: Visitor, form: Form, errors: dict[str, str]) -> Response[bytes]:
    return render(
        request,
        "subscriptions/sign_up.html",
        status=422 if errors else 200,
        values=form.values(SignUpForm),
        topics=ticked(form),
        boxes=boxes(),
        errors=errors,
    )


def _unsubscribe_page(request: Visitor, token: str) -> Response[bytes]:
    link = links.read_topic(request.app.state.keyring, token)
    topic, knows_address = (label(link.topic), bool(link.address)) if link else ("", False)
    return render(request, "subscriptions/unsubscribe.html", topic=topic, token=token, knows_address=knows_address)


def _address_of(request: Visitor, token: str) -> str:
    digest = links.read_never(request.app.state.keyring, token)
    if digest is None:
        raise NotFound(_("This link is not one of ours. Please copy it again from the mail."))
    return digest


routes = Router(
    "/subscriptions",
    route_handlers=[
        *(sign_up_form, sign_up, sent, confirmation, confirm, confirmed),
        *(unsubscribe_form, unsubscribe_now, never_form, never_mail, choose_in_my_data, bounces),
    ],
    dependencies={"sent_form": Provide(provide_whatever_was_sent)},
)
