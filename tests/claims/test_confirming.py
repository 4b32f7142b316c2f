"""From the mail to the certificate: looking changes nothing, one press issues, whatever happens meanwhile."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from litestar.testing import TestClient
from sqlalchemy import delete, select, text

from certificates import digest_of, show_number
from tests.cast import make_keyring, make_passed_enrolment, of_ada_in
from tests.claims.conftest import ADA, claim, count, kinds, link_in
from tests.faults.figures import Note
from university import clock, tokens
from university.awarding.awards import certificate_of
from university.chains import audit
from university.claims import claiming
from university.claims.claiming import claim_certificate, months_after
from university.database import Database
from university.errors import Gone
from university.models import (
    AuditEntry,
    Award,
    Claim,
    Course,
    Enrolment,
    LocalMail,
    Outbox,
    Person,
    RateLimit,
    Revision,
    Token,
    Tombstone,
)
from university.settings import Settings

Post = Callable[[], list[LocalMail]]


@pytest.fixture
def link(as_ada: TestClient, post: Post) -> str:
    """The path in the mail that Ada got."""
    claim(as_ada)
    return link_in(post()[0])


def text_of(mail: LocalMail) -> str:
    message = message_from_bytes(mail.message, policy=policy.default)
    return "\n".join(part.get_content() for part in message.walk() if part.get_content_maintype() == "text")


def the_award(database: Database) -> Award:
    with database.reading() as session:
        return session.scalars(select(Award)).one()


# ---- the mail to an address nobody has confirmed


def test_a5_the_first_mail_holds_nothing_that_was_typed(as_ada: TestClient, post: Post) -> None:
    claim(as_ada, first_name="Augusta", last_name="Byron", email="countess@example.org")
    (mail,) = post()
    written = text_of(mail) + str(message_from_bytes(mail.message, policy=policy.default)["Subject"])
    for typed in ("Augusta", "Byron", "countess"):
        assert typed not in written
    assert "Rivers" in written
    assert "Do nothing" in written
    assert "Or never be mailed again: http://127.0.0.1:8000/subscriptions/never/v1." in written
    assert mail.message.count(b"countess@example.org") == 1


def test_the_subject_is_fixed_and_names_no_course(as_ada: TestClient, post: Post) -> None:
    claim(as_ada)
    message = message_from_bytes(post()[0].message, policy=policy.default)
    assert message["Subject"] == "Confirm your address for your certificate"


def test_the_mail_speaks_the_language_of_the_form(as_ada: TestClient, database: Database) -> None:
    as_ada.cookies.set("l", "nl")
    claim(as_ada)
    with database.reading() as session:
        assert session.scalars(select(Outbox.language)).one() == "nl"


def test_a35_an_address_in_other_letters_gets_its_mail_and_is_shown_both_ways(as_ada: TestClient, post: Post) -> None:
    claim(as_ada, email="Ada@Bücher.example")
    (mail,) = post()
    assert mail.recipient == "ada@xn--bcher-kva.example"
    assert "ada@bücher.example (ada@xn--bcher-kva.example)" in as_ada.get("/mailbox").text


# ---- the link


def test_the_page_of_the_link_speaks_the_language_of_its_course(
    client: TestClient, link: str, database: Database
) -> None:
    client.cookies.clear()
    assert '<html lang="en"' in client.get(link, headers={"accept-language": "nl"}).text


def test_a11_opening_the_link_shows_a_button_and_changes_nothing(
    client: TestClient, link: str, database: Database
) -> None:
    client.cookies.clear()  # mail may be read elsewhere
    answers = [client.get(link) for _ in range(5)] + [client.head(link), client.options(link)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [204]
    page = answers[0]
    assert f'action="{link}"' in page.text
    assert "Rivers" in page.text
    assert of_ada_in(page.text) == []
    for answer in answers:
        assert "set-cookie" not in answer.headers
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert count(database, Award) == 0
    assert client.post(link).status_code == 303


def test_a18_the_page_of_the_link_names_no_other_host_and_sends_nothing_by_itself(
    client: TestClient, link: str
) -> None:
    page = client.get(link).text
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", page)
    assert "<script" not in page


def test_pressing_the_button_issues_and_leads_to_the_certificate(
    client: TestClient, link: str, database: Database, post: Post
) -> None:
    client.cookies.clear()
    answer = client.post(link)
    award = the_award(database)
    assert answer.status_code == 303
    page = f"/verify/{show_number(award.number)}"
    assert answer.headers["location"] == f"{page}#yours"
    assert (award.first_name, award.last_name, award.version) == ("Ada", "Lovelace", 1)
    with database.reading() as session:
        assert session.scalars(select(Person.email)).all() == ["ada@example.org"]
        assert kinds(session) == ["issued"]
        (line,) = session.scalars(select(AuditEntry)).all()
        assert (line.action, line.object_ref) == ("issue", str(award.id))
        assert audit.check(session) is None
    assert count(database, Claim) == 0
    issued = text_of(post()[-1])
    address = f"http://127.0.0.1:8000{page}"
    assert address in issued
    assert f"{address}.pdf" in issued
    assert "http://127.0.0.1:8000/privacy/my-data" in issued


def test_the_certificate_is_frozen_from_the_revision_that_was_passed(
    client: TestClient, link: str, database: Database
) -> None:
    client.post(link)
    with database.reading() as session:
        award = session.scalars(select(Award)).one()
        revision = session.get_one(Revision, award.revision_id)
        certificate = certificate_of(award)
    assert certificate.record() == award.record
    facts = revision.facts["course"]
    assert certificate.course.title == facts["title"] == "Rivers"
    assert certificate.course.certificate_title == "Knows rivers"
    assert certificate.course.revision_sha256 == revision.sha256
    assert list(certificate.course.outcomes) == facts["outcomes"]
    assert [skill.name for skill in certificate.course.skills] == ["Reading maps"]
    assert certificate.issuer.name == "University"
    assert certificate.issuer.url == "http://127.0.0.1:8000"
    assert certificate.issued_at == award.issued_at
    assert "Ada" not in str(award.record)
    assert "Lovelace" not in str(award.record)


def test_a12_a_used_link_says_so_and_nothing_personal(client: TestClient, link: str) -> None:
    assert client.post(link).status_code == 303
    for answer in (client.post(link), client.get(link)):
        assert answer.status_code == 410
        assert "already used" in answer.text
        assert "the mail after this one has its address" in answer.text
        assert of_ada_in(answer.text) == []


def test_a15_a_link_is_over_after_24_hours(client: TestClient, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + timedelta(hours=24, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410


@pytest.mark.parametrize("altered", ["{}x", "{}=", "/claims/confirm/unc_abc", "/claims/confirm/unp_" + "a" * 43])
def test_a15_an_altered_link_is_unknown(altered: str, client: TestClient, link: str, database: Database) -> None:
    for answer in (client.get(altered.format(link)), client.post(altered.format(link))):
        assert answer.status_code == 404
    assert client.get(link[:-1]).status_code == 404
    assert count(database, Award) == 0


def test_a14_a_portal_link_confirms_no_claim(client: TestClient, link: str, database: Database) -> None:
    with database.writing() as session:
        portal = tokens.make(session, tokens.PORTAL, lifetime=timedelta(minutes=10))
    assert client.post(f"/claims/confirm/{portal}").status_code == 404


def test_a_link_whose_claim_was_deleted_meanwhile_is_over(client: TestClient, link: str, database: Database) -> None:
    with database.writing() as session:
        session.execute(delete(Claim))
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
    assert count(database, Person) == count(database, Award) == 0


# ---- never two


def test_a7_whoever_has_the_certificate_already_is_answered_alike_and_pointed_to_it(
    as_ada: TestClient, link: str, database: Database, rivers: Course, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = as_ada.post(link).headers["location"].removesuffix("#yours")
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    as_ada.cookies.set("e", make_passed_enrolment(database, rivers))
    claim(as_ada, first_name="Mallory")
    known = post()[-1]
    assert f"http://127.0.0.1:8000{page}" in text_of(known)
    assert "Mallory" not in text_of(known)
    assert b"/claims/confirm/" not in known.message
    assert count(database, Award) == 1
    assert count(database, Token) == 1


def test_two_claims_of_one_person_for_one_course_make_one_certificate(
    as_ada: TestClient, link: str, database: Database, rivers: Course, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = clock.now() + timedelta(hours=23)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    with database.writing() as session:
        session.execute(delete(RateLimit))  # the limits ask the database, for which no hour has passed
    as_ada.cookies.set("e", make_passed_enrolment(database, rivers))
    claim(as_ada)
    other = link_in(post()[-1])
    assert other != link
    first, second = as_ada.post(link), as_ada.post(other)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert count(database, Award) == 1
    with database.reading() as session:
        assert kinds(session).count("issued") == 1
    assert count(database, Claim) == 0


def test_one_progress_makes_one_certificate_whoever_confirms_first(
    as_ada: TestClient, link: str, database: Database, post: Post
) -> None:
    claim(as_ada, first_name="Ben", email="ben@example.org")
    other = link_in(post()[-1])
    assert as_ada.post(other).status_code == 303
    assert as_ada.post(link).status_code == 410
    assert the_award(database).first_name == "Ben"
    assert count(database, Person) == 1


def test_after_the_certificate_the_form_says_that_it_was_issued(
    as_ada: TestClient, link: str, database: Database
) -> None:
    number = as_ada.post(link).headers["location"].removeprefix("/verify/").removesuffix("#yours")
    page = as_ada.get("/claims/rivers")
    assert page.status_code == 200
    assert "was issued" in page.text
    again = as_ada.post("/claims/rivers", data={**ADA, "email": "else@example.org"})
    assert again.status_code == 409
    for answer in (page, again):
        assert number not in answer.text  # the browser may not be Ada's own
        assert "Lovelace" not in answer.text
    assert count(database, Claim) == 0


def test_a_number_that_was_ever_used_is_not_used_again(
    client: TestClient, link: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        session.add(Tombstone(number_sha256=digest_of("A8G55ECJA16WN9G1"), withdrawn_on=clock.now().date()))
    numbers = iter(["A8G55ECJA16WN9G1", "7KQ29FXDM4TBW8HC"])
    monkeypatch.setattr(claiming, "make_number", lambda: next(numbers))
    assert client.post(link).headers["location"] == "/verify/7KQ2-9FXD-M4TB-W8HC#yours"


def confirm(database: Database, settings: Settings, token: str) -> str | None:
    try:
        with database.writing() as session:
            return claim_certificate(session, make_keyring(settings), settings, token).number
    except Gone:
        return None


def test_a13_of_fifty_confirmations_at_the_same_moment_one_issues(
    link: str, database: Database, settings: Settings
) -> None:
    token = link.rpartition("/")[2]
    with ThreadPoolExecutor(25) as threads:
        numbers = list(threads.map(lambda _: confirm(database, settings, token), range(50)))
    assert [number for number in numbers if number] == [the_award(database).number]
    assert_one_certificate(database)


def confirm_in_a_process(settings: Settings, token: str) -> list[str]:
    database = Database(settings)
    try:
        with ThreadPoolExecutor(10) as threads:
            numbers = threads.map(lambda _: confirm(database, settings, token), range(25))
            return [number for number in numbers if number]
    finally:
        database.close()


def test_a49_two_processes_confirming_one_claim_make_one_certificate(
    link: str, database: Database, settings: Settings
) -> None:
    token = link.rpartition("/")[2]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        tries = [processes.submit(confirm_in_a_process, settings, token) for _ in range(2)]
        numbers = [number for one in tries for number in one.result()]
    assert numbers == [the_award(database).number]
    assert_one_certificate(database)


def test_twenty_people_confirming_at_once_all_get_their_certificate(
    as_ada: TestClient, database: Database, settings: Settings, rivers: Course, post: Post
) -> None:
    for n in range(20):
        as_ada.cookies.set("e", make_passed_enrolment(database, rivers))
        claim(as_ada, email=f"pupil{n}@example.org")
    links = [link_in(mail).rpartition("/")[2] for mail in post()]
    with ThreadPoolExecutor(10) as threads:
        numbers = list(threads.map(lambda token: confirm(database, settings, token), links))
    assert len({number for number in numbers if number}) == 20
    with database.reading() as session:
        assert kinds(session) == ["issued"] * 20
        assert audit.check(session) is None


def assert_one_certificate(database: Database) -> None:
    with database.reading() as session:
        assert kinds(session) == ["issued"]
        assert audit.check(session) is None
    assert count(database, AuditEntry) == count(database, Person) == count(database, Enrolment) == 1
    assert count(database, Claim) == 0


# ---- all or nothing


def break_inserts(database: Database, table: str) -> None:
    """From here on every insert into `table` fails."""
    with database.writing() as session:
        if database.is_sqlite:
            session.execute(
                text(f"CREATE TRIGGER broken BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END")
            )
        else:
            session.execute(
                text("CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
                     "$$ BEGIN RAISE EXCEPTION 'broken'; END $$")
            )  # fmt: skip
            session.execute(
                text(f"CREATE TRIGGER broken BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION broken()")
            )


def mend(database: Database, table: str) -> None:
    with database.writing() as session:
        session.execute(text("DROP TRIGGER broken" + ("" if database.is_sqlite else f" ON {table}")))


@pytest.mark.parametrize("table", ["person", "award", "outbox", "audit_entry"])
def test_fa9_a_statement_that_fails_leaves_nothing_behind_and_the_next_try_works(
    table: str, client: TestClient, link: str, database: Database, caplog: pytest.LogCaptureFixture, figure: Note
) -> None:
    break_inserts(database, table)
    answer = client.post(link)
    assert answer.status_code == 503
    assert "nothing was changed" in answer.text
    assert of_ada_in(answer.text + caplog.text) == []
    assert count(database, Award) == count(database, Person) == count(database, AuditEntry) == 0
    assert count(database, Claim) == 1
    with database.reading() as session:
        assert kinds(session) == ["confirm"]
        assert session.scalars(select(Token.used_at)).all() == [None]
    mend(database, table)
    assert client.post(link).status_code == 303
    assert count(database, Award) == 1
    figure(f"insert into {table} fails: 503, 0 rows left, the next try issues")


# ---- what stays out of the log


def test_a20_no_log_line_and_no_address_of_the_journey_holds_anything_personal(
    as_ada: TestClient, post: Post, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    claim(as_ada)
    path = link_in(post()[0])
    answers = [as_ada.get(path), as_ada.post(path), as_ada.post(path), as_ada.get("/claims/rivers")]
    post()
    # Test clients and drivers log on their own account; ours is what the program writes.
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("university"))
    said = ours + capsys.readouterr().out
    assert "/claims/confirm/{token}" in said
    assert of_ada_in(said) == []
    for secret in (path.rpartition("/")[2], "unc_"):
        assert secret not in said
    for answer in answers:
        assert "ada@" not in str(answer.url)
        assert "Lovelace" not in answer.headers.get("location", "")


# ---- months


@pytest.mark.parametrize(
    ("issued_on", "months", "expires_on"),
    [
        ("2026-11-14", 12, "2027-11-14"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-14", 240, "2046-11-14"),
    ],
)
def test_a_certificate_of_some_months_ends_on_the_same_day_of_the_month(
    issued_on: str, months: int, expires_on: str
) -> None:
    day = clock.now().date().fromisoformat(issued_on)
    assert months_after(day, months).isoformat() == expires_on
