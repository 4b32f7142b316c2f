"""Mail on topics, as staff write it: draft, look, test mail, send off, figures."""

from __future__ import annotations

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.campaigns import writing
from university.campaigns.forms import LONGEST_TEXT, read_draft
from university.campaigns.mails import letter_of, token_of_nobody
from university.consents.wording import boxes, label
from university.errors import BadRequest, NotFound
from university.language import LANGUAGES, gettext as _, speaking
from university.mailing.mail import drawn
from university.models import TOPICS, Campaign, StaffMember
from university.serving.forms import Form
from university.serving.pages import Visitor, act, redirect, render, settings_of, show

FORM_BYTES = 8 * LONGEST_TEXT
# A mail brings its own styles; it may do nothing else, whatever stands in it.
AS_A_MAIL = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox",
    "cache-control": "no-store",
}


@show("/")
def campaigns(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    rows = [(one, subject, label(one.topic), numbers) for one, subject, numbers in writing.newest(session)]
    return render(request, "campaigns/campaigns.html", rows=rows, boxes=boxes())


@act("/")
def begin(session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[bytes]:
    topic = form.one("topic")
    if topic not in TOPICS:
        raise BadRequest(_("Please choose the topic this mail is about."))
    return redirect(f"/campaigns/{writing.begin(session, topic).id}")


@show("/{campaign_id:str}")
def campaign_page(request: Visitor, session: NamedDependency[Session], campaign_id: FromPath[str]) -> Response[bytes]:
    campaign = writing.find(session, campaign_id)
    if campaign.sent_off_at:
        return _sent_page(request, session, campaign)
    values = {"topic": campaign.topic, "version": str(campaign.version)}
    for text in writing.texts_of(session, campaign):
        values |= {f"subject_{text.language}": text.subject, f"body_{text.language}": text.body}
    return _edit_page(request, session, campaign, values, {})


@act("/{campaign_id:str}", max_bytes=FORM_BYTES)
def save(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    campaign_id: FromPath[str],
) -> Response[bytes]:
    """Saves, and then goes on as the pressed button says: stay, a test mail, or the last question before sending.
    What somebody else wrote meanwhile is not replaced before this writer knows of it."""
    campaign = writing.find(session, campaign_id, locked=True)
    draft, errors = read_draft(form)
    if draft is None:
        values = {name: form.one(name) for name in form.names()}
        return _edit_page(request, session, campaign, values, errors)
    if writing.is_newer(campaign, _number(form.one("version"))):
        values = {name: form.one(name) for name in form.names()} | {"version": str(campaign.version)}
        return _edit_page(request, session, campaign, values, {}, is_newer=True)
    writing.write(session, campaign, draft)
    if form.one("then") == "test":
        writing.send_test(session, campaign, staff)
        return redirect(f"/campaigns/{campaign.id}?test=sent")
    return redirect(f"/campaigns/{campaign.id}" + ("/send" if form.one("then") == "send" else ""))


@show("/{campaign_id:str}/send")
def last_question(request: Visitor, session: NamedDependency[Session], campaign_id: FromPath[str]) -> Response[bytes]:
    campaign = writing.find(session, campaign_id)
    if campaign.sent_off_at or not writing.texts_of(session, campaign):
        return redirect(f"/campaigns/{campaign.id}")
    return _send_page(request, session, campaign)


@act("/{campaign_id:str}/send")
def send(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    campaign_id: FromPath[str],
) -> Response[bytes]:
    """Only what this member was shown: what was changed meanwhile is shown first."""
    campaign = writing.find(session, campaign_id, locked=True)
    if writing.is_newer(campaign, _number(form.one("version"))):
        return _send_page(request, session, campaign, is_newer=True)
    writing.send_off(session, campaign, staff)
    return redirect(f"/campaigns/{campaign.id}")


@act("/{campaign_id:str}/delete")
def delete(session: NamedDependency[Session], campaign_id: FromPath[str]) -> Response[bytes]:
    writing.discard(session, writing.find(session, campaign_id, locked=True))
    return redirect("/campaigns")


@show("/{campaign_id:str}/preview/{name:str}")
def preview(
    request: Visitor,
    session: NamedDependency[Session],
    staff: NamedDependency[SignedIn],
    campaign_id: FromPath[str],
    name: FromPath[str],
) -> Response[bytes]:
    """The mail as it will look, its language and ``html`` or ``txt`` as `name`, drawn as when it is sent."""
    campaign = writing.find(session, campaign_id)
    language, _dot, kind = name.partition(".")
    texts = [text for text in writing.texts_of(session, campaign) if text.language == language]
    if not texts or kind not in {"html", "txt"}:
        raise NotFound(_("There is no page at this address."))
    state = request.app.state
    to = session.get_one(StaffMember, staff.id).email
    with speaking(language):
        letter = letter_of(
            texts, campaign, to, token_of_nobody(state.keyring, campaign.topic, to), settings_of(request)
        )
        text, html = drawn(letter, settings_of(request), state.templates)
    if kind == "txt":
        return Response(text.encode(), media_type="text/plain; charset=utf-8", headers={"cache-control": "no-store"})
    return Response(html.encode(), media_type="text/html", headers=AS_A_MAIL)


def _edit_page(
    request: Visitor,
    session: Session,
    campaign: Campaign,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    is_newer: bool = False,
) -> Response[bytes]:
    return render(
        request,
        "campaigns/edit.html",
        status=422 if errors else 409 if is_newer else 200,
        is_newer=is_newer,
        campaign=campaign,
        values=values,
        errors=errors,
        boxes=boxes(),
        spoken=list(LANGUAGES.items()),
        written=[text.language for text in writing.texts_of(session, campaign)],
        test_sent=request.query_params.get("test") == "sent",
    )


def _send_page(request: Visitor, session: Session, campaign: Campaign, *, is_newer: bool = False) -> Response[bytes]:
    return render(
        request,
        "campaigns/send.html",
        status=409 if is_newer else 200,
        is_newer=is_newer,
        campaign=campaign,
        topic=label(campaign.topic),
        texts=writing.texts_of(session, campaign),
        recipients=writing.count_recipients(session, campaign.topic),
    )


def _sent_page(request: Visitor, session: Session, campaign: Campaign) -> Response[bytes]:
    return render(
        request,
        "campaigns/sent.html",
        campaign=campaign,
        topic=label(campaign.topic),
        texts=writing.texts_of(session, campaign),
        figures=writing.figures(campaign),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


routes = Router(
    "/campaigns",
    route_handlers=[campaigns, begin, campaign_page, save, last_question, send, delete, preview],
)
