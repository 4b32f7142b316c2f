"""From the draft to what learners see: what the checker says, what is different, then publish, plan or roll back."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.drafting.draft_saving import OpenDraft, open_draft
from university.drafting.finding_words import listed
from university.publish import deciding
from university.publish.forms import PublishForm, missing_in
from university.publish.outlook import outlook
from university.serving.forms import Form, read_fields
from university.serving.pages import Visitor, act, redirect, render, show

FIRST = {"when": "now", "due_at": "", "everybody": "", "reason": "", "follows_source": "true"}


@show("/publish")
def show_publish(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    return _page(request, session, open_draft(session, slug))


@act("/publish")
def publish_draft(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    deciding.refuse_unseen(opened, form)
    asked, errors = read_fields(PublishForm, form)
    errors |= missing_in(asked) if asked else {}
    if asked is None or errors or opened.reading.has_errors:
        return _page(request, session, opened, 422, values=form.values(PublishForm), errors=errors)
    deciding.publish_or_plan(session, opened, asked, staff.id)
    return redirect(f"{opened.address}/publish#{'planned' if asked.moment else 'revisions'}")


@act("/publish/back")
def roll_back(
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    deciding.roll_back(session, opened, form, staff.id)
    return redirect(f"{opened.address}/publish#revisions")


@act("/publish/cancel")
def cancel_plan(
    session: NamedDependency[Session], staff: NamedDependency[SignedIn], slug: FromPath[str]
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    deciding.cancel_plan(session, opened, staff.id)
    return redirect(f"{opened.address}/publish")


def _page(request: Visitor, session: Session, opened: OpenDraft, status: int = 200, **typed: Any) -> Response[bytes]:
    page: dict[str, Any] = {"values": FIRST, "errors": {}, **typed}
    said = listed(opened, opened.findings)
    return render(
        request, "publish/publish.html", status=status, draft=opened, said=said, look=outlook(session, opened), **page
    )


routes = Router("/editor/courses/{slug:str}", route_handlers=[show_publish, publish_draft, roll_back, cancel_plan])
