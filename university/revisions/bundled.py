"""The courses that come with the program: loaded into a database that has none, so that there is something to learn."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from university.course_folders import Folder, Reading, read_folder
from university.database import Database
from university.drafting.drafts import checked, import_checked
from university.models import Course
from university.revisions.publishing import Ready, publish_ready, ready
from university.turns import take_turn

FOLDER = Path(__file__).parents[1] / "bundled_courses"


def load_bundled_courses(database: Database, source: Path = FOLDER) -> list[str]:
    """Imports and publishes them all in one transaction if there is no course at all; answers their slugs.

    They are read, checked and rendered before it begins: that takes seconds, and a writer keeps all others waiting.
    """
    with database.reading() as looking:
        if _has_courses(looking):
            return []
        folders = _originals_first(source)
        slugs = [str(folder.name) for folder in folders]
        made = [_made(looking, folder, slugs) for folder in folders]
    with database.writing() as session:
        take_turn(session, "bundled courses")
        if _has_courses(session):
            return []  # another process was faster
        for folder, reading, rendered in made:
            publish_ready(session, import_checked(session, folder, reading), rendered)
    return slugs


def _has_courses(session: Session) -> bool:
    return bool(session.scalar(select(func.count()).select_from(Course)))


def _made(looking: Session, folder: Folder, beside: list[str]) -> tuple[Folder, Reading, Ready]:
    folder, reading = checked(looking, folder, beside)
    return folder, reading, ready(folder, reading)


def _originals_first(source: Path) -> list[Folder]:
    """A translation names its original, which must be there by then."""
    folders = [read_folder(path) for path in sorted(source.iterdir()) if (path / "course.yaml").is_file()]
    return sorted(folders, key=lambda folder: b"\ntranslation_of:" in folder.files["course.yaml"])
