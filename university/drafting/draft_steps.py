"""Steps of a draft: what each save changed, file by file, so that every version of a course can come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from university import clock
from university.models import Draft, DraftChange, DraftFile, DraftStep, PlannedFile, RevisionFile, StoredFile
from university.retention import Job

# Autosaves of one file in a row within this time are one step.
ONE_SITTING = timedelta(minutes=10)
LONGEST_SUBJECT = 160

# Nobody goes back to how a course was more than a year ago.
STEPS_KEPT_FOR = timedelta(days=365)

Hashes = Mapping[str, str | None]


@dataclass(frozen=True)
class Step:
    """What is said of a change afterwards. `kind` is one of the words of `step_words`; `by` is a member of staff."""

    kind: str
    subject: str = ""
    by: UUID | None = None
    is_auto: bool = False


def put_files(session: Session, draft: Draft, after: Hashes, step: Step) -> None:
    """Makes these the files at their paths (None: no file) and keeps what stood there. The contents are stored
    already, and the course's row is locked. What is no change leaves no step."""
    before = hashes_of(session, draft.course_id, list(after))
    changes = {path: (before.get(path), sha256) for path, sha256 in after.items() if before.get(path) != sha256}
    last = session.get(DraftStep, (draft.course_id, draft.version))
    between = None
    if last and _continues(session, last, step, list(after)):
        between = _lengthen(session, last, after, step)
    elif changes:
        _add(session, draft, changes, step)
    _replace(session, draft.course_id, {path: sha256 for path, (_, sha256) in changes.items()})
    if changes and between:
        forget_unused(session, between)


def hashes_of(session: Session, course_id: UUID, paths: list[str] | None = None) -> dict[str, str]:
    """Path to hash of the draft's files, or of those at these paths."""
    rows = select(DraftFile.path, DraftFile.sha256).where(DraftFile.course_id == course_id)
    if paths is not None:
        rows = rows.where(DraftFile.path.in_(paths))
    return {row.path: row.sha256 for row in session.execute(rows)}


def steps_of(session: Session, course_id: UUID, most: int) -> list[DraftStep]:
    """The latest ones, the last first."""
    steps = select(DraftStep).where(DraftStep.course_id == course_id).order_by(DraftStep.version.desc())
    return list(session.scalars(steps.limit(most)))


def way_back(session: Session, course_id: UUID, version: int) -> dict[str, str | None]:
    """What must become of which file so that the draft is again as it was after the step `version`."""
    changes = select(DraftChange.path, DraftChange.before_sha256).where(
        DraftChange.course_id == course_id, DraftChange.version > version
    )
    rows = session.execute(changes.order_by(DraftChange.version.desc()))
    return {row.path: row.before_sha256 for row in rows}


def first_version(session: Session, draft: Draft) -> int:
    """The earliest version that one can still go back to: the one before the first step that is kept."""
    first = session.scalar(select(func.min(DraftStep.version)).where(DraftStep.course_id == draft.course_id))
    return draft.version if first is None else first - 1


def forget_old_steps(session: Session, now: datetime) -> int:
    """Deletes steps that are past their year with the contents that nothing else holds. Returns how many went."""
    old = DraftStep.made_at <= now - STEPS_KEPT_FOR
    of_old = and_(DraftChange.course_id == DraftStep.course_id, DraftChange.version == DraftStep.version)
    rows = session.execute(
        select(DraftChange.before_sha256, DraftChange.after_sha256).join(DraftStep, of_old).where(old)
    )
    held = {sha256 for row in rows for sha256 in row if sha256}
    gone = session.execute(delete(DraftStep).where(old).execution_options(synchronize_session=False))
    for sha256 in sorted(held):
        forget_unused(session, sha256)
    return int(gone.rowcount)  # type: ignore[attr-defined]


JOBS = (Job("steps of drafts", timedelta(hours=6), forget_old_steps),)


def _continues(session: Session, last: DraftStep, step: Step, paths: list[str]) -> bool:
    if (
        not last.is_auto
        or (last.kind, last.staff_id) != (step.kind, step.by)
        or clock.now() - last.made_at > ONE_SITTING
    ):
        return False
    of_last = (DraftChange.course_id == last.course_id) & (DraftChange.version == last.version)
    return len(paths) == 1 and list(session.scalars(select(DraftChange.path).where(of_last))) == paths


def _lengthen(session: Session, last: DraftStep, after: Hashes, step: Step) -> str | None:
    """The step ends in the new content. Answers the hash of the content in between, which nothing may need now."""
    [(path, sha256)] = after.items()
    change = session.get_one(DraftChange, (last.course_id, last.version, path))
    between, change.after_sha256 = change.after_sha256, sha256
    last.made_at, last.subject, last.is_auto = clock.now(), step.subject[:LONGEST_SUBJECT], step.is_auto
    session.flush()
    return between


def _add(session: Session, draft: Draft, changes: Mapping[str, tuple[str | None, str | None]], step: Step) -> None:
    draft.version += 1
    key = {"course_id": draft.course_id, "version": draft.version}
    session.add(
        DraftStep(
            **key,
            made_at=clock.now(),
            kind=step.kind,
            subject=step.subject[:LONGEST_SUBJECT],
            is_auto=step.is_auto,
            staff_id=step.by,
        )
    )
    session.flush()
    rows = [
        {**key, "path": path, "before_sha256": before, "after_sha256": after}
        for path, (before, after) in changes.items()
    ]
    session.execute(insert(DraftChange), rows)


def _replace(session: Session, course_id: UUID, after: Hashes) -> None:
    if not after:
        return
    of_course = DraftFile.course_id == course_id
    known = set(session.scalars(select(DraftFile.path).where(of_course, DraftFile.path.in_(list(after)))))
    gone = [path for path, sha256 in after.items() if sha256 is None]
    new = [
        {"course_id": course_id, "path": path, "sha256": sha256}
        for path, sha256 in after.items()
        if sha256 is not None and path not in known
    ]
    for path, sha256 in after.items():
        if sha256 is not None and path in known:
            session.execute(update(DraftFile).where(of_course, DraftFile.path == path).values(sha256=sha256))
    if gone:
        session.execute(delete(DraftFile).where(of_course, DraftFile.path.in_(gone)))
    if new:
        session.execute(insert(DraftFile), new)


def forget_unused(session: Session, sha256: str) -> None:
    """Deletes a stored content that no draft, revision or step holds."""
    holders = (
        DraftFile.sha256,
        RevisionFile.sha256,
        PlannedFile.sha256,
        DraftChange.before_sha256,
        DraftChange.after_sha256,
    )
    unused = [~select(1).where(holder == sha256).exists() for holder in holders]
    session.execute(delete(StoredFile).where(StoredFile.sha256 == sha256, *unused))
