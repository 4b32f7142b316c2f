"""Checking a certificate: by number, by the code on the paper, or by the PDF itself."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.exc import SQLAlchemyError

from certificates import LARGEST_FILE, SPECIMEN_NUMBER, read_number, show_number, suspects
from university import clock, limits
from university.awarding.awards import Standing, Word, standing
from university.awarding.credentialing import stored_credential
from university.awarding.drawing import Inside, apart, drawn, inside
from university.database import Database
from university.errors import Unavailable
from university.language import gettext as _
from university.serving.faults import answer_fault, note_fault
from university.serving.forms import Form
from university.serving.pages import (
    FORM_BYTES,
    Visitor,
    act,
    answer,
    answer_unless_known,
    as_file,
    promptly,
    redirect,
    render,
    render_alike,
    settings_of,
    show,
    speak,
    wants_json,
)
from university.verify.judging import Recorded, judge, judgement_document
from university.verify.many import Answer, answers, as_csv, as_document, number_in, read_list, read_request
from university.verify.sharing import badge_file, picture
from university.verify.showing import certificate_page
from university.verify.statement import page_of, statement

LONGEST_LIST = 512 * 1024
KINDS = (".json", ".pdf", ".png", ".svg")
PICTURES = {"png": "image/png", "svg": "image/svg+xml; charset=utf-8"}
NOINDEX = {"x-robots-tag": "noindex"}
FOR_EVERY_SITE = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}


@show("/")
def start(request: Visitor) -> Response[bytes]:
    """The form; or, with a number, its page."""
    typed = request.query_params.get("number", "").strip()
    if not typed:
        return render_alike(request, "verify/start.html", (), dict)
    number = read_number(number_in(typed))
    if number:
        return redirect(f"/verify/{show_number(number)}")
    return _unknown(request, typed)


@show("/{number:str}", hot=True)
async def certificate(request: Visitor, number: FromPath[str]) -> Response[bytes]:
    """Page, JSON or PDF of one certificate, by the end of the address."""
    asked, _dot, kind = number.rpartition(".") if number.endswith(KINDS) else (number, "", "")
    version = _version(request.query_params.get("version", ""))
    found = await promptly(request, _ask_record, request.app.state.database, asked, version)
    if found.word is Word.UNKNOWN and found.number:
        await _count_miss(request)
    if kind == "pdf":
        return await _pdf(request, found)
    if kind in PICTURES:
        return await _picture(request, asked, kind)
    return await promptly(request, _json if kind == "json" else _page, request, found)


@act("/file", max_bytes=LARGEST_FILE + FORM_BYTES)
async def file(request: Visitor, form: NamedDependency[Form]) -> Response[bytes]:
    """Judges an uploaded PDF and forgets it."""
    state, settings = request.app.state, settings_of(request)
    await to_thread.run_sync(limits.by_network, request, state.database, "file_check")
    judgement = await apart(
        partial(judge, form.files.get("file", b""), state.keyring, settings, partial(_ask_for_file, state.database))
    )
    now = clock.now()
    if wants_json(request):
        return _json_answer(judgement_document(judgement, settings, now))
    return render(
        request,
        "verify/file.html",
        headers=NOINDEX,
        judgement=judgement,
        verdict=judgement.verdict,
        found=judgement.found,
        number=judgement.verdict.number and show_number(judgement.verdict.number),
        page=judgement.verdict.number and page_of(judgement.verdict.number, settings),
        checked_at=now,
    )


@show("/list")
def list_form(request: Visitor) -> Response[bytes]:
    return _list_page(request)


@act("/list", max_bytes=LONGEST_LIST)
def check_list(request: Visitor, form: NamedDependency[Form]) -> Response[bytes]:
    """A pasted or uploaded list: a table, or the same as CSV."""
    limits.by_network(request, request.app.state.database, "many")
    typed = form.one("numbers")
    entries, error = read_list(typed, form.files.get("list", b""))
    if error:
        return _list_page(request, status=422, typed=typed, error=error)
    found, now = _ask_for_many(request.app.state.database, entries), clock.now()
    if form.one("as") == "csv":
        return as_file(as_csv(found, settings_of(request), now).encode(), "text/csv", "certificates.csv")
    counts = Counter(one.word.value for one in found).most_common()
    return _list_page(request, answers=found, counts=counts, checked_at=now)


@act("/api/v1/verifications", max_bytes=LONGEST_LIST, from_anywhere=True)
async def verifications(request: Visitor) -> Response[bytes]:
    """The standings of up to 1,000 numbers, for programs of anybody."""
    database: Database = request.app.state.database
    await to_thread.run_sync(limits.by_network, request, database, "many")
    entries = read_request(await request.body())
    found = await to_thread.run_sync(_ask_for_many, database, entries)
    return _json_answer(as_document(found, clock.now()))


@show("/V/{number:str}")
def short_address(number: FromPath[str]) -> Response[bytes]:
    """The address in the QR code."""
    known = read_number(number)
    return redirect(f"/verify/{show_number(known) if known else quote(number, safe='')}", permanently=True)


def could_not_check(request: Visitor, error: Exception) -> Response[bytes]:
    """Neither green nor red: the record does not answer."""
    problem = Unavailable(_("We could not check this certificate just now. Please try again in a minute."))
    problem.__cause__ = error
    if wants_json(request):
        return answer_fault(request, problem)
    note_fault(request, problem)
    return render(request, "verify/unchecked.html", status=problem.status, headers={**NOINDEX, **problem.headers})


def _page(request: Visitor, found: Standing, status: int = 200) -> Response[bytes]:
    if found.word is Word.UNKNOWN:
        return _unknown(request, is_specimen=found.number == SPECIMEN_NUMBER)
    if found.record:
        speak(request, found.record["course"]["language"])
    certificate = found.certificate or found.nameless
    if certificate:
        environment, path = request.app.state.templates, request.scope["path"]
        page = certificate_page(environment, found, certificate, path)
        return answer(request, page, status=status, headers=NOINDEX)
    return render(
        request,
        "verify/ended.html",
        status=status,
        headers=NOINDEX,
        found=found,
        number=show_number(found.number or ""),
        page=page_of(found.number or "", settings_of(request)),
        checked_at=clock.now(),
    )


def _unknown(request: Visitor, typed: str = "", *, is_specimen: bool = False) -> Response[bytes]:
    """The same page for a number nobody has and one that cannot be; only what came from the form is looked at."""
    values: dict[str, Any] = {"typed": typed[:40], "suspects": suspects(typed)[:6], "is_specimen": is_specimen}
    return render(request, "verify/unknown.html", status=404, headers=NOINDEX, **values)


def _json(request: Visitor, found: Standing) -> Response[bytes]:
    status = 404 if found.word is Word.UNKNOWN else 200
    return _json_answer(statement(found, settings_of(request), clock.now()), status)


def _json_answer(document: dict[str, Any], status: int = 200) -> Response[bytes]:
    return Response(
        json.dumps(document, ensure_ascii=False).encode(),
        status_code=status,
        media_type="application/json",
        headers={"cache-control": "no-store", **NOINDEX, **FOR_EVERY_SITE},
    )


async def _pdf(request: Visitor, found: Standing) -> Response[bytes]:
    """The document itself while it may be shown; else the page that says why not, as gone or not found."""
    if not found.certificate or not found.number:
        return _page(request, found, status=403 if found.is_hidden else 410)
    database, keyring = request.app.state.database, request.app.state.keyring
    goes_in = await promptly(request, _ask_inside, database, found.number)
    content = await apart(partial(drawn, found.certificate, goes_in, keyring))
    name = f"certificate-{show_number(found.number)}.pdf"
    return Response(
        content,
        media_type="application/pdf",
        headers={"content-disposition": f'inline; filename="{name}"', "cache-control": "no-store", **NOINDEX},
    )


async def _picture(request: Visitor, number: str, kind: str) -> Response[bytes]:
    """Share image or badge of the present version; neutral once it counts no more."""
    state, settings = request.app.state, settings_of(request)
    found = await promptly(request, _ask_record, state.database, number, None)
    if found.word is Word.UNKNOWN:
        return _unknown(request)
    name = f"certificate-{show_number(found.number or '')}.{kind}"
    how = "attachment" if "download" in request.query_params else "inline"
    headers = {"content-disposition": f'{how}; filename="{name}"', **NOINDEX, **FOR_EVERY_SITE}
    if kind == "png":
        content = await apart(partial(picture, found, settings))
        return Response(content, media_type=PICTURES[kind], headers={**headers, "cache-control": "no-store"})
    credential = await promptly(request, _ask_credential, state.database, found.number or "")
    badge = await apart(partial(badge_file, found, credential, settings))
    return answer_unless_known(request, badge.encode(), PICTURES[kind], headers)


async def _count_miss(request: Visitor) -> None:
    """Guessing is limited; a number that exists never is."""
    await to_thread.run_sync(limits.by_network, request, request.app.state.database, "unknown_number")


def _ask_record(database: Database, number: str, version: int | None) -> Standing:
    with database.looking() as record:
        return standing(record, number, clock.now().date(), version=version)


def _ask_credential(database: Database, number: str) -> str | None:
    with database.looking() as record:
        return stored_credential(record, number)


def _ask_inside(database: Database, number: str) -> Inside:
    with database.looking() as record:
        return inside(record, number)


def _ask_for_file(database: Database, number: str, version: int | None) -> Recorded:
    with database.looking() as record:
        found = standing(record, number, clock.now().date(), version=version)
        return Recorded(found, inside(record, number))


def _ask_for_many(database: Database, entries: list[str]) -> list[Answer]:
    with database.looking() as record:
        return answers(record, entries, clock.now().date())


def _list_page(request: Visitor, status: int = 200, **values: Any) -> Response[bytes]:
    usual: dict[str, Any] = {"answers": [], "counts": [], "checked_at": None, "typed": "", "error": ""}
    return render(request, "verify/many.html", status=status, headers=NOINDEX, **{**usual, **values})


def _version(text: str) -> int | None:
    """The version asked for; what is no version asks for none, and 0 for one that never was."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


routes = Router(
    "/",
    route_handlers=[
        Router("/verify", route_handlers=[start, certificate, file, list_form, check_list]),
        short_address,
        verifications,
    ],
    exception_handlers={SQLAlchemyError: could_not_check},
)
