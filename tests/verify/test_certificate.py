"""Vera checks a certificate by its number: every standing at every address."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from html import unescape

import pytest
from litestar.testing import TestClient
from sqlalchemy import text

from certificates import SPECIMEN_NUMBER, make_number, read_number, show_number
from tests.cast import make_course
from tests.verify.conftest import OUTCOMES, Standings, award
from university import clock
from university.awarding.awards import Word, standing
from university.database import Database
from university.models import Revocation
from university.settings import Settings

FIELDS = {
    "number": str,
    "standing": str,
    "checked_at": str,
    "holder": {"first_name", "last_name"},
    "course": {"slug", "title", "revision", "language", "hours", "outcomes", "skills", "pass_mark"},
    "issuer": {"name", "url"},
    "issued_on": str,
    "expires_on": str,
    "version": int,
    "replaced_on": str,
    "revoked_on": str,
    "reason": str,
    "links": {"page", "pdf", "credential"},
}

# standing: status of page, JSON and PDF; words on the page; whether the name may be seen
TABLE = {
    "valid": (200, 200, 200, "This certificate is valid", True),
    "expired": (200, 200, 200, "This certificate has expired", True),
    "replaced": (200, 200, 410, "This version was replaced", False),
    "revoked": (200, 200, 410, "This certificate was taken back", False),
    "withdrawn": (200, 200, 410, "This certificate was withdrawn", False),
    "unknown": (404, 404, 404, "We do not know this number", False),
}


def words_of(html: str) -> str:
    """What a person reads: no tags, one blank between words."""
    body = re.sub(r"<(script|style).*?</\1>", " ", html.split("<body", 1)[1], flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_c2_every_standing_answers_at_every_address(client: TestClient, standings: Standings) -> None:
    for word, (page_status, json_status, pdf_status, headline, name_is_shown) in TABLE.items():
        address = f"/verify/{show_number(standings.of(word))}"
        query = "?version=1" if word == "replaced" else ""
        page, document, pdf = (client.get(address + end + query) for end in ("", ".json", ".pdf"))

        assert (page.status_code, document.status_code, pdf.status_code) == (page_status, json_status, pdf_status), word
        assert headline in page.text, word
        assert ("van den Berg" in page.text) is name_is_shown, word
        assert document.json()["standing"] == word
        assert (document.json()["holder"]["last_name"] == "van den Berg") is name_is_shown, word
        assert pdf.content.startswith(b"%PDF-") is name_is_shown, word
        for answer in (page, document, pdf):
            assert answer.headers["cache-control"] == "no-store", word
            assert answer.headers["x-robots-tag"] == "noindex", word
            assert "set-cookie" not in answer.headers


def test_vera_who_follows_the_code_of_a_specimen_is_told_what_it_is(client: TestClient) -> None:
    page = client.get(f"/verify/{show_number(SPECIMEN_NUMBER)}")
    assert page.status_code == 404
    assert "nobody earned them" in page.text
    assert "misread" not in page.text
    assert "Look at it once more" not in page.text
    assert "nobody earned them" not in client.get(f"/verify/{show_number(make_number())}").text


def test_head_answers_like_get_without_a_body(client: TestClient, standings: Standings) -> None:
    for word in TABLE:
        for end in ("", ".json", ".pdf"):
            address = f"/verify/{standings.of(word)}{end}"
            head, get = client.head(address), client.get(address)
            assert head.content == b""
            assert head.status_code == get.status_code
            assert set(head.headers) == set(get.headers), address


def test_the_document_for_machines_always_has_every_field(client: TestClient, standings: Standings) -> None:
    for word in TABLE:
        query = "?version=1" if word == "replaced" else ""
        answer = client.get(f"/verify/{standings.of(word)}.json{query}")
        document = answer.json()
        assert list(document) == list(FIELDS), word
        for field, kind in FIELDS.items():
            if isinstance(kind, set):
                assert set(document[field]) == kind, f"{word}: {field}"
            else:
                assert document[field] is None or isinstance(document[field], kind), f"{word}: {field}"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_a_valid_certificate_tells_machines_what_it_tells_people(client: TestClient, standings: Standings) -> None:
    document = client.get(f"/verify/{standings.valid}.json").json()
    shown = show_number(standings.valid)
    assert document["number"] == shown
    assert document["holder"] == {"first_name": "Ada", "last_name": "van den Berg"}
    assert document["course"]["hours"] == 6.5
    assert document["course"]["outcomes"] == list(OUTCOMES)
    assert document["course"]["skills"][1] == {"name": "Least privilege", "uri": None}
    assert document["issuer"] == {"name": "Example University", "url": "http://127.0.0.1:8000"}
    assert document["links"] == {
        "page": f"http://127.0.0.1:8000/verify/{shown}",
        "pdf": f"http://127.0.0.1:8000/verify/{shown}.pdf",
        "credential": f"http://127.0.0.1:8000/credentials/{shown}",
    }


def test_what_ended_says_when_and_why(client: TestClient, standings: Standings) -> None:
    today = clock.now().date().isoformat()
    revoked = client.get(f"/verify/{standings.revoked}.json").json()
    assert (revoked["revoked_on"], revoked["reason"]) == (today, "dishonest_exam")
    assert revoked["course"]["slug"] == "secure-design"
    assert revoked["links"]["pdf"] is None
    replaced = client.get(f"/verify/{standings.replaced}.json?version=1").json()
    assert (replaced["replaced_on"], replaced["version"]) == (today, 1)
    assert "The exam was not taken honestly." in client.get(f"/verify/{standings.revoked}").text


def test_a_withdrawn_number_leaves_nothing_but_number_day_and_issuer(client: TestClient, standings: Standings) -> None:
    document = client.get(f"/verify/{standings.withdrawn}.json").json()
    assert document["number"] == show_number(standings.withdrawn)
    assert document["revoked_on"] == clock.now().date().isoformat()
    assert document["issuer"] == {"name": "University", "url": "http://127.0.0.1:8000"}
    assert document["links"]["page"].endswith(show_number(standings.withdrawn))
    assert {*document["holder"].values(), *document["course"].values()} == {None}
    assert document["issued_on"] is document["version"] is document["reason"] is document["links"]["pdf"] is None


def test_the_plain_number_shows_the_present_version_and_says_so(client: TestClient, standings: Standings) -> None:
    page = words_of(client.get(f"/verify/{standings.replaced}").text)
    assert "This certificate is valid" in page
    assert re.search(r"Version 2 since .*\. A paper with another name is an earlier version", page)
    old = client.get(f"/verify/{standings.replaced}?version=1").text
    assert f'href="http://127.0.0.1:8000/verify/{show_number(standings.replaced)}"' in old
    for never in ("0", "3", "9" * 30, "-1", "١"):
        assert client.get(f"/verify/{standings.replaced}?version={never}").status_code == 404, never


def test_a9_a_number_is_read_the_way_people_type_it(client: TestClient, database: Database) -> None:
    number = next(found for found in iter(make_number, None) if "0" in found and "1" in found)
    with database.writing() as session:
        award(session, make_course(session), number=number)
    shown = show_number(number)
    for typed in (
        shown,
        shown.lower(),
        number,
        number.lower(),
        shown.replace("-", "–"),
        number.replace("0", "O").replace("1", "l"),
        number.replace("0", "o").replace("1", "I"),
    ):
        assert "This certificate is valid" in client.get(f"/verify/{typed}").text, typed


def test_a10_what_can_be_no_number_looks_like_a_number_nobody_has(client: TestClient, standings: Standings) -> None:
    unknown = words_of(client.get(f"/verify/{standings.unknown}").text)
    wrong = standings.valid[:-1] + ("0" if standings.valid[-1] != "0" else "1")
    assert read_number(wrong) is None
    for typed in (wrong, "x" * 300, "'", "%00", "%ff", "%0d%0a", "1", "😀", "$(ls)", "a.b.c", ".json", ".pdf"):
        answer = client.get(f"/verify/{typed}")
        assert answer.status_code == 404, typed
        if not typed.startswith("."):
            assert words_of(answer.text) == unknown, typed


def test_the_form_leads_to_the_page_or_points_at_what_was_mistyped(client: TestClient, standings: Standings) -> None:
    answer = client.get("/verify", params={"number": f" {standings.valid.lower()} "})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/verify/{show_number(standings.valid)}")
    mistyped = client.get("/verify", params={"number": "7KQ2-9FXD-M4TB-W8H5"})
    assert mistyped.status_code == 404
    assert 'value="7KQ2-9FXD-M4TB-W8H5"' in mistyped.text
    assert "5 in place 16" in words_of(mistyped.text)
    assert client.get("/verify", params={"number": "<script>alert(1)</script>"}).text.count("<script") == 1


def test_odd_queries_get_the_same_calm_page(client: TestClient, standings: Standings) -> None:
    for query in ("number=%ff", "number=%00", "number=" + "9" * 5000, "number=a&number=b", "number=%F0%9F%98%80"):
        assert client.get(f"/verify?{query}").status_code == 404, query[:20]
    for query in ("number=", "number=%20%20", "", "%ff=%00", "other=1"):
        assert client.get(f"/verify?{query}").status_code == 200, query
    for query in ("version=%ff", "version=%00", "version=1&version=2", "version=1e3", "version= 1"):
        assert client.get(f"/verify/{standings.valid}?{query}").status_code in {200, 404}, query


def test_the_short_address_of_the_code_moves_to_the_page(client: TestClient, standings: Standings) -> None:
    answer = client.get(f"/V/{show_number(standings.valid)}")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/verify/{show_number(standings.valid)}")
    assert client.head(f"/V/{standings.valid}").status_code == 308
    assert client.get("/V/%5C%5Cevil.example").headers["location"].startswith("/verify/")


def test_c3_the_page_contains_every_text_that_the_pdf_contains(client: TestClient, standings: Standings) -> None:
    """C3"""
    for number in (standings.valid, standings.expired, standings.replaced):
        pdf = client.get(f"/verify/{number}.pdf").content
        printed = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout
        page = words_of(client.get(f"/verify/{number}").text).casefold()
        lines = [line.strip() for line in printed.decode().splitlines() if line.strip()]
        assert len(lines) > 20
        missing = [line for line in lines if line.casefold() not in page]
        assert not missing, missing


def test_the_page_shows_what_the_pdf_has_no_room_for(client: TestClient, standings: Standings) -> None:
    page = words_of(client.get(f"/verify/{standings.valid}").text)
    for outcome in OUTCOMES:
        assert outcome in page
    assert "Revision 5 of the course; the course is now at revision 7." in page
    assert "Check that the address bar says 127.0.0.1:8000." in page
    assert "identity not checked" in page
    assert "privacy@selfguide.com" in page
    assert re.search(r"Checked on \d+ \w+ \d{4} at \d\d:\d\d UTC, directly at Example University", page)


def test_a_link_preview_tells_the_course_and_never_the_name(client: TestClient, standings: Standings) -> None:
    for word in ("valid", "expired"):
        head = client.get(f"/verify/{standings.of(word)}").text.partition("</head>")[0]
        assert "van den Berg" not in head
        assert '<meta property="og:title" content="Secure design of software · Example University">' in head
        assert (
            f'<meta property="og:url" content="http://127.0.0.1:8000/verify/{show_number(standings.of(word))}">' in head
        )
        assert '<meta name="robots" content="noindex">' in head
    for word in ("revoked", "withdrawn", "unknown"):
        assert "og:" not in client.get(f"/verify/{standings.of(word)}").text, word


def test_the_pdf_is_shown_in_place_under_a_name_without_a_person(client: TestClient, standings: Standings) -> None:
    answer = client.get(f"/verify/{standings.valid}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    name = f"certificate-{show_number(standings.valid)}.pdf"
    assert answer.headers["content-disposition"] == f'inline; filename="{name}"'
    assert answer.content == client.get(f"/verify/{standings.valid}.pdf").content


def test_a_course_speaks_its_language_until_the_visitor_chooses(client: TestClient, standings: Standings) -> None:
    assert '<html lang="en"' in client.get(f"/verify/{standings.valid}", headers={"accept-language": "nl"}).text
    client.cookies.set("l", "nl")
    assert '<html lang="nl"' in client.get(f"/verify/{standings.valid}").text


def test_when_the_record_is_silent_nobody_is_told_anything_good_or_bad(
    client: TestClient, database: Database, standings: Standings
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE award RENAME TO mislaid"))
    for end in ("", ".pdf"):
        answer = client.get(f"/verify/{standings.valid}{end}")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert "verdict--unchecked" in answer.text
        assert "verdict--valid" not in answer.text
        assert answer.headers["cache-control"] == "no-store"
    document = client.get(f"/verify/{standings.valid}.json")
    assert (document.status_code, document.headers["retry-after"]) == (503, "30")
    assert document.headers["content-type"] == "application/problem+json"
    assert document.json()["status"] == 503


@pytest.mark.usefixtures("still_limits")
def test_a8_guessing_is_limited_and_a_known_number_never_is(client: TestClient, standings: Standings) -> None:
    answers = [client.get(f"/verify/{make_number()}").status_code for _ in range(25)]
    assert answers == [404] * 20 + [429] * 5
    limited = client.get(f"/verify/{make_number()}.json")
    assert (limited.status_code, limited.json()["status"]) == (429, 429)
    assert int(limited.headers["retry-after"]) > 0
    assert {client.get(f"/verify/{standings.valid}").status_code for _ in range(30)} == {200}


@pytest.mark.usefixtures("still_limits")
def test_a59_a_made_up_forwarded_address_does_not_lift_the_limit(client: TestClient) -> None:
    answers = [
        client.get(f"/verify/{make_number()}", headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code
        for n in range(21)
    ]
    assert answers[-1] == 429


def test_the_last_valid_day_is_valid_to_its_end(database: Database) -> None:
    with database.writing() as session:
        number = award(session, make_course(session), expires_on=date(2027, 3, 31)).number
        assert standing(session, number, date(2027, 3, 31)).word is Word.VALID
        assert standing(session, number, date(2027, 4, 1)).word is Word.EXPIRED


def test_a_certificate_that_was_taken_back_says_so_in_every_version(database: Database, standings: Standings) -> None:
    with database.writing() as session:
        session.add(Revocation(number=standings.replaced, revoked_on=date(2026, 11, 20), reason="legal_order"))
        session.flush()
        for version in (None, 1, 2):
            assert standing(session, standings.replaced, version=version).word is Word.REVOKED


def test_a57_links_come_from_the_settings_whatever_the_request_says(
    client: TestClient, settings: Settings, standings: Standings
) -> None:
    evil = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "x-forwarded-prefix": "/evil"}
    page = client.get(f"/verify/{standings.valid}", headers=evil).text
    assert "evil" not in page
    assert f'<link rel="canonical" href="{settings.base_url}/verify/' in page
