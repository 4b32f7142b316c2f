"""For wallets and machines: the credential behind a number, and the status lists. Read by every site."""

from __future__ import annotations

import hashlib

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university import limits
from university.awarding.awards import Word, standing
from university.awarding.credentialing import SignedLists, stored_credential
from university.credentials.media_types import TOKEN, form_asked, token_of
from university.errors import Forbidden, Gone, NotFound
from university.language import gettext as _
from university.serving.pages import Visitor, show

STATUS_LIST = "application/vc"
FOR_EVERY_SITE = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": "no-cache",
    "x-robots-tag": "noindex",
}


@show("/{number:str}")
def credential(request: Visitor, session: NamedDependency[Session], number: FromPath[str]) -> Response[bytes]:
    """The present version's, revoked or not: whether it counts is for its bit in the status list to say."""
    found = standing(session, number)
    if found.word is Word.WITHDRAWN:
        raise Gone(_("This certificate was withdrawn."))
    if found.is_hidden:
        raise Forbidden(_("The holder has hidden their name. The certificate counts; its credential is not public."))
    document = stored_credential(session, found.number) if found.number else None
    if document is None:
        limits.by_network(request, request.app.state.database, "unknown_number")
        raise NotFound(_("There is no certificate with this number."))
    form = form_asked(request.headers.get("accept", ""))
    body = token_of(document, request.app.state.keyring) if form in TOKEN else document
    return _served(request, body, form)


@show("/status/{number:int}")
def status(request: Visitor, session: NamedDependency[Session], number: FromPath[int]) -> Response[bytes]:
    """One Bitstring Status List, as a credential of its own."""
    lists: SignedLists = request.app.state.status_lists
    document = lists.read(session, number) if 0 < number < 1_000_000 else None
    if document is None:
        raise NotFound(_("There is no such status list."))
    return _served(request, document, STATUS_LIST)


def _served(request: Visitor, document: str, form: str) -> Response[bytes]:
    body = document.encode()
    headers = {**FOR_EVERY_SITE, "etag": f'"{hashlib.blake2s(body, digest_size=12).hexdigest()}"', "vary": "accept"}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=form)
    return Response(body, media_type=form, headers=headers)


routes = Router("/credentials", route_handlers=[credential, status])
