"""`university course check|import|export`: course folders in and out of the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from university.commands.environment import settings_or_exit
from university.commands.questions import say_item
from university.course_folders import (
    Finding,
    Folder,
    Unreadable,
    exit_status,
    read_course,
    read_folder,
    read_zip,
    report,
    write_folder,
    write_zip,
)
from university.course_folders.imports import read_questions
from university.database import Database
from university.drafting.drafts import (
    Broken,
    Difference,
    checked,
    course_with_slug,
    difference,
    draft_folder,
    import_checked,
    read_for,
)
from university.errors import NotFound
from university.migrating import migrate
from university.revisions.publishing import publish_ready, ready

UNREADABLE = 2
as_json = click.option("--json", "as_json", is_flag=True, help="For machines.")


@click.group()
def course() -> None:
    """Check, import and export course folders."""


@course.command("check")
@click.argument("path", type=click.Path(path_type=Path))
@as_json
def check_command(path: Path, as_json: bool) -> None:
    """Say everything that is wrong with the course in PATH, a folder or zip file. Exit status 1 with errors."""
    findings = read_course(_folder(path)).findings
    click.echo(report(findings, json=as_json), nl=False)
    if not as_json:
        click.echo(_counted(findings), err=True)
    raise SystemExit(exit_status(findings))


@course.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--publish", "is_published", is_flag=True, help="Open it to learners, after the same checks.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@as_json
def import_command(path: Path, is_published: bool, dry_run: bool, as_json: bool) -> None:
    """Make the course in PATH a draft, and with --publish a revision. With errors nothing is changed.

    PATH is a course folder, a zip file of one, or a Common Cartridge.
    """
    folder = _foreign_or_own(path, as_json)
    with _database() as database:
        with database.reading() as session:
            reading = read_for(session, folder)
            change = difference(session, reading.course.slug, folder) if reading.course else None
        if reading.has_errors or change is None:
            _say_findings(reading.findings, as_json)
            raise SystemExit(1)
        if not as_json:
            _say_findings(reading.findings, as_json)
            click.echo(_sentences(change), nl=False)
        revision = None if dry_run else _bring_in(database, folder, is_published)
    _say_result(change, reading.findings, revision, dry_run, as_json)


@course.command("export")
@click.argument("slug")
@click.argument("path", type=click.Path(path_type=Path))
def export_command(slug: str, path: Path) -> None:
    """Write the draft of the course SLUG into the folder PATH, byte for byte as it came in, or into a zip file."""
    with _database() as database, database.reading() as session:
        try:
            folder = draft_folder(session, course_with_slug(session, slug))
        except NotFound as missing:
            raise click.ClickException(missing.sentence) from None
    if path.suffix == ".zip":
        path.write_bytes(write_zip(folder))
        click.echo(f"{len(folder.files)} files of {slug} are in {path}.")
        return
    if path.is_file():
        raise click.ClickException(f"{path} is a file. Name a folder, or a file that ends in .zip.")
    if path.is_dir() and any(path.iterdir()) and not (path / "course.yaml").is_file():
        raise click.ClickException(f"{path} holds other things. Name an empty or a new folder.")
    write_folder(folder, path)
    for name in sorted(_names_in(path) - folder.files.keys()):
        click.echo(f"not of this course, left alone: {name}", err=True)
    click.echo(f"{len(folder.files)} files of {slug} are in {path}.")


def _folder(path: Path) -> Folder:
    """The course at this path, or exit status 2 with the reason."""
    try:
        return read_zip(path.read_bytes()) if path.is_file() else read_folder(path)
    except (Unreadable, OSError) as reason:
        click.echo(str(reason), err=True)
        raise SystemExit(UNREADABLE) from None


def _foreign_or_own(path: Path, as_json: bool) -> Folder:
    """The course at this path; of one by another system it is said first what comes in and what does not."""
    if not path.is_file() or b"imsmanifest.xml" not in path.read_bytes():
        return _folder(path)
    found = read_questions(str(path), path.read_bytes())
    if found.folder is None:
        reason = found.broken.text if found.broken else "it holds questions and no course"
        click.echo(f"{path}: {reason}.", err=True)
        raise SystemExit(UNREADABLE)
    for item in found.items if not as_json else ():
        say_item(item)
    return found.folder


@contextmanager
def _database() -> Iterator[Database]:
    database = Database(settings_or_exit())
    try:
        migrate(database)
        yield database
    finally:
        database.close()


def _bring_in(database: Database, folder: Folder, is_published: bool) -> int | None:
    """Number of the revision learners see now, None for a draft. One transaction: all of it or nothing, and everything
    that takes its time is done before it."""
    try:
        with database.reading() as looking:
            kept, reading = checked(looking, folder)
        made = ready(kept, reading) if is_published else None
        with database.writing() as session:
            draft = import_checked(session, kept, reading)
            return publish_ready(session, draft, made).number if made else None
    except Broken as broken:
        click.echo(report(broken.findings), nl=False, err=True)
        raise SystemExit(1) from None


def _say_findings(findings: list[Finding], as_json: bool) -> None:
    click.echo(report(findings, json=as_json), nl=False)
    if not as_json:
        click.echo(_counted(findings), err=True)


def _say_result(
    change: Difference, findings: list[Finding], revision: int | None, dry_run: bool, as_json: bool
) -> None:
    if as_json:
        told = {**vars(change), "findings": [one.as_json() for one in findings], "dry_run": dry_run}
        click.echo(json.dumps({**told, "revision": revision}, ensure_ascii=False, indent=2))
    elif dry_run:
        click.echo("Nothing was changed.")
    elif revision is None:
        click.echo(f"{change.slug} is a draft. Learners see it after: university course import PATH --publish")
    else:
        click.echo(f"{change.slug} is published as revision {revision}.")


def _sentences(change: Difference) -> str:
    if change.is_empty:
        return f"{change.slug}: no change.\n"
    lines = [f"{change.slug}: a new course" if change.is_new else f"{change.slug}: changes the draft"]
    for word, paths in (("add", change.added), ("change", change.changed), ("remove", change.removed)):
        lines += [f"  {word} {path}" for path in paths]
    return "\n".join(lines) + "\n"


def _counted(findings: list[Finding]) -> str:
    errors = sum(finding.is_error for finding in findings)
    return f"{errors} errors, {len(findings) - errors} warnings"


def _names_in(path: Path) -> set[str]:
    found = (one for one in path.rglob("*") if one.is_file())
    names = {one.relative_to(path).as_posix() for one in found}
    return {name for name in names if not any(part.startswith(".") for part in name.split("/"))}
