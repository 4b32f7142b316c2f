"""Course and lesson pages: what they say, to whom, and that looking leaves no trace."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests.cast import publish_folder, publish_sample
from tests.learner import Learner, field, words
from tests.sample_course import COURSE, PIXEL, SPRING, sample_folder
from university.database import Database
from university.models import Enrolment, LessonDone

LOOKING = [
    "/",
    "/courses/rivers",
    "/courses/rivers/spring",
    "/courses/rivers/bends",
    "/quizzes/rivers/upstream-quiz",
    "/quizzes/rivers/final-exam",
    "/quizzes/rivers/bends-quiz",
]


def test_looking_sets_no_cookie_and_makes_no_row(ben: Learner, database: Database) -> None:
    for path in LOOKING:
        for answer in (ben.client.get(path), ben.client.head(path)):
            assert answer.status_code == 200
            assert "set-cookie" not in answer.headers
    with database.reading() as session:
        assert session.scalars(select(Enrolment)).all() == []


@pytest.mark.usefixtures("same_hour")
def test_an_unchanged_page_is_not_sent_again_to_a_stranger(ben: Learner) -> None:
    for path in LOOKING:
        first = ben.client.get(path)
        assert first.headers["cache-control"] == "no-cache"
        again = ben.client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_the_page_of_a_learner_is_kept_by_no_cache(ben: Learner) -> None:
    ben.read("spring")
    for path in LOOKING:
        answer = ben.client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
        assert "set-cookie" not in answer.headers


def test_the_first_act_sets_one_cookie_that_scripts_cannot_read(ben: Learner) -> None:
    answer = ben.read("spring")
    assert answer.headers["location"] == "/courses/rivers/bends"
    cookie = answer.headers["set-cookie"]
    assert re.match(r"e=[A-Za-z0-9_-]{22}; ", cookie)
    for part in ("HttpOnly", "Max-Age=34560000", "Path=/", "SameSite=lax"):
        assert part.casefold() in cookie.casefold()
    assert "domain" not in cookie.casefold()


def test_the_course_page_answers_what_a_stranger_asks(ben: Learner) -> None:
    page = ben.client.get("/courses/rivers")
    for expected in (
        "Say where a river begins",
        "4 lessons",
        "exam of 4 questions",
        "Start with lesson 1",
        "Ada Lovelace",
        "CC-BY-4.0",
        "Rivers by Ada, CC BY 4.0.",
        "Read 3 lessons",
        "Pass the exam with 70%",
        "Knows rivers",
        "Famous rivers (optional)",
        "introductory",
        "Reading maps",
    ):
        assert expected in words(page), expected
    assert "<strong>one drop</strong>" in page.text
    assert "Words by <strong>Ada</strong>" in page.text
    assert "Unfinished" not in page.text
    assert '<link rel="canonical" href="http://127.0.0.1:8000/courses/rivers">' in page.text
    assert '<meta property="og:title" content="Rivers">' in page.text


def test_a_lesson_leads_to_its_neighbours_pictures_and_downloads(ben: Learner) -> None:
    page = ben.lesson("spring").text
    assert 'href="/courses/rivers/bends#why-it-bends"' in page
    picture = re.search(r'<img src="(/courses/rivers/files/[0-9a-f]{64}/images/drop.png)" alt="A drop"', page)
    download = re.search(r'href="(/courses/rivers/files/[0-9a-f]{64}/files/map.txt)"', page)
    assert picture
    assert download
    assert ben.client.get(picture[1]).content == PIXEL
    text = ben.client.get(download[1])
    assert (text.text, text.headers["content-encoding"]) == ("here be rivers\n", "br")
    assert "content-encoding" not in ben.client.get(download[1], headers={"accept-encoding": "identity"}).headers
    assert "content-encoding" not in ben.client.get(picture[1]).headers, "a picture is as small as it gets"
    assert "Lesson 1 of 4" in page


def test_a_film_from_elsewhere_is_a_card_that_names_its_site(ben: Learner) -> None:
    page = ben.lesson("bends").text
    assert "films.example.org" in page
    assert 'target="_blank" rel="noopener noreferrer"' in page
    assert "Water, seen from above." in page
    assert "<iframe" not in page
    assert "<video" not in page


def test_course_files_never_change_and_can_run_nothing(ben: Learner) -> None:
    path = re.search(r'src="(/courses/rivers/files/[^"]+)"', ben.lesson("spring").text)
    assert path
    answer = ben.client.get(path[1])
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "image/png"
    part = ben.client.get(path[1], headers={"range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, b"PNG")
    assert part.headers["content-range"] == f"bytes 1-3/{len(PIXEL)}"
    for odd in ("bytes=900-", "bytes=3-1", "bytes=-1", "words=1-2"):
        assert ben.client.get(path[1], headers={"range": odd}).status_code == 200
    assert ben.client.get(path[1].replace("images/drop.png", "images/../course.yaml")).status_code == 404
    assert ben.client.get(path[1].replace("/files/", "/other/")).status_code == 404


def test_the_text_of_the_licence_can_be_read(ben: Learner) -> None:
    path = re.search(r'href="(/courses/rivers/files/[0-9a-f]{64}/LICENSE)"', ben.client.get("/courses/rivers").text)
    assert path
    answer = ben.client.get(path[1])
    assert answer.text == "Creative Commons Attribution 4.0\n"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_download_is_never_shown_as_a_page(client: TestClient[Any], database: Database) -> None:
    spring = SPRING.replace("files/map.txt", "files/map.html")
    changed = {"files__map_dot_html": "<script>alert(1)</script>", "modules__01-upstream__01-spring_dot_md": spring}
    publish_folder(database, sample_folder(files__map_dot_txt=None, **changed))
    path = re.search(r'href="(/courses/rivers/files/[^"]+map.html)"', client.get("/courses/rivers/spring").text)
    assert path
    answer = client.get(path[1])
    assert answer.headers["content-disposition"] == 'attachment; filename="map.html"'
    assert "sandbox" in answer.headers["content-security-policy"]


def test_old_addresses_lead_to_the_new_ones(ben: Learner) -> None:
    for old, new in (
        ("/courses/rivers-of-old", "/courses/rivers"),
        ("/courses/rivers-of-old/spring", "/courses/rivers/spring"),
        ("/courses/rivers/source", "/courses/rivers/spring"),
    ):
        answer = ben.client.get(old)
        assert (answer.status_code, answer.headers["location"]) == (308, new)


def test_unknown_addresses_are_not_found(ben: Learner) -> None:
    for path in (
        "/courses/nowhere",
        "/courses/rivers/nowhere",
        "/courses/rivers/unfinished",
        "/courses/rivers/files",
        "/quizzes/rivers/nowhere",
        "/quizzes/rivers/exam-pool",
        "/quizzes/rivers/final-exam/nonsense",
        "/courses/rivers/files/abc/images/drop.png",
    ):
        assert ben.client.get(path).status_code == 404, path


def test_progress_shows_in_outline_and_bar(ben: Learner) -> None:
    ben.read("spring")
    page = ben.lesson("bends")
    assert "1 of 4 lessons · about 8 min left" in words(page)
    assert words(page).count("The spring (done)") >= 1
    assert "Continue: lesson 2" in words(ben.client.get("/courses/rivers"))


def test_reading_twice_counts_once_and_the_last_lesson_leads_back_to_the_course(
    ben: Learner, database: Database
) -> None:
    ben.read("spring")
    ben.read("spring")
    assert ben.read("extra").headers["location"] == "/courses/rivers#certificate"
    with database.reading() as session:
        assert sorted(one.lesson_id for one in session.scalars(select(LessonDone))) == ["extra", "spring"]


def test_one_browser_keeps_one_secret_for_all_its_courses(ben: Learner, database: Database) -> None:
    publish_sample(database, "lakes", "Lakes")
    first = ben.read("spring").headers["set-cookie"].split(";")[0]
    assert Learner(ben.client, "lakes").read("spring").headers["set-cookie"].split(";")[0] == first
    with database.reading() as session:
        assert len({one.secret_sha256 for one in session.scalars(select(Enrolment))}) == 1


def test_a_secret_that_we_never_gave_out_is_not_taken_over(ben: Learner, database: Database) -> None:
    ben.client.cookies.set("e", "known-to-somebody-else")
    assert "known-to-somebody-else" not in ben.read("spring").headers["set-cookie"]


def test_stopping_on_this_computer_keeps_the_progress_elsewhere(ben: Learner, database: Database) -> None:
    secret = ben.read("spring").headers["set-cookie"].split(";")[0].removeprefix("e=")
    answer = ben.client.post("/courses/rivers", data={"do": "stop"})
    assert answer.status_code == 303
    assert "max-age=0" in answer.headers["set-cookie"].casefold()
    assert "Start with lesson 1" in words(ben.client.get("/courses/rivers"))
    ben.client.cookies.set("e", secret)
    assert "Continue: lesson 2" in words(ben.client.get("/courses/rivers"))


def test_deleted_progress_is_gone_at_once(ben: Learner, database: Database) -> None:
    ben.do_everything()
    assert ben.client.post("/courses/rivers", data={"do": "delete"}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Enrolment)).all() == []
        assert session.scalars(select(LessonDone)).all() == []
    assert "Start with lesson 1" in words(ben.client.get("/courses/rivers"))
    assert ben.client.post("/courses/rivers", data={"do": "dance"}).status_code == 422


def test_an_archived_course_lets_those_under_way_finish_and_nobody_else_begin(ben: Learner, database: Database) -> None:
    ben.read("spring")
    archived = COURSE.format(slug="rivers", title="Rivers").replace("status: published", "status: archived")
    publish_folder(database, sample_folder(course_dot_yaml=archived))
    assert ben.read("bends").status_code == 303
    assert "/courses/rivers" not in ben.client.get("/?q=rivers").text.partition('id="all"')[2]
    ben.client.cookies.clear()
    assert ben.client.get("/courses/rivers").status_code == 200
    refused = ben.read("spring")
    assert refused.status_code == 409
    assert "closed to new learners" in words(refused)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_dutch_course_speaks_dutch_unless_the_visitor_chose(client: TestClient[Any], database: Database) -> None:
    course = COURSE.format(slug="rivieren", title="Rivieren").replace("language: en", "language: nl")
    publish_folder(database, sample_folder("rivieren", course_dot_yaml=course))
    assert '<html lang="nl"' in client.get("/courses/rivieren/spring").text
    client.cookies.set("l", "en")
    page = client.get("/courses/rivieren/spring").text
    assert '<html lang="en"' in page
    assert '<article class="prose" lang="nl"' in page


def test_a_visitor_from_another_site_cannot_act_for_somebody(ben: Learner) -> None:
    strange = {"sec-fetch-site": "cross-site"}
    assert ben.client.post("/courses/rivers/spring", headers=strange).status_code == 403
    assert ben.client.post("/courses/rivers", data={"do": "delete"}, headers=strange).status_code == 403
    fields = {"asked": "m-one", field("m-one"): "true"}
    assert ben.client.post("/quizzes/rivers/upstream-quiz/answers", data=fields, headers=strange).status_code == 403
