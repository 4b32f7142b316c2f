"""The receipt as a PDF: from the signed text in the visitor's hand, for the server keeps no receipt."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from bs4 import BeautifulSoup
from litestar.testing import TestClient

from tests import cast
from tests.certificates import outside
from tests.certificates.conftest import run
from tests.conftest import only_on
from university import language
from university.app import create_app
from university.database import Database
from university.deletion.receipt_words import facts_of, receipt_paper
from university.models import Receipt
from university.rights import receipts
from university.rights.erasure import Erasure
from university.settings import Settings

DONE = Erasure(
    receipt_id="0f8b3b9ad0c44a7e9c3a2a4b8f4f5d90",
    erased_at=datetime(2026, 11, 14, 12, 30, 15, tzinfo=UTC),
    deleted={"award": 2, "claim": 1, "attempt": 5, "outbox": 3},
    withdrawn=2,
    ledger_seq=412,
    ledger_sha256="ab" * 32,
    is_finished=True,
)
# One engine: nothing of this stands in the database.
pytestmark = only_on("sqlite")


@pytest.fixture
def receipt(settings: Settings) -> str:
    return receipts.sign(cast.make_keyring(settings), DONE, settings)


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_other_peoples_programs_accept_the_paper_and_hear_what_the_page_says(
    client: TestClient, settings: Settings, receipt: str, tmp_path: Path, code: str
) -> None:
    pdf = tmp_path / "receipt.pdf"
    answer = client.post("/privacy/receipt", data={"receipt": receipt, "then": "pdf", "language": code})
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/pdf", "no-store")
    assert answer.headers["content-disposition"] == f'attachment; filename="receipt-{DONE.receipt_id}.pdf"'
    pdf.write_bytes(answer.content)
    outside.syntax(pdf)
    outside.fonts(pdf)
    outside.accessibility(pdf)
    assert outside.code(pdf, (150, 300)) == f"http://127.0.0.1:8000/privacy/receipt/{DONE.receipt_id}"
    assert re.search(r"Tagged: +yes[\s\S]+Pages: +1\b[\s\S]+Page size: +595.28 x 841.89", run("pdfinfo", pdf))
    heard = run("pdfinfo", "-struct-text", pdf)
    assert re.findall(r"^ *(H1|L|Figure|Link)\b", heard, re.M) == ["H1", "L", "Figure", "Link"]
    page = client.post("/privacy/receipt", data={"receipt": receipt, "then": "show", "language": code})
    shown = BeautifulSoup(page.text, "html.parser")
    assert shown.html
    assert shown.html["lang"] == code
    with language.speaking(code):
        _kind, said = receipts.read(cast.make_keyring(settings), receipt)
        for fact in facts_of(said):
            for words in (fact.label, fact.value, fact.note):
                assert f'"{words}"' in heard or not words
                assert words in shown.get_text(" ", strip=True)


def test_the_paper_holds_the_signed_receipt_and_is_the_same_every_time(settings: Settings, receipt: str) -> None:
    kind, said = receipts.read(cast.make_keyring(settings), receipt)
    drawn = receipt_paper(receipt, said, settings)
    assert kind == receipts.FINISHED
    assert drawn == receipt_paper(receipt, said, settings)
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        inside = pdf.attachments["receipt.jws"]
        assert inside.get_file().read_bytes().decode() == receipt


def test_a_receipt_out_of_a_mail_is_read_whatever_became_of_its_lines(client: TestClient, receipt: str) -> None:
    assert client.get("/privacy/receipt").status_code == 200
    broken = "\r\n ".join(receipt[start : start + 60] for start in range(0, len(receipt), 60))
    assert "Everything is deleted" in client.post("/privacy/receipt", data={"receipt": broken, "then": "show"}).text
    assert client.post("/privacy/receipt", data={"receipt": broken, "then": "pdf"}).content.startswith(b"%PDF")


def test_what_is_no_receipt_stands_in_its_field_again_with_the_reason(client: TestClient, receipt: str) -> None:
    answer = client.post("/privacy/receipt", data={"receipt": receipt[:-2] + "xx", "then": "pdf"})
    assert answer.status_code == 422
    field = BeautifulSoup(answer.text, "html.parser").select_one("textarea#receipt")
    assert field
    assert field.get_text().strip() == receipt[:-2] + "xx"
    assert "This is not a receipt of ours." in answer.text


def test_a_promise_is_no_receipt_yet_and_becomes_no_paper(client: TestClient, settings: Settings) -> None:
    promise = receipts.sign(cast.make_keyring(settings), Erasure(**{**vars(DONE), "is_finished": False}), settings)
    answer = client.post("/privacy/receipt", data={"receipt": promise, "then": "pdf"})
    assert "text/html" in answer.headers["content-type"]


def test_p16_the_receipt_names_who_deleted_on_the_page_and_on_paper(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    """As the settings of that day said it; the page says as well how to reach them."""
    told = {
        "organisation_name": "Riverside School",
        "organisation_address": "1 Quay Street, Delta",
        "organisation_registration": "Register 12",
        "organisation_email": "privacy@river.example",
    }
    settings = settings.model_copy(update=told)
    receipt = receipts.sign(cast.make_keyring(settings), DONE, settings)
    with database.writing() as session:
        row = {"erased_on": DONE.erased_at.date(), "backups_gone_on": DONE.backups_gone_on}
        session.add(Receipt(id=DONE.receipt_id, **row))
    with TestClient(create_app(settings), base_url=settings.base_url) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        page = client.post("/privacy/receipt", data={"receipt": receipt, "then": "show"}).text
        (tmp_path / "r.pdf").write_bytes(
            client.post("/privacy/receipt", data={"receipt": receipt, "then": "pdf"}).content
        )
        kept = BeautifulSoup(client.get(f"/privacy/receipt/{DONE.receipt_id}").text, "html.parser")
    for words in told.values():
        assert words in page
    assert kept.select(".facts dd")[-1].get_text(strip=True) == "Riverside School"
    assert "Riverside School" in outside.text(tmp_path / "r.pdf")
