"""Publishing: the draft, checked once more, becomes the next immutable revision that learners see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from university import clock
from university.course_folders import Course as CourseValue, Folder, Reading, digest
from university.course_folders.forms.course_form import moved
from university.drafting.drafts import Broken, draft_folder, read_for, store
from university.errors import NotFound, Refused
from university.language import gettext as _
from university.models import Course, CourseAlias, Lesson, Quiz, Revision, RevisionFile, StoredFile
from university.questions.paper import Paper
from university.revisions import passages, under_way
from university.revisions.freezing import certificate_facts, course_page, kept_aliases, lesson_rows, papers, search_text
from university.revisions.press import Press
from university.revisions.published import revision as published_revision


@dataclass(frozen=True)
class Terms:
    """How a revision is published. With a `reason` it also asks learners under way for what is new; `follows_source`
    says that a translation says what its source says now; `restores` is the number of an earlier revision."""

    reason: str | None = None
    follows_source: bool = True
    restores: int | None = None


USUAL = Terms()


@dataclass(frozen=True)
class Ready:
    """A checked course with every text rendered: all that a revision holds but its number. Making one takes a second
    for a large course, so it is made with nothing locked."""

    value: CourseValue
    folder: Folder
    sha256: str
    page: Mapping[str, Any]
    lessons: Sequence[Mapping[str, Any]]
    quizzes: Sequence[Mapping[str, Any]]
    passages: Sequence[passages.Said]


def ready(folder: Folder, reading: Reading) -> Ready:
    """What learners would see of this folder. Raises Broken when it has errors."""
    value = reading.course
    if reading.has_errors or value is None:
        raise Broken(reading.findings)
    press = Press(value, folder.files)
    lessons = lesson_rows(press)
    return Ready(
        value=value,
        folder=folder,
        sha256=digest(folder),  # opening or closing a course is no change
        page=course_page(press),
        lessons=lessons,
        quizzes=[_quiz_row(paper) for paper in papers(press)],
        passages=passages.said(value.title, search_text(value), [(one["lesson_id"], one) for one in lessons]),
    )


def publish(session: Session, course: Course, terms: Terms = USUAL) -> Revision:
    """Publishes the draft of `course`. An unchanged draft gives the revision that is there already.

    Raises Broken, and changes nothing, when the draft has errors.
    """
    folder = draft_folder(session, course)
    return publish_ready(session, course, ready(folder, read_for(session, folder)), terms)


def ready_again(looking: Session, course: Course, number: int) -> Ready:
    """To roll back: an earlier revision, to be published anew under a number of its own."""
    earlier = find_revision(looking, course, number)
    if earlier.id == course.revision_id:
        raise Refused(_("This is the revision learners see already."))
    folder = revision_folder(looking, earlier)
    if folder.name != course.slug:  # the course moved since
        known = looking.scalars(select(CourseAlias.slug).where(CourseAlias.course_id == course.id))
        folder = moved(folder, course.slug, set(known))
    return ready(folder, read_for(looking, folder))


def publish_ready(session: Session, course: Course, made: Ready, terms: Terms = USUAL) -> Revision:
    """It becomes what learners of this course see. Raises Refused when a lesson has the id another had before."""
    session.refresh(course, with_for_update=True)
    before = course.revision_id
    revision = session.get(Revision, before) if before else None
    if revision is None or revision.sha256 != made.sha256:
        revision = _new_revision(session, course, made)
        _note_terms(session, revision, made.value, terms, before)
    _open(session, course, made.value, revision)
    if before and before != revision.id:
        _carry_over(session, course, before, revision, terms)
    passages.index(session, course, revision, made.passages)
    return revision


def revision_folder(session: Session, revision: Revision) -> Folder:
    """The files of a revision, byte for byte as they were published."""
    files = select(RevisionFile.path, StoredFile.content).join(StoredFile, StoredFile.sha256 == RevisionFile.sha256)
    rows = session.execute(files.where(RevisionFile.revision_id == revision.id).order_by(RevisionFile.path))
    return Folder({row.path: row.content for row in rows}, revision.page["slug"])


def find_revision(session: Session, course: Course, number: int) -> Revision:
    found = session.scalar(select(Revision).where(Revision.course_id == course.id, Revision.number == number))
    if found is None:
        raise NotFound(_("This course has no such revision."))
    return found


def history(session: Session, course: Course) -> list[Revision]:
    """Every revision, the newest first."""
    return list(
        session.scalars(select(Revision).where(Revision.course_id == course.id).order_by(Revision.number.desc()))
    )


def _new_revision(session: Session, course: Course, made: Ready) -> Revision:
    number = 1 + (session.scalar(select(func.max(Revision.number)).where(Revision.course_id == course.id)) or 0)
    former = session.get(Revision, course.revision_id) if course.revision_id else None
    aliases = kept_aliases(
        former.page["aliases"] if former else {}, made.page["aliases"], {str(one["lesson_id"]) for one in made.lessons}
    )
    value = made.value
    revision = Revision(
        course_id=course.id,
        number=number,
        sha256=made.sha256,
        published_at=clock.now(),
        title=value.title,
        summary=value.summary,
        language=value.language,
        page={**made.page, "aliases": aliases},
        facts=certificate_facts(value, number, made.sha256),
        search_text=search_text(value),
    )
    session.add(revision)
    session.flush()
    _add_contents(session, revision, made)
    return revision


def _add_contents(session: Session, revision: Revision, made: Ready) -> None:
    of = {"revision_id": revision.id}
    hashes = store(session, made.folder)
    session.execute(insert(RevisionFile), [{**of, "path": path, "sha256": sha} for path, sha in hashes.items()])
    if made.lessons:
        session.execute(insert(Lesson), [{**of, **row} for row in made.lessons])
    if made.quizzes:
        session.execute(insert(Quiz), [{**of, **row} for row in made.quizzes])


def _quiz_row(paper: Paper) -> dict[str, object]:
    rules = paper.rules
    return {
        "quiz_id": rules.id,
        "kind": rules.kind,
        "lesson_id": rules.lesson_id,
        "module_id": rules.module_id,
        "title": rules.title,
        "definition": paper.as_json(),
    }


def _note_terms(session: Session, revision: Revision, value: CourseValue, terms: Terms, before: UUID | None) -> None:
    revision.reason = terms.reason
    revision.restored_number = terms.restores
    former = session.get(Revision, before) if before else None
    if value.translation_of is None:
        return
    if terms.restores is not None:
        former = find_revision(session, session.get_one(Course, revision.course_id), terms.restores)
    source = session.scalar(select(Course.revision_id).where(Course.slug == value.translation_of))
    follows = terms.follows_source and terms.restores is None
    revision.source_revision_id = source if follows else (former.source_revision_id if former else None)


def _open(session: Session, course: Course, value: CourseValue, revision: Revision) -> None:
    """Learners see `revision` from the commit on."""
    course.revision_id = revision.id
    if value.status == "archived":
        course.archived_at = course.archived_at or clock.now()
    else:
        course.archived_at = course.replaced_by = None
    course.status = "archived" if value.status == "archived" else "published"
    course.translation_of = value.translation_of
    session.execute(delete(CourseAlias).where(CourseAlias.course_id == course.id))
    for alias in value.aliases:
        session.add(CourseAlias(slug=alias, course_id=course.id))
    session.flush()


def _carry_over(session: Session, course: Course, before: UUID, revision: Revision, terms: Terms) -> None:
    after = published_revision(session, revision.id)
    under_way.carry_over(session, course, published_revision(session, before), after)
    if terms.reason:
        under_way.ask_everybody(session, course, after)
