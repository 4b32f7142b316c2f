"""Ada hides her name, shows it again, objects: what everybody else then sees, and what the ledger makes true again."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from litestar.testing import TestClient
from sqlalchemy import delete, select

from certificates import show_number, unbake
from tests import cast, crew, post_office
from tests.privacy.conftest import Open
from university import clock
from university.awarding.credentialing import issue_credential, places_of
from university.awarding.versions import correct_name, revoke
from university.chains import ledger as ledgers
from university.chains.ledger import open_ledger, own_file
from university.commands.rights import carry_out_ledger
from university.database import Database
from university.errors import Unavailable
from university.keys.day_keys import open_day_keys
from university.language import gettext, speaking
from university.mailing import mail
from university.models import (
    AuditEntry,
    Award,
    Consent,
    LedgerApplied,
    Outbox,
    Person,
    ReplacedVersion,
    Restriction,
    Revocation,
    StatusBit,
)
from university.rights import restricting
from university.settings import Settings

HIDDEN = "Name hidden by the holder"


@pytest.fixture
def number(database: Database, settings: Settings, client: TestClient) -> str:
    with database.writing() as session:
        award = cast.make_award(session)
        cast.make_consent(session, award.person)
        issue_credential(session, cast.make_keyring(settings), settings, award, cast.ADA[2])
        return show_number(award.number)


# ---- each right at each public place (P6)


def act_of(path: str, **fields: str) -> Callable[[TestClient], None]:
    def act(client: TestClient) -> None:
        assert client.post(f"/privacy/my-data/{path}", data=fields).status_code in {200, 303}

    return act


def nothing(_client: TestClient) -> None:
    """For comparison: whoever only looks changes nothing."""


def hide_and_show(client: TestClient) -> None:
    act_of("hide")(client)
    act_of("show")(client)


def correct(client: TestClient) -> None:
    number = client.get("/privacy/my-data").text.split("/privacy/my-data/name/")[1].split('"')[0]
    act_of(f"name/{number}", first_name="Augusta", last_name="King")(client)


# right: page, JSON's name, PDF, credential, bit of its first credential, word in a list, name on the page, topics that
# are still mailed, what staff find by its number, and by the address
NEWS = ["newsletter"]
SHOWN = (200, "Lovelace", 200, 200, False, "valid", "Lovelace", NEWS, "Ada Lovelace", True)
NAMELESS = (200, None, 403, 403, False, "valid", HIDDEN, NEWS, "hidden by the holder", True)
RIGHTS = {
    "access": (nothing, SHOWN),
    "portability": (act_of("download"), SHOWN),
    "rectification": (correct, (200, "King", 200, 200, True, "valid", "King", NEWS, "Augusta King", True)),
    "restriction": (act_of("hide"), NAMELESS),
    "restriction lifted": (hide_and_show, SHOWN),
    "objection to publication": (act_of("object", purpose="publication"), NAMELESS),
    "objection to statistics": (act_of("object", purpose="statistics"), SHOWN),
    "objection to mail": (act_of("object", purpose="mail"), (*SHOWN[:7], [], *SHOWN[8:])),
    "erasure": (
        act_of("delete", word="DELETE"),
        (200, None, 410, 410, True, "withdrawn", "withdrawn", [], "no certificate", False),
    ),
}


@pytest.mark.parametrize("right", RIGHTS)
def test_p6_each_right_takes_effect_at_every_place(
    client: TestClient, database: Database, number: str, open_portal: Open, right: str
) -> None:
    use_it, expected = RIGHTS[right]
    with database.reading() as session:
        place = places_of(session, [number.replace("-", "")])[0]
    before = {kind: client.get(f"/verify/{number}.{kind}").content for kind in ("png", "svg")}
    open_portal()
    use_it(client)
    client.cookies.delete("p")
    page, document = client.get(f"/verify/{number}"), client.get(f"/verify/{number}.json").json()
    listed = client.post("/api/v1/verifications", json={"numbers": [number]}).json()
    with database.reading() as session:
        bit = session.get_one(StatusBit, (place.list_number, place.list_index))
        topics = list(session.scalars(select(Consent.topic).where(Consent.withdrawn_at.is_(None))))
    by_number, is_found_by_address = found_by_staff(client, database, number)
    found = (
        page.status_code,
        document["holder"]["last_name"],
        client.get(f"/verify/{number}.pdf").status_code,
        client.get(f"/credentials/{number}").status_code,
        bit.is_set,
        next(iter(listed["verifications"]))["standing"],
        expected[6] if expected[6] in page.text else None,
        topics,
        expected[8] if expected[8] in by_number else by_number,
        is_found_by_address,
    )
    assert found == expected
    name_is_public = expected[1] is not None
    assert bool(document["links"]["pdf"]) is bool(document["links"]["credential"]) is name_is_public
    picture, badge = (client.get(f"/verify/{number}.{kind}") for kind in ("png", "svg"))
    assert picture.status_code == badge.status_code == 200
    assert (picture.content == before["png"]) is (expected[:7] == SHOWN[:7])
    assert bool(unbake(badge.text)) is name_is_public
    if not name_is_public:
        texts = (page.text, json.dumps(document), badge.text, client.get(f"/verify/{number}.pdf").text, by_number)
        for text in texts:
            assert "Lovelace" not in text
            assert cast.ADA[2] not in text


def found_by_staff(client: TestClient, database: Database, number: str) -> tuple[str, bool]:
    """The page of the certificate as the privacy officer sees it, and whether the address leads to it."""
    crew.sign_in(client, database, "priya")
    page = client.get(f"/registry/{number}").text
    return page, f"/registry/{number}" in client.post("/registry/people", data={"email": cast.ADA[2]}).text


def test_p6_the_holder_of_a_hidden_name_has_the_papers_in_the_portal(
    client: TestClient, number: str, open_portal: Open
) -> None:
    public = client.get(f"/verify/{number}.pdf").content
    open_portal()
    act_of("hide")(client)
    own = client.get(f"/privacy/my-data/papers/{number}.pdf")
    assert own.content == public
    assert own.headers["cache-control"] == "no-store"
    assert client.get(f"/privacy/my-data/papers/{number}.json").json()["type"][0] == "VerifiableCredential"
    assert unbake(client.get(f"/privacy/my-data/papers/{number}.svg").text)
    archive = zipfile.ZipFile(BytesIO(client.post("/privacy/my-data/download").content))
    assert archive.read(f"certificates/{number}.pdf") == public
    judged = client.post("/verify/file", files={"file": ("c.pdf", public)}, headers={"accept": "application/json"})
    assert judged.json()["result"] == "valid"
    page = client.get("/privacy/my-data").text
    assert "Your name is hidden" in page
    assert "Show my name again" in page


def test_papers_are_for_their_holder_alone(
    client: TestClient, database: Database, number: str, open_portal: Open
) -> None:
    with database.writing() as session:
        other = show_number(cast.make_award(session, cast.make_person(session, "ben@example.org")).number)
    assert client.get(f"/privacy/my-data/papers/{number}.pdf").headers["location"] == "/privacy/my-data"
    open_portal()
    assert client.get(f"/privacy/my-data/papers/{other}.pdf").status_code == 404
    assert client.get(f"/privacy/my-data/papers/{number}.exe").status_code == 404
    for path in ("hide", "show", "object"):
        client.cookies.delete("p")
        assert client.post(f"/privacy/my-data/{path}", data={"purpose": "publication"}).status_code == 403


def test_p6_the_page_without_a_name_is_translated_and_tells_search_engines_nothing(
    client: TestClient, number: str, open_portal: Open
) -> None:
    assert "application/ld+json" in client.get(f"/verify/{number}").text
    open_portal()
    act_of("hide")(client)
    client.cookies.set("l", "nl")
    page = client.get(f"/verify/{number}").text
    assert "application/ld+json" not in page
    with speaking("nl"):
        words = gettext(HIDDEN)
    assert words != HIDDEN
    assert words in page


def test_p6_only_what_must_be_said_is_mailed_while_the_name_is_hidden(
    client: TestClient, database: Database, settings: Settings, number: str, open_portal: Open
) -> None:
    open_portal()
    act_of("hide")(client)
    with database.writing() as session:
        award = session.scalars(select(Award)).one()
        mail.enqueue(session, "issued", language="en", person_id=award.person_id, award_id=award.id)
    post_office.make_test_worker(database, settings).send_what_is_due()
    with database.reading() as session:
        row = session.scalars(select(Outbox).where(Outbox.kind == "issued")).one()
        assert (row.sent_at, row.last_error) == (None, "restricted")
        assert row.parked_at is not None


def test_hiding_twice_is_hiding_once(
    client: TestClient, database: Database, settings: Settings, number: str, open_portal: Open
) -> None:
    open_portal()
    act_of("hide")(client)
    act_of("hide")(client)
    act_of("show")(client)
    act_of("show")(client)
    assert [record.event for record in open_ledger(settings).records()] == ["restrict", "unrestrict"]
    with database.reading() as session:
        of_holders = select(AuditEntry.action).where(AuditEntry.actor == "holder").order_by(AuditEntry.seq)
        actions = session.scalars(of_holders).all()
    assert [action for action in actions if action != "open_portal"] == ["restrict", "unrestrict"]


def test_an_objection_without_a_purpose_is_asked_again(client: TestClient, number: str, open_portal: Open) -> None:
    open_portal()
    answer = client.post("/privacy/my-data/object", data={})
    assert answer.status_code == 422
    assert "Please choose what you object to." in answer.text


# ---- the ledger makes every decision true again


def go_back(database: Database) -> None:
    """The database as a backup of before: it has never heard of any record of the ledger."""
    with database.writing() as session:
        session.execute(delete(LedgerApplied))
        session.execute(delete(Restriction))


def ada(database: Database) -> Person:
    with database.reading() as session:
        return session.scalars(select(Person).where(Person.email == cast.ADA[2])).one()


def test_i6_who_hid_the_name_before_the_restore_is_hidden_after_it(
    client: TestClient, database: Database, settings: Settings, number: str, open_portal: Open
) -> None:
    open_portal()
    act_of("hide")(client)
    go_back(database)
    assert client.get(f"/verify/{number}.json").json()["holder"]["last_name"] == "Lovelace"
    carry_out_ledger(database, settings)
    assert client.get(f"/verify/{number}.json").json()["holder"]["last_name"] is None


def test_i6_the_last_of_several_decisions_counts(
    client: TestClient, database: Database, settings: Settings, number: str, open_portal: Open
) -> None:
    open_portal()
    act_of("object", purpose="publication")(client)
    act_of("show")(client)
    go_back(database)
    carry_out_ledger(database, settings)
    assert client.get(f"/verify/{number}.json").json()["holder"]["last_name"] == "Lovelace"


def test_i6_what_was_taken_back_stays_taken_back(
    database: Database, settings: Settings, number: str, client: TestClient
) -> None:
    with database.writing() as session:
        revoke(session, settings, session.scalars(select(Award)).one(), "dishonest_exam", actor="operator")
    places = open_ledger(settings).records()[-1].body["status"]
    with database.writing() as session:
        session.execute(delete(Revocation))
        session.execute(delete(LedgerApplied))
    carry_out_ledger(database, settings)
    found = client.get(f"/verify/{number}.json").json()
    assert (found["standing"], found["reason"]) == ("revoked", "dishonest_exam")
    assert len(places) == 1


def restored_from_before_the_correction(database: Database, number: str) -> None:
    """Ada's certificate as a backup has it: version 1, the old name, and no word of the correction."""
    with database.writing() as session:
        award = session.scalars(select(Award)).one()
        facts = {"person_id": award.person_id, "enrolment_id": award.enrolment_id, "course_id": award.course_id}
        facts |= {"revision_id": award.revision_id, "issued_at": award.issued_at, "number": award.number}
        record = {**award.record, "version": 1, "version_at": None}
        session.execute(delete(Outbox))
        session.execute(delete(Award))
        session.execute(delete(ReplacedVersion))
        session.execute(delete(LedgerApplied))
        session.add(Award(version=1, first_name=cast.ADA[0], last_name=cast.ADA[1], record=record, **facts))


def correct_ada(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        award = session.scalars(select(Award)).one()
        correct_name(session, cast.make_keyring(settings), settings, award, "Augusta", "King", actor="holder")


def test_i6_a_corrected_name_is_corrected_again_where_the_key_of_the_day_opens_it(
    database: Database, settings: Settings, number: str, client: TestClient
) -> None:
    correct_ada(database, settings)
    sealed = list((settings.data / "ledger" / "names").iterdir())
    assert len(sealed) == 1
    assert b"King" not in sealed[0].read_bytes()
    paper = client.get(f"/verify/{number}.pdf").content
    restored_from_before_the_correction(database, number)
    carry_out_ledger(database, settings)
    found = client.get(f"/verify/{number}.json").json()
    assert (found["standing"], found["holder"]["last_name"], found["version"]) == ("valid", "King", 3)
    # Papers of both earlier versions are told apart from a forgery.
    judged = client.post("/verify/file", files={"file": ("c.pdf", paper)}, headers={"accept": "application/json"})
    assert judged.json()["result"] == "replaced"
    assert client.get(f"/verify/{number}?version=1").text.count("was replaced")


def test_i6_a_corrected_name_that_cannot_be_opened_is_hidden_until_it_is_given_again(
    database: Database, settings: Settings, number: str, client: TestClient, open_portal: Open
) -> None:
    correct_ada(database, settings)
    restored_from_before_the_correction(database, number)
    keys = open_day_keys(settings)
    keys.destroy_due(clock.now() + timedelta(days=21))
    assert keys.all() == []
    carry_out_ledger(database, settings)
    page = client.get(f"/verify/{number}")
    assert HIDDEN in page.text
    assert "Lovelace" not in page.text
    assert client.get(f"/verify/{number}.pdf").status_code == 403
    open_portal()
    assert "Lovelace" not in client.get("/privacy/my-data").text
    assert client.get(f"/privacy/my-data/papers/{number}.pdf").status_code == 404
    act_of(f"name/{number}", first_name="Augusta", last_name="King")(client)
    assert client.get(f"/verify/{number}.json").json()["holder"]["last_name"] == "King"


def test_a_sealed_name_goes_with_the_person(
    database: Database, settings: Settings, number: str, client: TestClient, open_portal: Open
) -> None:
    correct_ada(database, settings)
    [path] = (settings.data / "ledger" / "names").iterdir()
    names = open_day_keys(settings).open(path.read_bytes())
    assert names is not None
    assert json.loads(names) == ["Augusta", "King"]
    open_portal()
    act_of("delete", word="DELETE")(client)
    assert not path.exists()


def test_a_decision_that_cannot_be_written_down_changes_nothing(
    database: Database, settings: Settings, number: str
) -> None:
    own_file(settings).path.mkdir(parents=True)
    with pytest.raises(Unavailable), database.writing() as session:
        restricting.hide_name(session, open_ledger(settings), ada(database), actor="holder")
    with database.reading() as session:
        assert session.scalars(select(Restriction)).all() == []


def test_a_decision_whose_commit_failed_is_overtaken_by_the_next_try(
    database: Database, settings: Settings, number: str
) -> None:
    ledger, person = open_ledger(settings), ada(database)
    with database.reading() as session:  # never commits
        restricting.hide_name(session, ledger, person, actor="holder")
    with database.writing() as session:
        restricting.hide_name(session, ledger, person, actor="holder")
    with database.writing() as session:
        restricting.show_name(session, ledger, person, actor="holder")
    carry_out_ledger(database, settings)
    with database.reading() as session:
        assert session.scalars(select(Restriction)).all() == []
        assert ledgers.newest_carried_out(session) == 3
        assert len(session.scalars(select(LedgerApplied.seq)).all()) == 3
