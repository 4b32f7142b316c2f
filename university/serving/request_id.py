"""Which request is being answered: the random id that its log line bears, for lines elsewhere that belong to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def current_request() -> str | None:
    """None outside of any request: in the worker and in commands."""
    return _current.get()


@contextmanager
def answering(request_id: str) -> Iterator[None]:
    """Everything inside the block belongs to this request."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)
