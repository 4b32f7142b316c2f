"""Ada lost her mailbox: a person has to look, within a month, and two must agree."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from certificates import make_number
from tests import cast, post_office
from tests.privacy.conftest import Open, newest_mail
from university import clock
from university.chains.ledger import open_ledger
from university.database import Database
from university.errors import Refused
from university.models import AuditEntry, Award, Outbox, PrivacyCase
from university.rights import cases, erasure, held
from university.settings import Settings

NEW = "ada.new@example.org"


@pytest.fixture
def number(database: Database, ada: UUID) -> str:
    with database.reading() as session:
        return session.scalars(select(Award.number)).one()


def ask(client: TestClient, number: str, **changes: str) -> int:
    values = {"kind": "erasure", "certificate": number, "email": NEW}
    return int(client.post("/privacy/request", data={**values, **changes}).status_code)


def the_case(database: Database) -> PrivacyCase:
    with database.reading() as session:
        return session.scalars(select(PrivacyCase)).one()


def test_asking_starts_a_month_and_two_mails_that_hold_nothing_typed(
    client: TestClient, database: Database, settings: Settings, number: str
) -> None:
    assert ask(client, number) == 303
    case = the_case(database)
    assert (case.kind, case.contact, case.certificate) == ("erasure", NEW, number)
    assert case.due_on == cases.a_month_after(clock.now().date())
    post_office.make_test_worker(database, settings).send_what_is_due()
    to_ada, to_staff = newest_mail(database, NEW), newest_mail(database, settings.organisation_email)
    assert case.number in to_ada
    assert case.number in to_staff
    assert cast.of_ada_in(to_staff) == []
    for text in (number, NEW):
        assert text not in to_staff
    with database.reading() as session:
        assert session.scalars(select(Outbox)).all() == []


@pytest.mark.parametrize(
    ("day", "due"),
    [("2026-01-31", "2026-02-28"), ("2026-11-26", "2026-12-26"), ("2026-12-31", "2027-01-31")],
)
def test_a_month_is_a_month(day: str, due: str) -> None:
    assert cases.a_month_after(date.fromisoformat(day)).isoformat() == due


def test_a_number_nobody_has_is_answered_alike(client: TestClient, database: Database, number: str) -> None:
    assert [ask(client, make_number()), ask(client, number)] == [303, 303]


def test_wrong_fields_are_named_and_nothing_typed_is_lost(client: TestClient, database: Database) -> None:
    answer = client.post("/privacy/request", data={"kind": "erasure", "certificate": "1234", "email": NEW})
    assert answer.status_code == 422
    assert "This is not a certificate number." in answer.text
    assert f'value="{NEW}"' in answer.text
    assert client.post("/privacy/request", data={}).text.count('class="error"') == 3
    with database.reading() as session:
        assert session.scalars(select(PrivacyCase)).all() == []


def test_one_address_opens_two_cases_a_day_and_never_learns_of_the_limit(
    client: TestClient, database: Database, number: str
) -> None:
    assert [ask(client, number) for _try in range(4)] == [303] * 4
    with database.reading() as session:
        assert len(session.scalars(select(PrivacyCase)).all()) == 2


def test_two_members_of_staff_must_decide_the_same_before_it_is_closed(
    client: TestClient, database: Database, number: str
) -> None:
    ask(client, number)
    grace, olga = uuid4(), uuid4()
    with database.writing() as session:
        case = session.scalars(select(PrivacyCase)).one()
        cases.decide(session, case, grace, "granted")
        cases.decide(session, case, grace, "granted")
        with pytest.raises(Refused):
            cases.close(session, case, grace)
        cases.decide(session, case, olga, "refused")
        with pytest.raises(Refused):
            cases.close(session, case, olga)
        cases.decide(session, case, grace, "refused")
        cases.close(session, case, grace)
        with pytest.raises(Refused):
            cases.decide(session, case, olga, "granted")
    case = the_case(database)
    assert (case.outcome, case.contact, case.certificate, case.person_id) == ("refused", None, None, None)
    with database.reading() as session:
        lines = session.execute(select(AuditEntry.action, AuditEntry.staff_id).order_by(AuditEntry.seq)).all()
    assert [line.action for line in lines] == ["open_case", *["decide"] * 3, "close_case"], "said twice is said once"
    assert lines[1].staff_id == grace


def test_an_erasure_reduces_the_cases_of_the_person_and_about_their_certificates(
    client: TestClient, database: Database, settings: Settings, number: str, open_portal: Open
) -> None:
    ask(client, number)
    open_portal()
    assert client.post("/privacy/my-data/object", data={"purpose": "else"}).status_code == 200
    page = client.get("/privacy/my-data").text
    assert NEW not in page, "whoever asked about Ada's certificate is somebody else until two people say otherwise"
    assert client.post("/privacy/my-data/delete", data={"word": "DELETE"}).status_code == 200
    with database.reading() as session:
        for case in session.scalars(select(PrivacyCase)).all():
            assert (case.outcome, case.contact, case.certificate, case.person_id) == ("erased", None, None, None)
            assert case.number


def test_whoever_only_asked_is_told_so_and_can_be_deleted(
    client: TestClient, database: Database, settings: Settings, number: str
) -> None:
    ask(client, number)
    worker = post_office.make_test_worker(database, settings)
    worker.send_what_is_due()
    client.post("/privacy/my-data", data={"email": NEW})
    worker.send_what_is_due()
    assert the_case(database).number in newest_mail(database, NEW)
    erasure.erase(database, open_ledger(settings), settings, NEW, actor="operator")
    assert the_case(database).contact is None
    with database.reading() as session:
        assert held.find(session, NEW) is None
        assert session.scalars(select(Award)).one().number == number


def test_a_closed_case_is_forgotten_after_two_years(client: TestClient, database: Database, number: str) -> None:
    ask(client, number)
    with database.writing() as session:
        assert cases.delete_old(session, clock.now() + timedelta(days=4000)) == 0
        case = session.scalars(select(PrivacyCase)).one()
        case.closed_at = clock.now()
        assert cases.delete_old(session, clock.now() + timedelta(days=729)) == 0
        assert cases.delete_old(session, clock.now() + timedelta(days=731)) == 1
