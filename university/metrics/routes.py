"""Figures for whoever watches over the installation; not public unless a setting says who may read them."""

from __future__ import annotations

from litestar import Response, Router
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from university.errors import NotFound
from university.language import gettext as _
from university.metrics import figures
from university.serving.pages import Visitor, settings_of, show


@show()
def metrics(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    may = figures.may_read(
        settings_of(request).metrics,
        client=request.scope["state"]["client"],
        authorization=request.headers.get("authorization", ""),
        is_forwarded="x-forwarded-for" in request.headers or "forwarded" in request.headers,
    )
    if not may:
        raise NotFound(_("There is no page at this address."))
    body = figures.text(session, settings_of(request))
    return Response(body, media_type="text/plain; version=0.0.4", headers={"cache-control": "no-store"})


routes = Router("/metrics", route_handlers=[metrics])
