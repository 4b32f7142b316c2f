"""Searching courses: what is inside lessons is found, slips are forgiven, and both engines find the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.cast import publish_folder, publish_sample
from tests.courses.test_catalogue import titles
from tests.sample_course import COURSE, sample_folder
from university.course_folders import Folder
from university.courses.catalogue import Question
from university.courses.searching import nearest, search
from university.database import Database
from university.models import Course
from university.revisions.passages import beginning_with, index_missing, words_of


def lessons(client: TestClient[Any], address: str) -> list[str]:
    return re.findall(r'<li><a href="/courses/[^"/]+/([^"]+)">', client.get(address).text)


def with_lesson(slug: str, text: str) -> Folder:
    folder = sample_folder(slug, course_dot_yaml=COURSE.format(slug=slug, title=slug.title()))
    path = next(path for path in folder.files if path.endswith("spring.md"))
    return Folder({**folder.files, path: folder.files[path] + text.encode()}, slug)


@pytest.fixture
def rivers(database: Database) -> None:
    publish_sample(database)
    publish_folder(database, with_lesson("lakes", "\n\nA *meromictic* lake never turns over: its Schichtung stays.\n"))


def test_a_word_of_a_lesson_leads_to_that_lesson(client: TestClient[Any], rivers: None) -> None:
    assert titles(client, "/?q=meromictic") == ["Lakes"]
    assert lessons(client, "/?q=meromictic") == ["spring"]
    assert "A <mark>meromictic</mark> lake never turns over" in client.get("/?q=MEROMICTIC").text
    assert titles(client, "/?q=schicht") == ["Lakes"]


@pytest.mark.parametrize("typed", ["meromictik", "meromcitic", "meromictc", "merromictic"])
def test_a_slip_is_forgiven_and_said(client: TestClient[Any], rivers: None, typed: str) -> None:
    assert titles(client, f"/?q={typed}") == ["Lakes"]
    assert "This is what we found for “meromictic”." in client.get(f"/?q={typed}").text


def test_short_or_strange_words_are_not_bent_into_others(client: TestClient[Any], rivers: None) -> None:
    assert titles(client, "/?q=xyz") == []
    assert titles(client, "/?q=volcanology") == []
    assert "This is what we found" not in client.get("/?q=volcanology").text


def test_of_equally_near_words_the_most_used_counts_then_the_alphabet() -> None:
    assert nearest("rivar", {"river": 5, "rival": 2}) == "river"
    assert nearest("rivar", {"rivet": 3, "rival": 2, "rivas": 2}) == "rival"
    assert nearest("riv", {"rib": 1}) is None


def test_a_course_by_that_name_comes_before_one_that_mentions_it(client: TestClient[Any], database: Database) -> None:
    publish_sample(database, "lakes", "Lakes")
    publish_folder(database, with_lesson("seas", "\n\nSome lakes are called seas.\n"))
    assert titles(client, "/?q=lakes") == ["Lakes", "Seas"]


def test_every_word_must_be_in_the_course_but_not_in_one_lesson(client: TestClient[Any], rivers: None) -> None:
    assert titles(client, "/?q=meromictic+lovelace") == ["Lakes"]
    assert titles(client, "/?q=meromictic+volcano") == []


def test_a_new_revision_replaces_what_was_found_before(client: TestClient[Any], database: Database) -> None:
    publish_folder(database, with_lesson("lakes", "\n\nlimnology\n"))
    publish_folder(database, with_lesson("lakes", "\n\nbathymetry\n"))
    assert titles(client, "/?q=limnology") == []
    assert titles(client, "/?q=bathymetry") == ["Lakes"]


def test_courses_from_before_there_was_a_search_are_found_after_the_next_start(
    client: TestClient[Any], database: Database, rivers: None
) -> None:
    with database.writing() as session:
        for row in session.query(Course).all():
            session.execute(Course.__table__.metadata.tables["passage"].delete())
            assert row.revision_id
    assert titles(client, "/?q=meromictic") == []
    with database.writing() as session:
        assert index_missing(session) == 2
        assert index_missing(session) == 0
    assert titles(client, "/?q=meromictic") == ["Lakes"]


@pytest.mark.parametrize(
    "typed", ["3g", "1e5", "a_b", "don't", "c++", "'\\", '"', "*", "a:*|b", "https://x.example/y?z=1", "été", "नमस्ते"]
)
def test_no_word_confuses_an_engine(database: Database, typed: str) -> None:
    publish_folder(database, with_lesson("odd", f"\n\n{typed}\n".replace("*", "\\*")))
    with database.reading() as session:
        for word in words_of(typed):
            assert beginning_with(session, word), word
        found = search(session, typed)
        assert (len(found.scores) == 1) == bool(words_of(typed))


def test_topic_and_length_narrow_the_catalogue_down(client: TestClient[Any], rivers: None) -> None:
    page = client.get("/").text
    topics = re.findall(r'<option value="([^"]+)">[^<]+ \(2\)</option>', page)
    assert titles(client, "/?length=long") == [] or titles(client, "/?length=short") == []
    for topic in topics:
        assert len(titles(client, f"/?topic={topic}")) == 2
    assert titles(client, "/?topic=Knitting") == []
    assert titles(client, "/?length=unheard-of") == ["Lakes", "Rivers"]


def test_what_was_narrowed_stays_when_the_language_changes(client: TestClient[Any], database: Database) -> None:
    publish_sample(database)
    dutch = COURSE.format(slug="rivieren", title="Rivieren").replace("language: en", "language: nl")
    publish_folder(database, sample_folder("rivieren", course_dot_yaml=dutch))
    page = client.get("/?q=r&length=short").text
    assert 'href="/?q=r&amp;language=nl&amp;length=short"' in page
    assert Question().is_empty
    assert not Question(topic="x").is_empty
