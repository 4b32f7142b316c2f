"""Deleting everything: in the right order, whatever happens in between, and proven by a receipt."""

from __future__ import annotations

import json
import random
import re
import sqlite3
import subprocess
import sys
import threading
import time
from base64 import urlsafe_b64decode
from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from litestar.testing import TestClient
from sqlalchemy import delete, func, select

from certificates import digest_of
from tests import cast, post_office
from tests.conftest import only_on
from tests.privacy.conftest import Open
from university import clock, tokens
from university.app import create_app
from university.chains import audit
from university.chains.ledger import open_ledger, own_file
from university.claims.claiming import claim_certificate
from university.commands.rights import carry_out_ledger
from university.commands.working import make_worker
from university.database import Database
from university.errors import Gone, NotFound
from university.failpoints import EXIT_STATUS
from university.jobs.worker import lease
from university.keys.keyring import KeyRing
from university.keys.secret_hashes import hashed
from university.mailing import mail
from university.models import (
    AuditEntry,
    Award,
    Claim,
    Course,
    Enrolment,
    LedgerApplied,
    LocalMail,
    Outbox,
    Person,
    RateLimit,
    Receipt,
    Table,
    Tombstone,
)
from university.rights import erasure, receipts, traces
from university.settings import Settings


def count(database: Database, table: type[Table]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def erase_ada(database: Database, settings: Settings) -> erasure.Erasure:
    return erasure.erase(database, open_ledger(settings), settings, cast.ADA[2], actor="holder")


def numbers(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Award.number)))


def receipt_in(page: str) -> str:
    found = re.search(r'name="receipt" value="([^"]+)"', page)
    assert found
    return found[1]


# ---- what is deleted and what is not


def test_everything_of_ada_goes_and_nothing_of_ben(database: Database, settings: Settings, ada: UUID) -> None:
    with database.writing() as session:
        second = cast.make_award(session)
        cast.make_revocation(session, second)
        cast.make_replaced_version(session, ada)
        cast.make_claim(session)
        ben = cast.make_award(session, cast.make_person(session, "ben@example.org"), first_name="Ben")
        cast.make_claim(session, email="grace@example.org")
    mine = [number for number in numbers(database) if number != ben.number]
    done = erase_ada(database, settings)
    assert (done.withdrawn, done.deleted["award"], done.deleted["enrolment"], done.deleted["claim"]) == (2, 2, 2, 1)
    assert numbers(database) == [ben.number]
    with database.reading() as session:
        assert session.scalars(select(Person.email)).all() == ["ben@example.org"]
        assert session.scalars(select(Claim.email)).all() == ["grace@example.org"]
        # Progress without a name stays: nobody knows whose it is.
        assert session.get(Enrolment, ben.enrolment_id) is not None
        assert set(session.scalars(select(Tombstone.number_sha256))) == {digest_of(number) for number in mine}


def test_the_ledger_knows_the_person_by_a_random_id_and_the_number_by_its_hash(
    database: Database, settings: Settings, ada: UUID
) -> None:
    number = numbers(database)[0]
    done = erase_ada(database, settings)
    record = open_ledger(settings).records()[-1]
    assert (record.seq, record.chain) == (done.ledger_seq, done.ledger_sha256)
    assert record.body["person"] == ada.hex
    assert record.body["numbers"] == [digest_of(number)]
    assert record.body["receipt"] == done.receipt_id
    assert count(database, LedgerApplied) == 1


def test_the_trail_stays_whole_and_leads_nowhere(database: Database, settings: Settings, ada: UUID) -> None:
    with database.reading() as session:
        reference = session.get_one(Person, ada).audit_ref
    erase_ada(database, settings)
    with database.reading() as session:
        line = session.scalars(select(AuditEntry)).one()
        assert (line.action, line.actor, line.object_ref) == ("erase", "holder", str(reference))
        assert audit.check(session) is None


def test_what_was_counted_for_the_address_goes_too(
    client: TestClient, database: Database, settings: Settings, ada: UUID, open_portal: Open
) -> None:
    open_portal()
    before = count(database, RateLimit)
    erase_ada(database, settings)
    assert count(database, RateLimit) == before - 2


def test_deleting_twice_finds_nothing_the_second_time(database: Database, settings: Settings, ada: UUID) -> None:
    erase_ada(database, settings)
    with pytest.raises(Gone):
        erase_ada(database, settings)
    assert len(open_ledger(settings).records()) == 1


# ---- the pages


def test_a_wrong_word_deletes_nothing(client: TestClient, database: Database, ada: UUID, open_portal: Open) -> None:
    open_portal()
    answer = client.post("/privacy/my-data/delete", data={"word": "yes"})
    assert answer.status_code == 422
    assert "Please type the word DELETE" in answer.text
    assert "clear-site-data" not in answer.headers
    assert count(database, Person) == 1


def test_the_second_page_says_what_cannot_be_called_back(client: TestClient, ada: UUID, open_portal: Open) -> None:
    open_portal()
    page = client.get("/privacy/my-data/delete")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    for text in ("One certificate is withdrawn", "What cannot be called back", "21 days", "Type DELETE"):
        assert text in page.text


def test_the_receipt_is_signed_names_nobody_and_can_be_kept(
    client: TestClient, database: Database, settings: Settings, ada: UUID, open_portal: Open
) -> None:
    open_portal()
    page = client.post("/privacy/my-data/delete", data={"word": "DELETE"})
    assert page.headers["cache-control"] == "no-store"
    receipt = receipt_in(page.text)
    header, facts, _signature = (urlsafe_b64decode(part + "==") for part in receipt.split("."))
    assert json.loads(header)["alg"] == "EdDSA"
    said = json.loads(facts)
    assert said["certificates_withdrawn"] == 1
    assert said["deleted"]["certificates"] == 1
    assert said["backups_gone_on"] == (clock.now().date() + timedelta(days=21)).isoformat()
    assert said["ledger"]["seq"] == 1
    assert "autoriteitpersoonsgegevens.nl" in page.text
    assert cast.of_ada_in(page.text + facts.decode()) == []
    kept = client.post("/privacy/receipt", data={"receipt": receipt, "then": "download"})
    assert kept.content == receipt.encode()
    assert kept.headers["content-disposition"] == f'attachment; filename="receipt-{said["id"]}.jws"'
    assert client.get(f"/privacy/receipt/{said['id']}").status_code == 200


def test_anybody_can_check_a_receipt_with_the_published_key(
    client: TestClient, database: Database, settings: Settings, ada: UUID
) -> None:
    carry_out_ledger(database, settings)
    published = client.get("/.well-known/certificate-keys.json").json()["receipts"]
    receipt = receipts.sign(keyring_of(settings), erase_ada(database, settings), settings)
    signed, _dot, signature = receipt.rpartition(".")
    header = json.loads(urlsafe_b64decode(signed.partition(".")[0] + "=="))
    key = next(key for key in published if key["kid"] == header["kid"])
    public = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(key["x"] + "="))
    public.verify(urlsafe_b64decode(signature + "=="), signed.encode())
    assert header["jwk"] == key


def test_a_statement_about_backups_is_no_receipt_though_we_signed_it(client: TestClient, settings: Settings) -> None:
    statement = receipts.sign_statement(keyring_of(settings), "backup-attestation", {"id": "x"})
    for then in ("show", "download", "pdf"):
        assert client.post("/privacy/receipt", data={"receipt": statement, "then": then}).status_code == 422


@pytest.mark.parametrize("wrong", ["", "a.b.c", "é.b.c", "x" * 3000])
def test_a_receipt_that_is_not_ours_is_refused(client: TestClient, wrong: str) -> None:
    assert client.post("/privacy/receipt", data={"receipt": wrong}).status_code == 422


def test_a_changed_receipt_is_refused(client: TestClient, ada: UUID, open_portal: Open) -> None:
    open_portal()
    receipt = receipt_in(client.post("/privacy/my-data/delete", data={"word": "DELETE"}).text)
    header, facts, signature = receipt.split(".")
    changed = f"{header}.{facts[:-4]}AAAA.{signature}"
    assert client.post("/privacy/receipt", data={"receipt": changed}).status_code == 422


def test_a_ledger_that_cannot_be_written_stops_the_deletion(
    client: TestClient, database: Database, settings: Settings, ada: UUID, open_portal: Open
) -> None:
    open_portal()
    own_file(settings).path.mkdir(parents=True)
    answer = client.post("/privacy/my-data/delete", data={"word": "DELETE"})
    assert answer.status_code == 503
    assert "nothing was changed" in answer.text
    assert count(database, Person) == count(database, Award) == 1
    assert count(database, Receipt) == 0


@only_on("sqlite")
def test_a_long_reader_delays_the_receipt_but_not_the_deletion(
    client: TestClient,
    database: Database,
    settings: Settings,
    ada: UUID,
    open_portal: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_portal()
    monkeypatch.setattr(traces, "PATIENCE_SECONDS", 0.1)
    reader = sqlite3.connect(settings.data / "university.sqlite3")
    reader.execute("BEGIN")
    reader.execute("SELECT email FROM person").fetchall()
    page = client.post("/privacy/my-data/delete", data={"word": "DELETE"})
    assert "Almost done" in page.text
    assert count(database, Person) == 0
    promise = receipt_in(page.text)
    seconds, _semicolon, address = page.headers["refresh"].partition("; url=")
    assert 1 < int(seconds) < 10
    still = client.get(address)
    assert "Almost done" in still.text
    assert still.headers["refresh"] == page.headers["refresh"]
    assert "Almost done" in client.post("/privacy/receipt", data={"receipt": promise, "then": "show"}).text
    reader.close()
    # A browser follows that header by itself.
    done = client.get(address)
    assert "Everything is deleted" in done.text
    assert "refresh" not in done.headers
    assert "Everything is deleted" in client.post("/privacy/receipt", data={"receipt": promise, "then": "show"}).text
    assert client.get("/privacy/receipt/finishing?receipt=x").status_code == 400
    kind, facts = receipts.read(keyring_of(settings), receipt_in(done.text))
    assert (kind, facts["certificates_withdrawn"]) == (receipts.FINISHED, 1)


def keyring_of(settings: Settings) -> KeyRing:
    return open_ledger(settings).keyring


def test_the_receipt_is_mailed_once_from_memory(database: Database, settings: Settings, ada: UUID) -> None:
    with post_office.ScriptedServer() as server:
        mailed = post_office.with_mail_server(settings, server.address)
        with TestClient(create_app(mailed), base_url=mailed.base_url) as client:
            client.headers["sec-fetch-site"] = "same-origin"
            client.post("/privacy/my-data", data={"email": cast.ADA[2]}, follow_redirects=False)
            post_office.make_test_worker(database, mailed).send_what_is_due()
            text = server.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
            link = re.search(r"/privacy/my-data/unp_\S{43}", text)
            assert link
            client.post(link[0], follow_redirects=False)
            page = client.post("/privacy/my-data/delete", data={"word": "DELETE"})
            assert page.status_code == 200
        deadline = time.monotonic() + 20
        while len(server.mails) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
    assert server.recipients[1] == [cast.ADA[2]]
    assert "hold nothing about you any more" in server.mails[1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert count(database, Person) == 0


# ---- crashes, backups and races


def commit_crash(settings: Settings, failpoint: str) -> None:
    """`university erase` in a process of its own that dies at the failpoint."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "UNIVERSITY_DATA": str(settings.data.resolve()),
        "UNIVERSITY_DATABASE_URL": settings.database_url,
        "UNIVERSITY_TESTING": "1",
        "UNIVERSITY_FAIL_AT": failpoint,
    }
    died = subprocess.run(
        [sys.executable, "-c", "from university.cli import main; main()", "erase", cast.ADA[2], "--yes"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == EXIT_STATUS, died.stdout + died.stderr


@pytest.mark.parametrize(("failpoint", "still_there"), [("after_ledger", 1), ("after_db", 0), ("after_files", 0)])
def test_a_crash_at_any_step_heals_at_the_next_start(
    database: Database, settings: Settings, ada: UUID, failpoint: str, still_there: int
) -> None:
    number = numbers(database)[0]
    commit_crash(settings, failpoint)
    assert len(open_ledger(settings).records()) == 1
    assert count(database, Person) == still_there
    carry_out_ledger(database, settings)
    assert count(database, Person) == count(database, Award) == 0
    assert count(database, LedgerApplied) == count(database, Receipt) == 1
    with database.reading() as session:
        assert session.get(Tombstone, digest_of(number)) is not None
        assert audit.check(session) is None
    if database.is_sqlite:
        assert (settings.data / "university.sqlite3-wal").stat().st_size == 0


def test_a_failed_commit_is_carried_out_by_the_worker(database: Database, settings: Settings, ada: UUID) -> None:
    commit_crash(settings, "after_ledger")
    worker = make_worker(settings)
    worker.run_what_is_due()
    worker.database.close()
    assert count(database, Person) == 0


def test_a_restored_backup_brings_nobody_back(database: Database, settings: Settings, ada: UUID) -> None:
    number = numbers(database)[0]
    erase_ada(database, settings)
    with database.writing() as session:
        # The database as it was: it has Ada, and has never heard of the ledger's record.
        session.execute(delete(LedgerApplied))
        session.execute(delete(Tombstone))
        session.execute(delete(Receipt))
        session.add(Person(id=ada, email=cast.ADA[2], language="en", created_at=cast.NOON))
        session.flush()
        cast.make_award(session, number=number)
    carry_out_ledger(database, settings)
    assert count(database, Person) == count(database, Award) == count(database, Enrolment) == 0
    assert count(database, Tombstone) == count(database, Receipt) == 1


def test_somebody_who_came_back_stays_when_the_ledger_is_replayed(
    database: Database, settings: Settings, ada: UUID
) -> None:
    erase_ada(database, settings)
    with database.writing() as session:
        cast.make_award(session)
        session.execute(delete(LedgerApplied))
    carry_out_ledger(database, settings)
    assert count(database, Person) == count(database, Award) == 1


def test_a50_confirming_and_deleting_at_the_same_moment(database: Database, settings: Settings) -> None:
    """Never a certificate without its person, never a person after the receipt."""
    course = cast.publish_sample(database)
    outcomes = [race(database, settings, course, f"ada{position}@example.org") for position in range(25)]
    assert count(database, Person) == count(database, Award) == count(database, Claim) == 0
    issued = [number for number in outcomes if number]
    with database.reading() as session:
        tombstones = set(session.scalars(select(Tombstone.number_sha256)))
    assert {digest_of(number) for number in issued} <= tombstones
    assert len(tombstones) == 25 + len(issued)


def race(database: Database, settings: Settings, course: Course, email: str) -> str | None:
    """One certificate held, another being confirmed while everything is deleted; the second one's number if issued."""
    token, keyring = waiting_claim(database, course, email), cast.make_keyring(settings)
    numbers_issued: list[str] = []
    start = threading.Barrier(2)

    def confirm() -> None:
        start.wait()
        time.sleep(random.uniform(0, 0.02))
        try:
            with database.writing() as session:
                number = claim_certificate(session, keyring, settings, token).number
            numbers_issued.append(number)
        except (Gone, NotFound):
            pass  # the deletion was first, and took the link along

    confirming = threading.Thread(target=confirm)
    confirming.start()
    start.wait()
    time.sleep(random.uniform(0, 0.02))
    erasure.erase(database, open_ledger(settings), settings, email, actor="holder")
    with database.reading() as session:
        assert session.scalar(select(Person.id).where(Person.email == email)) is None
    confirming.join()
    return numbers_issued[0] if numbers_issued else None


def waiting_claim(database: Database, course: Course, email: str) -> str:
    """A person with one certificate and a claim for another course; the token of its confirmation link."""
    secret = cast.make_passed_enrolment(database, course)
    with database.writing() as session:
        cast.make_award(session, cast.make_person(session, email))
        enrolment = session.scalars(select(Enrolment).where(Enrolment.secret_sha256 == hashed(secret))).one()
        claim = cast.make_claim_of(session, enrolment, email)
        return tokens.make(session, tokens.CLAIM, claim_id=claim.id, lifetime=timedelta(hours=1))


def test_a_mail_under_way_during_the_deletion_reaches_no_mailbox(
    database: Database, settings: Settings, ada: UUID
) -> None:
    with database.writing() as session:
        award = session.scalars(select(Award)).one()
        mail.enqueue(session, "issued", language="en", person_id=ada, award_id=award.id)
    worker = post_office.make_test_worker(database, settings)
    row = lease(database)
    assert row
    written = worker._write(row)
    assert written
    erase_ada(database, settings)
    worker._hand_over(*written, row)
    assert count(database, LocalMail) == count(database, Outbox) == 0


def test_two_deletions_at_once_give_one_receipt(database: Database, settings: Settings, ada: UUID) -> None:
    start, answers = threading.Barrier(4), []

    def press() -> None:
        start.wait()
        try:
            answers.append(erase_ada(database, settings).receipt_id)
        except Gone:
            answers.append("gone")

    presses: list[threading.Thread] = [threading.Thread(target=press) for _press in range(4)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert answers.count("gone") == 3
    assert count(database, Receipt) == 1
