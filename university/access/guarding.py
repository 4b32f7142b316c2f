"""The guard of the whole program: lets in whom the tables name."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.handlers.base import BaseRouteHandler

from university.access.public import PUBLIC
from university.access.staff import STAFF, STEP_UP, WHILE_SETTING_UP
from university.accounts.admission import admit_member
from university.accounts.signed_in import SignedIn
from university.errors import NotFound
from university.language import gettext as _


def may(staff: SignedIn | None, route: str) -> bool:
    """Whether there is such a route and this member may call it; for menus."""
    return staff is not None and staff.has(*STAFF.get(route, ()))


async def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Fails closed for a route nobody declared.

    A coroutine, because the framework would send anything else through a thread, at every request.
    """
    asked = connection.scope
    method = "GET" if asked["method"] == "HEAD" else asked["method"]  # type: ignore[typeddict-item]
    route = f"{method} {asked['path_template']}"
    if method == "OPTIONS" or route in PUBLIC:
        return
    if route not in STAFF or not isinstance(connection, Request):
        raise NotFound(_("There is no page at this address."))
    await admit_member(
        connection,
        STAFF[route],
        needs_fresh_factor=route in STEP_UP,
        while_setting_up=route in WHILE_SETTING_UP,
    )
