"""In and out: courses and questions of other systems, always looked at first; our own as files to take along.

A file of fifty megabytes takes a minute to read, and its pictures to draw anew. That is done in a session that only
reads, so that nobody who answers a question or claims a certificate waits for it.
"""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
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
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    """The dry run. A file that is refused is not kept."""
    name, content = _file(form)
    if not content:
        return _new_page(request, _("Choose a file first."), status=422)
    with request.app.state.database.reading() as looking:
        proposal = weigh_course(looking, name, content)
    if proposal.refusal:
        return _new_page(request, proposal.refusal, status=422)
    file = waiting.keep(session, staff.id, name, content)
    return _checked_page(request, proposal, file=file.id, action="/editor/exchange/accept")


@act("/editor/exchange/accept")
def accept_course(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    with request.app.state.database.reading() as looking:
        file = waiting.take(looking, staff.id, form.one("file"))
        proposal = weigh_course(looking, file.name, file.content)
    if proposal.course is None:
        raise Unprocessable(proposal.refusal)
    waiting.drop(session, staff.id)
    return redirect(f"/editor/courses/{bringing.bring_in_course(session, proposal.course, staff.id)}")


@show("/editor/courses/{slug:str}/exchange")
def show_exchange(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    return _page(request, open_draft(session, slug))


@act("/editor/courses/{slug:str}/exchange", max_bytes=UPLOAD_BYTES + FORM_ROOM)
def look_at_file(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    name, content = _file(form)
    errors = {} if content else {"file": _("Choose a file first.")}
    with request.app.state.database.reading() as looking:
        opened = open_draft(looking, slug)
        typed = _typed(form, opened)
        proposal = weigh(looking, opened, name, content, typed["target"]) if content else None
    if proposal and proposal.refusal:
        errors["file"] = proposal.refusal
    if proposal and proposal.questions and typed["target"] == NEW_POOL and not typed["title"].strip():
        errors["title"] = _("Give the new pool a title.")
    if errors or proposal is None:
        return _page(request, opened, typed, errors, 422)
    file = waiting.keep(session, staff.id, name, content)
    return _checked_page(request, proposal, opened, file=file.id, typed=typed)


@act("/editor/courses/{slug:str}/exchange/accept")
def accept_file(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    """Brings in what was looked at; where the draft is another one by now, it is looked at again."""
    with request.app.state.database.reading() as looking:
        seen = open_draft(looking, slug)
        typed = _typed(form, seen)
        file = waiting.take(looking, staff.id, form.one("file"))
        proposal = weigh(looking, seen, file.name, file.content, typed["target"])
    opened = open_draft(session, slug, lock=True)
    if proposal.refusal:
        raise Unprocessable(proposal.refusal)
    if not form.one("version") == str(seen.state.version) == str(opened.state.version):
        return _checked_page(request, proposal, opened, 409, file=file.id, typed=typed)
    waiting.drop(session, staff.id)
    if proposal.course:
        bringing.bring_in_course(session, proposal.course, staff.id)
    elif proposal.questions and not proposal.is_empty:
        bringing.bring_in_questions(session, opened, proposal.questions, typed["title"].strip(), staff.id)
    return redirect(f"{opened.address}/history")


@show("/editor/courses/{slug:str}/exchange/folder")
def take_folder(session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    content, name = leaving.folder_file(open_draft(session, slug))
    return as_file(content, "application/zip", name)


@show("/editor/courses/{slug:str}/exchange/moodle")
def take_moodle(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    content, name = leaving.moodle_file(open_draft(session, slug), request.query_params.get("quiz", ""))
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
)
