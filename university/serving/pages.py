"""How a route is declared and how its answer is made.

`show` is a page or file that can be looked at without changing anything: GET and HEAD, a reading transaction.
`act` is a POST that does one thing: checked for its origin, its form parsed, a writing transaction that commits
when the handler returned and its page was rendered, and rolls back when anything raised.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Callable, Hashable
from functools import partial
from typing import Any, ParamSpec, Self, TypeVar

import anyio
import anyio.to_thread
from jinja2 import Environment
from litestar import Litestar, Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.types import AnyCallable
from litestar.utils.predicates import is_async_callable
from sqlalchemy.orm import Session

from university import language as languages
from university.database import Database, commit
from university.errors import Forbidden
from university.language import gettext as _
from university.serving.forms import TOKEN_FIELD, Form, is_form_token, read_form
from university.serving.kept_pages import KeptPage, KeptPages, way
from university.settings import Settings
from university.statistics import is_asking

HTML = "text/html"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_BYTES = 64 * 1024

Visitor = Request[Any, Any, Any]
P = ParamSpec("P")
T = TypeVar("T")


class Route(HTTPRouteHandler):
    """A handler that runs in a thread, except a hot read on SQLite: there a thread costs more than the read.

    An ``async def`` handler runs on the loop and takes care of itself, see `promptly`.
    """

    def __call__(self, fn: AnyCallable) -> Self:
        if is_async_callable(fn):
            self.sync_to_thread = None
        super().__call__(fn)
        return self

    def on_registration(self, app: Litestar) -> None:
        if self.sync_to_thread and self.opt.get("hot") and app.state.database.is_sqlite:
            self.sync_to_thread = False
        super().on_registration(app)


def show(path: str | list[str] = "/", *, hot: bool = False) -> Route:
    """Declares a GET and HEAD handler. `hot` marks a public read of well under a millisecond."""
    return Route(path, http_method=["GET", "HEAD"], sync_to_thread=True, opt={"hot": hot})


def act(
    path: str = "/", *, max_bytes: int = FORM_BYTES, from_anywhere: bool = False, keeps_nothing: bool = False
) -> Route:
    """Declares a POST handler. `from_anywhere` lifts the origin check where the sender is no browser of ours;
    `keeps_nothing` is for a look ahead at what was typed: its session only reads, and so keeps no writer waiting."""
    return Route(
        path,
        http_method="POST",
        status_code=200,
        sync_to_thread=True,
        request_max_body_size=max_bytes,
        before_request=None if from_anywhere else admit,
        opt={"keeps_nothing": keeps_nothing},
    )


async def promptly(request: Visitor, read: Callable[P, T], *values: P.args, **named: P.kwargs) -> T:
    """Does a read of well under a millisecond where it is fastest: here on SQLite, in a thread otherwise."""
    if request.app.state.database.is_sqlite:
        return read(*values, **named)
    return await anyio.to_thread.run_sync(partial(read, *values, **named))


async def admit(request: Visitor) -> None:
    """Lets a POST in only from one of our own pages; the parsed form is kept for the handler.

    Browsers say where a request comes from: Sec-Fetch-Site, or Origin in older ones. A client that sends
    neither must bring the token of one of our forms.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        allowed = site in {"same-origin", "none"}
    elif origin is not None:
        allowed = origin == settings_of(request).origin
    else:
        tokens = (await form_of(request)).many(TOKEN_FIELD)
        allowed = len(tokens) == 1 and is_form_token(request.app.state.keyring.secret("forms"), tokens[0])
    if not allowed:
        raise Forbidden(_("This form was not sent from our own page. Open the page again and send it from there."))
    await form_of(request)  # whatever is no form is refused here, also where the handler asks for nothing


async def provide_form(request: Visitor) -> Form:
    return await form_of(request)


async def provide_session(request: Visitor) -> AsyncGenerator[Session]:
    """One session and one transaction per request. Return commits, raise rolls back, nobody else commits."""
    database: Database = request.app.state.database
    is_reading = request.method in SAFE_METHODS or request.route_handler.opt.get("keeps_nothing", False)
    session = database.session(reading=is_reading)
    try:
        yield session
        if not is_reading:
            await anyio.to_thread.run_sync(commit, session)
    finally:
        await _end(session, database)


async def provide_looking(request: Visitor) -> AsyncGenerator[Session]:
    """A session that only reads, for an act that looks before it writes: whoever writes keeps all others waiting."""
    database: Database = request.app.state.database
    session = database.session(reading=True)
    try:
        yield session
    finally:
        await _end(session, database)


def render(
    request: Visitor,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    cache: str = "no-store",
    **values: Any,
) -> Response[bytes]:
    """The page `template` (path below university/) in the language of this visit.

    Rendered here and now, so that a fault rolls the transaction back. `cache` is the Cache-Control header; pages
    that hold nothing personal may pass ``no-cache``, and then answer 304 to whoever has them already.
    """
    return answer(request, draw(request, template, values), status=status, headers=headers, cache=cache)


def render_alike(
    request: Visitor,
    template: str,
    follows_from: Hashable,
    values: Callable[[], dict[str, Any]],
    *,
    media_type: str = HTML,
) -> Response[bytes]:
    """A page that is the same for everybody who asks for this address in this language: drawn once, then kept.

    `follows_from` names everything else that the values follow from, such as the id of a revision.
    """
    kept: KeptPages = request.app.state.kept_pages
    key = (template, request.scope["path"], languages.current_language(), is_asking(), follows_from)
    return _answer_kept(request, kept.get(key, lambda: draw(request, template, values())), media_type)


def draw(request: Visitor, template: str, values: dict[str, Any]) -> str:
    """The page as text, in the language of this visit."""
    environment: Environment = request.app.state.templates
    code = languages.current_language()
    return environment.get_template(template).render(
        request=request,
        path=request.scope["path"],
        request_id=request.scope["state"]["request_id"],
        staff=request.scope["state"].get("staff"),
        language=code,
        direction=languages.direction(code),
        **values,
    )


def answer(
    request: Visitor, page: str, *, status: int = 200, headers: dict[str, str] | None = None, cache: str = "no-store"
) -> Response[bytes]:
    """A drawn page as it is sent, in the language of this visit; see `render`."""
    request.scope["state"]["is_page"] = status == 200
    body = page.encode()
    sent = {**_page_headers(cache, "accept-language, cookie, sec-gpc"), **_ahead(request), **(headers or {})}
    if cache != "no-store" and status == 200:
        return answer_unless_known(request, body, HTML, sent)
    return Response(body, status_code=status, headers=sent, media_type=HTML)


def answer_unless_known(
    request: Visitor, content: bytes, media_type: str, headers: dict[str, str] | None = None
) -> Response[bytes]:
    """Something public, with its tag; 304 to whoever has it already."""
    etag = f'"{hashlib.blake2s(content, digest_size=12).hexdigest()}"'
    sent = {"cache-control": "no-cache", **(headers or {}), "etag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=sent, media_type=media_type)
    return Response(content, headers=sent, media_type=media_type)


def _answer_kept(request: Visitor, page: KeptPage, media_type: str) -> Response[bytes]:
    request.scope["state"]["is_page"] = media_type == HTML
    vary = "accept-language, cookie, sec-gpc, accept-encoding"
    sent = {**_page_headers("no-cache", vary), **_ahead(request), "etag": page.etag}
    if page.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=sent, media_type=media_type)
    compressed = way(request.headers.get("accept-encoding", ""))
    if compressed:
        sent["content-encoding"] = compressed
        return Response(page.compressed[compressed], headers=sent, media_type=media_type)
    return Response(page.body, headers=sent, media_type=media_type)


def _ahead(request: Visitor) -> dict[str, str]:
    """Lets browsers that know how fetch the next page while a pointer rests on its link: rules that name public pages
    only. Whoever has just arrived does not load them; browsers that save data leave them alone."""
    path = request.scope["path"]
    is_on_the_way = request.headers.get("sec-fetch-site") == "same-origin"
    if not is_on_the_way or not (path == "/" or path.startswith("/courses/")):
        return {}
    return {"speculation-rules": f'"{request.app.state.static.address("ahead.json")}"'}


def _page_headers(cache: str, vary: str) -> dict[str, str]:
    return {"cache-control": cache, "content-language": languages.current_language(), "vary": vary}


def redirect(path: str, *, permanently: bool = False, headers: dict[str, str] | None = None) -> Response[bytes]:
    """303 after a POST, or 308 for an address that moved. `path` is always one of ours."""
    return Response(
        b"",
        status_code=308 if permanently else 303,
        headers={"location": safe_path(path), "cache-control": "no-store", **(headers or {})},
        media_type=HTML,
    )


def as_file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    """Something to save under `name`, a file name of ours; kept by no cache."""
    disposition = f'attachment; filename="{name}"'
    headers = {"content-disposition": disposition, "cache-control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


def as_json(text: str) -> Response[bytes]:
    """A JSON text for a script of ours."""
    return Response(text.encode(), media_type="application/json", headers={"cache-control": "no-store"})


def safe_path(path: str) -> str:
    """`path` if it leads to a page of this site, else the front page: no scheme, host, backslash or control."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours and path.isascii() and path.isprintable() and "\\" not in path else "/"


def speak(request: Visitor, course_language: str) -> None:
    """Pages of a course speak its language, unless the visitor chose one or we do not know it."""
    if not request.scope["state"]["chosen_language"]:
        languages.use(languages.choose_language(None, request.headers.get("accept-language", ""), course_language))


def settings_of(request: Visitor) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def wants_json(request: Visitor) -> bool:
    accept = request.headers.get("accept", "")
    return request.scope["path"].endswith(".json") or ("json" in accept and "text/html" not in accept)


async def form_of(request: Visitor) -> Form:
    """The form of this request, parsed once."""
    state = request.scope["state"]
    if "form" not in state:
        state["form"] = await read_form(request)
    form: Form = state["form"]
    return form


async def _end(session: Session, database: Database) -> None:
    """Gives the connection back. On a server the rollback is a journey over the network, so never on the loop."""
    if database.is_sqlite or not session.in_transaction():
        session.close()
    else:
        with anyio.CancelScope(shield=True):  # also when the visitor has hung up
            await anyio.to_thread.run_sync(session.close)
