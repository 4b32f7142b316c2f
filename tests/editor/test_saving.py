"""Saving while others learn and write: nothing is read under the lock, and nobody's work is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from tests import crew
from tests.conftest import only_on
from tests.desk import COURSE, Desk, draft_of, must_not_lock, saved
from tests.sample_course import PIXEL
from university import clock
from university.accounts.kept_forms import unpack
from university.course_folders import Folder
from university.database import Database
from university.drafting.draft_saving import MOST_TRIES, Conflict, Edit, OpenDraft, save
from university.drafting.draft_steps import Step

LESSON = f"{COURSE}/lessons/spring"
QUIZ = f"{COURSE}/questions/spring-quiz"
SPRING_FILE = "modules/01-upstream/01-spring.md"
NEW = {"title": "New", "summary": "N.", "slug": "new", "language": "en", "licence": "CC0-1.0", "module": "M"}
NEXT_MONTH = f"{clock.now() + timedelta(days=30):%Y-%m-%dT%H:%M}"
GIFT = b"::one:: Which is a river? {=The Rhine ~The Alps}"

# Forms of pages that are open, by the page they stand on; the rest are single buttons.
FORMS: list[tuple[str, str, dict[str, str]]] = [
    (LESSON, LESSON, {"text": "Other words."}),
    (f"{COURSE}/modules/upstream", f"{COURSE}/modules/upstream", {"title": "Up"}),
    (f"{COURSE}/settings", f"{COURSE}/settings", {"summary": "Water."}),
    (QUIZ, QUIZ, {"title": "Tried"}),
    (f"{QUIZ}/1", f"{QUIZ}/1", {"do": "save", "text": "Where?"}),
    (f"{QUIZ}/paste", f"{QUIZ}/paste", {"text": GIFT.decode(), "do": "take"}),
    (f"{COURSE}/publish", f"{COURSE}/publish", {"when": "later", "due_at": NEXT_MONTH}),
    (f"{COURSE}/publish", f"{COURSE}/publish", {"when": "now"}),
]
BUTTONS: list[tuple[str, dict[str, str]]] = [
    ("/editor/new", {**NEW, "attribution": ""}),
    (f"{COURSE}/copy", {"title": "Copy", "slug": "copy", "language": "en", "translation": ""}),
    (f"{COURSE}/publish/back", {"number": "1"}),
    (f"{COURSE}/publish/cancel", {}),
    (f"{COURSE}/order", {"do": "up", "lesson": "bends"}),
    (f"{COURSE}/modules", {"title": "The sea"}),
    (f"{COURSE}/modules/upstream/lessons", {"title": "The mouth"}),
    (f"{COURSE}/remove", {"lesson": "the-mouth", "module": ""}),
    (f"{COURSE}/questions", {"spot": "lesson:delta", "title": ""}),
    (f"{QUIZ}/new", {"kind": "truefalse"}),
    (f"{COURSE}/questions/delta-quiz/remove", {}),
    (f"{COURSE}/history", {"version": "2"}),
    (f"{COURSE}/address", {"slug": "streams"}),
    ("/editor/courses/streams/status", {"do": "archive", "replaced_by": ""}),
]


@only_on("sqlite")
def test_no_page_reads_checks_or_renders_a_course_while_it_keeps_others_waiting(
    client: TestClient[Any], database: Database, rivers: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew.sign_in(client, database, "olga")
    desk = Desk(client)
    reads = must_not_lock(monkeypatch, database, "university.drafting.drafts.read_course")
    renders = must_not_lock(monkeypatch, database, "university.revisions.publishing.lesson_rows")
    for page, action, typed in FORMS:
        desk.open(page)
        before = len(reads)
        assert desk.send(action, **typed).status_code == 303, action
        assert len(reads) > before, action
    before = len(reads)
    picture = client.post(f"{COURSE}/files", files={"file": ("a.png", PIXEL)})
    assert (picture.status_code, len(reads)) == (303, before + 2), "as it was, and as it will be"
    asked = {"target": "new", "title": "Brooks"}
    desk._took(
        client.post(f"{COURSE}/exchange", data=asked, files={"file": ("a.gift", GIFT.replace(b"river", b"brook"))})
    )
    assert desk.send(f"{COURSE}/exchange/accept").status_code == 303
    with database.writing() as session:
        saved(
            session, draft_of(database), {SPRING_FILE: draft_of(database).folder.files[SPRING_FILE] + b"\n"}, Step("x")
        )
    desk.open(f"{COURSE}/publish")
    assert desk.send(f"{COURSE}/publish").status_code == 303
    for action, typed in BUTTONS:
        assert client.post(action, data=typed).status_code == 303, action
    assert renders, "publishing was watched too"


def test_a52_who_saves_beside_somebody_else_keeps_the_work_of_both(database: Database, rivers: Folder) -> None:
    seen = draft_of(database)
    with database.writing() as session:
        saved(session, draft_of(database), {"files/theirs.txt": b"theirs"}, Step("file"))
    asked: list[OpenDraft] = []

    def mine(now: OpenDraft) -> Edit:
        asked.append(now)
        return Edit({"files/mine.txt": b"mine"}, Step("file"), {SPRING_FILE: seen.base(SPRING_FILE)})

    with database.writing() as session:
        after = save(session, seen, mine)
    assert [one.state.version for one in asked] == [1, 2], "made anew from the draft as it was by then"
    again = draft_of(database)
    assert {"files/theirs.txt", "files/mine.txt"} <= set(again.folder.files)
    assert (again.folder, again.hashes, again.findings) == (after.folder, after.hashes, after.findings)


def test_a52_who_saves_what_somebody_else_has_saved_is_told_and_changes_nothing(
    database: Database, rivers: Folder
) -> None:
    seen = draft_of(database)
    with database.writing() as session:
        saved(session, draft_of(database), {SPRING_FILE: b"theirs"}, Step("lesson"))

    def mine(_now: OpenDraft) -> Edit:
        return Edit({SPRING_FILE: b"mine"}, Step("lesson"), {SPRING_FILE: seen.base(SPRING_FILE)})

    with pytest.raises(Conflict) as told, database.writing() as session:
        save(session, seen, mine)
    assert told.value.draft.folder.files[SPRING_FILE] == b"theirs"
    assert draft_of(database).folder.files[SPRING_FILE] == b"theirs"


def test_whoever_is_always_overtaken_is_told_in_the_end(database: Database, rivers: Folder) -> None:
    seen, tries = draft_of(database), []

    def mine(_now: OpenDraft) -> Edit:
        tries.append(1)
        with database.writing() as other:
            saved(other, draft_of(database), {"files/theirs.txt": b"%d" % len(tries)}, Step("file"))
        return Edit({"files/mine.txt": b"mine"}, Step("file"))

    with pytest.raises(Conflict), database.writing() as session:
        save(session, seen, mine)
    assert len(tries) == MOST_TRIES
    assert "files/mine.txt" not in draft_of(database).folder.files


@only_on("sqlite")
@pytest.mark.parametrize(("page", "action", "typed"), FORMS, ids=[f"{number}" for number in range(len(FORMS))])
def test_what_was_typed_outlives_the_sign_in_on_every_form(
    client: TestClient[Any],
    database: Database,
    rivers: Folder,
    page: str,
    action: str,
    typed: dict[str, str],
) -> None:
    crew.sign_in(client, database, "olga")
    desk = Desk(client)
    desk.open(page)
    sent = {**desk.fields(action), **typed}
    client.post("/staff/sign-out")
    answer = client.post(action, data=sent)
    assert answer.status_code == 401
    kept = unpack(desk._took(answer).find("input", {"name": "kept"})["value"])  # type: ignore[index]
    assert kept
    assert kept.path == action
    assert {**dict(kept.fields), "csrf_token": "", "form_token": ""} == {**sent, "csrf_token": "", "form_token": ""}


@only_on("sqlite")
def test_the_text_beside_a_large_picture_outlives_the_sign_in_too(
    client: TestClient[Any], database: Database, rivers: Folder
) -> None:
    crew.sign_in(client, database, "olga")
    desk = Desk(client)
    desk.open(LESSON)
    sent = {**desk.fields(LESSON), "text": "A morning's work. " * 1000}
    client.post("/staff/sign-out")
    answer = client.post(LESSON, data=sent, files={"picture": ("large.png", bytes(4 * 1024 * 1024))})
    kept = unpack(desk._took(answer).find("input", {"name": "kept"})["value"])  # type: ignore[index]
    assert kept
    assert dict(kept.fields)["text"] == sent["text"]
    assert kept.had_files
