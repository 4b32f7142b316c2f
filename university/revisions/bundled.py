"""The courses that come with the program: loaded into a database that has none, so that there is something to learn."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from university.course_folders import Folder, read_folder
from university.database import Database
from university.drafting.drafts import import_folder
from university.models import Course
from university.revisions.publishing import publish

FOLDER = Path(__file__).parents[1] / "bundled_courses"

log = logging.getLogger("university.revisions.bundled")


def load_bundled_courses(database: Database, source: Path = FOLDER) -> list[str]:
    """Imports and publishes them all in one transaction if there is no course at all; answers their slugs."""
    try:
        return _load(database, source)
    except IntegrityError:
        log.info("another process was faster with the bundled courses")
        return []


def _load(database: Database, source: Path) -> list[str]:
    with database.writing() as session:
        if session.scalar(select(func.count()).select_from(Course)):
            return []
        folders = [read_folder(path) for path in sorted(source.iterdir()) if (path / "course.yaml").is_file()]
        for folder in _originals_first(folders):
            publish(session, import_folder(session, folder))
        return [str(folder.name) for folder in folders]


def _originals_first(folders: list[Folder]) -> list[Folder]:
    """A translation names its original, which must be there by then."""
    return sorted(folders, key=lambda folder: b"\ntranslation_of:" in folder.files["course.yaml"])
