"""What somebody with a phone in a dim hallway sees and hears first: the answer."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from litestar.testing import TestClient
from sqlalchemy import text

from tests.conftest import only_on
from tests.verify.conftest import Standings
from university.database import Database

ANSWERS = {
    "valid": "This certificate is valid",
    "expired": "This certificate has expired",
    "replaced": "This version was replaced",
    "revoked": "This certificate was taken back",
    "withdrawn": "This certificate was withdrawn",
    "unknown": "We do not know this number",
}


def assert_first(page: str, word: str, answer: str) -> None:
    """Nothing stands in the content before the heading but its mark, and the part is named by it."""
    main = BeautifulSoup(page, "html.parser").main
    assert main
    section = main.find(True)
    assert section
    assert f"verdict--{word}" in section["class"]
    assert section["aria-labelledby"] == "answer"
    heading = main.find(["h1", "h2", "h3"])
    assert heading
    assert (heading.name, heading["id"], heading.get_text(strip=True)) == ("h1", "answer", answer)
    assert next(main.stripped_strings) == answer
    mark = section.find("svg")
    assert mark
    assert mark["aria-hidden"] == "true"


@only_on("sqlite")
@pytest.mark.parametrize("word", ANSWERS)
def test_the_answer_comes_first_in_words_and_in_its_own_shape(
    client: TestClient[Any], standings: Standings, word: str
) -> None:
    query = "?version=1" if word == "replaced" else ""
    assert_first(client.get(f"/verify/{standings.of(word)}{query}").text, word, ANSWERS[word])


@only_on("sqlite")
def test_a_check_that_could_not_be_made_says_so_first(
    client: TestClient[Any], standings: Standings, database: Database
) -> None:
    with database.writing() as session:
        session.execute(text("ALTER TABLE award RENAME TO away"))
    page = client.get(f"/verify/{standings.valid}")
    assert page.status_code == 503
    assert_first(page.text, "unchecked", "We could not check this certificate")
