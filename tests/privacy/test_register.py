"""The register declares everything there is, and everything that speaks of data is made from it."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from pathlib import Path
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlalchemy import MetaData

from tests import cast, post_office
from tests.privacy.conftest import Open
from university import language
from university.app import create_app
from university.database import Database
from university.language import speaking
from university.models import FULL_TEXT
from university.privacy import statement
from university.rights import erasure, statements
from university.rights.held import Subject
from university.rights.purposes import BASES, KEEPS, PURPOSES, SUBJECTS
from university.rights.register import REGISTER, Entry, personal
from university.settings import Settings

SOURCE = Path(__file__).parents[2] / "university"


def declared(prefix: str) -> set[str]:
    """What is declared of one sort: ``cookie:``, ``log:``, ``file:``, or columns for an empty prefix."""
    if not prefix:
        return {entry.where for entry in REGISTER if ":" not in entry.where}
    return {entry.where.removeprefix(prefix) for entry in REGISTER if entry.where.startswith(prefix)}


def test_p1_every_column_of_every_table_is_declared_and_no_other(database: Database) -> None:
    metadata = MetaData()
    metadata.reflect(database.engine)
    columns = {f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns}
    columns = {column for column in columns if not column.startswith(FULL_TEXT)}  # the words of `passage`, sorted
    assert columns - declared("") == set(), "undeclared columns"
    assert declared("") - columns == set(), "declared, but there is no such column"


def test_nothing_is_declared_twice() -> None:
    assert len({entry.where for entry in REGISTER}) == len(REGISTER)


def test_every_cookie_the_program_sets_is_declared() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    names = set(re.findall(r"""cookie_name\(["'](\w+)["']\)""", source))
    names |= set(re.findall(r"""^COOKIE = ["'](\w+)["']""", source, re.M))
    assert names == declared("cookie:")


def test_every_file_and_log_field_of_a_visit_is_declared(
    client: TestClient, database: Database, settings: Settings, open_portal: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    with database.writing() as session:
        award = cast.make_award(session)
    client.get(f"/verify/{award.number}.pdf")
    open_portal()
    client.post("/privacy/my-data/delete", data={"word": "DELETE"})
    client.get("/nowhere")
    post_office.make_test_worker(database, settings).run_what_is_due()
    files = {str(path.relative_to(settings.data)) for path in settings.data.rglob("*") if path.is_file()}
    patterns = declared("file:")
    assert {name for name in files if not any(fnmatch(name, pattern) for pattern in patterns)} == set()
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.getMessage().startswith("{")]
    assert lines
    assert {field for line in lines for field in line} - declared("log:") == set()


def test_p2_names_and_addresses_are_in_these_places_only() -> None:
    assert {entry.where for entry in personal("name")} == {
        *("award.first_name", "award.last_name", "claim.first_name", "claim.last_name", "local_mail.message"),
        "staff_member.name",
        "file:ledger/names/*",
    }
    assert {entry.where for entry in personal("address")} == {
        *("person.email", "claim.email", "sign_up.email", "outbox.address", "local_mail.recipient"),
        "privacy_case.contact",
        *("staff_member.email", "staff_invitation.email", "staff_address_change.email"),
    }


@pytest.mark.parametrize("entry", personal(), ids=lambda entry: entry.where)
def test_every_personal_entry_says_what_it_is_why_and_how_long(entry: Entry) -> None:
    assert entry.kind in {"name", "address", "about", "pointer"}
    assert entry.label
    assert entry.subject in SUBJECTS
    assert entry.purpose in PURPOSES
    assert entry.basis in BASES
    assert entry.keep in KEEPS
    assert entry.erase in {"delete", "reduce", "keep", "expire"}
    # What can be read of somebody goes with them or soon after; only what leads nowhere may stay.
    # Staff are no learners: their account ends when an owner disables it.
    assert entry.kind in {"about", "pointer"} or entry.erase in {"delete", "reduce"} or entry.subject == "staff"


def test_nothing_without_a_person_claims_to_have_one() -> None:
    assert all(not entry.purpose and not entry.export for entry in REGISTER if not entry.is_personal)


def test_erasure_deletes_from_every_table_the_register_names() -> None:
    named = {entry.where.partition(".")[0] for entry in personal() if entry.erase == "delete"}
    reached = {table.__tablename__ for table, _rows in erasure.rows_of(Subject("ada@example.org"))}
    assert {name for name in named if ":" not in name} == reached


# ---- the statement


@pytest.mark.parametrize("code", list(language.LANGUAGES))
def test_p4_the_statement_shows_every_line_of_the_register(client: TestClient, code: str) -> None:
    client.cookies.set("l", code)
    page = client.get("/privacy")
    assert page.headers["content-language"] == code
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page.text)).replace("&#39;", "'")
    with speaking(code):
        for line in statement.lines(language.gettext):
            for words in (line.subject, *line.data, line.purpose, line.basis, line.keep):
                assert words in text
    labels = {label for line in statement.lines(lambda words: words) for label in line.data}
    assert labels == {entry.label for entry in personal()}


@pytest.mark.parametrize(("code", "version"), [("en", "Version of January 2026"), ("nl", "Versie van januari 2026")])
def test_p16_the_statement_names_who_is_responsible_and_where_to_complain(
    client: TestClient, settings: Settings, code: str, version: str
) -> None:
    client.cookies.set("l", code)
    page = client.get("/privacy").text
    for text in (
        *(settings.organisation_name, settings.organisation_address, settings.organisation_registration),
        *(settings.organisation_email, version, "autoriteitpersoonsgegevens.nl", "21", "/privacy/my-data"),
    ):
        assert text in page


def test_p15_the_recipients_shown_are_those_of_the_settings(settings: Settings) -> None:
    """The statement names the mail server that is set, and none where no mail leaves the machine."""
    for url, host in (("smtp://post.example.net:2525", "post.example.net"), ("", None)):
        chosen = settings.model_copy(update={"smtp_url": url})
        with TestClient(create_app(chosen), base_url=chosen.base_url) as client:
            for code in language.LANGUAGES:
                client.cookies.set("l", code)
                page = client.get("/privacy").text
                said = re.findall(r"(?:the mail server|de mailserver) ([\w.-]+),", page)
                assert said == ([host] if host else [])


def test_looking_at_the_statement_sets_no_cookie_and_is_answered_shortly_the_second_time(client: TestClient) -> None:
    page = client.get("/privacy")
    assert "set-cookie" not in page.headers
    again = client.get("/privacy", headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("code", list(language.LANGUAGES))
def test_a_version_of_the_statement_stays_at_its_own_address(client: TestClient, code: str) -> None:
    client.cookies.set("l", code)
    for version in statements.VERSIONS:
        page = client.get(f"/privacy/statement/{version}")
        assert page.status_code == 200
        assert statements.digest(version, code) in page.text
    assert client.get("/privacy/statement/1999-01").status_code == 404
    assert statements.digest(statements.VERSIONS[0], code) in client.get("/privacy").text


@pytest.mark.parametrize("code", list(language.LANGUAGES))
def test_p7_every_right_is_within_two_clicks(client: TestClient, code: str, open_portal: Open, ada: UUID) -> None:
    """From the statement every right is one click away, or a click and the button on the page behind it."""
    client.cookies.set("l", code)
    page = client.get("/privacy").text
    for address in ("/privacy/my-data", "/privacy/request", "/statistics", "autoriteitpersoonsgegevens.nl"):
        assert address in page
    open_portal()
    page = client.get("/privacy/my-data").text
    for right in ("download", "delete", "hide", "object", "name/", "papers/"):
        assert f"/privacy/my-data/{right}" in page, right
    assert "autoriteitpersoonsgegevens.nl" in page
    assert client.get("/privacy/my-data").status_code == 200
