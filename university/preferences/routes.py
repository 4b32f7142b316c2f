"""What a visitor chooses for this browser: the language of the pages, and whether visits are counted."""

from __future__ import annotations

from datetime import timedelta

from litestar import Response, Router
from litestar.di import NamedDependency

from university import statistics
from university.errors import BadRequest
from university.language import COOKIE as LANGUAGE_COOKIE, LANGUAGES, gettext as _
from university.serving.cookies import set_cookie
from university.serving.forms import Form
from university.serving.pages import Visitor, act, redirect

LANGUAGE_LIFETIME = timedelta(days=180)


@act("/language")
def choose_language(request: Visitor, form: NamedDependency[Form]) -> Response[bytes]:
    """Keeps the visitor's choice in a cookie of its own and goes back to the page."""
    answer = redirect(form.one("next"))
    if form.one("language") in LANGUAGES:
        set_cookie(answer, request, LANGUAGE_COOKIE, form.one("language"), LANGUAGE_LIFETIME)
    return answer


@act("/statistics")
def choose_statistics(request: Visitor, form: NamedDependency[Form]) -> Response[bytes]:
    """Keeps yes or no in a cookie of the visitor's and goes back to the page."""
    chosen = form.one("choice")
    if chosen not in {statistics.YES, statistics.NO}:
        raise BadRequest(_("Please choose one of the two."))
    answer = redirect(form.one("next"))
    set_cookie(answer, request, statistics.COOKIE, chosen, statistics.KEPT_IN_BROWSER)
    return answer


routes = Router("/", route_handlers=[choose_language, choose_statistics])
