"""Cookies, read, set and removed in one way: for the whole site, not for scripts, only over https where we have it."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from litestar import Response

from university.serving.pages import Visitor, settings_of


def cookie(request: Visitor, letter: str) -> str:
    """What the browser sent of the cookie that `Settings.cookie_name` makes of `letter`; empty for none."""
    return request.cookies.get(settings_of(request).cookie_name(letter), "")


def set_cookie(
    response: Response[bytes],
    request: Visitor,
    letter: str,
    value: str,
    lifetime: timedelta,
    *,
    same_site: Literal["lax", "strict"] = "lax",
) -> None:
    """Sets that cookie for so long; a lifetime of zero removes it."""
    settings = settings_of(request)
    response.set_cookie(
        settings.cookie_name(letter),
        value,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite=same_site,
    )


def drop_cookie(response: Response[bytes], request: Visitor, letter: str) -> None:
    # With every attribute it was set with: browsers do not let a `__Host-` cookie be removed without Secure.
    set_cookie(response, request, letter, "", timedelta(0))
