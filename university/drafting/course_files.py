"""Pictures, films and downloads of a course: under the hash of their content, so that an address never changes."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from university.errors import NotFound
from university.language import gettext as _
from university.models import Course, CourseAlias, DraftChange, DraftFile, Revision, RevisionFile, StoredFile
from university.revisions.press import is_served

# A draft may hold names that its checker refuses to publish.
NOT_IN_A_HEADER = re.compile(r"[^A-Za-z0-9._-]", re.ASCII)
# Types that a page shows or plays; everything else is a download.
SHOWN = ("image/", "video/", "audio/", "text/vtt", "text/plain")
TYPES = {".vtt": "text/vtt", ".webp": "image/webp", ".txt": "text/plain"}


@dataclass(frozen=True)
class CourseFile:
    name: str
    content: bytes
    cache: str = "public, max-age=31536000, immutable"

    @property
    def media_type(self) -> str:
        ending = "." + self.name.rpartition(".")[2].lower() if "." in self.name else ".txt"
        return TYPES.get(ending) or mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def headers(self) -> dict[str, str]:
        """Whatever the file holds, it can run nothing: a sandbox of its own for who opens it by its address."""
        shown, name = self.media_type.startswith(SHOWN), NOT_IN_A_HEADER.sub("_", self.name)
        return {
            "cache-control": self.cache,
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "content-disposition": f'{"inline" if shown else "attachment"}; filename="{name}"',
            "accept-ranges": "bytes",
        }


def find_file(session: Session, slug: str, sha256: str, path: str) -> CourseFile:
    """A file that some published revision of the course holds; keys and drafts are never among them."""
    had_slug = exists().where(CourseAlias.course_id == Course.id, CourseAlias.slug == slug)
    found = session.execute(
        select(StoredFile.content, Revision.page)
        .join(RevisionFile, RevisionFile.sha256 == StoredFile.sha256)
        .join(Revision, Revision.id == RevisionFile.revision_id)
        .join(Course, Course.id == Revision.course_id)
        .where(or_(Course.slug == slug, had_slug), RevisionFile.path == path, RevisionFile.sha256 == sha256)
        .limit(1)
    ).first()
    if found is None or not (is_served(path, None) or (found.page["licence"]["file"] or "").endswith(f"/{path}")):
        raise NotFound(_("There is no such file in this course."))
    return CourseFile(path.rpartition("/")[2], found.content)


def find_draft_file(session: Session, slug: str, sha256: str, path: str) -> CourseFile:
    """A file of the draft as it is or was, for the staff who edit it; never texts and keys."""
    stored = session.get(StoredFile, sha256) if len(sha256) == 64 else None
    if stored is None or not _is_of_draft(session, slug, sha256, path) or not is_served(path, None):
        raise NotFound(_("There is no such file in this course."))
    return CourseFile(path.rpartition("/")[2], stored.content, cache="no-store")


def _is_of_draft(session: Session, slug: str, sha256: str, path: str) -> bool:
    course_id = select(Course.id).where(Course.slug == slug).scalar_subquery()
    now = (DraftFile.course_id == course_id, DraftFile.path == path, DraftFile.sha256 == sha256)
    once = (DraftChange.course_id == course_id, DraftChange.path == path, DraftChange.after_sha256 == sha256)
    return any(session.scalar(select(1).where(*which).limit(1)) for which in (now, once))
