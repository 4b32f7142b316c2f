"""The catalogue: one card per course, found by words and language, and the way back to where one was."""

from __future__ import annotations

import re
from typing import Any

from litestar.testing import TestClient

from tests.cast import publish_folder, publish_sample
from tests.learner import Learner, words
from tests.sample_course import COURSE, sample_folder
from university.database import Database
from university.drafting.drafts import import_folder


def titles(client: TestClient[Any], address: str = "/") -> list[str]:
    return re.findall(r'<h3><a href="/courses/[^"]+">([^<]+)</a></h3>', client.get(address).text)


def in_dutch(slug: str, of: str = "") -> Any:
    course = COURSE.format(slug=slug, title="Rivieren").replace("language: en", "language: nl")
    if of:
        course = course.replace("language: nl", f"language: nl\ntranslation_of: {of}")
    return sample_folder(slug, course_dot_yaml=course)


def test_an_empty_catalogue_says_so(client: TestClient[Any]) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "No courses yet" in page.text


def test_courses_are_found_by_the_words_in_them(client: TestClient[Any], database: Database) -> None:
    publish_sample(database)
    publish_sample(database, "lakes", "Lâkes")
    assert titles(client) == ["Lâkes", "Rivers"]
    assert titles(client, "/?q=LAKES") == ["Lâkes"]
    assert titles(client, "/?q=delta+lakes") == ["Lâkes"]
    assert titles(client, "/?q=ada+lovelace") == ["Lâkes", "Rivers"]
    assert titles(client, "/?q=volcano") == []
    assert "Nothing found" in client.get("/?q=volcano").text


def test_a_course_in_two_languages_is_one_card_in_the_language_of_the_visitor(
    client: TestClient[Any], database: Database
) -> None:
    publish_sample(database)
    publish_folder(database, in_dutch("rivieren", "rivers"))
    assert titles(client) == ["Rivers"]
    assert "en · nl" in client.get("/").text
    client.cookies.set("l", "nl")
    assert titles(client) == ["Rivieren"]
    client.cookies.clear()
    assert titles(client, "/?language=nl") == ["Rivieren"]
    assert titles(client, "/?language=de") == []
    assert titles(client, "/?q=rivieren") == ["Rivieren"]


def test_what_a_visitor_can_read_comes_first(client: TestClient[Any], database: Database) -> None:
    publish_sample(database)
    publish_folder(database, in_dutch("beken"))
    assert titles(client) == ["Rivers", "Rivieren"]
    client.cookies.set("l", "nl")
    assert titles(client) == ["Rivieren", "Rivers"]


def test_whoever_searches_sees_what_was_found_first(client: TestClient[Any], database: Database) -> None:
    publish_sample(database)
    page = client.get("/?q=rivers").text
    assert "Found for “rivers”</h2>" in page
    assert "Learn it today" not in page
    assert "Learn it today." in client.get("/").text


def test_the_course_page_links_its_other_languages_both_ways(client: TestClient[Any], database: Database) -> None:
    publish_sample(database)
    publish_folder(database, in_dutch("rivieren", "rivers"))
    assert 'href="/courses/rivieren" hreflang="nl"' in client.get("/courses/rivers").text
    assert 'href="/courses/rivers" hreflang="en"' in client.get("/courses/rivieren").text


def test_the_address_of_a_course_without_its_end_leads_to_all_of_them(client: TestClient[Any]) -> None:
    answer = client.get("/courses")
    assert (answer.status_code, answer.headers["location"]) == (308, "/")


def test_a_draft_is_nowhere_to_be_seen(client: TestClient[Any], database: Database) -> None:
    with database.writing() as session:
        import_folder(session, sample_folder())
    assert titles(client) == []
    assert client.get("/courses/rivers").status_code == 404
    assert client.get("/courses/rivers/spring").status_code == 404
    assert client.get("/quizzes/rivers/final-exam").status_code == 404
    assert client.post("/courses/rivers/spring").status_code == 404


def test_strange_questions_to_the_catalogue_are_answered(client: TestClient[Any], database: Database) -> None:
    publish_sample(database)
    for query in ("%", "_", "'", "%00", "%F0%9F%A6%86", "a" * 5000, "%22%3E%3Cscript%3E"):
        page = client.get(f"/?q={query}&language={query[:20]}")
        assert page.status_code in {200, 400}
        assert "<script>" not in page.text


def test_ben_finds_the_way_back_to_where_he_was(ben: Learner) -> None:
    assert "Go on where you were" not in ben.client.get("/").text
    ben.read("spring")
    page = ben.client.get("/")
    assert "Continue: lesson 2" in words(page)
    assert 'href="/courses/rivers/bends"' in page.text
