"""In and out on the web: always looked at first, one step that can be undone, nothing kept of what is refused."""

from __future__ import annotations

import io
import socket
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import select, update

from tests import crew
from tests.conftest import only_on
from tests.course_folders.imports.packing import packed
from tests.course_folders.imports.test_packages import cartridge
from tests.desk import COURSE, Desk, draft_of, must_not_lock
from tests.sample_course import sample_folder
from university import clock
from university.course_folders import Folder, read_zip, write_zip
from university.course_folders.imports import every_quiz, read_questions
from university.database import Database
from university.models import Course, WaitingFile
from university.retention import delete_waiting_files

GIFT = "Is water wet?{T}\n\nWhich is longest?{~Maas =Rijn}\n\nWrite about rivers.{}\n"
NEW = "/editor/exchange"


def upload(desk: Desk, path: str, content: bytes | str, name: str = "own.gift", **fields: str) -> Response:
    data = content.encode() if isinstance(content, str) else content
    desk._took(desk.client.post(path, data=fields, files={"file": (name, data)}))
    return desk.answer


def accept(desk: Desk, path: str) -> Response:
    return desk.send(f"{path}/accept")


def waiting(database: Database) -> list[WaitingFile]:
    with database.reading() as session:
        return list(session.scalars(select(WaitingFile)))


SPRING = "modules/01-upstream/01-spring.md"


def words(desk: Desk) -> str:
    return " ".join(desk.page.get_text(" ").split())


def test_questions_are_looked_at_first_and_then_one_step_of_the_draft(
    desk: Desk, rivers: Folder, database: Database
) -> None:
    before = draft_of(database).state.version
    answer = upload(desk, f"{COURSE}/exchange", GIFT, target="new", title="Brooks")
    assert answer.status_code == 200
    for said in ("2 new", "1 left out", "own.gift:5", "An essay: no program can mark it.", "a new pool: Brooks"):
        assert said in words(desk)
    assert draft_of(database).state.version == before
    assert accept(desk, f"{COURSE}/exchange").status_code == 303
    opened = draft_of(database)
    assert opened.state.version == before + 1
    assert [one.kind for one in dict(opened.value.pools)["brooks"].questions] == ["truefalse", "single"]
    assert waiting(database) == []
    assert "Questions from own.gift" in str(desk.open(f"{COURSE}/history"))


def test_the_same_file_twice_changes_nothing(desk: Desk, rivers: Folder, database: Database) -> None:
    upload(desk, f"{COURSE}/exchange", GIFT, target="new", title="Brooks")
    accept(desk, f"{COURSE}/exchange")
    upload(desk, f"{COURSE}/exchange", GIFT, target="brooks")
    assert "Nothing would change" in words(desk)
    assert desk.page.find("form", action=f"{COURSE}/exchange/accept") is None


def test_a_pool_without_a_title_is_called_as_its_file(desk: Desk, rivers: Folder, database: Database) -> None:
    assert upload(desk, f"{COURSE}/exchange", GIFT, target="new", title=" ").status_code == 200
    assert "a new pool: own" in words(desk)
    accept(desk, f"{COURSE}/exchange")
    assert dict(draft_of(database).value.pools)["own"].title == "own"


def test_a_file_of_which_nothing_can_come_in_is_not_said_to_be_there_already(desk: Desk, rivers: Folder) -> None:
    upload(desk, f"{COURSE}/exchange", "Why do rivers bend? {}", target="new")
    assert "1 left out" in words(desk)
    assert "Nothing in this file can come in." in words(desk)
    assert "there already" not in words(desk)


def test_what_is_refused_says_why_beside_the_field_and_is_not_kept(
    desk: Desk, rivers: Folder, database: Database
) -> None:
    answer = upload(desk, f"{COURSE}/exchange", "Who?{~a =b", target="new", title="Brooks")
    assert answer.status_code == 422
    assert "Line 1, column 5: this { is never closed." in words(desk)
    assert desk.fields(f"{COURSE}/exchange")["title"] == "Brooks"
    assert waiting(database) == []
    assert upload(desk, f"{COURSE}/exchange", "", target="new", title="Brooks").status_code == 422
    assert upload(desk, f"{COURSE}/exchange", GIFT, target="no-such-quiz").status_code == 422
    assert waiting(database) == []


def test_a_draft_that_changed_meanwhile_is_looked_at_again(desk: Desk, rivers: Folder, database: Database) -> None:
    upload(desk, f"{COURSE}/exchange", GIFT, target="new", title="Brooks")
    sent = desk.fields(f"{COURSE}/exchange/accept")
    answer = desk.client.post(f"{COURSE}/exchange/accept", data={**sent, "seen": "another one"})
    assert answer.status_code == 409
    assert "What would come in" in answer.text
    assert "brooks" not in dict(draft_of(database).value.pools)


def test_a_file_waits_an_hour_and_for_its_owner_only(desk: Desk, rivers: Folder, database: Database) -> None:
    upload(desk, f"{COURSE}/exchange", GIFT, target="new", title="Brooks")
    sent = desk.fields(f"{COURSE}/exchange/accept")
    crew.sign_in(desk.client, database, "pia")
    assert desk.client.post(f"{COURSE}/exchange/accept", data=sent).status_code == 410
    crew.sign_in(desk.client, database, "grace")
    with database.writing() as session:
        session.execute(update(WaitingFile).values(made_at=clock.now() - timedelta(hours=1)))
    assert desk.client.post(f"{COURSE}/exchange/accept", data=sent).status_code == 410
    with database.writing() as session:
        assert delete_waiting_files(session, clock.now()) == 1
    assert waiting(database) == []


def test_a_new_course_from_a_zip_file_of_ours(desk: Desk, database: Database) -> None:
    assert desk.open(NEW).find("input", type="file") is not None
    upload(desk, NEW, write_zip(sample_folder()), "rivers.zip")
    assert "a new course" in words(desk)
    assert accept(desk, NEW).headers["location"] == COURSE
    assert draft_of(database).folder.files == sample_folder().files
    upload(desk, NEW, write_zip(sample_folder()), "rivers.zip")
    assert "Nothing would change" in words(desk)


def test_a_cartridge_becomes_a_draft_course(desk: Desk, database: Database) -> None:
    upload(desk, NEW, packed(cartridge()), "rivers.imscc")
    assert "Headings between lessons do not exist here." in words(desk)
    assert accept(desk, NEW).headers["location"] == COURSE
    with database.reading() as session:
        assert session.scalar(select(Course.status)) == "draft"
    [lesson, _] = draft_of(database).value.lessons
    # The picture was drawn anew and goes by the hash of what is kept.
    assert "../../images/a-map.png" not in lesson.text
    assert "../../images/" in lesson.text


def test_the_folder_of_this_course_replaces_its_draft_and_can_be_undone(
    desk: Desk, rivers: Folder, database: Database
) -> None:
    changed = {**rivers.files, "files/new.txt": b"new"}
    changed["course.yaml"] = changed["course.yaml"].replace(b"title: Rivers", b"title: Streams")
    del changed["ATTRIBUTION.md"]
    upload(desk, f"{COURSE}/exchange", write_zip(Folder(changed, "rivers")), "rivers.zip", target="new")
    assert "1 files added" in words(desk)
    accept(desk, f"{COURSE}/exchange")
    assert draft_of(database).folder.files == changed
    desk.open(f"{COURSE}/history")
    desk.send(f"{COURSE}/history", version=str(draft_of(database).state.version - 1))
    assert draft_of(database).folder.files == rivers.files


def test_another_course_is_not_put_over_this_one(desk: Desk, rivers: Folder, database: Database) -> None:
    other = write_zip(sample_folder("lakes", "Lakes"))
    answer = upload(desk, f"{COURSE}/exchange", other, "lakes.zip", target="new")
    assert answer.status_code == 422
    assert "This is another course, lakes." in words(desk)
    assert waiting(database) == []


def test_everything_can_be_taken_along(desk: Desk, rivers: Folder, database: Database) -> None:
    page = desk.open(f"{COURSE}/exchange")
    assert page.find("a", href=f"{COURSE}/exchange/folder") is not None
    folder = desk.client.get(f"{COURSE}/exchange/folder")
    assert folder.headers["content-type"] == "application/zip"
    assert read_zip(folder.content).files == rivers.files
    every = desk.client.get(f"{COURSE}/exchange/moodle")
    found = read_questions("all.xml", every.content)
    quizzes = every_quiz(draft_of(database).value)
    assert len(found.questions) == sum(len(quiz.questions) for quiz in quizzes)
    one = desk.client.get(f"{COURSE}/exchange/moodle?quiz={quizzes[0].id}")
    assert f'filename="rivers-{quizzes[0].id}.xml"' in one.headers["content-disposition"]
    assert desk.client.get(f"{COURSE}/exchange/moodle?quiz=nope").status_code == 404


@pytest.mark.parametrize("path", [f"{COURSE}/exchange", f"{COURSE}/exchange/folder", f"{COURSE}/exchange/moodle", NEW])
def test_strangers_and_other_staff_see_none_of_it(
    client: TestClient[Any], rivers: Folder, database: Database, path: str
) -> None:
    assert client.get(path).status_code in (303, 401, 404)
    crew.sign_in(client, database, "priya")
    assert client.get(path).status_code in (403, 404)


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("course.yaml", bytes(40_000_000))
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        bomb(),
        packed({"../../course.yaml": "slug: x"}),
        b'<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>',
        b'<!DOCTYPE quiz [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>',
    ],
)
def test_a41_bombs_and_files_outside_their_folder_are_refused_and_not_kept(
    desk: Desk, rivers: Folder, database: Database, content: bytes
) -> None:
    for path in (NEW, f"{COURSE}/exchange"):
        assert upload(desk, path, content, "../../x.zip", target="new", title="x").status_code == 422
        assert "root:" not in desk.answer.text
    assert waiting(database) == []


def test_a41_the_name_of_an_upload_is_no_path_and_has_an_end(desk: Desk, rivers: Folder, database: Database) -> None:
    assert upload(desk, f"{COURSE}/exchange", GIFT, "x" * 5000, target="new", title="x").status_code == 400
    upload(desk, f"{COURSE}/exchange", GIFT, "../.." + "x" * 500 + ".gift", target="new", title="x")
    [file] = waiting(database)
    assert len(file.name) <= 120
    assert "/" not in file.name


def test_a42_no_address_in_a_file_is_ever_asked_for(desk: Desk, rivers: Folder, database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x.png"
        text = f'<p>Which?<img src="{address}" alt="map"><img src="file:///etc/passwd"></p>'
        xml = (
            f'<quiz><question type="truefalse"><questiontext format="html"><text><![CDATA[{text}]]></text>'
            '</questiontext><answer fraction="100"><text>true</text></answer></question></quiz>'
        )
        upload(desk, f"{COURSE}/exchange", xml, "own.xml", target="new", title="Pictures")
        assert "A picture from another site becomes a link" in words(desk)
        accept(desk, f"{COURSE}/exchange")
        external = f'<!DOCTYPE quiz SYSTEM "{address}"><quiz/>'
        upload(desk, f"{COURSE}/exchange", external, "own.xml", target="new", title="Pictures")
        with pytest.raises(TimeoutError):
            listener.accept()
    [question] = dict(draft_of(database).value.pools)["pictures"].questions
    assert question.text == f"Which?[map]({address})"


@only_on("sqlite")
def test_nobody_waits_while_a_file_is_read_and_its_pictures_are_drawn(
    desk: Desk, rivers: Folder, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = must_not_lock(monkeypatch, database, "university.exchange.weighing.read_questions")
    upload(desk, f"{COURSE}/exchange", GIFT, target="new", title="Brooks")
    assert accept(desk, f"{COURSE}/exchange").status_code == 303
    upload(desk, NEW, write_zip(sample_folder("lakes", "Lakes")), "lakes.zip")
    assert accept(desk, NEW).status_code == 303
    assert len(reads) == 4


def test_the_words_of_the_checker_come_in_the_readers_language(desk: Desk, rivers: Folder) -> None:
    desk.client.post("/language", data={"language": "nl", "next": "/editor"})
    files = {**rivers.files, SPRING: rivers.files[SPRING] + b"\n![A gap](../../images/gone.png)\n"}
    upload(desk, f"{COURSE}/exchange", write_zip(Folder(files, "rivers")), "rivers.zip", target="new")
    assert f"{SPRING}:" in words(desk)
    assert "Zo’n afbeelding is er niet in de cursus." in words(desk)
    assert desk.page.find(attrs={"lang": "en"}, class_="paths") is None
