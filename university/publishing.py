"""Publishing: the draft, checked once more, becomes the next immutable revision that learners see."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from university import clock
from university.course_folders import Course as CourseValue, Folder, digest
from university.drafts import Broken, draft_folder, read_for, store
from university.freezing import certificate_facts, course_page, lesson_rows, papers, search_text
from university.models import Course, CourseAlias, Lesson, Quiz, Revision, RevisionFile
from university.questions.paper import Paper


def publish(session: Session, course: Course) -> Revision:
    """Publishes the draft of `course`. An unchanged draft gives the revision that is there already.

    Raises Broken, and changes nothing, when the draft has errors.
    """
    folder = draft_folder(session, course)
    reading = read_for(session, folder)
    if reading.has_errors or reading.course is None:
        raise Broken(reading.findings)
    session.refresh(course, with_for_update=True)
    sha256 = digest(folder)  # opening or closing a course is no change
    revision = session.get(Revision, course.revision_id) if course.revision_id else None
    if revision is None or revision.sha256 != sha256:
        revision = _new_revision(session, course, reading.course, folder, sha256)
    _open(session, course, reading.course, revision)
    return revision


def _new_revision(session: Session, course: Course, value: CourseValue, folder: Folder, sha256: str) -> Revision:
    number = 1 + (session.scalar(select(func.max(Revision.number)).where(Revision.course_id == course.id)) or 0)
    revision = Revision(
        course_id=course.id,
        number=number,
        sha256=sha256,
        published_at=clock.now(),
        title=value.title,
        summary=value.summary,
        language=value.language,
        page=course_page(value, folder.files),
        facts=certificate_facts(value, number, sha256),
        search_text=search_text(value),
    )
    session.add(revision)
    session.flush()
    _add_contents(session, revision, value, folder)
    return revision


def _add_contents(session: Session, revision: Revision, value: CourseValue, folder: Folder) -> None:
    of = {"revision_id": revision.id}
    hashes = store(session, folder)
    session.execute(insert(RevisionFile), [{**of, "path": path, "sha256": sha} for path, sha in hashes.items()])
    lessons = [{**of, **row} for row in lesson_rows(value, folder.files)]
    quizzes = [{**of, **_quiz_row(paper)} for paper in papers(value, folder.files)]
    if lessons:
        session.execute(insert(Lesson), lessons)
    if quizzes:
        session.execute(insert(Quiz), quizzes)


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


def _open(session: Session, course: Course, value: CourseValue, revision: Revision) -> None:
    """Learners see `revision` from the commit on."""
    course.revision_id = revision.id
    course.status = "archived" if value.status == "archived" else "published"
    course.translation_of = value.translation_of
    session.execute(delete(CourseAlias).where(CourseAlias.course_id == course.id))
    for alias in value.aliases:
        session.add(CourseAlias(slug=alias, course_id=course.id))
    session.flush()
