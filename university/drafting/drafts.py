"""Drafts: course folders kept in the database, file by file, each content once. What goes in comes out unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from university import clock
from university.course_folders import Finding, Folder, Reading, Site, digest, read_course
from university.drafting.draft_steps import Step, hashes_of, put_files
from university.drafting.uploads import BadUpload, plain_pictures
from university.errors import NotFound, Problem, Refused
from university.language import gettext as _
from university.models import Course, CourseAlias, Draft, DraftFile, StoredFile

# Certificate designs a course may name in its certificate.template.
TEMPLATES = frozenset({"classic"})
LONGEST_PATH = 400
FILES_AT_ONCE = 200
IMPORT = Step("import")


class Broken(Problem):
    """The folder has errors. `findings` say which, with path and line."""

    status = 422

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(_("The course has errors. Nothing was changed."))
        self.findings = findings


@dataclass(frozen=True)
class Difference:
    """What putting a folder into the draft of its course would do, by path."""

    slug: str
    is_new: bool
    added: list[str]
    changed: list[str]
    removed: list[str]

    @property
    def is_empty(self) -> bool:
        return not (self.is_new or self.added or self.changed or self.removed)


def site_of(session: Session, beside: Iterable[str] = ()) -> Site:
    """Slugs, old slugs and certificate designs that a course meets here; those `beside` come along with it."""
    names = {slug: slug for slug in (*beside, *session.scalars(select(Course.slug)))}
    aliases = select(CourseAlias.slug, Course.slug.label("of")).join(Course, Course.id == CourseAlias.course_id)
    names.update({row.slug: row.of for row in session.execute(aliases)})
    return Site(names, TEMPLATES)


def read_for(session: Session, folder: Folder) -> Reading:
    """The course in the folder with every finding, those about this site too."""
    return read_at(site_of(session), folder)


def read_at(site: Site, folder: Folder) -> Reading:
    """`read_for` without a look into the database: a large course takes half a second."""
    reading = read_course(folder, site)
    too_long = [
        Finding(path, 1, 1, "E013", "the path is too long", f"at most {LONGEST_PATH} characters")
        for path in folder.files
        if len(path) > LONGEST_PATH
    ]
    return Reading(reading.course, [*reading.findings, *too_long])


def difference(session: Session, slug: str, folder: Folder) -> Difference:
    """The dry run of `import_folder`: nothing is changed."""
    course = session.scalar(select(Course).where(Course.slug == slug))
    before = hashes_of(session, course.id) if course else {}
    after = {path: _hash(content) for path, content in folder.files.items()}
    return Difference(
        slug=slug,
        is_new=course is None,
        added=sorted(after.keys() - before.keys()),
        changed=sorted(path for path in after.keys() & before.keys() if after[path] != before[path]),
        removed=sorted(before.keys() - after.keys()),
    )


def import_folder(session: Session, folder: Folder, step: Step = IMPORT) -> Course:
    """Makes the folder the draft of its course; learners see nothing of it until `publishing.publish`.

    Raises Broken, and changes nothing, when the folder has errors. The same folder twice is no change.
    """
    return import_checked(session, *checked(session, folder), step)


def checked(looking: Session, folder: Folder, beside: Iterable[str] = ()) -> tuple[Folder, Reading]:
    """The folder as it is kept, under the name of its course, and what it says. Raises Broken when it has errors."""
    folder = replace(folder, files=_plain(folder))
    reading = read_at(site_of(looking, beside), folder)
    if reading.has_errors or reading.course is None:
        raise Broken(reading.findings)
    return replace(folder, name=reading.course.slug), reading


def import_checked(session: Session, folder: Folder, reading: Reading, step: Step = IMPORT) -> Course:
    """`import_folder` of what `checked` returned: nothing is read any more."""
    course = session.scalar(select(Course).where(Course.slug == str(folder.name)).with_for_update())
    if course is None:
        return begin(session, folder, reading, step)
    if not difference(session, course.slug, folder).is_empty:
        after = {**dict.fromkeys(hashes_of(session, course.id)), **store(session, folder)}
        keep(session, course, after, step, described(folder, reading))
    return course


def _plain(folder: Folder) -> dict[str, bytes]:
    try:
        return plain_pictures(folder.files)
    except BadUpload as problem:
        path, _colon, what = problem.sentence.partition(": ")
        expected = "a picture without notes of a camera, or one that can be drawn anew without them"
        raise Broken([Finding(path, 1, 1, "E304", what.rstrip("."), expected)]) from problem


def begin(session: Session, folder: Folder, reading: Reading, step: Step) -> Course:
    """A new course with this folder as its draft, whatever the checker says of it. Its slug is the folder's name."""
    if str(folder.name) in site_of(session).names:
        raise Refused(_("Another course has this address already. Choose another one."))
    course = Course(slug=str(folder.name), status="draft", created_at=clock.now())
    session.add(course)
    session.flush()
    keep(session, course, store(session, folder), step, described(folder, reading))
    return course


def described(folder: Folder, reading: Reading) -> dict[str, object]:
    """What lists of drafts say of this one, as columns of `models.Draft`."""
    value, errors = reading.course, sum(finding.is_error for finding in reading.findings)
    return {
        "title": (value.title if value else "")[:120],
        "language": (value.language if value else "en")[:35],
        "lessons": len(value.lessons) if value else 0,
        "errors": errors,
        "warnings": len(reading.findings) - errors,
        "sha256": digest(folder),
    }


def keep(
    session: Session, course: Course, after: Mapping[str, str | None], step: Step, said: Mapping[str, object]
) -> Draft:
    """One step of the draft: these files, stored already, at these paths; None takes a file away. `said` is what
    `described` makes of the result."""
    draft = session.get(Draft, course.id)
    if draft is None:
        draft = Draft(course_id=course.id, version=0, changed_at=clock.now(), **said)
        session.add(draft)
        session.flush()
    put_files(session, draft, after, step)
    draft.changed_at = clock.now()
    for column, value in said.items():
        setattr(draft, column, value)
    session.flush()
    return draft


def draft_folder(session: Session, course: Course) -> Folder:
    """The draft as a folder, byte for byte as it was imported."""
    files = select(DraftFile.path, StoredFile.content).join(StoredFile, StoredFile.sha256 == DraftFile.sha256)
    rows = session.execute(files.where(DraftFile.course_id == course.id).order_by(DraftFile.path))
    return Folder({row.path: row.content for row in rows}, course.slug)


def course_with_slug(session: Session, slug: str) -> Course:
    course = session.scalar(select(Course).where(Course.slug == slug))
    if course is None:
        raise NotFound(_("There is no course %(slug)s here.") % {"slug": slug})
    return course


def store(session: Session, folder: Folder) -> dict[str, str]:
    """Keeps every content once; answers the hash of each path."""
    hashes = {path: _hash(content) for path, content in folder.files.items()}
    contents = {hashes[path]: content for path, content in folder.files.items()}
    wanted = sorted(contents)
    for start in range(0, len(wanted), FILES_AT_ONCE):
        part = wanted[start : start + FILES_AT_ONCE]
        known = set(session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(part))))
        new = [{"sha256": sha256, "content": contents[sha256]} for sha256 in part if sha256 not in known]
        if new:
            session.execute(insert(StoredFile), new)
    return hashes


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
