"""In and out: courses and questions of other systems, always looked at first; our own as files to take along.

A file of fifty megabytes takes a minute to read, and its pictures to draw anew. Sessions that only read do that, so
that nobody who answers a question or claims a certificate waits for it.
"""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.drafting.desks import AT_A_DESK, Desk
from university.drafting.draft_saving import OpenDraft, open_draft
from university.errors import TooLarge, Unprocessable
from university.exchange import bringing, leaving, showing, waiting
from university.exchange.weighing import NEW_POOL, Proposal, line_of, weigh, weigh_course
from university.language import gettext as _
from university.serving.forms import Form
from university.serving.pages import Visitor, act, as_file, redirect, render, show

UPLOAD_BYTES = 50 * 1024 * 1024
# Beside the file a form is a few hundred bytes.
FORM_ROOM = 64 * 1024
LONGEST_NAME = 120
POOL_TITLE = 120


@show("/editor/exchange")
def show_new(request: Visitor) -> Response[bytes]:
    return _new_page(request)


@act("/editor/exchange", max_bytes=UPLOAD_BYTES + FORM_ROOM)
def look_at_course(
    request: Visitor,
    session: NamedDependency[Session],
    looking: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
) -> Response[bytes]:
    """The dry run. A file that is refused is not kept."""
    name, content = _file(form)
    if not content:
        return _new_page(request, _("Choose a file first."), status=422)
    proposal = weigh_course(looking, name, content)
    if proposal.refusal:
        return _new_page(request, proposal.refusal, status=422)
    file = waiting.keep(session, staff.id, name, content)
    return _checked_page(request, proposal, file=file.id, action="/editor/exchange/accept")


@act("/editor/exchange/accept")
def accept_course(
    session: NamedDependency[Session],
    looking: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
) -> Response[bytes]:
    file = waiting.take(looking, staff.id, form.one("file"))
    proposal = weigh_course(looking, file.name, file.content)
    if proposal.course is None:
        raise Unprocessable(proposal.refusal)
    slug = proposal.course.difference.slug
    if proposal.course.difference.is_new:
        bringing.new_course(session, proposal.course, staff.id)
    else:
        desk = Desk(open_draft(looking, slug), staff, looking, session)
        desk.save(partial(bringing.with_folder, proposed=proposal.course))
    waiting.drop(session, staff.id)
    return redirect(f"/editor/courses/{slug}")


@show("/editor/courses/{slug:str}/exchange")
def show_exchange(request: Visitor, draft: NamedDependency[OpenDraft]) -> Response[bytes]:
    return _page(request, draft)


@act("/editor/courses/{slug:str}/exchange", max_bytes=UPLOAD_BYTES + FORM_ROOM)
def look_at_file(request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    name, content = _file(form)
    errors = {} if content else {"file": _("Choose a file first.")}
    typed = _typed(form, desk.draft)
    proposal = weigh(desk.looking, desk.draft, name, content, typed["target"]) if content else None
    if proposal and proposal.refusal:
        errors["file"] = proposal.refusal
    if errors or proposal is None:
        return _page(request, desk.draft, typed, errors, 422)
    file = waiting.keep(desk.session, desk.staff.id, name, content)
    # a page that asks for a title only now would ask for the file once more too: no browser keeps a chosen file
    typed["title"] = typed["title"].strip() or PurePath(name).stem[:POOL_TITLE]
    return _checked_page(request, proposal, desk.draft, file=file.id, typed=typed)


@act("/editor/courses/{slug:str}/exchange/accept")
def accept_file(request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    """Brings in what was looked at; where the draft is another one by now, it is looked at again."""
    draft, typed = desk.draft, _typed(form, desk.draft)
    file = waiting.take(desk.looking, desk.staff.id, form.one("file"))
    proposal = weigh(desk.looking, draft, file.name, file.content, typed["target"])
    if proposal.refusal:
        raise Unprocessable(proposal.refusal)
    if form.one("seen") != draft.state.sha256:
        return _checked_page(request, proposal, draft, 409, file=file.id, typed=typed)
    if not proposal.is_empty:
        desk.save(partial(bringing.with_proposal, seen=draft, proposal=proposal, title=typed["title"].strip()))
    waiting.drop(desk.session, desk.staff.id)
    return redirect(f"{draft.address}/history")


@show("/editor/courses/{slug:str}/exchange/folder")
def take_folder(draft: NamedDependency[OpenDraft]) -> Response[bytes]:
    content, name = leaving.folder_file(draft)
    return as_file(content, "application/zip", name)


@show("/editor/courses/{slug:str}/exchange/moodle")
def take_moodle(request: Visitor, draft: NamedDependency[OpenDraft]) -> Response[bytes]:
    content, name = leaving.moodle_file(draft, request.query_params.get("quiz", ""))
    return as_file(content, "application/xml", name)


def _file(form: Form) -> tuple[str, bytes]:
    """Name and bytes of the upload. The name is shown and tells JSON apart; it is no path."""
    content = form.files.get("file", b"")
    if len(content) > UPLOAD_BYTES:
        raise TooLarge(_("The file is larger than 50 MB."))
    name = form.file_names.get("file", "")
    shown = "".join(sign for sign in name if sign.isprintable() and sign not in "/\\")[-LONGEST_NAME:]
    return shown or _("file"), content


def _typed(form: Form, opened: OpenDraft) -> dict[str, str]:
    target = form.one("target") or NEW_POOL
    if target not in dict(showing.targets(opened)):
        raise Unprocessable(_("We could not read this form."))
    return {"target": target, "title": form.one("title")[:POOL_TITLE]}


def _new_page(request: Visitor, refusal: str = "", status: int = 200) -> Response[bytes]:
    return render(request, "exchange/new.html", status=status, errors={"file": refusal} if refusal else {})


def _page(
    request: Visitor,
    opened: OpenDraft,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response[bytes]:
    page: dict[str, Any] = {"targets": showing.targets(opened), "ways": leaving.ways(opened)}
    typed = typed or {"target": NEW_POOL, "title": ""}
    return render(
        request,
        "exchange/exchange.html",
        status=status,
        draft=opened,
        typed=typed,
        errors=errors or {},
        said=showing.said,
        **page,
    )


def _checked_page(
    request: Visitor, proposal: Proposal, opened: OpenDraft | None = None, status: int = 200, **page: Any
) -> Response[bytes]:
    template = "exchange/checked.html" if opened else "exchange/checked_course.html"
    lines = showing.lines(proposal)
    return render(
        request, template, status=status, draft=opened, proposal=proposal, lines=lines, line_of=line_of, **page
    )


routes = Router(
    "/",
    route_handlers=[
        *(show_new, look_at_course, accept_course),
        *(show_exchange, look_at_file, accept_file, take_folder, take_moodle),
    ],
    dependencies=AT_A_DESK,
)
