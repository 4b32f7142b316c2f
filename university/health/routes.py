"""Whether this process is up, may take traffic, and is the one that answers under the public address."""

from __future__ import annotations

from litestar import Response, Router
from litestar.params import FromPath

from university.errors import Unavailable
from university.operating.readiness import not_ready
from university.serving.pages import Visitor, settings_of, show
from university.setting_up import reaching


@show("/healthz")
async def is_up() -> Response[bytes]:
    """The process is up."""
    return _plain(b"ok\n")


@show("/healthz/{question:str}")
def answer_question(request: Visitor, question: FromPath[str]) -> Response[bytes]:
    """Tells this installation, wherever it is asked from, that it is itself which answers."""
    return _plain(reaching.answer_to(request.app.state.keyring, question))


@show("/readyz")
def is_ready(request: Visitor) -> Response[bytes]:
    """The process may take traffic; if not, the answer says why."""
    problem = not_ready(request.app.state.database, settings_of(request))
    if problem:
        raise Unavailable(problem)
    return _plain(b"ready\n")


def _plain(content: bytes) -> Response[bytes]:
    return Response(content, media_type="text/plain", headers={"cache-control": "no-store"})


routes = Router("/", route_handlers=[is_up, answer_question, is_ready])
