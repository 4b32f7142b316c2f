"""Ada corrects the name on her certificate: same number, next version, and the old paper says that it was replaced."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient
from sqlalchemy import select

from certificates import show_number, unbake
from tests import cast, post_office
from tests.conftest import only_on
from tests.privacy.conftest import Open
from university import clock
from university.awarding.credentialing import issue_credential
from university.awarding.versions import correct_name, revoke
from university.cli import main
from university.database import Database
from university.errors import Refused
from university.models import AuditEntry, Award, LocalMail, ReplacedVersion, StatusBit
from university.settings import Settings

GRACE = {"first_name": "Augusta Ada", "last_name": "King"}


@pytest.fixture
def certificate(database: Database, settings: Settings, client: TestClient) -> Award:
    with database.writing() as session:
        award = cast.make_award(session)
        issue_credential(session, cast.make_keyring(settings), settings, award, cast.ADA[2])
    return award


def address(award: Award) -> str:
    return f"/privacy/my-data/name/{show_number(award.number)}"


def correct(client: TestClient, award: Award, **names: str) -> int:
    return int(client.post(address(award), data={**GRACE, **names}).status_code)


def verdict(client: TestClient, pdf: bytes) -> str:
    files = {"file": ("paper.pdf", pdf, "application/pdf")}
    return str(client.post("/verify/file", files=files, headers={"accept": "application/json"}).json()["result"])


def test_the_number_stays_and_the_old_paper_reads_replaced(
    client: TestClient, open_portal: Open, certificate: Award, database: Database
) -> None:
    old_paper = client.get(f"/verify/{certificate.number}.pdf").content
    old_credential = client.get(f"/credentials/{certificate.number}").json()
    open_portal()
    assert correct(client, certificate) == 303
    now = client.get(f"/verify/{certificate.number}.json").json()
    assert (now["standing"], now["version"], now["holder"]["last_name"]) == ("valid", 2, "King")
    assert now["issued_on"] == certificate.issued_at.date().isoformat()
    assert verdict(client, old_paper) == "replaced"
    assert verdict(client, client.get(f"/verify/{certificate.number}.pdf").content) == "valid"
    first = client.get(f"/verify/{certificate.number}.json?version=1").json()
    assert (first["standing"], first["holder"]["last_name"]) == ("replaced", None)
    assert first["replaced_on"] == clock.now().date().isoformat()
    with database.reading() as session:
        index = int(old_credential["credentialStatus"]["statusListIndex"])
        assert session.get_one(StatusBit, (1, index)).is_set
        assert "Lovelace" not in str(session.scalars(select(ReplacedVersion.record)).all())
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq.desc())).first() == "rectify"


def test_the_new_version_has_papers_of_its_own(client: TestClient, open_portal: Open, certificate: Award) -> None:
    open_portal()
    correct(client, certificate)
    credential = client.get(f"/credentials/{certificate.number}").json()
    assert credential["id"].endswith("#2")
    assert unbake(client.get(f"/verify/{certificate.number}.svg").text)
    assert "2" in client.get(f"/verify/{certificate.number}").text


def test_a_mail_tells_the_holder(
    client: TestClient, open_portal: Open, certificate: Award, database: Database, settings: Settings
) -> None:
    open_portal()
    correct(client, certificate)
    post_office.make_test_worker(database, settings).send_what_is_due()
    with database.reading() as session:
        newest = session.scalars(select(LocalMail.message).order_by(LocalMail.received_at.desc())).first() or b""
    assert b"Your certificate is corrected" in newest


def test_a_look_first_changes_nothing(client: TestClient, open_portal: Open, certificate: Award) -> None:
    open_portal()
    page = client.post(address(certificate), data={**GRACE, "then": "preview"})
    assert page.status_code == 200
    assert 'aria-label="Augusta Ada King"' in page.text
    assert client.get(f"/verify/{certificate.number}.json").json()["version"] == 1


def test_twice_by_oneself_and_then_by_a_person(client: TestClient, open_portal: Open, certificate: Award) -> None:
    open_portal()
    statuses = [correct(client, certificate, first_name=name) for name in ("Augusta", "Ada", "Adah")]
    assert statuses == [303, 303, 409]
    assert "twice" in client.get(address(certificate)).text


@pytest.mark.parametrize(
    ("names", "status"),
    [
        ({"first_name": ""}, 422),
        ({"first_name": "ᏣᎳᎩ"}, 422),
        ({"first_name": "W" * 64, "last_name": "W" * 64}, 422),
        ({"first_name": "Ada", "last_name": "Lovelace"}, 409),
    ],
)
def test_what_is_no_correction_is_refused(
    client: TestClient, open_portal: Open, certificate: Award, names: dict[str, str], status: int
) -> None:
    open_portal()
    assert correct(client, certificate, **names) == status
    assert client.get(f"/verify/{certificate.number}.json").json()["version"] == 1


def test_nobody_corrects_the_certificate_of_another(
    client: TestClient, open_portal: Open, certificate: Award, database: Database
) -> None:
    with database.writing() as session:
        other = cast.make_award(session, cast.make_person(session, "vera@example.org"))
    assert correct(client, certificate) == 403
    assert client.get(address(certificate)).headers["location"] == "/privacy/my-data"
    open_portal()
    assert correct(client, other) == 404
    assert client.get(address(other)).status_code == 404


def test_what_was_taken_back_stays_as_it_is(database: Database, settings: Settings, certificate: Award) -> None:
    keyring = cast.make_keyring(settings)
    with database.writing() as session:
        revoke(session, settings, session.get_one(Award, certificate.id), "issued_in_error", actor="operator")
    with pytest.raises(Refused), database.writing() as session:
        correct_name(session, keyring, settings, session.get_one(Award, certificate.id), "Eve", "X", actor="staff")
    with pytest.raises(Refused), database.writing() as session:
        revoke(session, settings, session.get_one(Award, certificate.id), "legal_order", actor="operator")


def test_taking_back_sets_the_bit_and_names_the_kind_of_reason(
    client: TestClient, database: Database, settings: Settings, certificate: Award
) -> None:
    paper = client.get(f"/verify/{certificate.number}.pdf").content
    with database.writing() as session:
        revoke(session, settings, session.get_one(Award, certificate.id), "dishonest_exam", actor="operator")
    found = client.get(f"/verify/{certificate.number}.json").json()
    assert (found["standing"], found["reason"], found["holder"]["last_name"]) == ("revoked", "dishonest_exam", None)
    assert verdict(client, paper) == "revoked"
    assert client.get(f"/credentials/{certificate.number}").status_code == 200
    with database.reading() as session:
        assert session.scalars(select(StatusBit.is_set)).all() == [True]


@only_on("sqlite")
def test_the_operator_can_take_one_back(settings: Settings, database: Database, certificate: Award) -> None:
    environment = {"UNIVERSITY_DATA": str(settings.data)}
    words = ["revoke", show_number(certificate.number), "--reason", "legal_order", "--yes"]
    outputs = [CliRunner(env=environment).invoke(main, words).output for _ in range(2)]
    assert outputs == [
        f"{show_number(certificate.number)} was taken back\n",
        "Error: This certificate was taken back already.\n",
    ]
