"""One map from everything that can go wrong to one page (or JSON) in the house style, and one line in the log."""

from __future__ import annotations

import errno
import json
import logging
import sqlite3
from typing import Any

import psycopg
from litestar import Request, Response
from litestar.exceptions import HTTPException
from psycopg.errors import RaiseException, UniqueViolation
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
    TimeoutError as PoolTimeout,
)

from university.errors import (
    BadRequest,
    Detour,
    NotFound,
    Problem,
    Refused,
    TooLarge,
    Unavailable,
    WrongMediaType,
)
from university.keys.key_making import NoKey
from university.language import gettext as _
from university.serving.logs import fault_of
from university.serving.pages import redirect, render, wants_json

log = logging.getLogger("university.serving.faults")

FULL_OR_READ_ONLY = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
# What a driver raises while a connection is being made ready reaches us as it is: on a full disk, for one.
OF_A_NEW_CONNECTION = (sqlite3.OperationalError, psycopg.OperationalError)


def answer_fault(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The answer to any exception a handler let through. Faults of ours are logged without a word of content."""
    problem = problem_of(error)
    if problem.status >= 500:
        note_fault(request, error)
    headers = {"cache-control": "no-store", **problem.headers}
    if wants_json(request):
        return _problem_document(request, problem, headers)
    if isinstance(problem, Detour):
        return _way_round(request, problem)
    return render(
        request,
        "layout/error.html",
        status=problem.status,
        headers=headers,
        title=problem.title,
        sentence=problem.sentence or _("The fault is ours and has been noted. Please try again later."),
    )


def _way_round(request: Request[Any, Any, Any], problem: Detour) -> Response[bytes]:
    if not problem.page:
        return redirect(problem.place)
    return render(request, problem.page, status=problem.status, sentence=problem.sentence, **problem.values)


def note_fault(request: Request[Any, Any, Any], error: Exception) -> None:
    """One line for us to find."""
    log.error(fault_line(error, request.scope["state"].get("request_id", "-")))


def problem_of(error: Exception) -> Problem:
    """The refusal a visitor should see for any exception."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, NoKey):
        return Unavailable()  # the worker is about to make one
    if isinstance(error, HTTPException):
        return _of_status(error.status_code)
    if isinstance(error, SQLAlchemyError):
        return _of_database(error)
    if getattr(error, "errno", None) in FULL_OR_READ_ONLY or isinstance(error, OF_A_NEW_CONNECTION):
        return Unavailable()
    if isinstance(error, (RecursionError, UnicodeError, OverflowError)) or _is_unreadable(error):
        return BadRequest(_("We could not read what was sent."))
    return Problem()


def _of_database(error: SQLAlchemyError) -> Problem:
    if isinstance(error, IntegrityError) and _is_duplicate(error):
        return Refused(_("Somebody was a moment faster. Open the page again to see how things stand."))
    if isinstance(error, DataError):  # a value no column takes: NUL, or a number out of range
        return BadRequest(_("We could not read what was sent."))
    if isinstance(error, (DBAPIError, PoolTimeout)) and not _is_our_mistake(error):
        return Unavailable()
    return Problem()


def _is_our_mistake(error: SQLAlchemyError) -> bool:
    """Whether the statement itself is wrong (class 42). What a trigger raises comes with the same type."""
    return isinstance(error, ProgrammingError) and getattr(error.orig, "sqlstate", None) != RaiseException.sqlstate


def _is_duplicate(error: IntegrityError) -> bool:
    """Whether a unique constraint refused the row; other constraints mean that the work as a whole failed."""
    if getattr(error.orig, "sqlstate", None) == UniqueViolation.sqlstate:
        return True
    return getattr(error.orig, "sqlite_errorname", "") in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}


def fault_line(error: BaseException, request_id: str) -> str:
    """The log line of a fault that a visitor met."""
    return json.dumps({"request": request_id, **fault_of(error)})


def _of_status(status: int) -> Problem:
    if status in {404, 405}:
        return NotFound(_("There is no page at this address."))
    if status == 413:
        return TooLarge(_("What was sent is larger than this address accepts."))
    if status == 415:
        return WrongMediaType(_("This address takes a form."))
    if status == 503:
        return Unavailable()
    if status < 500:
        return BadRequest(_("We could not read what was sent."))
    return Problem()


def _is_unreadable(error: Exception) -> bool:
    """Faults that the standard library raises for hostile input, not for a mistake of ours."""
    if isinstance(error, OSError):
        return error.errno == errno.ENAMETOOLONG
    text = str(error)
    return (isinstance(error, ValueError) and "null byte" in text) or (
        isinstance(error, LookupError) and "unknown encoding" in text
    )


def _problem_document(request: Request[Any, Any, Any], problem: Problem, headers: dict[str, str]) -> Response[bytes]:
    """RFC 9457."""
    body = {
        "title": problem.title,
        "status": problem.status,
        "detail": problem.sentence,
        "request_id": request.scope["state"].get("request_id"),
    }
    return Response(
        json.dumps(body, ensure_ascii=False).encode(),
        status_code=problem.status,
        headers=headers,
        media_type="application/problem+json",
    )
