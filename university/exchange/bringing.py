"""From the dry run to the draft: one step that can be undone."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from university.course_folders.imports import every_quiz, merged, new_files, new_pool
from university.course_folders.reading.fields import as_id
from university.drafting import drafts
from university.drafting.draft_saving import OpenDraft, open_draft, save
from university.drafting.draft_steps import Step
from university.exchange.weighing import ProposedCourse, ProposedQuestions


def bring_in_course(session: Session, proposed: ProposedCourse, by: UUID) -> str:
    """The slug of the course whose draft is now this folder; learners see nothing of it before it is published."""
    folder, slug, step = proposed.folder, proposed.difference.slug, Step("import", proposed.name, by)
    if proposed.difference.is_new:
        return drafts.begin(session, replace(folder, name=slug), step).slug
    opened = open_draft(session, slug, lock=True)
    difference = drafts.difference(session, slug, folder)  # from the draft as it is now
    changes: dict[str, bytes | None] = {path: folder.files[path] for path in (*difference.added, *difference.changed)}
    changes.update(dict.fromkeys(difference.removed))
    save(session, opened, changes, step)
    return slug


def bring_in_questions(session: Session, opened: OpenDraft, proposed: ProposedQuestions, title: str, by: UUID) -> str:
    """Path of the file that holds the questions now."""
    planned, found = proposed.plan, proposed.found
    if proposed.target is None:
        path = _free_path(opened, title)
        text = new_pool(path.removeprefix("pools/").removesuffix(".yaml"), title, planned)
    else:
        path = proposed.target.path
        text = merged(opened.text(path), planned)
    pictures = new_files(found, planned, opened.folder.files)
    save(session, opened, {**pictures, path: text.encode()}, Step("questions", found.name, by))
    return path


def _free_path(opened: OpenDraft, title: str) -> str:
    """Of a new pool: neither its file nor its id is taken."""
    taken = {quiz.id for quiz in every_quiz(opened.value)} | set(opened.folder.files)
    name = start = (as_id(title) or "pool")[:60].strip("-")
    count = 1
    while name in taken or f"pools/{name}.yaml" in taken:
        count += 1
        name = f"{start}-{count}"
    return f"pools/{name}.yaml"
