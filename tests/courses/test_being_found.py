"""What search engines, feed readers and link previews are told of courses, and what they are not."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from litestar.testing import TestClient
from PIL import Image

from tests.cast import publish_folder, publish_sample
from tests.courses.test_catalogue import in_dutch
from tests.sample_course import COURSE, sample_folder
from university.database import Database

HERE = "http://127.0.0.1:8000"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
LINK = "{http://www.w3.org/1999/xhtml}link"
EVERYWHERE = ["/sitemap.xml", "/courses.atom", "/courses/rivers.png"]


@pytest.fixture
def both(database: Database) -> None:
    """The sample, and its translation into Dutch."""
    publish_sample(database)
    publish_folder(database, in_dutch("rivieren", "rivers"))


def parsed(client: TestClient[Any], path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).text, "html.parser")


def alternates(page: BeautifulSoup) -> dict[str, str]:
    return {str(one["hreflang"]): str(one["href"]) for one in page.select("link[rel=alternate][hreflang]")}


@pytest.mark.usefixtures("both")
def test_the_sitemap_names_open_courses_and_their_lessons_in_every_language(client: TestClient[Any]) -> None:
    answer = client.get("/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    found = {one.findtext(f"{SITEMAP}loc"): one for one in ElementTree.fromstring(answer.text)}
    assert {f"{HERE}/", f"{HERE}/courses/rivers", f"{HERE}/courses/rivieren/spring"} <= found.keys()
    assert len(found) == 1 + 2 * (1 + 4)
    links = {one.get("hreflang"): one.get("href") for one in found[f"{HERE}/courses/rivieren/spring"].iter(LINK)}
    assert links == {
        "en": f"{HERE}/courses/rivers/spring",
        "nl": f"{HERE}/courses/rivieren/spring",
        "x-default": f"{HERE}/courses/rivers/spring",
    }
    for path in (str(address).removeprefix(HERE) for address in found):
        assert client.get(path).status_code == 200
    assert f"Sitemap: {HERE}/sitemap.xml" in client.get("/robots.txt").text


def test_the_sitemap_and_the_feed_of_an_empty_site_are_whole(client: TestClient[Any]) -> None:
    assert len(ElementTree.fromstring(client.get("/sitemap.xml").text)) == 1
    assert ElementTree.fromstring(client.get("/courses.atom").text).findtext(f"{ATOM}updated")


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("path", EVERYWHERE)
def test_what_has_not_changed_is_not_sent_again(client: TestClient[Any], path: str) -> None:
    first = client.get(path)
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
    assert "set-cookie" not in first.headers
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("both")
def test_the_sitemap_changes_with_the_courses(client: TestClient[Any], database: Database) -> None:
    first = client.get("/sitemap.xml")
    publish_sample(database, "lakes", "Lakes")
    answer = client.get("/sitemap.xml", headers={"if-none-match": first.headers["etag"]})
    assert answer.status_code == 200
    assert "/courses/lakes/spring" in answer.text


@pytest.mark.usefixtures("both")
def test_pages_name_themselves_and_their_translations(client: TestClient[Any]) -> None:
    for tail in ("", "/spring"):
        page = parsed(client, f"/courses/rivieren{tail}")
        assert page.select_one("link[rel=canonical]")["href"] == f"{HERE}/courses/rivieren{tail}"  # type: ignore[index]
        assert alternates(page) == {
            "en": f"{HERE}/courses/rivers{tail}",
            "nl": f"{HERE}/courses/rivieren{tail}",
            "x-default": f"{HERE}/courses/rivers{tail}",
        }
        assert alternates(parsed(client, f"/courses/rivers{tail}")) == alternates(page)
    assert alternates(parsed(client, "/")) == {"x-default": f"{HERE}/"}


def test_search_engines_read_what_the_course_is(client: TestClient[Any], database: Database) -> None:
    publish_folder(database, sample_folder(course_dot_yaml=COURSE.format(slug="rivers", title="A </script> & more")))
    page = parsed(client, "/courses/rivers")
    (script,) = page.select('script[type="application/ld+json"]')
    course = json.loads(script.text)
    assert (course["@context"], course["@type"]) == ("https://schema.org", "Course")
    assert course["name"] == "A </script> & more"
    assert course["description"].startswith("Where water comes from")
    assert course["provider"]["@type"] == "Organization"
    assert (course["inLanguage"], course["educationalLevel"]) == ("en", "introductory")
    assert course["teaches"] == ["Say where a river begins", "Tell a delta from an estuary"]
    assert course["timeRequired"] == "PT30M"
    assert (course["offers"]["category"], course["offers"]["price"]) == ("Free", 0)
    assert course["hasCourseInstance"] == {
        "@type": "CourseInstance",
        "courseMode": "Online",
        "courseWorkload": "PT30M",
    }
    assert course["educationalCredentialAwarded"]["name"] == "Knows rivers"


def test_links_to_a_course_and_its_lessons_come_with_a_picture(client: TestClient[Any], database: Database) -> None:
    publish_sample(database)
    for path in ("/courses/rivers", "/courses/rivers/spring"):
        said = {str(one["property"]): str(one["content"]) for one in parsed(client, path).select("meta[property]")}
        assert said["og:image"] == f"{HERE}/courses/rivers.png"
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
        assert "Rivers" in said["og:image:alt"]
    answer = client.get("/courses/rivers.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert client.get("/courses/lakes.png").status_code == 404


@pytest.mark.usefixtures("both")
def test_the_picture_speaks_the_language_of_the_course_whoever_asks(client: TestClient[Any]) -> None:
    english, dutch = (client.get(f"/courses/{slug}.png").content for slug in ("rivers", "rivieren"))
    assert english != dutch
    client.cookies.set("l", "nl")
    assert client.get("/courses/rivers.png").content == english


def test_a_title_no_typeface_can_set_still_has_a_picture(client: TestClient[Any], database: Database) -> None:
    publish_sample(database, title="\u13a0\u13b3\u13a9")
    assert client.get("/courses/rivers.png").status_code == 200


@pytest.mark.usefixtures("both")
def test_a_feed_reader_learns_of_new_courses(client: TestClient[Any]) -> None:
    """RFC 4287: what a feed and an entry must have, each once, and moments with a zone."""
    answer = client.get("/courses.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.text)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for one in (feed, *entries):
        assert all(len(one.findall(f"{ATOM}{name}")) == 1 for name in ("id", "title", "updated"))
        for moment in (one.findtext(f"{ATOM}updated"), one.findtext(f"{ATOM}published")):
            assert moment is None or datetime.fromisoformat(moment).tzinfo
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert [one.findtext(f"{ATOM}title") for one in entries] == ["Rivieren", "Rivers"]
    assert len({one.findtext(f"{ATOM}id") for one in entries}) == 2
    links = {one.get("rel"): one.get("href") for one in feed.findall(f"{ATOM}link")}
    assert links == {"self": f"{HERE}/courses.atom", "alternate": f"{HERE}/"}
    for path in ("/", "/courses/rivers"):
        assert parsed(client, path).select('link[type="application/atom+xml"]')[0]["href"] == "/courses.atom"
