"""Ada sees how her name will be printed before she sends it; nothing of it is kept."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from litestar.testing import TestClient
from sqlalchemy import text

from tests.claims.conftest import ADA
from university.database import Database


def shown(client: TestClient, **typed: str) -> tuple[int, BeautifulSoup]:
    answer = client.post("/claims/rivers/preview", data={**dict.fromkeys(ADA, ""), **typed})
    return answer.status_code, BeautifulSoup(answer.text, "html.parser")


def drawing(page: BeautifulSoup) -> Tag | None:
    return page.select_one("[data-preview] .cert__name svg")


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        ("Zoë", "", "Zoë"),
        ("Ada", "Lovelace", "Ada Lovelace"),
        ("محمد", "الخوارزمي", "محمد الخوارزمي"),
        ("小龍", "李", "李小龍"),
        ("श्रीनिवास", "रामानुजन्", "श्रीनिवास रामानुजन्"),
    ],
)
def test_the_name_is_drawn_as_the_certificate_prints_it(as_ada: TestClient, first: str, last: str, label: str) -> None:
    status, page = shown(as_ada, first_name=first, last_name=last)
    picture = drawing(page)
    assert picture is not None
    assert (status, picture["aria-label"]) == (200, label)
    assert {tag.name for tag in picture.find_all(True)} == {"g", "path"}
    field = page.find("input", id="first_name")
    assert isinstance(field, Tag)
    assert field["value"] == first


def test_what_cannot_be_printed_is_named_beside_its_field(as_ada: TestClient) -> None:
    status, page = shown(as_ada, first_name="ᏣᎳᎩ", last_name="Lovelace")
    assert status == 422
    assert drawing(page) is None
    assert "Ꮳ Ꮃ Ꭹ" in page.select_one("#first_name-error").text  # type: ignore[union-attr]


def test_an_empty_form_is_no_mistake_yet(as_ada: TestClient) -> None:
    status, page = shown(as_ada)
    assert (status, drawing(page)) == (200, None)


def test_nobody_else_gets_one_and_nothing_is_kept(as_ben: TestClient, database: Database) -> None:
    assert shown(as_ben, first_name="Ben")[0] == 409
    assert as_ben.get("/claims/rivers/preview").status_code == 404
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM claim")).scalar() == 0


def test_a_name_of_markup_stays_text(as_ada: TestClient) -> None:
    page = shown(as_ada, first_name='"><b>', last_name="x")[1]
    assert page.select_one("[data-preview] b") is None
