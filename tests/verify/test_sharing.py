"""What other sites get of Ada's certificate: pictures, a badge, a snippet, data for search engines."""

from __future__ import annotations

import io
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from defusedxml import ElementTree
from litestar.testing import TestClient
from PIL import Image

from certificates import Card, badge, share_image, show_number, unbake
from tests import cast
from tests.verify.conftest import Standings, full_certificate
from university.awarding.credentialing import issue_credential
from university.database import Database
from university.models import Award
from university.settings import Settings

SVG = "{http://www.w3.org/2000/svg}"
NEUTRAL = ("revoked", "withdrawn")


def page_of(client: TestClient, number: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(f"/verify/{number}").text, "html.parser")


def meta(page: BeautifulSoup) -> dict[str, str]:
    found = {tag.get("property") or tag.get("name"): tag.get("content") for tag in page.find_all("meta")}
    return {str(name): str(value) for name, value in found.items() if name}


@pytest.mark.parametrize("word", ["valid", "expired", "replaced", "revoked", "withdrawn"])
def test_c13_pictures_of_every_standing(client: TestClient, standings: Standings, word: str) -> None:
    number = standings.of(word)
    picture, seal = client.get(f"/verify/{number}.png"), client.get(f"/verify/{number}.svg")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(picture.content)).size == (1200, 630)
    assert (seal.status_code, seal.headers["content-type"]) == (200, "image/svg+xml; charset=utf-8")
    for answer in (picture, seal):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert client.head(answer.url.path).status_code == 200
    title = ElementTree.fromstring(seal.text).findtext(f"{SVG}title") or ""
    assert ("Secure design" in title) is (word not in NEUTRAL)
    assert "Lovelace" not in seal.text


def test_c13_a_number_nobody_has_gets_no_picture(client: TestClient, standings: Standings) -> None:
    for end in (".png", ".svg"):
        assert client.get(f"/verify/{standings.unknown}{end}").status_code == 404


def test_a_badge_is_outlines_only_and_nothing_from_elsewhere() -> None:
    certificate = full_certificate("7KQ29FXDM4TBW8HC")
    for word in ("valid", "expired"):
        root = ElementTree.fromstring(badge(Card.of(certificate, word), str))
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
            "svg",
            "title",
            "g",
            "path",
            "circle",
            "use",
        }
        links = [value for element in root.iter() for name, value in element.attrib.items() if name.endswith("href")]
        assert set(links) == {"#wave"}


def test_pictures_are_the_same_twice_and_differ_by_what_they_may_show() -> None:
    certificate = full_certificate("7KQ29FXDM4TBW8HC")
    cards = [
        Card.of(certificate),
        Card.of(certificate, "expired"),
        Card.of(certificate, shows_name=False),
        Card("revoked", certificate.number, "University", "https://learn.example.org"),
        Card("withdrawn", certificate.number, "University", "https://learn.example.org"),
    ]
    pictures = [share_image(card, str) for card in cards]
    assert len(set(pictures)) == 5
    assert pictures == [share_image(card, str) for card in cards]


def test_the_badge_carries_the_credential_of_the_certificate(
    client: TestClient, database: Database, settings: Settings
) -> None:
    award = with_credential(database, settings)
    svg = client.get(f"/verify/{award.number}.svg?download")
    assert svg.headers["content-disposition"].startswith("attachment")
    assert unbake(svg.text) == client.get(f"/credentials/{award.number}").text
    with database.writing() as session:
        cast.make_revocation(session, session.get_one(Award, award.id))
    assert unbake(client.get(f"/verify/{award.number}.svg").text) is None


def with_credential(database: Database, settings: Settings) -> Award:
    with database.writing() as session:
        award = cast.make_award(session)
        issue_credential(session, cast.make_keyring(settings), settings, award, cast.ADA[2])
    return award


def test_c13_previews_show_the_picture_of_this_version(client: TestClient, standings: Standings) -> None:
    head = meta(page_of(client, standings.valid))
    shown = show_number(standings.valid)
    assert head["og:image"] == f"http://127.0.0.1:8000/verify/{shown}.png?v=1"
    assert (head["og:image:width"], head["og:image:height"]) == ("1200", "630")
    assert head["twitter:card"] == "summary_large_image"
    assert "Lovelace" not in json.dumps(head)
    assert client.get(urlsplit(head["og:image"]).path, params={"v": "1"}).status_code == 200


def test_c13_search_engines_read_what_was_learned_and_no_name(client: TestClient, standings: Standings) -> None:
    script = page_of(client, standings.valid).find("script", type="application/ld+json")
    assert script is not None
    data = json.loads(str(script.string))
    assert data["@type"] == "EducationalOccupationalCredential"
    assert data["@id"] == f"http://127.0.0.1:8000/verify/{show_number(standings.valid)}"
    assert data["competencyRequired"]
    assert "expires" not in data
    assert "Lovelace" not in json.dumps(data)
    for word in ("expired", "revoked", "withdrawn"):
        assert page_of(client, standings.of(word)).find("script", type="application/ld+json") is None


def test_c13_the_profile_link_names_every_field(client: TestClient, standings: Standings) -> None:
    links = page_of(client, standings.valid).select('a[href^="https://www.linkedin.com/"]')
    fields = parse_qs(urlsplit(str(links[0]["href"])).query)
    number = show_number(standings.valid)
    assert fields["certId"] == [number]
    assert fields["certUrl"] == [f"http://127.0.0.1:8000/verify/{number}"]
    assert 1 <= int(fields["issueMonth"][0]) <= 12
    assert "expirationYear" not in fields
    expired = page_of(client, standings.expired).select('a[href^="https://www.linkedin.com/"]')[0]
    assert "expirationYear" in parse_qs(urlsplit(str(expired["href"])).query)


def test_c13_the_snippet_is_a_linked_picture_and_nothing_else(client: TestClient, standings: Standings) -> None:
    area = page_of(client, standings.valid).find("textarea", id="snippet")
    assert area is not None
    snippet = BeautifulSoup(area.get_text(), "html.parser")
    assert [tag.name for tag in snippet.find_all(True)] == ["a", "img"]
    link, image = snippet.find("a"), snippet.find("img")
    assert link is not None
    assert image is not None
    assert image["src"] == f"{link['href']}.svg"
    assert image["alt"]
