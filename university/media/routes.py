"""Pictures and downloads of a course: added, looked at and taken out by staff."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.drafting.course_files import find_draft_file
from university.drafting.desks import AT_A_DESK, Desk
from university.drafting.draft_saving import OpenDraft
from university.drafting.pictured import NoDescription, picture_in
from university.drafting.uploads import MOST_BYTES, MOST_DOCUMENT_BYTES, BadUpload, uploaded_file
from university.errors import NotFound, TooLarge
from university.language import gettext as _
from university.media.files import file_lines, with_file, without
from university.serving.forms import Form
from university.serving.pages import Visitor, act, as_json, redirect, render, show
from university.serving.ranges import in_parts

COURSE_PATH = "/courses/{slug:str}"
FORM_BYTES = 64 * 1024


@show(COURSE_PATH + "/files")
def show_files(request: Visitor, draft: NamedDependency[OpenDraft]) -> Response[bytes]:
    return _files_page(request, draft)


@act(COURSE_PATH + "/files", max_bytes=MOST_DOCUMENT_BYTES + FORM_BYTES)
def upload(request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    try:
        path, content = uploaded_file(form.files.get("file", b""))
    except (BadUpload, TooLarge) as problem:
        return _files_page(request, desk.draft, status=problem.status, problem=problem.sentence)
    desk.save(partial(with_file, path=path, content=content))
    return redirect(f"{desk.draft.address}/files#{path}")


@act(COURSE_PATH + "/files/remove")
def remove(desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    desk.save(partial(without, path=form.one("path")))
    return redirect(f"{desk.draft.address}/files")


@act(COURSE_PATH + "/pictures", max_bytes=MOST_BYTES + FORM_BYTES)
def paste_picture(desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    """A picture pasted or dropped into a text: answers, as JSON, how it is written there."""
    picture = picture_in(form)
    if picture is None:
        raise NoDescription(_("No picture came along. Choose one and try again."))
    desk.save(partial(with_file, path=picture.path, content=picture.content))
    return as_json(json.dumps({"markdown": picture.markdown("modules/module")}, ensure_ascii=False))


@show(COURSE_PATH + "/preview/{lesson:str}/{sha256:str}/{path:path}")
def send_draft_file(
    request: Visitor,
    session: NamedDependency[Session],
    slug: FromPath[str],
    lesson: FromPath[str],
    sha256: FromPath[str],
    path: FromPath[Any],
) -> Response[bytes]:
    """A file of the draft, at …/preview/files/{sha256}/{path}, as learners' files are at theirs."""
    if lesson != "files":
        raise NotFound(_("There is no page at this address."))
    file = find_draft_file(session, slug, sha256, str(path).lstrip("/"))
    return in_parts(request, file.content, file.media_type, file.headers)


def _files_page(request: Visitor, draft: OpenDraft, status: int = 200, problem: str = "") -> Response[bytes]:
    page: dict[str, Any] = {"draft": draft, "lines": file_lines(draft), "problem": problem}
    return render(request, "media/files.html", status=status, **page)


routes = Router(
    "/editor",
    route_handlers=[show_files, upload, remove, paste_picture, send_draft_file],
    dependencies=AT_A_DESK,
)
