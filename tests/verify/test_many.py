"""Vera has a stack of papers: a pasted list, a file from a spreadsheet, or a program that asks."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import event, text

from certificates import make_number, show_number
from tests.verify.conftest import Standings
from university.database import Database
from university.verify.many import answers, listed, number_in

WORDS = ("valid", "expired", "revoked", "withdrawn", "unknown")
N = "7KQ2-9FXD-M4TB-W8HC"


def ask(client: TestClient, document: Any) -> Response:
    answer = client.post("/api/v1/verifications", json=document, headers={"sec-fetch-site": "cross-site"})
    assert isinstance(answer, Response)
    return answer


def rows_of(answer: Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))


def test_c2_a_program_gets_the_words_in_the_order_it_asked(client: TestClient, standings: Standings) -> None:
    numbers = [standings.of(word) for word in WORDS]
    answer = ask(client, {"numbers": [*numbers, "what?", numbers[0].lower()]})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    found = answer.json()["verifications"]
    assert [one["standing"] for one in found] == [*WORDS, "unknown", "valid"]
    assert found[0]["number"] == found[-1]["number"] == show_number(numbers[0])
    assert "Lovelace" not in answer.text


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ([], 422),
        ({}, 422),
        ({"numbers": []}, 422),
        ({"numbers": [1]}, 422),
        ({"numbers": ["x"], "names": True}, 422),
        ({"numbers": ["x"] * 1001}, 422),
        ({"numbers": ["x"] * 1000}, 200),
    ],
)
def test_a_request_that_makes_no_sense_is_told_what_does(client: TestClient, document: Any, status: int) -> None:
    assert ask(client, document).status_code == status


def test_what_is_no_json_is_refused(client: TestClient) -> None:
    for body in (b"{", b"\xff", b"[" * 100_000):
        answer = client.post("/api/v1/verifications", content=body, headers={"accept": "application/json"})
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.usefixtures("still_limits")
def test_calls_are_limited(client: TestClient) -> None:
    statuses = [ask(client, {"numbers": ["x"]}).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_a_silent_record_is_no_answer_for_any_of_them(
    client: TestClient, database: Database, standings: Standings
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE tombstone RENAME TO mislaid"))
    answer = ask(client, {"numbers": [standings.valid, standings.unknown]})
    assert answer.status_code == 503
    assert "valid" not in answer.text


def test_a_list_gives_a_table_and_the_same_as_csv(client: TestClient, standings: Standings) -> None:
    pasted = "\n".join(show_number(standings.of(word)) for word in WORDS) + "\n=cmd()\n"
    page = client.post("/verify/list", data={"numbers": pasted})
    assert page.status_code == 200
    assert "6 numbers checked" in page.text
    assert "Lovelace" not in page.text
    answer = client.post("/verify/list", data={"numbers": pasted, "as": "csv"})
    assert answer.headers["content-disposition"] == 'attachment; filename="certificates.csv"'
    assert [row["standing"] for row in rows_of(answer)] == [*WORDS, "unknown"]
    assert rows_of(answer)[5]["asked"] == "'=cmd()"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_from_a_spreadsheet_is_read_where_its_numbers_are(
    client: TestClient, standings: Standings, separator: str
) -> None:
    lines = [("name", "certificate", "note"), ("somebody", standings.valid, "a"), ("else", standings.revoked, "b")]
    content = "\ufeff" + "\r\n".join(separator.join(line) for line in lines)
    files = {"list": ("people.csv", content.encode(), "text/csv")}
    answer = client.post("/verify/list", data={"as": "csv"}, files=files)
    assert [row["standing"] for row in rows_of(answer)] == ["valid", "revoked"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"data": {"numbers": "  \n"}}, "Paste at least one number"),
        ({"data": {"numbers": f"{N}\n" * 1001}}, "this list has 1001"),
        ({"files": {"list": ("a.csv", b"\xff\xfe\x00", "text/csv")}}, "Save the list as CSV in UTF-8"),
    ],
)
def test_a_list_that_cannot_be_read_says_so_beside_the_field(
    client: TestClient, sent: dict[str, Any], sentence: str
) -> None:
    answer = client.post("/verify/list", **sent)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_thousand_numbers_take_a_handful_of_statements(client: TestClient, database: Database) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *values: statements.append(values[2]))
    with database.looking() as record:
        assert len(answers(record, [make_number() for _ in range(1000)], date(2026, 11, 24))) == 1000
    assert len([statement for statement in statements if "SELECT" in statement]) == 4


@pytest.mark.parametrize(
    "pasted",
    [N, f" {N} ", f"https://learn.example.org/verify/{N}", f"HTTPS://LEARN.EXAMPLE.ORG/V/{N}", f"x/verify/{N}.pdf"],
)
def test_a_whole_address_is_as_good_as_its_number(client: TestClient, pasted: str) -> None:
    assert number_in(pasted) == N
    assert client.get("/verify", params={"number": pasted}).headers["location"] == f"/verify/{N}"


def test_lists_of_one_line_and_of_none() -> None:
    assert listed("") == []
    assert listed("nonsense") == ["nonsense"]
    assert listed(f"number\n{N}") == [N]
    assert listed(f"a, b\n\n{N},x\n") == [N]
