"""From the draft to what learners see: what the checker says, what is different, then publish, plan or roll back."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from university.drafting.desks import AT_A_DESK, Desk
from university.drafting.draft_saving import OpenDraft
from university.drafting.finding_words import listed
from university.publish import deciding
from university.publish.forms import PublishForm, missing_in
from university.publish.outlook import outlook
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, redirect, render, show

FIRST = {"when": "now", "due_at": "", "everybody": "", "reason": "", "follows_source": "true"}


@show("/publish")
def show_publish(
    request: Visitor, session: NamedDependency[Session], draft: NamedDependency[OpenDraft]
) -> Response[bytes]:
    return _page(request, session, draft)


@act("/publish")
def publish_draft(request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    deciding.refuse_unseen(desk.draft, form)
    asked, errors = read_fields(PublishForm, form)
    errors |= missing_in(asked) if asked else {}
    if asked is None or errors or desk.draft.reading.has_errors:
        return _page(request, desk.looking, desk.draft, 422, values=form.values(PublishForm), errors=errors)
    deciding.publish_or_plan(desk, asked)
    return redirect(f"{desk.draft.address}/publish#{'planned' if asked.moment else 'revisions'}")


@act("/publish/back")
def roll_back(desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    deciding.roll_back(desk, form)
    return redirect(f"{desk.draft.address}/publish#revisions")


@act("/publish/cancel")
def cancel_plan(desk: NamedDependency[Desk]) -> Response[bytes]:
    deciding.cancel_plan(desk)
    return redirect(f"{desk.draft.address}/publish")


def _page(request: Visitor, looking: Session, draft: OpenDraft, status: int = 200, **typed: Any) -> Response[bytes]:
    page: dict[str, Any] = {"values": FIRST, "errors": {}, **typed}
    page |= {"said": listed(draft, draft.findings), "look": outlook(looking, draft)}
    return render(request, "publish/publish.html", status=status, draft=draft, **page)


routes = Router(
    "/editor/courses/{slug:str}",
    route_handlers=[show_publish, publish_draft, roll_back, cancel_plan],
    dependencies=AT_A_DESK,
)
