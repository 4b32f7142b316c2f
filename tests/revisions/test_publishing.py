"""Folders become drafts, drafts become revisions, and what went in comes out byte for byte."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.cast import publish_folder, publish_sample
from tests.sample_course import COURSE, SPRING, sample_folder
from university.course_folders import read_folder
from university.database import Database
from university.drafting.drafts import Broken, difference, draft_folder, import_folder
from university.models import (
    Course,
    CourseAlias,
    DraftFile,
    Lesson,
    Quiz,
    Revision,
    RevisionFile,
    StoredFile,
)
from university.revisions.bundled import FOLDER, load_bundled_courses
from university.revisions.published import revision
from university.revisions.publishing import publish

# Courses by others, on the machines that have them; they are never part of this project.
REAL_COURSES = Path(os.environ.get("REAL_COURSES") or Path(__file__).parents[3] / "shared" / "courses")
BUNDLED = sorted(path for path in FOLDER.iterdir() if (path / "course.yaml").is_file())


def counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Course, CourseAlias, StoredFile, DraftFile, Revision, RevisionFile, Lesson, Quiz)
        }


def test_an_import_makes_a_draft_and_publishes_nothing(database: Database) -> None:
    folder = sample_folder()
    with database.writing() as session:
        course = import_folder(session, folder)
        assert (course.status, course.revision_id) == ("draft", None)
    assert counts(database)["draft_file"] == len(folder.files)
    assert counts(database)["revision"] == 0


def test_the_same_folder_twice_is_no_change(database: Database) -> None:
    publish_sample(database)
    before = counts(database)
    publish_sample(database)
    assert counts(database) == before
    with database.reading() as session:
        assert difference(session, "rivers", sample_folder()).is_empty


def test_a_changed_folder_becomes_the_next_revision_and_the_first_one_stays(database: Database) -> None:
    first = publish_sample(database).revision_id
    changed = sample_folder(**{"modules__01-upstream__01-spring_dot_md": SPRING.replace("leaves", "quits")})
    with database.reading() as session:
        assert difference(session, "rivers", changed).changed == ["modules/01-upstream/01-spring.md"]
    second = publish_folder(database, changed).revision_id
    with database.reading() as session:
        assert session.get_one(Revision, second).number == 2
        assert "leaves the ground" in revision(session, first).lessons["spring"].html  # type: ignore[arg-type]
        assert "quits the ground" in revision(session, second).lessons["spring"].html  # type: ignore[arg-type]


def test_opening_a_course_is_no_change_of_what_it_says(database: Database) -> None:
    publish_sample(database)
    as_draft = COURSE.format(slug="rivers", title="Rivers").replace("status: published", "status: draft")
    publish_folder(database, sample_folder(course_dot_yaml=as_draft))
    assert counts(database)["revision"] == 1


BREAKAGE: list[dict[str, Any]] = [
    {"course_dot_yaml": None},
    {"course_dot_yaml": "slug: [rivers"},
    {"course_dot_yaml": COURSE.format(slug="lakes", title="Lakes")},
    {"modules__01-upstream__module_dot_yaml": None},
    {"modules__01-upstream__01-spring_dot_md": SPRING.replace("drop.png", "nope.png")},
    {"modules__01-upstream__01-spring_dot_md": "no front matter"},
    {"exam_dot_yaml": "id: final-exam\ntitle: Exam\nquestions: []\n"},
    {"pools__exam_dot_yaml": "id: exam-pool\ntitle: x\nquestions:\n  - id: e-1\n    kind: single\n"},
    {"images__drop_dot_png": b"no picture at all"},
]


def test_a_broken_folder_changes_nothing(database: Database) -> None:
    publish_sample(database)
    before = counts(database)
    for changed in BREAKAGE:
        with pytest.raises(Broken) as broken, database.writing() as session:
            publish(session, import_folder(session, sample_folder(**changed)))
        assert any(finding.is_error for finding in broken.value.findings), changed
        assert counts(database) == before, changed


def test_a_slug_or_alias_of_another_course_is_refused(database: Database) -> None:
    publish_sample(database)
    course = COURSE.format(slug="lakes", title="Lakes").replace("lakes-of-old", "rivers")
    with pytest.raises(Broken) as broken, database.writing() as session:
        import_folder(session, sample_folder("lakes", course_dot_yaml=course))
    assert [one.code for one in broken.value.findings if one.is_error] == ["E017"]


def test_aliases_follow_the_last_publish(database: Database, client: TestClient[Any]) -> None:
    publish_sample(database)
    assert client.get("/courses/rivers-of-old").status_code == 308
    publish_folder(
        database, sample_folder(course_dot_yaml=COURSE.format(slug="rivers", title="R").replace("-of-old", "2"))
    )
    assert client.get("/courses/rivers-of-old").status_code == 404
    assert client.get("/courses/rivers2").status_code == 308


def test_an_export_is_the_folder_byte_for_byte(database: Database) -> None:
    odd = {
        "README_dot_md": b"\xef\xbb\xbfkept\r\n",
        "course_dot_yaml": "# a comment\n" + COURSE.format(slug="rivers", title="R"),
    }
    folder = sample_folder(**odd)
    course = publish_folder(database, folder)
    with database.reading() as session:
        exported = draft_folder(session, course)
    assert dict(exported.files) == dict(folder.files)
    assert exported.name == "rivers"


def test_facts_for_the_certificate_are_those_of_the_revision(database: Database) -> None:
    course = publish_sample(database)
    with database.reading() as session:
        facts = session.get_one(Revision, course.revision_id).facts
        sha256 = session.get_one(Revision, course.revision_id).sha256
    assert facts["certificate"] == {"enabled": True, "template": None, "valid_months": None}
    assert facts["course"] == {
        "slug": "rivers",
        "title": "Rivers",
        "certificate_title": "Knows rivers",
        "revision": 1,
        "revision_sha256": sha256,
        "language": "en",
        "hours": 0.5,
        "ects": None,
        "level": "introductory",
        "eqf": 3,
        "summary": "Where water comes from and where it goes, in four short lessons.",
        "outcomes": ["Say where a river begins", "Tell a delta from an estuary"],
        "skills": [{"name": "Reading maps", "uri": "http://data.europa.eu/esco/skill/maps"}],
        "pass_mark": 70,
    }


def test_what_learners_never_meet_is_not_published(database: Database) -> None:
    course = publish_sample(database)
    with database.reading() as session:
        published = revision(session, course.revision_id)  # type: ignore[arg-type]
    assert list(published.lessons) == ["spring", "bends", "delta", "extra"]
    assert set(published.papers) == {"bends-before", "spring-quiz", "bends-quiz", "upstream-quiz", "final-exam"}
    assert set(published.papers["final-exam"].questions) == {f"e-{n}" for n in range(1, 9)}
    assert published.page["requirements"] == {
        "lessons": ["spring", "bends", "delta"],
        "lessons_needed": 3,
        "quizzes": {"spring-quiz": 60, "bends-quiz": 60, "upstream-quiz": 60},
        "quizzes_needed": "attempted",
        "exam": "final-exam",
        "pass_mark": 70,
        "rules": {
            **{
                id_: {"attempts": None, "wait_hours": "0", "time_limit_minutes": None}
                for id_ in ("spring-quiz", "bends-quiz", "upstream-quiz")
            },
            "final-exam": {"attempts": 2, "wait_hours": "24", "time_limit_minutes": 30},
        },
    }


def test_a_revision_number_is_given_once(database: Database) -> None:
    course = publish_sample(database)
    with database.reading() as session:
        first = session.get_one(Revision, course.revision_id)
    again = {name: getattr(first, name) for name in Revision.__table__.columns.keys() if name != "id"}  # noqa: SIM118
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Revision(**again))


def test_the_bundled_courses_come_into_an_empty_database_and_into_no_other(database: Database) -> None:
    assert load_bundled_courses(database) == [path.name for path in BUNDLED]
    before = counts(database)
    assert before["revision"] == len(BUNDLED)
    assert load_bundled_courses(database) == []
    assert counts(database) == before


def test_a_site_with_courses_of_its_own_gets_no_bundled_ones(database: Database) -> None:
    publish_sample(database)
    assert load_bundled_courses(database) == []


def test_two_machines_that_start_at_once_load_them_once(database: Database) -> None:
    barrier, loaded = threading.Barrier(2), []

    def load() -> None:
        barrier.wait()
        loaded.append(load_bundled_courses(database))

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(loaded, key=len) == [[], [path.name for path in BUNDLED]]
    assert counts(database)["revision"] == len(BUNDLED)


def real_courses() -> Iterator[Any]:
    found = sorted(REAL_COURSES.iterdir()) if REAL_COURSES.is_dir() else []
    for path in found or [None]:
        missing = pytest.mark.skip(reason=f"no courses by others in {REAL_COURSES}")
        yield pytest.param(path, id=path.name if path else "none", marks=() if path else missing)


@pytest.mark.parametrize("path", [*(pytest.param(path, id=path.name) for path in BUNDLED), *real_courses()])
def test_every_page_of_a_whole_course_shows_and_the_folder_comes_back(
    path: Path, database: Database, client: TestClient[Any]
) -> None:
    folder = read_folder(path)
    course = publish_folder(database, folder)
    with database.reading() as session:
        assert digests(draft_folder(session, course).files) == digests(folder.files)
        published = revision(session, course.revision_id)  # type: ignore[arg-type]
    addresses = {published.address, *map(published.lesson_address, published.lessons)}
    addresses |= {published.quiz_address(id_) for id_, one in published.papers.items() if not one.rules.lesson_id}
    linked: set[str] = set()
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200, address
        linked |= _ours(page.text, course.slug)
    for address in linked - addresses:
        assert client.get(address).status_code in {200, 303}, address


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """What is compared instead of whole pictures: a difference between those takes minutes to print."""
    return {path: sha256(content).hexdigest() for path, content in files.items()}


def _ours(page: str, slug: str) -> set[str]:
    starts = (f"/courses/{slug}/", f"/quizzes/{slug}/")
    targets = {part.partition('"')[0].partition("#")[0] for part in page.replace('src="', 'href="').split('href="')[1:]}
    return {target for target in targets if target.startswith(starts)}
