"""The credential of Ada's certificate: given out with it, read by any wallet, ended with it."""

from __future__ import annotations

import base64
import gzip
import json
import secrets
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import func, select

from certificates import render, show_number, verify_credential
from tests import cast
from tests.certificates.credentials.test_verifiers import judge
from tests.conftest import only_on
from university import clock
from university.app import create_app
from university.awarding import credentialing
from university.awarding.awards import certificate_of
from university.awarding.credentialing import end_credential, issue_credential, issue_missing, set_bits
from university.chains.ledger import open_ledger
from university.database import Database
from university.keys.keyring import KeyRing
from university.models import Award, StatusBit, StatusList, StoredCredential
from university.rights import erasure
from university.settings import Settings

BASE = "https://learn.example.org"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """On https, where the issuer is a did:web that every verifier resolves."""
    return settings.model_copy(update={"base_url": BASE, "smtp_url": "smtp://127.0.0.1:9"})


@pytest.fixture
def client(settings: Settings, database: Database) -> Iterator[TestClient]:
    with TestClient(create_app(settings), base_url=BASE) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        client.follow_redirects = False
        yield client


@pytest.fixture
def keyring(settings: Settings) -> KeyRing:
    return cast.make_keyring(settings)


@pytest.fixture
def ada(database: Database, keyring: KeyRing, settings: Settings) -> Award:
    """Ada's award with its credential."""
    return awarded(database, keyring, settings)


def awarded(database: Database, keyring: KeyRing, settings: Settings, **facts: Any) -> Award:
    with database.writing() as session:
        award = cast.make_award(session, **facts)
        issue_credential(session, keyring, settings, award, cast.ADA[2])
    return award


def address(award: Award) -> str:
    return f"/credentials/{show_number(award.number)}"


def bits_of(client: TestClient, number: int = 1) -> bytes:
    """Decoded by other means than ours."""
    encoded = client.get(f"/credentials/status/{number}").json()["credentialSubject"]["encodedList"]
    return gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=="))


def is_revoked(client: TestClient, document: dict[str, Any]) -> bool:
    index = int(document["credentialStatus"]["statusListIndex"])
    return bool(bits_of(client)[index // 8] & (0x80 >> index % 8))


def words_of_others(client: TestClient, credential: dict[str, Any] | str, engines: str = "vc core") -> str:
    """What the JavaScript verifiers say, with everything they ask for answered by the running program."""
    did, listed = client.get("/.well-known/did.json").json(), client.get("/credentials/status/1").json()
    answers = {f"{BASE}/.well-known/did.json": did, f"{BASE}/credentials/status/1": listed}
    (words,) = judge([{"credential": credential, "answers": answers, "engines": engines.split()}])
    assert len(set(words.values())) == 1, words
    return next(iter(words.values()))


def test_the_credential_is_given_out_with_the_certificate(
    client: TestClient, database: Database, settings: Settings, keyring: KeyRing, ada: Award
) -> None:
    answer = client.get(address(ada))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/vc+ld+json")
    assert answer.headers["access-control-allow-origin"] == "*"
    listed = client.get("/credentials/status/1").content
    verdict = verify_credential(answer.content, keyring.public_keys(settings), clock.now(), listed)
    assert verdict.is_valid
    assert (verdict.number, verdict.version) == (ada.number, 1)
    assert client.get(f"/verify/{ada.number}.json").json()["links"]["credential"] == BASE + address(ada)
    assert "Lovelace" not in answer.text


def test_c16_the_verifiers_of_others_agree_on_every_standing(
    client: TestClient, database: Database, settings: Settings, keyring: KeyRing, ada: Award
) -> None:
    document = client.get(address(ada)).json()
    token = client.get(address(ada), headers={"accept": "application/vc+jwt"}).text
    assert words_of_others(client, document) == "verified"
    assert words_of_others(client, token, "jose") == "verified"
    long_ago = clock.now().date() - timedelta(days=400)
    expired = client.get(address(awarded(database, keyring, settings, expires_on=long_ago))).json()
    assert words_of_others(client, expired, "core") == "expired"
    with database.writing() as session:
        end_credential(session, ada.number)
    assert words_of_others(client, document) == "revoked"
    assert words_of_others(client, token, "jose") == "revoked"


def test_c12_erasure_leaves_the_bit_and_nothing_else(
    client: TestClient, database: Database, settings: Settings, ada: Award
) -> None:
    document = client.get(address(ada)).json()
    subject = document["credentialSubject"]
    traces = [subject["id"], subject["identifier"][0]["salt"], subject["identifier"][0]["identityHash"]]
    assert not is_revoked(client, document)
    erasure.erase(database, open_ledger(settings), settings, cast.ADA[2], actor="holder")
    assert client.get(address(ada)).status_code == 410
    assert is_revoked(client, document)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StoredCredential)) == 0
        assert session.scalar(select(func.count()).select_from(StatusBit)) == 1
    kept = b"".join(path.read_bytes() for path in settings.data.rglob("*") if path.is_file())
    assert not [trace for trace in traces if trace.encode() in kept]
    assert words_of_others(client, document) == "revoked"


def test_an_erasure_is_repeated_on_a_database_that_never_knew_the_credential(
    client: TestClient, database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        set_bits(session, [credentialing.Place.read("1:94567")])
        set_bits(session, [credentialing.Place.read("1:94567")])
    assert bits_of(client)[94567 // 8] == 0x80 >> 94567 % 8
    with database.reading() as session:
        assert session.get_one(StatusList, 1).revision == 1


@pytest.mark.parametrize("number", ["0000-0000-0000-0001", "x", "7KQ2-9FXD-M4TB-W8HC"])
def test_numbers_nobody_has_look_the_same(client: TestClient, number: str) -> None:
    answer = client.get(f"/credentials/{number}", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
    assert client.get("/credentials/status/9").status_code == 404


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "application/vc+ld+json"),
        ("*/*", "application/vc+ld+json"),
        ("text/html,application/vc;q=0.9", "application/vc"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("application/jwt", "application/jwt"),
    ],
)
def test_each_wallet_gets_the_form_it_asks_for(client: TestClient, ada: Award, accept: str, form: str) -> None:
    answer = client.get(address(ada), headers={"accept": accept})
    assert answer.headers["content-type"] == form
    assert answer.text.startswith("ey" if "jwt" in form else '{"@context"')
    head = client.head(address(ada), headers={"accept": accept})
    assert (head.status_code, head.headers["etag"]) == (200, answer.headers["etag"])


def test_a_list_is_sent_again_only_when_a_bit_changed(client: TestClient, database: Database, ada: Award) -> None:
    first = client.get("/credentials/status/1")
    assert (first.headers["content-type"], first.headers["cache-control"]) == ("application/vc", "no-cache")
    again = client.get("/credentials/status/1", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    with database.writing() as session:
        end_credential(session, ada.number)
    assert client.get("/credentials/status/1").headers["etag"] != first.headers["etag"]


def test_two_processes_serve_the_same_list(client: TestClient, settings: Settings, ada: Award) -> None:
    with TestClient(create_app(settings), base_url=BASE) as other:
        assert other.get("/credentials/status/1").content == client.get("/credentials/status/1").content


def attachment_of(pdf: bytes, folder: Path) -> bytes:
    (folder / "paper.pdf").write_bytes(pdf)
    save = ["pdfdetach", "-save", "1", "-o", str(folder / "out.json"), str(folder / "paper.pdf")]
    subprocess.run(save, check=True, capture_output=True)
    return (folder / "out.json").read_bytes()


def test_the_pdf_carries_the_stored_bytes(client: TestClient, ada: Award, tmp_path: Path) -> None:
    pdf = client.get(f"/verify/{ada.number}.pdf").content
    assert attachment_of(pdf, tmp_path) == client.get(address(ada)).content
    assert dropped(client, pdf)["result"] == "valid"
    assert len(pdf) <= 60_000


def dropped(client: TestClient, pdf: bytes) -> dict[str, Any]:
    files = {"file": ("paper.pdf", pdf, "application/pdf")}
    answer: Response = client.post("/verify/file", files=files, headers={"accept": "application/json"})
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("attached", [None, "another"])
def test_c15_a_file_with_another_credential_is_not_as_it_was_issued(
    client: TestClient, database: Database, settings: Settings, keyring: KeyRing, ada: Award, attached: str | None
) -> None:
    other = client.get(address(awarded(database, keyring, settings))).text if attached else None
    forged = render(certificate_of(ada), keyring.issuer(), attached=other)
    found = dropped(client, forged)
    assert (found["result"], found["reason"]) == ("changed", "another_credential")


def test_a_proof_that_was_made_anew_changes_nothing(client: TestClient, keyring: KeyRing, ada: Award) -> None:
    document = client.get(address(ada)).json()
    again = keyring.credential_key().sign(document, clock.now().replace(microsecond=0), second_proof=True)
    file = render(certificate_of(ada), keyring.issuer(), attached=json.dumps(again))
    assert dropped(client, file)["result"] == "valid"


def test_half_a_list_is_given_out_then_the_next_begins(
    database: Database, settings: Settings, keyring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentialing, "STATUS_LIST_CAPACITY", 2)
    monkeypatch.setattr(credentialing, "randbelow", lambda _: 0)
    awards = [awarded(database, keyring, settings) for _ in range(5)]
    with database.reading() as session:
        lists = [session.get_one(StoredCredential, award.number).list_number for award in awards]
    assert lists == [1, 1, 2, 2, 3]


def test_a_place_is_never_given_out_again(
    database: Database, settings: Settings, keyring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = awarded(database, keyring, settings)
    with database.writing() as session:
        index = session.get_one(StoredCredential, ada.number).list_index
        end_credential(session, ada.number)
    free = index ^ 1
    drawn = iter([index, index, free])
    monkeypatch.setattr(secrets, "randbelow", lambda _: next(drawn))
    award = awarded(database, keyring, settings)
    with database.reading() as session:
        assert session.get_one(StoredCredential, award.number).list_index == free


def test_awards_without_a_credential_get_theirs_at_the_start(
    client: TestClient, database: Database, settings: Settings, keyring: KeyRing
) -> None:
    with database.writing() as session:
        award = cast.make_award(session)
    assert client.get(address(award)).status_code == 404
    assert issue_missing(database, keyring, settings) == 1
    assert issue_missing(database, keyring, settings) == 0
    assert client.get(address(award)).status_code == 200


def test_a_second_proof_is_a_setting(
    client: TestClient, database: Database, settings: Settings, keyring: KeyRing
) -> None:
    both = settings.model_copy(update={"second_proof": "jcs"})
    document = client.get(address(awarded(database, keyring, both))).json()
    assert [proof["cryptosuite"] for proof in document["proof"]] == ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
    assert words_of_others(client, document, "vc") == "verified"


@only_on("sqlite")
def test_an_older_key_ring_gets_a_key_for_credentials(settings: Settings, keyring: KeyRing) -> None:
    public = settings.data / "keys" / "public.json"
    listed = json.loads(public.read_text())
    public.write_text(json.dumps({**listed, "keys": listed["keys"][:1]}))
    cast.make_keyring(settings)
    uses = [key["use"] for key in json.loads(public.read_text())["keys"]]
    assert uses == ["pdf", "credential"]


@only_on("sqlite")
def test_the_issuer_is_its_key_on_a_development_machine(keyring: KeyRing, settings: Settings) -> None:
    local = settings.model_copy(update={"base_url": "http://127.0.0.1:8000"})
    assert (keyring.public_keys(local).did or "").startswith("did:key:z6Mk")
    assert keyring.public_keys(settings).did == "did:web:learn.example.org"
