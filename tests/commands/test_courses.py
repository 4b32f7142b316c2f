"""`university course …` as an author types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from tests.conftest import only_on
from tests.course_folders.imports.packing import packed
from tests.course_folders.imports.test_packages import cartridge
from tests.desk import must_not_lock
from tests.sample_course import COURSE, sample_folder
from university.cli import main
from university.course_folders import Folder, read_folder, write_folder, write_zip
from university.database import Database
from university.models import Course
from university.settings import Settings

BROKEN = {"course_dot_yaml": COURSE.format(slug="rivers", title="Rivers").replace("hours: 0.5", "hours: long")}


@pytest.fixture
def run(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("UNIVERSITY_DATA", str(settings.data))
    monkeypatch.setenv("UNIVERSITY_DATABASE_URL", settings.database_url)

    def typed(*words: object) -> Result:
        return CliRunner().invoke(main, ["course", *map(str, words)])

    return typed


def on_disk(folder: Folder, path: Path) -> Path:
    write_folder(folder, path / str(folder.name))
    return path / str(folder.name)


def statuses(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {course.slug: course.status for course in session.scalars(select(Course))}


def test_check_names_file_line_code_and_what_was_expected(run: Any, tmp_path: Path, database: Database) -> None:
    broken = run("check", on_disk(sample_folder(**BROKEN), tmp_path))
    assert broken.exit_code == 1
    assert 'course.yaml:18: E105 error: "hours" is text. Expected: a number.' in broken.output
    assert "1 errors" in broken.output
    fine = run("check", on_disk(sample_folder("lakes", "Lakes"), tmp_path))
    assert (fine.exit_code, fine.stdout) == (0, "")
    assert statuses(database) == {}


def test_check_speaks_json_and_reads_zip_files(run: Any, tmp_path: Path) -> None:
    packed = tmp_path / "rivers.zip"
    packed.write_bytes(write_zip(sample_folder(**BROKEN)))
    found = run("check", packed, "--json")
    assert found.exit_code == 1
    assert [(one["path"], one["line"], one["code"]) for one in json.loads(found.stdout)] == [
        ("course.yaml", 18, "E105")
    ]


def test_what_cannot_be_read_is_status_two(run: Any, tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"no zip")
    for path in (tmp_path / "nowhere", tmp_path / "no.zip"):
        assert run("check", path).exit_code == 2
        assert run("import", path).exit_code == 2


def test_import_shows_what_will_happen_and_makes_a_draft(run: Any, tmp_path: Path, database: Database) -> None:
    path = on_disk(sample_folder(), tmp_path)
    looked = run("import", path, "--dry-run")
    assert looked.exit_code == 0
    assert "rivers: a new course" in looked.output
    assert "  add exam.yaml" in looked.output
    assert statuses(database) == {}
    drafted = run("import", path)
    assert "rivers is a draft" in drafted.output
    assert statuses(database) == {"rivers": "draft"}
    published = run("import", path, "--publish")
    assert "rivers: no change." in published.output
    assert "rivers is published as revision 1." in published.output
    assert statuses(database) == {"rivers": "published"}


def test_import_speaks_json(run: Any, tmp_path: Path) -> None:
    told = json.loads(run("import", on_disk(sample_folder(), tmp_path), "--publish", "--json").stdout)
    assert (told["slug"], told["is_new"], told["revision"], told["dry_run"]) == ("rivers", True, 1, False)
    assert "course.yaml" in told["added"]


def test_a_broken_folder_changes_nothing(run: Any, tmp_path: Path, database: Database) -> None:
    for words in ((), ("--publish",), ("--json",)):
        broken = run("import", on_disk(sample_folder(**BROKEN), tmp_path), *words)
        assert broken.exit_code == 1
        assert "E105" in broken.output
    assert statuses(database) == {}


def test_export_gives_back_what_came_in(run: Any, tmp_path: Path) -> None:
    path = on_disk(sample_folder(), tmp_path)
    run("import", path)
    exported = run("export", "rivers", tmp_path / "out" / "rivers")
    assert exported.exit_code == 0
    assert read_folder(tmp_path / "out" / "rivers").files == read_folder(path).files


def test_export_leaves_other_things_alone(run: Any, tmp_path: Path) -> None:
    run("import", on_disk(sample_folder(), tmp_path))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear diary")
    refused = run("export", "rivers", tmp_path / "mine")
    assert refused.exit_code == 1
    assert "holds other things" in refused.output
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["diary.txt"]
    assert run("export", "nowhere", tmp_path / "new").exit_code == 1


def test_a_cartridge_becomes_a_draft_and_says_what_it_left_out(run: Any, tmp_path: Path, database: Database) -> None:
    path = tmp_path / "rivers.imscc"
    path.write_bytes(packed(cartridge()))
    result = run("import", path)
    assert result.exit_code == 0
    assert "heading → skipped: A heading" in result.output
    assert statuses(database) == {"rivers": "draft"}
    assert "rivers: no change." in run("import", path).output


def test_export_into_a_zip_file_that_imports_without_a_change(run: Any, tmp_path: Path) -> None:
    run("import", on_disk(sample_folder(), tmp_path / "rivers"))
    assert run("export", "rivers", tmp_path / "out.zip").exit_code == 0
    assert "rivers: no change." in run("import", tmp_path / "out.zip").output


@only_on("sqlite")
def test_an_import_reads_checks_and_renders_with_nothing_locked(
    run: Any, tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = must_not_lock(monkeypatch, database, "university.drafting.drafts.read_course")
    renders = must_not_lock(monkeypatch, database, "university.revisions.publishing.lesson_rows")
    assert run("import", on_disk(sample_folder(), tmp_path), "--publish").exit_code == 0
    assert (bool(reads), len(renders)) == (True, 1)
