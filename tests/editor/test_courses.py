"""Courses in the editor: the list, a new one, its order, its settings, copies, the archive and its history."""

from __future__ import annotations

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from tests import crew
from tests.cast import publish_sample
from tests.desk import COURSE, Desk, draft_of, gone_back, saved
from university import clock
from university.course_folders import Folder, read_course
from university.database import Database
from university.drafting.draft_saving import open_draft
from university.drafting.draft_steps import JOBS as STEPS, STEPS_KEPT_FOR, Step
from university.errors import NotFound
from university.models import AuditEntry, Course, DraftStep, StoredFile

UP = "modules/01-upstream"


def order(database: Database) -> list[tuple[str, list[str]]]:
    modules = draft_of(database).value.modules
    return [(module.id, [lesson.id for lesson in module.lessons]) for module in modules]


def test_the_list_says_how_every_course_stands(database: Database, desk: Desk, rivers: Folder) -> None:
    publish_sample(database, "lakes", "Lakes")
    page = desk.open("/editor").get_text(" ")
    for words in ("Rivers", "Lakes", "Draft", "Published", "5 lessons"):
        assert words in page
    assert "Rivers" not in desk.open("/editor?show=published").get_text(" ")


def test_a_new_course_needs_a_title_and_a_sentence_and_is_found_at_once(database: Database, desk: Desk) -> None:
    desk.open("/editor/new")
    answer = desk.send("/editor/new", title="The Sea: a Beginning", summary="What is salt, and why.", module="Start")
    assert answer.headers["location"] == "/editor/courses/the-sea-a-beginning"
    page = desk.open(answer.headers["location"])
    assert page.select_one("h2").get_text(strip=True) == "Start"  # type: ignore[union-attr]
    reading = draft_of(database, "the-sea-a-beginning").reading
    assert not [finding.as_line() for finding in reading.findings if finding.is_error]


def test_what_is_wrong_with_a_new_course_stands_beside_its_field_and_nothing_is_lost(
    database: Database, desk: Desk, rivers: Folder
) -> None:
    desk.open("/editor/new")
    answer = desk.send("/editor/new", title="  ", summary="S" * 301, slug="rivers", licence="CC-BY-4.0")
    assert answer.status_code == 422
    for name in ("title", "summary"):
        assert desk.page.find(id=f"{name}-error"), name
    desk.send("/editor/new", title="R", summary="S", slug="rivers", licence="CC-BY-4.0")
    assert "Another course has this address" in desk.page.find(id="slug-error").get_text()  # type: ignore[union-attr]
    assert desk.page.find(id="attribution-error")
    assert desk.fields("/editor/new")["slug"] == "rivers"
    assert desk.page.find(id="licence").find("option", selected=True)["value"] == "CC-BY-4.0"  # type: ignore[index, union-attr]


def test_modules_and_lessons_are_added_moved_and_taken_out(database: Database, desk: Desk, rivers: Folder) -> None:
    desk.open(COURSE)
    lesson = desk.send(f"{COURSE}/modules/downstream/lessons", title="The mouth").headers["location"]
    assert lesson == f"{COURSE}/lessons/the-mouth"
    desk.open(COURSE)
    desk.send(f"{COURSE}/modules", title="The sea")
    move = f"{COURSE}/order"
    client = desk.client
    assert (
        client.post(move, data={"do": "up", "lesson": "the-mouth"}).headers["location"] == f"{COURSE}#lesson-the-mouth"
    )
    client.post(move, data={"do": "to", "lesson": "spring", "into": "the-sea"})
    client.post(move, data={"do": "to", "lesson": "extra", "into": "upstream", "to": "0"})
    client.post(move, data={"do": "up", "module": "the-sea"})
    assert order(database) == [
        ("upstream", ["extra", "bends"]),
        ("the-sea", ["spring"]),
        ("downstream", ["delta", "the-mouth", "unfinished"]),
    ]
    client.post(f"{COURSE}/remove", data={"lesson": "delta"})
    client.post(f"{COURSE}/remove", data={"module": "the-sea"})
    assert [ids for _, ids in order(database)] == [["extra", "bends"], ["the-mouth", "unfinished"]]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"do": "up", "lesson": "nowhere"}, 404),
        ({"do": "up", "module": "nowhere"}, 404),
        ({"do": "to", "lesson": "spring", "into": "nowhere"}, 404),
        ({"do": "away", "lesson": "spring"}, 422),
        ({"do": "to", "lesson": "spring", "to": "-1"}, 422),
        ({"do": "to", "lesson": "spring", "to": "٣"}, 422),
    ],
)
def test_an_order_that_no_page_gives_changes_nothing(
    database: Database, desk: Desk, rivers: Folder, fields: dict[str, str], status: int
) -> None:
    assert desk.client.post(f"{COURSE}/order", data=fields).status_code == status
    assert draft_of(database).folder.files == rivers.files


def test_titles_are_needed_for_what_is_added(desk: Desk, rivers: Folder) -> None:
    desk.open(COURSE)
    assert desk.send(f"{COURSE}/modules", title=" ").status_code == 422
    assert desk.page.find(id="new-module-error")
    assert desk.send(f"{COURSE}/modules/upstream/lessons", title="x" * 161).status_code == 422
    assert desk.page.find(id="new-lesson-error")
    assert desk.fields(f"{COURSE}/modules/upstream/lessons")["title"] == "x" * 161


def test_settings_change_their_own_lines_only(database: Database, desk: Desk, rivers: Folder) -> None:
    desk.open(f"{COURSE}/settings")
    desk.send(f"{COURSE}/settings")
    assert draft_of(database).folder.files == rivers.files
    desk.open(f"{COURSE}/settings")
    desk.send(f"{COURSE}/settings", summary="Water.", skills__1__name="Swimming", certificate__valid_months="24")
    before, after = (
        files["course.yaml"].decode().splitlines() for files in (rivers.files, draft_of(database).folder.files)
    )
    assert [line for line in before if line not in after] == [
        "summary: Where water comes from and where it goes, in four short lessons."
    ]
    assert [line for line in after if line not in before] == [
        "summary: Water.",
        "  - name: Swimming",
        "  valid_months: 24",
    ]


def test_what_breaks_a_rule_is_kept_and_said_beside_its_field(database: Database, desk: Desk, rivers: Folder) -> None:
    desk.open(f"{COURSE}/settings")
    assert desk.send(f"{COURSE}/settings", title="", hours="long", eqf="9", authors__0__url="ada").status_code == 303
    desk.open(f"{COURSE}/settings")
    for name in ("title", "hours", "eqf", "authors.0.url"):
        assert desk.page.find(id=f"{name}-error"), name
    assert desk.fields(f"{COURSE}/settings")["hours"] == "long"
    listed = desk.open(COURSE).select_one(".findings")
    assert listed is not None
    assert f"{COURSE}/settings#hours" in {link["href"] for link in listed.find_all("a")}


def test_a_module_has_a_form_of_its_own(database: Database, desk: Desk, rivers: Folder) -> None:
    address = f"{COURSE}/modules/upstream"
    desk.open(address)
    desk.send(address, title="Up the stream", objectives="Find it\r\n\r\nName it")
    assert draft_of(database).folder.files[f"{UP}/module.yaml"].decode() == (
        "id: upstream\ntitle: Up the stream\nobjectives:\n  - Find it\n  - Name it\n"
    )


def test_a_copy_is_a_draft_of_its_own_and_a_translation_stays_tied(
    database: Database, desk: Desk, rivers: Folder
) -> None:
    desk.open(f"{COURSE}/settings")
    assert desk.send(f"{COURSE}/copy", title="Rivers", slug="rivers").status_code == 422
    assert desk.page.find(id="copy-slug-error")
    copy = {"title": "Rivieren", "slug": "rivieren", "language": "nl", "translation": "true"}
    assert desk.send(f"{COURSE}/copy", **copy).headers["location"] == "/editor/courses/rivieren/settings"
    made = draft_of(database, "rivieren").value
    assert (made.title, made.language, made.translation_of, made.status, made.aliases) == (
        *("Rivieren", "nl", "rivers", "draft", ()),
    )
    assert "Rivieren" in desk.open(f"{COURSE}/settings").get_text()


def test_archiving_is_for_publishers_takes_effect_at_once_and_can_be_taken_back(
    database: Database, client: TestClient
) -> None:
    publish_sample(database)
    crew.sign_in(client, database, "grace")
    assert client.post(f"{COURSE}/status", data={"do": "archive"}).status_code == 403
    crew.sign_in(client, database, "pia")
    assert client.post(f"{COURSE}/status", data={"do": "archive"}).status_code == 303
    assert "closed to new learners" in client.get("/courses/rivers").text
    client.post(f"{COURSE}/status", data={"do": "reopen"})
    assert "closed to new learners" not in client.get("/courses/rivers").text
    with database.reading() as session:
        assert list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq))) == ["archive", "reopen"]
    assert b"status: published" in draft_of(database).folder.files["course.yaml"]


# History


def test_every_step_can_be_undone_and_undoing_too(database: Database, desk: Desk, rivers: Folder) -> None:
    desk.client.post(f"{COURSE}/remove", data={"module": "upstream"})
    page = desk.open(f"{COURSE}/history")
    assert "“Upstream” was taken out" in page.get_text()
    assert "Grace" in page.get_text()
    desk.send(f"{COURSE}/history")
    assert draft_of(database).folder.files == rivers.files
    desk.client.post(f"{COURSE}/history", data={"version": "2"})
    assert UP not in {path[: len(UP)] for path in draft_of(database).folder.files}
    desk.client.post(f"{COURSE}/history", data={"version": "1"})
    assert draft_of(database).folder.files == rivers.files


def test_steps_are_kept_for_a_year_with_the_contents_that_only_they_hold(
    desk: Desk, rivers: Folder, database: Database
) -> None:
    for text in (b"One.", b"Two."):
        with database.writing() as session:
            opened = open_draft(session, "rivers")
            saved(session, opened, {"files/a.txt": text}, Step("file"))
    with database.writing() as session:
        long_ago = clock.now() - STEPS_KEPT_FOR
        session.execute(update(DraftStep).where(DraftStep.version <= 2).values(made_at=long_ago))
        [job] = [job for job in STEPS if job.name == "steps of drafts"]
        assert job.run(session, clock.now()) == 2
        held = set(session.scalars(select(StoredFile.content)))
        assert b"One." in held, "the step that is kept leads back to it"
    with database.writing() as session:
        opened = open_draft(session, "rivers")
        with pytest.raises(NotFound):
            gone_back(session, 1)
        gone_back(session, 2)
        assert opened.state.version == 4
        session.execute(update(DraftStep).values(made_at=long_ago))
        assert job.run(session, clock.now()) == 2
        assert b"Two." not in set(session.scalars(select(StoredFile.content)))
    assert draft_of(database).folder.files["files/a.txt"] == b"One."
    assert desk.client.post(f"{COURSE}/history", data={"version": "3"}).status_code == 404


@pytest.mark.parametrize("version", ["0", "-1", "99", "x", "٣", "1" * 12])
def test_there_is_no_way_back_beyond_the_beginning(
    database: Database, desk: Desk, rivers: Folder, version: str
) -> None:
    assert desk.client.post(f"{COURSE}/history", data={"version": version}).status_code in {404, 422}
    assert draft_of(database).folder.files == rivers.files


def test_autosaves_in_a_row_are_one_step_and_leave_nothing_behind(database: Database, rivers: Folder) -> None:
    path = f"{UP}/01-spring.md"

    def contents() -> int:
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(StoredFile)) or 0

    before = contents()
    for words in (b"one", b"two", b"three"):
        with database.writing() as session:
            opened = open_draft(session, "rivers")
            saved(session, opened, {path: words}, Step("lesson", "The spring", is_auto=True))
    with database.writing() as session:
        saved(session, open_draft(session, "rivers"), {path: b"four"}, Step("lesson", "The spring"))
        assert session.scalar(select(func.count()).select_from(DraftStep)) == 2
    assert contents() == before + 1
    with database.writing() as session:
        gone_back(session, 1)
    assert draft_of(database).folder.files == rivers.files


def test_a_save_without_a_change_is_no_step(database: Database, rivers: Folder) -> None:
    with database.writing() as session:
        opened = open_draft(session, "rivers")
        saved(session, opened, {f"{UP}/01-spring.md": rivers.files[f"{UP}/01-spring.md"]}, Step("lesson", "x"))
    assert draft_of(database).state.version == 1


def test_the_draft_that_is_opened_again_is_the_one_that_was_saved(database: Database, rivers: Folder) -> None:
    with database.writing() as session:
        opened = open_draft(session, "rivers")
        after = saved(session, opened, {"files/map.txt": None, "README.md": b"mine"}, Step("file"))
    again = draft_of(database)
    assert (again.folder, again.hashes, again.findings) == (after.folder, after.hashes, after.findings)
    assert again.state.errors == sum(finding.is_error for finding in read_course(again.folder).findings)


def test_an_unknown_course_has_no_pages(desk: Desk, database: Database) -> None:
    with database.reading() as session, pytest.raises(NotFound):
        open_draft(session, "nowhere")
    for end in ("", "/settings", "/history", "/modules/x"):
        assert desk.client.get(f"/editor/courses/nowhere{end}").status_code == 404
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Course)) == 0


def test_every_course_page_is_kept_by_no_cache(desk: Desk, rivers: Folder) -> None:
    for path in ("/editor", "/editor/new", COURSE, f"{COURSE}/settings", f"{COURSE}/history"):
        answer = desk.client.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), path
        assert desk.client.head(path).status_code == 200
