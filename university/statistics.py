"""Statistics: how often a page was shown on a day, to visitors who agreed. A number, and nobody in it.

Nothing is counted and no cookie is set before a visitor chose. The choice is in one cookie of theirs; a browser that
sends ``Sec-GPC: 1`` (Global Privacy Control) has refused already and is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from typing import Any

import anyio.to_thread
from litestar import Request
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from university import clock
from university.database import Database
from university.models import PageCount

COOKIE = "consent"
YES, NO, OPEN = "yes", "no", ""
KEPT_IN_BROWSER = timedelta(days=182)

# Which pages are counted: under their own address where that names a page for everybody, else under the kind of page.
BY_ADDRESS = frozenset({"/", "/courses/{slug}", "/courses/{slug}/{lesson}", "/quizzes/{slug}/{quiz}", "/verify"})
BY_KIND = frozenset({"/verify/{number}", "/privacy"})
# Pages that are never counted, so nobody is asked there: of those who work here, and behind a link that is somebody's
# own. Whoever came to stop mail is not asked for a favour first.
NOT_ASKED = (
    *("/staff", "/editor", "/registry", "/figures", "/campaigns", "/mailbox"),
    *("/subscriptions/", "/claims/confirm/", "/devices/", "/privacy/my-data/", "/privacy/receipt"),
)

_COUNT = text(
    "INSERT INTO page_count (page, day, shown) VALUES (:page, :day, 1) "
    "ON CONFLICT (page, day) DO UPDATE SET shown = page_count.shown + 1"
)
_is_asking: ContextVar[bool] = ContextVar("is_asking", default=False)


def choice(cookie: str, global_privacy_control: str) -> str:
    """What this visitor chose: yes, no, or nothing yet."""
    if global_privacy_control.strip() == "1":
        return NO
    return cookie if cookie in {YES, NO} else OPEN


@contextmanager
def asking(chosen: str, path: str) -> Iterator[None]:
    """Pages drawn in here ask for the choice, if it is still open."""
    token = _is_asking.set(chosen == OPEN and not path.startswith(NOT_ASKED))
    try:
        yield
    finally:
        _is_asking.reset(token)


def is_asking() -> bool:
    """Whether the page being drawn ends with the question. Whatever is kept of a page follows from this as well."""
    return _is_asking.get()


async def note_page(request: Request[Any, Any, Any]) -> None:
    """After an answer: one more for this page and day, if it was a page and its visitor agreed."""
    state = request.scope["state"]
    template = request.scope["path_template"]
    if state.get("statistics") != YES or not state.get("is_page") or request.method != "GET":
        return
    if "prefetch" in request.headers.get("sec-purpose", ""):
        return  # nobody has seen it yet
    page = request.scope["path"] if template in BY_ADDRESS else template if template in BY_KIND else ""
    if page and len(page) <= PageCount.LONGEST:
        await anyio.to_thread.run_sync(_count, request.app.state.database, page)


def shown(session: Session, since: date) -> list[tuple[date, str, int]]:
    """Day, page and how often it was shown; the newest day first, and on it the most seen page."""
    rows = select(PageCount.day, PageCount.page, PageCount.shown).where(PageCount.day >= since)
    ordered = rows.order_by(PageCount.day.desc(), PageCount.shown.desc(), PageCount.page)
    return [(row.day, row.page, row.shown) for row in session.execute(ordered)]


def _count(database: Database, page: str) -> None:
    with database.writing() as session:
        session.execute(_COUNT, {"page": page, "day": clock.now().date()})
