"""“My data”: one neutral answer for every address, a link that works once, and everything behind it."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from tests import cast, post_office
from tests.privacy.conftest import Open, newest_mail
from university import clock, tokens
from university.app import create_app
from university.database import Database
from university.mailing import mail
from university.models import AuditEntry, Outbox, PortalSession, Token
from university.rights.register import personal
from university.settings import Settings


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# ---- asking for the link


def test_a6_known_and_unknown_addresses_get_the_same_bytes(client: TestClient, ada: UUID) -> None:
    answers = [client.post("/privacy/my-data", data={"email": who}) for who in ("ada@example.org", "ben@example.org")]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"] == "/privacy/my-data/sent"
    assert answers[0].content == answers[1].content
    assert answers[0].headers.get("set-cookie") is None
    assert client.get("/privacy/my-data/sent").status_code == 200


def test_asking_does_the_same_work_for_every_address(client: TestClient, database: Database, ada: UUID) -> None:
    for who in ("ada@example.org", "ben@example.org"):
        client.post("/privacy/my-data", data={"email": who})
    with database.reading() as session:
        rows = session.scalars(select(Outbox).order_by(Outbox.created_at)).all()
    assert [(row.kind, row.person_id, row.claim_id, row.address) for row in rows] == [
        ("my_data", None, None, "ada@example.org"),
        ("my_data", None, None, "ben@example.org"),
    ]


def test_an_unknown_address_is_told_by_mail_and_forgotten(
    client: TestClient, database: Database, settings: Settings
) -> None:
    client.post("/privacy/my-data", data={"email": "Ben@Example.ORG "})
    post_office.make_test_worker(database, settings).send_what_is_due()
    assert "We hold nothing about your address" in newest_mail(database, "ben@example.org")
    assert count(database, Outbox) == 0
    assert count(database, Token) == 0


def test_a_wrong_address_gets_a_sentence_beside_the_field(client: TestClient) -> None:
    answer = client.post("/privacy/my-data", data={"email": "ada at home"})
    assert answer.status_code == 422
    assert "name@example.org" in answer.text
    assert 'value="ada at home"' in answer.text


def test_too_many_asks_for_one_address_look_like_success_and_send_no_more(
    client: TestClient, database: Database, ada: UUID
) -> None:
    answers = {client.post("/privacy/my-data", data={"email": "ada@example.org"}).status_code for _try in range(8)}
    assert answers == {303}
    assert count(database, Outbox) == 3


# ---- the link


def test_a11_looking_at_the_link_changes_nothing_and_the_button_opens_once(
    client: TestClient, database: Database, ada: UUID, link_for: Callable[[str], str]
) -> None:
    link = link_for("ada@example.org")
    assert {client.get(link).status_code for _look in range(5)} == {200}
    assert {client.head(link).status_code for _look in range(5)} == {200}
    assert client.options(link).status_code == 204
    page = client.get(link)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in page.headers
    assert "ada@example.org" not in page.text
    opened = client.post(link)
    assert (opened.status_code, opened.headers["location"]) == (303, "/privacy/my-data")
    again = client.post(link)
    assert again.status_code == 410
    assert "already used" in again.text
    assert "Ask for a new one" in again.text
    assert "ada@example.org" not in again.text


def test_a15_a_link_that_is_not_ours_any_more_or_never_was(
    client: TestClient, database: Database, ada: UUID, link_for: Callable[[str], str]
) -> None:
    link = link_for("ada@example.org")
    flipped = link[:-1] + ("A" if link[-1] != "A" else "B")
    for wrong in (flipped, link[:-1], link + "=", "/privacy/my-data/nothing"):
        assert client.get(wrong).status_code == client.post(wrong).status_code == 404
    with database.writing() as session:
        session.execute(update(Token).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert client.get(link).status_code == client.post(link).status_code == 410


def test_a14_a_token_of_a_claim_opens_no_portal(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        claim = cast.make_claim(session)
        token = tokens.make(session, tokens.CLAIM, claim_id=claim.id, lifetime=timedelta(hours=1))
    assert client.get(f"/privacy/my-data/{token}").status_code == 404
    assert client.post(f"/privacy/my-data/{token}").status_code == 404


def test_a13_of_many_tries_at_once_one_opens(
    client: TestClient, database: Database, ada: UUID, link_for: Callable[[str], str]
) -> None:
    link = link_for("ada@example.org")
    start, answers = threading.Barrier(10), []

    def press() -> None:
        start.wait()
        answers.append(client.post(link).status_code)

    tries = [threading.Thread(target=press) for _try in range(10)]
    for each in tries:
        each.start()
    for each in tries:
        each.join()
    assert sorted(answers) == [303] + [410] * 9
    assert count(database, PortalSession) == 1


def test_a17_the_link_works_in_another_browser_and_only_there(
    client: TestClient, settings: Settings, ada: UUID, link_for: Callable[[str], str]
) -> None:
    link = link_for("ada@example.org")
    with TestClient(create_app(settings), base_url=settings.base_url) as other:
        other.headers["sec-fetch-site"] = "same-origin"
        assert other.post(link, follow_redirects=False).status_code == 303
        assert "ada@example.org" in other.get("/privacy/my-data").text
    assert "ada@example.org" not in client.get("/privacy/my-data").text


def test_opening_leaves_a_line_in_the_audit_log_that_names_nobody(
    database: Database, ada: UUID, open_portal: Open
) -> None:
    open_portal()
    with database.reading() as session:
        line = session.scalar(select(AuditEntry).where(AuditEntry.action == "open_portal"))
    assert line is not None
    assert line.object_ref != str(ada)


# ---- the portal


def test_the_cookie_is_small_and_for_us_alone(client: TestClient, ada: UUID, link_for: Callable[[str], str]) -> None:
    cookie = client.post(link_for("ada@example.org")).headers["set-cookie"].lower()
    assert cookie.startswith("p=")
    assert {"httponly", "path=/", "samesite=lax", "max-age=1800"} <= {part.strip() for part in cookie.split(";")}
    assert "domain" not in cookie
    assert len(cookie) < 200


@pytest.mark.parametrize("column", ["created_at", "last_seen_at"])
def test_a_visit_ends_by_itself(
    client: TestClient, database: Database, ada: UUID, open_portal: Open, column: str
) -> None:
    open_portal()
    assert "Lovelace" in client.get("/privacy/my-data").text
    long_ago = clock.now() - timedelta(minutes=31 if column == "created_at" else 16)
    with database.writing() as session:
        session.execute(update(PortalSession).values({column: long_ago}))
    assert "Lovelace" not in client.get("/privacy/my-data").text
    assert client.post("/privacy/my-data/download").status_code == 403
    assert client.post("/privacy/my-data/delete", data={"word": "DELETE"}).status_code == 403


def test_closing_ends_the_visit_and_keeps_the_other_cookies(
    client: TestClient, database: Database, ada: UUID, open_portal: Open
) -> None:
    open_portal()
    answer = client.post("/privacy/my-data/sign-out")
    assert answer.status_code == 200
    assert answer.headers["clear-site-data"] == '"cache"'
    assert count(database, PortalSession) == 0
    assert "Lovelace" not in client.get("/privacy/my-data").text


def test_a73_the_page_shows_everything_and_is_kept_by_no_cache(
    client: TestClient, ada: UUID, open_portal: Open
) -> None:
    open_portal()
    page = client.get("/privacy/my-data")
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    for text in ("Ada", "Lovelace", "ada@example.org", "Analytical engines", "Valid", "/verify/"):
        assert text in page.text
    for entry in personal():
        if entry.erase == "delete" and ":" not in entry.where:
            assert entry.label in page.text.replace("&#39;", "'")
    assert "autoriteitpersoonsgegevens.nl" in page.text


def test_the_page_shows_nothing_of_anybody_else(
    client: TestClient, database: Database, ada: UUID, open_portal: Open
) -> None:
    with database.writing() as session:
        ben = cast.make_person(session, "ben@example.org")
        award = cast.make_award(session, ben, first_name="Benjamin", last_name="Peirce")
        cast.make_claim(session, first_name="Charles", last_name="Babbage", email="charles@example.org")
    open_portal()
    page = client.get("/privacy/my-data").text
    data = json.dumps(downloaded(client)[0])
    for text in ("Benjamin", "Peirce", "ben@example.org", "Charles", "Babbage", award.number):
        assert text not in page
        assert text not in data


def test_an_address_that_was_never_confirmed_can_be_seen_and_deleted_too(
    client: TestClient, database: Database, open_portal: Open
) -> None:
    with database.writing() as session:
        cast.make_claim(session, email="grace@example.org", first_name="Grace", last_name="Hopper")
        cast.make_claim(session, email="charles@example.org", first_name="Charles", last_name="Babbage")
    open_portal("grace@example.org")
    page = client.get("/privacy/my-data").text
    assert "Hopper" in page
    assert "Babbage" not in page
    assert len(downloaded(client)[0]["links"]) == 1
    assert client.post("/privacy/my-data/delete", data={"word": "delete"}).status_code == 200
    with database.reading() as session:
        assert cast.names_of_claims(session) == ["Babbage"]


# ---- the download


def downloaded(client: TestClient) -> tuple[dict, zipfile.ZipFile]:  # type: ignore[type-arg]
    answer = client.post("/privacy/my-data/download")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.zip"'
    assert answer.headers["cache-control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    return json.loads(archive.read("data.json")), archive


def paths_of(value: object, path: str = "") -> set[str]:
    """Every place in a document that holds a plain value, written as in the register."""
    if isinstance(value, dict):
        return {found for name, one in value.items() for found in paths_of(one, f"{path}.{name}" if path else name)}
    if isinstance(value, list):
        return {found for one in value for found in paths_of(one, f"{path}[]")}
    return {path}


# Beside what the register names: what makes the rest readable.
EXPLAINED = {"made_at", "certificates[].standing", "certificates[].title", "claims[].title", "consents[].wording"}
EXPLAINED |= {"certificates[].links.page", "certificates[].links.pdf", "certificates[].progress.attempts[].title"}


def test_p5_the_download_holds_exactly_what_the_register_exports(
    client: TestClient, database: Database, ada: UUID, open_portal: Open
) -> None:
    with database.writing() as session:
        cast.make_claim(session)
        cast.make_replaced_version(session, ada)
        cast.make_revocation(session, cast.make_award(session))
        cast.make_consent(session, cast.make_person(session))
        cast.make_sign_up(session)
        cast.make_bounce(session, cast.make_person(session))
        cast.make_case(session, cast.make_person(session))
    open_portal()
    with database.writing() as session:
        mail.enqueue(session, "issued", language="en", person_id=ada)
    document, _archive = downloaded(client)
    exports = {entry.export for entry in personal() if entry.export}
    # Structures are one value of the register; what is in them is not counted.
    whole = {entry for entry in exports if entry.endswith(("facts", "given", "requirements", "questions", "wishes"))}
    found = {path for path in paths_of(document) if not any(path.startswith((f"{one}.", f"{one}[")) for one in whole)}
    assert found - whole == exports - whole | EXPLAINED


def test_the_download_holds_lists_papers_and_the_statement(client: TestClient, ada: UUID, open_portal: Open) -> None:
    open_portal()
    document, archive = downloaded(client)
    number = document["certificates"][0]["number"]
    assert archive.read(f"certificates/{number}.pdf").startswith(b"%PDF-")
    assert b"January 2026" in archive.read("privacy-statement.html")
    assert {"certificates.csv", "lessons.csv", "attempts.csv", "answers.csv", "mails.csv"} - set(
        archive.namelist()
    ) == {"mails.csv"}
    schema = json.loads(archive.read("data.schema.json"))
    assert schema == client.get("/privacy/my-data.schema.json").json()
    assert set(schema["properties"]) == set(document)
    assert set(schema["properties"]["certificates"]["items"]["properties"]) == set(document["certificates"][0])
    assert '"Lovelace"' in archive.read("certificates.csv").decode("utf-8-sig")


def test_the_portal_is_closed_to_strangers(client: TestClient, ada: UUID) -> None:
    assert client.post("/privacy/my-data/download").status_code == 403
    assert client.get("/privacy/my-data/delete").headers["location"] == "/privacy/my-data"
    assert client.post("/privacy/my-data/delete", data={"word": "DELETE"}).status_code == 403
    client.cookies.set("p", "chosen-by-somebody")
    assert client.post("/privacy/my-data/download").status_code == 403
    assert client.get("/privacy/my-data").status_code == 200


def test_days_and_moments_are_shown_the_way_people_write_them(client: TestClient, ada: UUID, open_portal: Open) -> None:
    open_portal()
    page = client.get("/privacy/my-data").text
    assert "14 November 2026 at 12:00 UTC" in page
    assert "2026-11-14T12:00:00Z" not in re.sub(r"{&#34;.*?</div>", "", page)
