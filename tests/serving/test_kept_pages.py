"""Pages of strangers are drawn once, and never shown where something else is true."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.cast import publish_folder, publish_sample
from tests.learner import Learner, without_token
from tests.sample_course import COURSE, SPRING, sample_folder
from university.database import Database
from university.serving.kept_pages import KeptPages, way


def test_a_page_is_drawn_once_and_again_in_the_next_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [7200.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    kept, drawn = KeptPages(), iter("abc")
    assert [kept.get("key", lambda: next(drawn)).body for _ in range(3)] == [b"a", b"a", b"a"]
    now[0] += 3600
    assert kept.get("key", lambda: next(drawn)).body == b"b"
    assert kept.get("another", lambda: next(drawn)).body == b"c"


def test_only_the_pages_asked_for_last_are_kept() -> None:
    kept = KeptPages(most=2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda key=key: key)  # type: ignore[misc]
    assert list(kept.pages) == ["a", "c"]


def test_a_publish_is_seen_at_once(client: TestClient[Any], database: Database) -> None:
    publish_sample(database)
    assert "leaves the ground" in client.get("/courses/rivers/spring").text
    publish_folder(
        database,
        sample_folder(
            title="Rivers and streams",
            **{"modules__01-upstream__01-spring_dot_md": SPRING.replace("leaves", "quits")},
        ),
    )
    assert "quits the ground" in client.get("/courses/rivers/spring").text
    assert "Rivers and streams" in client.get("/courses/rivers").text
    assert "Rivers and streams" in client.get("/").text
    archived = COURSE.format(slug="rivers", title="Rivers").replace("status: published", "status: archived")
    publish_folder(database, sample_folder(course_dot_yaml=archived))
    assert "closed to new learners" in client.get("/courses/rivers/spring").text
    assert "/courses/rivers" not in client.get("/").text


def test_a_page_travels_compressed_to_browsers_that_can_open_it(client: TestClient[Any], database: Database) -> None:
    publish_sample(database)
    plain = client.get("/courses/rivers/spring", headers={"accept-encoding": "identity"})
    packed = client.get("/courses/rivers/spring", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.text == plain.text
    assert "accept-encoding" in packed.headers["vary"]
    again = client.get("/courses/rivers/spring", headers={"if-none-match": packed.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_language_has_its_own_page(client: TestClient[Any], database: Database) -> None:
    publish_sample(database)
    for language in ("en", "nl", "en"):
        client.cookies.set("l", language)
        for path in ("/", "/courses/rivers", "/courses/rivers/spring"):
            assert f'<html lang="{language}"' in client.get(path).text


def test_a_learner_never_gets_the_page_of_a_stranger_nor_a_stranger_hers(
    client: TestClient[Any], database: Database
) -> None:
    publish_sample(database)
    ada = Learner(client)
    paths = ("/", "/courses/rivers", "/courses/rivers/spring")

    def pages() -> list[str]:
        return [without_token(client.get(path).text) for path in paths]

    before = pages()
    ada.read("spring")
    hers = pages()
    assert all(mine != theirs for mine, theirs in zip(hers, before, strict=True))
    client.cookies.clear()
    assert pages() == before


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", ""), ("", "")],
)
def test_a_page_is_compressed_the_way_a_browser_can_open(accepted: str, sent: str) -> None:
    assert way(accepted) == sent


def test_only_catalogue_courses_and_lessons_name_what_may_be_fetched_ahead(
    client: TestClient[Any], database: Database
) -> None:
    publish_sample(database)
    for path, is_named in (("/", True), ("/courses/rivers", True), ("/verify", False), ("/privacy/my-data", False)):
        assert ("speculation-rules" in client.get(path).headers) is is_named
    arriving = client.get("/", headers={"sec-fetch-site": "none"})
    assert "speculation-rules" not in arriving.headers
    rules = client.get(client.get("/").headers["speculation-rules"].strip('"'))
    assert rules.headers["content-type"].startswith("application/speculationrules+json")
    assert set(re.findall(r'"href_matches": "([^"]+)"', rules.text)) == {
        "/",
        "/verify",
        "/courses/*",
        "/courses/*/files/*",
    }


@pytest.mark.parametrize("path", ["/", "/courses/rivers", "/courses/rivers/spring"])
def test_an_unchanged_page_answers_304_without_a_body(client: TestClient[Any], database: Database, path: str) -> None:
    publish_sample(database)
    first = client.get(path)
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
