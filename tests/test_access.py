"""Every route is either public by list or refused to a stranger."""

from __future__ import annotations

import re

from litestar import Litestar
from litestar.testing import TestClient

from university.access import PUBLIC


def declared_routes(app: Litestar) -> set[str]:
    return {
        f"{method} {route.path_format}"
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods
        if method not in {"HEAD", "OPTIONS"}
    }


def test_every_public_route_exists(litestar_app: Litestar) -> None:
    assert declared_routes(litestar_app) >= PUBLIC


def test_a_stranger_is_refused_everywhere_else(litestar_app: Litestar, client: TestClient) -> None:
    for route in sorted(declared_routes(litestar_app) - PUBLIC):
        method, path = route.split(" ", 1)
        assert client.request(method, re.sub(r"{[^}]+}", "x", path)).status_code in {401, 403, 404}, route


def test_every_page_answers_head_like_get(litestar_app: Litestar) -> None:
    for route in litestar_app.routes:
        methods = {str(method) for handler in getattr(route, "route_handlers", []) for method in handler.http_methods}
        assert "GET" not in methods or "HEAD" in methods, route.path
