"""A draft opened by somebody who edits it, and the one way to change it: a save that overwrites nobody's work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.course_folders import Course as CourseValue, Finding, Folder, Reading, read_course
from university.course_folders.forms.course_form import moved
from university.drafting import drafts
from university.drafting.draft_steps import Step, first_version, hashes_of, way_back
from university.errors import NotFound, Problem
from university.language import gettext as _
from university.models import Course, Draft, StoredFile

NO_FILE = "-"


class Conflict(Problem):
    """Somebody else saved these files since they were opened. Nothing was changed."""

    status = 409

    def __init__(self, paths: list[str]) -> None:
        super().__init__(_("Somebody else saved this in the meantime. Nothing was overwritten."))
        self.paths = paths

    @property
    def title(self) -> str:
        return _("Two at once")


@dataclass(frozen=True)
class OpenDraft:
    """A draft as it stands: its files, what they say, and everything the checker says about them."""

    course: Course
    state: Draft
    folder: Folder
    hashes: Mapping[str, str]
    reading: Reading

    @property
    def slug(self) -> str:
        return self.course.slug

    @property
    def value(self) -> CourseValue:
        """The course in the files. A draft that cannot be read at all is repaired by going back a step."""
        if self.reading.course is None:
            raise NotFound(_("The files of this course cannot be read. Go back to an earlier version in its history."))
        return self.reading.course

    @property
    def address(self) -> str:
        return f"/editor/courses/{self.slug}"

    @property
    def findings(self) -> list[Finding]:
        return self.reading.findings

    def findings_in(self, *paths: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.path in paths]

    def base(self, path: str) -> str:
        """What a form remembers of the file it was opened with, and sends back as its `base`."""
        return self.hashes.get(path, NO_FILE)

    def text(self, path: str) -> str:
        """A text file of the course, empty where there is none."""
        return self.folder.files.get(path, b"").decode("utf-8-sig", "replace")


def open_draft(session: Session, slug: str, *, lock: bool = False) -> OpenDraft:
    """The draft of this course; `lock` it in a handler that saves. NotFound when there is no such course."""
    course = drafts.course_with_slug(session, slug)
    if lock:
        session.refresh(course, with_for_update=True)
    folder = drafts.draft_folder(session, course)
    state = session.get_one(Draft, course.id)
    return OpenDraft(course, state, folder, hashes_of(session, course.id), drafts.read_for(session, folder))


def imagined(session: Session, opened: OpenDraft, changes: Mapping[str, bytes]) -> OpenDraft:
    """The draft as it would be with these files, for a look ahead. Nothing is saved."""
    folder = replace(opened.folder, files={**opened.folder.files, **changes})
    return replace(opened, folder=folder, reading=drafts.read_for(session, folder))


def save(
    session: Session,
    opened: OpenDraft,
    changes: Mapping[str, bytes | None],
    step: Step,
    bases: Mapping[str, str] | None = None,
) -> OpenDraft:
    """Saves changed files of a draft opened with `lock` (None removes one) as one step that can be undone.

    `bases` says which content of a file the author saw, by `OpenDraft.base`; raises Conflict when another one is
    there by now. Errors of the checker do not stop a save: they stop publishing.
    """
    overtaken = [path for path, base in (bases or {}).items() if base != opened.base(path)]
    if overtaken:
        raise Conflict(overtaken)
    contents = {path: content for path, content in changes.items() if content is not None}
    stored = drafts.store(session, Folder(contents))
    return _put(session, opened, {path: stored.get(path) for path in changes}, contents, step)


def go_back(session: Session, opened: OpenDraft, version: int, by: UUID | None) -> OpenDraft:
    """The draft as it was after the step `version`, as a new step that can be undone like any other."""
    if not first_version(session, opened.state) <= version < opened.state.version:
        raise NotFound(_("This course has no such version."))
    after = way_back(session, opened.course.id, version)
    if "course.yaml" in after and after["course.yaml"] is None:
        raise NotFound(_("This course has no such version."))
    wanted = {sha256 for sha256 in after.values() if sha256}
    rows = session.execute(select(StoredFile.sha256, StoredFile.content).where(StoredFile.sha256.in_(wanted)))
    contents = {row.sha256: row.content for row in rows}
    files = {path: contents[sha256] for path, sha256 in after.items() if sha256}
    if "course.yaml" in files:
        files["course.yaml"] = _at_its_address(opened, files["course.yaml"])
        after |= drafts.store(session, Folder({"course.yaml": files["course.yaml"]}))
    return _put(session, opened, after, files, Step("back", str(version), by))


def _at_its_address(opened: OpenDraft, content: bytes) -> bytes:
    """An earlier course.yaml may name an address that the course has left since; it stays where it is now."""
    earlier, now = (
        read_course(Folder({"course.yaml": one})).course
        for one in (content, opened.folder.files.get("course.yaml", b""))
    )
    if earlier is None or now is None or earlier.slug == opened.slug:
        return content
    return moved(Folder({"course.yaml": content}), opened.slug, {*earlier.aliases, *now.aliases}).files["course.yaml"]


def content_of(session: Session, sha256: str) -> bytes | None:
    """A content that was saved once; None when nothing holds it any more."""
    stored = session.get(StoredFile, sha256) if len(sha256) == 64 else None
    return stored.content if stored else None


def _put(
    session: Session, opened: OpenDraft, after: Mapping[str, str | None], contents: Mapping[str, bytes], step: Step
) -> OpenDraft:
    files = _without(opened.folder.files, [path for path, sha256 in after.items() if sha256 is None])
    folder = replace(opened.folder, files={**files, **contents})
    state = drafts.keep(session, opened.course, after, step)
    reading = drafts.read_for(session, folder)
    drafts.describe(session, opened.course, folder, reading)
    hashes = {path: sha256 for path, sha256 in {**opened.hashes, **after}.items() if sha256}
    return OpenDraft(opened.course, state, folder, hashes, reading)


def _without(files: Mapping[str, bytes], paths: Iterable[str]) -> dict[str, bytes]:
    gone = set(paths)
    return {path: content for path, content in files.items() if path not in gone}
