"""Vera holds a PDF: is it the very file that was issued, and does it still count?"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import delete, text

from certificates import Certificate, digest_of, make_specimen, make_specimen_keys, render, show_number
from tests.verify.conftest import Standings, full_certificate
from university import clock
from university.database import Database
from university.keys.keyring import KeyRing
from university.models import Award, Tombstone
from university.settings import Settings


@pytest.fixture
def keyring(client: TestClient, settings: Settings) -> KeyRing:
    """The keys that the program made when it started."""
    return KeyRing(settings.data / "keys")


def dropped(client: TestClient, content: bytes, **headers: str) -> Response:
    answer = client.post("/verify/file", files={"file": ("paper.pdf", content, "application/pdf")}, headers=headers)
    assert isinstance(answer, Response)
    return answer


def result(client: TestClient, content: bytes) -> dict[str, Any]:
    answer = dropped(client, content, accept="application/json")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def signed(keyring: KeyRing, settings: Settings, certificate: Certificate) -> bytes:
    return render(certificate, keyring.issuer())


def test_an_untouched_file_stands_as_the_record_says(
    client: TestClient, settings: Settings, keyring: KeyRing, standings: Standings
) -> None:
    for word in ("valid", "expired", "replaced", "revoked", "withdrawn"):
        number = standings.of(word)
        content = client.get(f"/verify/{number}.pdf").content
        if not content.startswith(b"%PDF-") or word == "replaced":  # what somebody kept from before
            content = signed(keyring, settings, full_certificate(number))
        document = result(client, content)
        assert (document["result"], document["file"], document["standing"]) == (word, "untouched", word)
        assert document["number"] == show_number(number)
        assert document["signed_by"] == f"cert-{clock.now().year}"
        page = dropped(client, content).text
        assert ("verdict--valid" in page) is (word == "valid"), word
        assert f"verdict--{word}" in page
        assert "Unchanged since it was signed" in page
        assert "van den Berg" not in page


def test_each_question_has_its_own_line(client: TestClient, standings: Standings) -> None:
    page = dropped(client, client.get(f"/verify/{standings.valid}.pdf").content).text
    for label in ("Signature", "Content", "Issuer", "Record", "Last day"):
        assert f"<dt>{label}</dt>" in page
    assert "set-cookie" not in dropped(client, b"x").headers


def test_a53_a_file_that_was_changed_is_told_apart(client: TestClient, standings: Standings) -> None:
    original = client.get(f"/verify/{standings.valid}.pdf").content
    place = original.index(b"/Title") + 20
    for altered in (
        original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :],
        original + b"\n",
        original + original[original.rindex(b"startxref") :],
        original[:-30],
    ):
        document = result(client, altered)
        assert document["result"] == document["file"] == "changed"
        assert document["standing"] == "valid"
        page = dropped(client, altered).text
        assert "verdict--altered" in page
        assert f'href="http://127.0.0.1:8000/verify/{show_number(standings.valid)}"' in page


def test_c15_no_changed_bit_is_ever_green(client: TestClient, keyring: KeyRing, standings: Standings) -> None:
    original = client.get(f"/verify/{standings.valid}.pdf").content
    chance = random.Random(7)
    for _ in range(15):
        place = chance.randrange(len(original))
        altered = original[:place] + bytes([original[place] ^ 1 << chance.randrange(8)]) + original[place + 1 :]
        assert result(client, altered)["result"] in {"changed", "not_ours"}, place


def test_a_file_under_another_key_is_not_ours(client: TestClient, standings: Standings) -> None:
    certificate = full_certificate(standings.valid)
    specimens = make_specimen_keys(certificate.issuer, clock.now())
    issuer, _keys = specimens.issuer, specimens.public
    document = result(client, render(certificate, issuer))
    assert (document["result"], document["reason"]) == ("not_ours", "another_key")
    unsigned = result(client, render(certificate))
    assert (unsigned["result"], unsigned["reason"]) == ("not_ours", "no_signature")
    specimen = make_specimen(certificate.holder, certificate.course, certificate.issuer, clock.now())
    assert result(client, render(specimen, issuer, specimen=True))["result"] == "not_ours"


def test_our_signature_on_a_number_we_never_issued_is_not_ours(
    client: TestClient, settings: Settings, keyring: KeyRing, standings: Standings
) -> None:
    content = signed(keyring, settings, full_certificate(standings.unknown))
    document = result(client, content)
    assert (document["result"], document["file"], document["standing"]) == ("not_ours", "untouched", "unknown")
    assert document["links"]["page"] is None
    assert "verdict--altered" in dropped(client, content).text


@pytest.mark.parametrize("content", [b"", b"\x00" * 5000, b"%PDF-1.7\n%%EOF", b"hello", b"%PDF-" + b"[" * 100_000])
def test_what_is_no_certificate_at_all_gets_a_calm_answer(client: TestClient, content: bytes) -> None:
    answer = dropped(client, content)
    assert answer.status_code == 200
    assert "verdict--valid" not in answer.text


def test_the_form_without_a_file_and_one_that_is_too_large(client: TestClient) -> None:
    assert "We could not check this file" in client.post("/verify/file", data={"file": ""}).text
    assert dropped(client, b"x" * (11 * 1024 * 1024)).status_code == 413
    assert result(client, b"x" * (10 * 1024 * 1024 + 1))["result"] == "could_not_check"


def test_a_silent_record_is_no_reason_to_call_a_file_valid(
    client: TestClient, database: Database, standings: Standings
) -> None:
    content = client.get(f"/verify/{standings.valid}.pdf").content
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE award RENAME TO mislaid"))
    document = result(client, content)
    assert (document["result"], document["file"], document["standing"]) == ("could_not_check", "untouched", None)
    page = dropped(client, content).text
    assert "verdict--unchecked" in page
    assert "The file itself is in order, but our record does not answer just now." in page


def test_a55_a_file_under_a_stolen_key_counts_if_the_record_draws_the_same(
    client: TestClient, settings: Settings, keyring: KeyRing, standings: Standings
) -> None:
    content = client.get(f"/verify/{standings.valid}.pdf").content
    forged = signed(keyring, settings, replace_name(full_certificate(standings.valid)))
    keyring.compromise(f"cert-{clock.now().year}", clock.now())
    assert result(client, content)["result"] == "valid"
    assert result(client, forged)["reason"] == "key_compromised"
    assert "downloaded anew" in dropped(client, forged).text


def replace_name(certificate: Certificate) -> Certificate:
    return replace(certificate, holder=replace(certificate.holder, first_name="Mallory"))


@pytest.mark.usefixtures("still_limits")
def test_file_checks_are_limited(client: TestClient) -> None:
    answers = [dropped(client, b"x").status_code for _ in range(22)]
    assert answers == [200] * 20 + [429] * 2


def test_nothing_of_an_upload_is_kept(client: TestClient, settings: Settings, standings: Standings) -> None:
    canary = b"%PDF-1.7 canary-of-vera"
    dropped(client, canary)
    kept = [path for path in settings.data.rglob("*") if path.is_file() and b"canary-of-vera" in path.read_bytes()]
    assert not kept


def test_after_erasure_the_old_file_reads_withdrawn(
    client: TestClient, database: Database, standings: Standings
) -> None:
    content = client.get(f"/verify/{standings.valid}.pdf").content
    with database.writing() as session:
        session.execute(delete(Award).where(Award.number == standings.valid))
        session.add(tombstone_of(standings.valid))
    assert result(client, content)["result"] == "withdrawn"


def tombstone_of(number: str) -> Tombstone:
    return Tombstone(number_sha256=digest_of(number), withdrawn_on=clock.now().date())
