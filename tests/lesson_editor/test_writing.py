"""Writing a lesson over plain HTTP: saved as it is typed, judged beside the field, and never over somebody's work."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from litestar.testing import TestClient

from tests import crew
from tests.cast import publish_sample
from tests.conftest import only_on
from tests.desk import COURSE, Desk, draft_of, must_not_lock
from university.course_folders import Folder
from university.database import Database
from university.drafting.drafts import course_with_slug
from university.revisions.publishing import publish

SPRING = f"{COURSE}/lessons/spring"
FILE = "modules/01-upstream/01-spring.md"
HOSTILE = (
    "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))\n\n"
    "![d](data:image/png;base64,AAAA)\n\n<svg onload=alert(1)><circle/></svg>\n\n"
    "<iframe src=//evil.example></iframe>\n\n"
    "<style>body{display:none}</style>\n"
)


def spring(database: Database) -> str:
    return draft_of(database).folder.files[FILE].decode()


def test_a_lesson_is_saved_and_nothing_else_changes(database: Database, desk: Desk, rivers: Folder) -> None:
    desk.open(SPRING)
    assert desk.send(SPRING, text="New words.\r\n\r\nMore.", minutes="6").headers["location"] == SPRING
    before = rivers.files[FILE].decode()
    front = before[: before.index("## Where")]
    assert spring(database) == front.replace("minutes: 4", "minutes: 6") + "New words.\n\nMore.\n"
    files = draft_of(database).folder.files
    assert {path for path in files if files[path] != rivers.files.get(path)} == {FILE}


def test_sending_a_lesson_back_as_it_is_changes_no_byte(database: Database, desk: Desk, rivers: Folder) -> None:
    for lesson in ("spring", "bends", "extra", "unfinished"):
        desk.open(f"{COURSE}/lessons/{lesson}")
        desk.send(f"{COURSE}/lessons/{lesson}")
    assert draft_of(database).folder.files == rivers.files
    assert draft_of(database).state.version == 1


def test_a_film_is_described_in_fields(database: Database, desk: Desk, rivers: Folder) -> None:
    desk.open(SPRING)
    desk.send(SPRING, **{"video.title": "Springs", "video.url": "https://films.example.org/1", "video.minutes": "2,5"})
    video = draft_of(database).value.lessons[0].video
    assert video is not None
    assert (video.title, video.url, str(video.minutes)) == ("Springs", "https://films.example.org/1", "2.5")
    page = desk.open(SPRING)
    assert "neither captions nor a transcript" in page.get_text()
    desk.send(SPRING, **{"video.title": "", "video.url": "", "video.minutes": ""})
    assert "video" not in spring(database)


def test_what_the_checker_says_stands_beside_its_field_and_leads_to_its_line(desk: Desk, rivers: Folder) -> None:
    desk.open(SPRING)
    desk.send(SPRING, title="", minutes="soon", text="Fine.\n\n![](https://evil.example/x.png)\n\n[a](b.md)\n")
    page = desk.open(SPRING)
    assert page.find(id="title-error")
    assert page.find(id="minutes-error")
    said = page.find(id="text-said")
    assert said is not None
    assert [link["href"] for link in said.find_all("a")] == ["?line=3#text", "?line=3#text", "?line=5#text"]
    listed = desk.open(COURSE).find("ul", class_="findings")
    assert listed is not None
    assert f"{SPRING}?line=5#text" in {link["href"] for link in listed.find_all("a")}


def test_the_preview_is_the_lesson_page_learners_get(database: Database, client: TestClient) -> None:
    publish_sample(database)
    crew.sign_in(client, database, "grace")
    learners = BeautifulSoup(client.get("/courses/rivers/extra").text, "html.parser").find("article")
    preview = BeautifulSoup(client.get(f"{COURSE}/preview/extra").text, "html.parser").find("article")
    assert str(preview) == str(learners)
    assert BeautifulSoup(client.get(f"{COURSE}/preview/spring").text, "html.parser").select_one("[inert] fieldset")


def test_the_preview_shows_what_is_typed_and_saves_nothing(database: Database, desk: Desk, rivers: Folder) -> None:
    desk.open(SPRING)
    sent = {**desk.fields(SPRING), "text": "Only *looking*. ![A drop](../../images/drop.png)", "title": "Looking"}
    page = BeautifulSoup(desk.client.post(f"{SPRING}/preview", data=sent).text, "html.parser")
    article = page.find("article")
    assert article is not None
    assert article.find("em").get_text() == "looking"  # type: ignore[union-attr]
    assert article.find("h1").get_text() == "Looking"  # type: ignore[union-attr]
    picture = desk.client.get(article.find("img")["src"])  # type: ignore[index, arg-type]
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert draft_of(database).folder.files == rivers.files


def test_a_draft_lesson_can_be_looked_at_and_links_stay_inside_the_preview(desk: Desk, rivers: Folder) -> None:
    assert "Nobody sees this yet." in desk.open(f"{COURSE}/preview/unfinished").get_text()
    links = [link["href"] for link in desk.open(f"{COURSE}/preview/spring").select("article a")]
    assert f"{COURSE}/preview/bends#why-it-bends" in links


def test_the_page_of_a_draft_course_is_the_one_learners_get_and_its_links_stay_inside(
    desk: Desk, rivers: Folder
) -> None:
    page = desk.open(f"{COURSE}/preview")
    assert desk.answer.status_code == 200
    assert "This is a preview of the draft." in page.get_text()
    assert "Say where a river begins" in page.get_text()
    links = {str(link["href"]) for link in page.select("main a") if str(link["href"]).startswith("/")}
    ours = ("/editor/courses/rivers/", "/courses")
    assert f"{COURSE}/preview/spring" in links
    assert {link for link in links if not link.startswith(ours)} <= {"/"}
    assert not {link for link in links if link.startswith(("/courses/rivers/", "/quizzes/"))}
    assert not page.select("main form")


def test_an_author_is_asked_to_save_again_when_the_front_matter_cannot_be_read(
    database: Database, desk: Desk, rivers: Folder
) -> None:
    assert desk.client.get(f"{COURSE}/lessons/nowhere").status_code == 404
    assert desk.client.get(f"{COURSE}/preview/nowhere").status_code == 404
    assert desk.client.post(f"{COURSE}/lessons/nowhere", data={"base": "x"}).status_code == 404


# Two at once


def test_a52_the_second_of_two_who_save_a_lesson_gets_the_difference_and_loses_nothing(
    database: Database, desk: Desk, rivers: Folder
) -> None:
    desk.open(SPRING)
    theirs = desk.fields(SPRING)
    mine = desk.fields(SPRING)
    theirs |= {"text": theirs["text"].replace("leaves the ground", "leaves the rock"), "minutes": "9"}
    mine |= {"text": mine["text"].replace("leaves the ground", "leaves the earth"), "title": "My title"}
    assert desk.client.post(SPRING, data=theirs).status_code == 303
    stored = spring(database)

    answer = desk._took(desk.client.post(SPRING, data=mine))
    assert desk.answer.status_code == 409
    assert spring(database) == stored
    kept = desk.fields(SPRING)
    assert "leaves the earth" in kept["text"]
    assert (kept["title"], kept["minutes"]) == ("My title", "9")
    difference = answer.select_one(".diff")
    assert difference is not None
    assert [one.get_text() for one in difference.select("del mark, ins mark")] == ["rock", "earth"]
    assert "leaves the rock" in answer.select_one(".clash textarea").get_text()  # type: ignore[union-attr]

    assert desk.send(SPRING).status_code == 303
    assert "leaves the earth" in spring(database)
    assert "title: My title\nminutes: 9\n" in spring(database)


def test_a52_the_same_for_the_settings_of_a_course_and_for_a_module(
    database: Database, desk: Desk, rivers: Folder
) -> None:
    for address, name in ((f"{COURSE}/settings", "summary"), (f"{COURSE}/modules/upstream", "title")):
        desk.open(address)
        first, second = desk.fields(address), desk.fields(address)
        assert desk.client.post(address, data={**first, name: "Theirs."}).status_code == 303
        desk._took(desk.client.post(address, data={**second, name: "Mine."}))
        assert desk.answer.status_code == 409
        assert "Theirs" in desk.page.select_one(".diff").get_text()  # type: ignore[union-attr]
        assert desk.fields(address)[name] == "Mine."
        assert desk.send(address).status_code == 303


def test_two_who_write_different_lessons_do_not_meet(database: Database, desk: Desk, rivers: Folder) -> None:
    desk.open(SPRING)
    spring_form = desk.fields(SPRING)
    desk.open(f"{COURSE}/lessons/delta")
    assert desk.send(f"{COURSE}/lessons/delta", text="Other.").status_code == 303
    assert desk.client.post(SPRING, data={**spring_form, "text": "Mine."}).status_code == 303
    assert "Mine." in spring(database)


def test_saving_by_itself_joins_the_last_step_and_conflicts_too(database: Database, desk: Desk, rivers: Folder) -> None:
    desk.open(SPRING)
    form = desk.fields(SPRING)
    for words in ("a", "ab", "abc"):
        assert desk.client.post(SPRING, data={**form, "text": words, "auto": "1"}).status_code == 303
        form = {**form, "base": draft_of(database).base(FILE)}
    assert draft_of(database).state.version == 2
    assert desk.client.post(SPRING, data={**form, "base": "0" * 64, "auto": "1"}).status_code == 409


# Bad input


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b'{"title": "x"}', {"content-type": "application/json"}, 415),
        (b"text=%ED%A0%80&title=x&base=x", {"content-type": "application/x-www-form-urlencoded"}, 400),
        (b"[" * 60_000, {"content-type": "application/json"}, 415),
        (b"title=a%00b&text=x&base=x", {"content-type": "application/x-www-form-urlencoded"}, 400),
        (b"title=a&title=b&text=x&base=x", {"content-type": "application/x-www-form-urlencoded"}, 400),
    ],
)
def test_a36_what_is_no_form_is_refused_by_every_editor_form(
    database: Database, desk: Desk, rivers: Folder, body: bytes, headers: dict[str, str], status: int
) -> None:
    for path in (SPRING, f"{SPRING}/preview", f"{COURSE}/settings", f"{COURSE}/modules/upstream"):
        assert desk.client.post(path, content=body, headers=headers).status_code == status, path
    for path in (f"{COURSE}/order", f"{COURSE}/files", f"{COURSE}/pictures", "/editor/new", f"{COURSE}/copy"):
        assert desk.client.post(path, content=body, headers=headers).status_code in {status, 404, 413, 422}, path
    assert draft_of(database).folder.files == rivers.files


def test_a37_what_an_author_writes_can_run_nothing_in_preview_or_lesson(
    database: Database, desk: Desk, rivers: Folder
) -> None:
    desk.open(SPRING)
    sent = {**desk.fields(SPRING), "text": HOSTILE}
    preview = desk.client.post(f"{SPRING}/preview", data=sent)
    desk.client.post(SPRING, data=sent)
    for answer in (preview, desk.client.get(f"{COURSE}/preview/spring")):
        article = BeautifulSoup(answer.text, "html.parser").find("article")
        assert article is not None
        assert not article.find_all(["script", "iframe", "style", "base", "form:not([inert] form)"])
        for one in article.find_all(True):
            assert not [name for name in one.attrs if name.startswith("on")], one
            assert not str(one.get("href", "")).lower().startswith(("javascript:", "data:"))
            assert not str(one.get("src", "")).startswith(("data:", "http", "//"))
        assert "alert(1)" in article.get_text()


@pytest.mark.parametrize(
    "title", ["<!-- x -->", "</textarea><script>x</script>", '<base href="//evil.example">', '"><b>']
)
def test_a38_a_title_is_text_wherever_it_is_shown(database: Database, desk: Desk, rivers: Folder, title: str) -> None:
    desk.open(SPRING)
    desk.send(SPRING, title=title, text="Here.\n")
    desk.open(f"{COURSE}/settings")
    desk.send(f"{COURSE}/settings", title=title, summary=title)
    with database.writing() as session:
        publish(session, course_with_slug(session, "rivers"))
    pages = (SPRING, COURSE, "/editor", f"{COURSE}/history", f"{COURSE}/settings", "/", "/courses/rivers")
    for path in (*pages, "/courses/rivers/spring", f"{COURSE}/preview/spring"):
        page = desk.open(path)
        assert title in page.get_text() + "".join(str(one.get("value", "")) for one in page.find_all("input")), path
        assert not page.find("base")
        scripts = [one for one in page.find_all("script") if one.get("type") != "application/ld+json"]  # that is data
        assert all(one.get("src") for one in scripts), path
        assert "evil.example" not in "".join(str(one) for one in page.find_all(href=True) if one.name == "base")


def test_a_very_long_text_is_refused_before_it_is_read(desk: Desk, rivers: Folder) -> None:
    desk.open(SPRING)
    form: dict[str, Any] = {**desk.fields(SPRING), "text": "x" * 9_000_000}
    assert desk.client.post(SPRING, data=form).status_code == 413


@only_on("sqlite")
def test_nobody_waits_for_a_preview(
    desk: Desk, rivers: Folder, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = must_not_lock(monkeypatch, database, "university.lesson_editor.writing.imagined")
    desk.open(SPRING)
    assert desk.client.post(f"{SPRING}/preview", data=desk.fields(SPRING)).status_code == 200
    assert len(looks) == 1
