"""A draft opened by somebody who edits it, and the one way to change it: a save that overwrites nobody's work.

A large course takes half a second to read and check. SQLite has one writer at a time, so nothing of that may happen
while one writes: learners would wait. What is to be saved is made and checked from the draft as it was read; only then
is the course locked, and when somebody was faster it is all done once more from the draft as it is then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.course_folders import Course as CourseValue, Finding, Folder, Reading, Site, read_course
from university.course_folders.forms.course_form import moved
from university.drafting import drafts
from university.drafting.draft_steps import Step, first_version, hashes_of, way_back
from university.errors import NotFound, Problem
from university.language import gettext as _
from university.models import Course, Draft, DraftFile, StoredFile

NO_FILE = "-"
# Somebody else was faster each time: then whoever saves is shown what they did.
MOST_TRIES = 5


class Conflict(Problem):
    """Somebody else saved these files since they were opened. Nothing was changed; `draft` is how it stands now."""

    status = 409

    def __init__(self, draft: OpenDraft, paths: Iterable[str]) -> None:
        super().__init__(_("Somebody else saved this in the meantime. Nothing was overwritten."))
        self.draft, self.paths = draft, list(paths)

    @property
    def title(self) -> str:
        return _("Two at once")


@dataclass(frozen=True)
class OpenDraft:
    """A draft as it stands: its files, what they say, and everything the checker says about them on this site."""

    course: Course
    state: Draft
    folder: Folder
    hashes: Mapping[str, str]
    site: Site
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


@dataclass(frozen=True)
class Edit:
    """What is to become of which files (None: gone), and what the history says of it.

    `bases` says which content of a file the author saw, by `OpenDraft.base`. With `address` the course moves there.
    """

    changes: Mapping[str, bytes | None]
    step: Step
    bases: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


# Made from the draft alone: where somebody was faster it is asked again, about the draft as it is then.
Editing = Callable[[OpenDraft], Edit]


@dataclass(frozen=True)
class _Files:
    """A draft out of the database, not read yet."""

    course: Course
    state: Draft
    folder: Folder
    hashes: Mapping[str, str]
    site: Site

    def read(self) -> OpenDraft:
        return OpenDraft(**vars(self), reading=drafts.read_at(self.site, self.folder))


def open_draft(session: Session, slug: str) -> OpenDraft:
    """The draft of this course. NotFound when there is no such course."""
    return _files(session, drafts.course_with_slug(session, slug)).read()


def imagined(opened: OpenDraft, edit: Edit) -> OpenDraft:
    """The draft as it would be with these files, checked. Nothing is saved."""
    there = edit.address or opened.slug
    kept = {path: content for path, content in opened.folder.files.items() if path not in edit.changes}
    written = {path: content for path, content in edit.changes.items() if content is not None}
    folder = replace(opened.folder, files={**kept, **written}, name=there)
    site = _moved(opened.site, opened.slug, there)
    return replace(opened, folder=folder, site=site, reading=drafts.read_at(site, folder))


def save(session: Session, opened: OpenDraft, editing: Editing) -> OpenDraft:
    """Saves as one step that can be undone; the course stays locked until the transaction ends. In a request this is
    the first that its writing session does.

    Raises Conflict when the author saw another content of a file than is there by now. Errors of the checker do not
    stop a save: they stop publishing.
    """
    for _try in range(MOST_TRIES):
        edit = editing(opened)
        overtaken = [path for path, base in edit.bases.items() if base != opened.base(path)]
        if overtaken:
            raise Conflict(opened, overtaken)
        ahead = imagined(opened, edit)
        said = drafts.described(ahead.folder, ahead.reading)
        now = lock(session, opened)
        if now is None:
            return _put(session, opened, ahead, edit, said)
        session.expunge_all()
        session.rollback()  # nothing was written: others may, while this is read anew
        opened = now.read()
    raise Conflict(opened, edit.changes)


def lock(session: Session, opened: OpenDraft) -> _Files | None:
    """Locks the course until the transaction ends. None when it is still as it was opened, else how it is now."""
    course = session.get_one(Course, opened.course.id, with_for_update=True)
    if course.slug == opened.slug and hashes_of(session, course.id) == opened.hashes:
        return None
    return _files(session, course)


def going_back(looking: Session, seen: OpenDraft, opened: OpenDraft, version: int) -> Edit:
    """Makes of the draft what it was after the step `version`: a step that can be undone like any other.

    Raises Conflict for another draft than the one that was `seen`: the way back begins there.
    """
    if opened.hashes != seen.hashes:
        raise Conflict(opened, ())
    if not first_version(looking, opened.state) <= version < opened.state.version:
        raise NotFound(_("This course has no such version."))
    after = way_back(looking, opened.course.id, version)
    if "course.yaml" in after and after["course.yaml"] is None:
        raise NotFound(_("This course has no such version."))
    wanted = {sha256 for sha256 in after.values() if sha256}
    rows = looking.execute(select(StoredFile.sha256, StoredFile.content).where(StoredFile.sha256.in_(wanted)))
    contents = {row.sha256: row.content for row in rows}
    changes: dict[str, bytes | None] = {path: contents[sha256] if sha256 else None for path, sha256 in after.items()}
    if changes.get("course.yaml"):
        changes["course.yaml"] = _at_its_address(opened, changes["course.yaml"] or b"")
    return Edit(changes, Step("back", str(version)))


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


def _put(session: Session, opened: OpenDraft, ahead: OpenDraft, edit: Edit, said: Mapping[str, object]) -> OpenDraft:
    written = {path: content for path, content in edit.changes.items() if content is not None}
    stored = drafts.store(session, Folder(written))
    after = {path: stored.get(path) for path in edit.changes}
    course = session.get_one(Course, opened.course.id)
    state = drafts.keep(session, course, after, edit.step, said)
    hashes = {path: sha256 for path, sha256 in {**opened.hashes, **after}.items() if sha256}
    return replace(ahead, course=course, state=state, hashes=hashes)


def _files(session: Session, course: Course) -> _Files:
    """Contents and hashes in one look: a server shows each look what others have saved since the one before."""
    files = select(DraftFile.path, DraftFile.sha256, StoredFile.content).join(StoredFile)
    rows = session.execute(files.where(DraftFile.course_id == course.id).order_by(DraftFile.path)).all()
    folder = Folder({row.path: row.content for row in rows}, course.slug)
    hashes = {row.path: row.sha256 for row in rows}
    return _Files(course, session.get_one(Draft, course.id), folder, hashes, drafts.site_of(session))


def _moved(site: Site, old: str, new: str) -> Site:
    """The site once the course `old` is at `new`: every name that led to it leads there."""
    names = {name: new if owner == old else owner for name, owner in site.names.items()}
    return replace(site, names={**names, new: new})
