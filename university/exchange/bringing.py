"""From the dry run to the draft: one step that can be undone."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from university.course_folders.imports import every_quiz, merged, new_files, new_pool
from university.course_folders.reading.fields import as_id
from university.drafting import drafts
from university.drafting.draft_saving import Conflict, Edit, OpenDraft
from university.drafting.draft_steps import Step
from university.exchange.weighing import Proposal, ProposedCourse, ProposedQuestions


def new_course(session: Session, proposed: ProposedCourse, by: UUID) -> str:
    """The slug of the course whose draft is now this folder; learners see nothing of it before it is published."""
    folder = replace(proposed.folder, name=proposed.difference.slug)
    return drafts.begin(session, folder, proposed.reading, Step("import", proposed.name, by)).slug


def with_proposal(opened: OpenDraft, seen: OpenDraft, proposal: Proposal, title: str) -> Edit:
    """With what was shown, in the draft for which it was shown. Raises Conflict for any other."""
    if opened.hashes != seen.hashes:
        raise Conflict(opened, ())
    if proposal.course:
        return with_folder(opened, proposal.course)
    if proposal.questions is None:
        raise ValueError("a proposal without a course or questions")
    return with_questions(opened, proposal.questions, title)


def with_folder(opened: OpenDraft, proposed: ProposedCourse) -> Edit:
    """The draft made equal to the folder of the file."""
    files, there = proposed.folder.files, opened.folder.files
    changes: dict[str, bytes | None] = {path: new for path, new in files.items() if there.get(path) != new}
    changes.update(dict.fromkeys(there.keys() - files.keys()))
    return Edit(changes, Step("import", proposed.name))


def with_questions(opened: OpenDraft, proposed: ProposedQuestions, title: str) -> Edit:
    """With the questions in the quiz they are for, or in a new pool of this title."""
    planned, found = proposed.plan, proposed.found
    if proposed.target is None:
        path = _free_path(opened, title)
        text = new_pool(path.removeprefix("pools/").removesuffix(".yaml"), title, planned)
    else:
        path = proposed.target.path
        text = merged(opened.text(path), planned)
    pictures = new_files(found, planned, opened.folder.files)
    return Edit({**pictures, path: text.encode()}, Step("questions", found.name))


def _free_path(opened: OpenDraft, title: str) -> str:
    """Of a new pool: neither its file nor its id is taken."""
    taken = {quiz.id for quiz in every_quiz(opened.value)} | set(opened.folder.files)
    name = start = (as_id(title) or "pool")[:60].strip("-")
    count = 1
    while name in taken or f"pools/{name}.yaml" in taken:
        count += 1
        name = f"{start}-{count}"
    return f"pools/{name}.yaml"
