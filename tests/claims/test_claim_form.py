"""The claim form: three fields, clear refusals, one neutral answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests.cast import make_passed_enrolment, of_ada_in, publish_sample
from tests.claims.conftest import ADA, claim, count
from tests.learner import Learner
from university import limits
from university.database import Database
from university.models import Award, Claim, Course, LocalMail, Outbox, RateLimit, Table, Token

Post = Callable[[], list[LocalMail]]


def fields_of(page: str) -> set[str]:
    form = page[page.index('action="/claims/') : page.index("</form>", page.index('action="/claims/'))]
    return set(re.findall(r'name="([^"]+)"', form)) - {"form_token"}


def test_ada_is_asked_for_two_names_an_address_and_topics_and_nothing_else(as_ada: TestClient) -> None:
    answer = as_ada.get("/claims/rivers")
    assert answer.status_code == 200
    assert fields_of(answer.text) == {"first_name", "last_name", "email", "topics"}
    for word in ("given-name", "family-name", "email"):
        assert f'autocomplete="{word}"' in answer.text
    assert 'href="/privacy"' in answer.text


def test_looking_at_the_form_sets_no_cookie_and_is_never_stored(as_ada: TestClient) -> None:
    for look in (as_ada.get, as_ada.head):
        answer = look("/claims/rivers")
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"


def test_ben_who_has_not_passed_is_told_what_is_missing(as_ben: TestClient, database: Database) -> None:
    for answer in (as_ben.get("/claims/rivers"), as_ben.post("/claims/rivers", data=ADA)):
        assert answer.status_code == 409
        assert "Pass the exam first" in answer.text
    assert count(database, Claim) == 0


def test_a_browser_that_never_began_is_told_so(client: TestClient, rivers: Course) -> None:
    for answer in (client.get("/claims/rivers"), client.post("/claims/rivers", data=ADA)):
        assert answer.status_code == 409
        assert "has not taken this course yet" in answer.text


def test_a46_a_failed_attempt_another_course_and_a_made_up_secret_claim_nothing(
    as_ben: TestClient, database: Database
) -> None:
    ben = Learner(as_ben)
    ben.take_exam(right=0)
    assert as_ben.post("/claims/rivers", data=ADA).status_code == 409
    lakes = publish_sample(database, "lakes", "Lakes")
    as_ben.cookies.clear()
    as_ben.cookies.set("e", make_passed_enrolment(database, lakes))
    assert as_ben.post("/claims/rivers", data=ADA).status_code == 409
    as_ben.cookies.set("e", "A" * 22)
    for course in ("rivers", "lakes"):
        assert as_ben.post(f"/claims/{course}", data=ADA).status_code == 409
    assert count(database, Claim) == count(database, Award) == 0


def test_a_pass_in_one_course_claims_nothing_in_another(as_ada: TestClient, database: Database) -> None:
    publish_sample(database, "lakes", "Lakes")
    assert as_ada.post("/claims/lakes", data=ADA).status_code == 409
    assert count(database, Claim) == 0


def test_there_is_no_form_for_a_course_that_is_not_there(as_ada: TestClient) -> None:
    assert as_ada.get("/claims/oceans").status_code == 404
    assert as_ada.post("/claims/oceans", data=ADA).status_code == 404


def test_ada_claims_and_is_sent_to_the_neutral_page(as_ada: TestClient, database: Database) -> None:
    claim(as_ada)
    with database.reading() as session:
        waiting = session.scalars(select(Claim)).one()
        assert (waiting.first_name, waiting.last_name, waiting.email) == ("Ada", "Lovelace", "ada@example.org")
        assert session.scalars(select(Outbox)).one().claim_id == waiting.id
    page = as_ada.get("/claims/rivers/sent")
    assert page.status_code == 200
    assert of_ada_in(page.text) == []


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        pytest.param("first_name", "Win http://evil.nl", "web address", id="a4"),
        ("first_name", "", "fill in your name"),
        pytest.param("last_name", "A\r\nBcc: x@y", "letters, spaces", id="a21"),
        ("first_name", "Ada\x00", "letters, spaces"),
        ("first_name", "A\tda", "letters, spaces"),
        ("first_name", "A\u0085da", "letters, spaces"),
        ("first_name", "A\u2028da", "letters, spaces"),
        pytest.param("last_name", "=?utf-8?q?A=0D=0ABcc:_x=40y?=", "letters, spaces", id="a22"),
        ("last_name", "J\u0430n", "two alphabets"),
        ("last_name", "a" * 65, "at most 64"),
        ("first_name", "ᏣᎳᎩ", "Ꮳ Ꮃ Ꭹ"),
        ("email", "a@localhost", "not an e-mail address"),
        ("email", "a\x00@b.nl", "not an e-mail address"),
        ("email", "a@b.nl\n", "not an e-mail address"),
        ("email", "a@b.nl, c@d.nl", "not an e-mail address"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_is_kept(
    field: str, typed: str, sentence: str, as_ada: TestClient, database: Database
) -> None:
    answer = as_ada.post("/claims/rivers", data={**ADA, field: typed})
    assert answer.status_code == 422
    beside = re.search(rf'id="{field}-error">.*?</p>', answer.text, re.DOTALL)
    assert beside
    assert sentence in beside.group()
    others = {value for name, value in ADA.items() if name != field}
    assert all(f'value="{value}"' in answer.text for value in others)
    assert count(database, Claim) == count(database, Outbox) == 0


def test_all_wrong_fields_are_named_at_once(as_ada: TestClient) -> None:
    answer = as_ada.post("/claims/rivers", data={"first_name": "", "last_name": "3", "email": "x"})
    assert answer.status_code == 422
    assert set(re.findall(r'id="(\w+)-error"', answer.text)) == {"first_name", "last_name", "email"}


def test_a24_script_in_a_name_comes_back_as_text(as_ada: TestClient) -> None:
    answer = as_ada.post("/claims/rivers", data={**ADA, "first_name": "<script>alert(1)</script>"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_names_that_fit_alone_but_not_together_are_refused(as_ada: TestClient) -> None:
    answer = as_ada.post("/claims/rivers", data={**ADA, "first_name": "W" * 64, "last_name": "W" * 64})
    assert answer.status_code == 422
    assert "too long for the certificate" in answer.text


def test_a30_a_name_of_a_megabyte_is_too_large(as_ada: TestClient) -> None:
    assert as_ada.post("/claims/rivers", data={**ADA, "first_name": "a" * 1_000_000}).status_code == 413


def test_a45_fields_nobody_asked_for_change_nothing(as_ben: TestClient, database: Database) -> None:
    answer = as_ben.post("/claims/rivers", data={**ADA, "passed": "true", "score": "100", "percent": "100"})
    assert answer.status_code == 409
    assert count(database, Claim) == 0


def test_a36_an_unreadable_form_is_a_bad_request(as_ada: TestClient, database: Database) -> None:
    urlencoded = {"content-type": "application/x-www-form-urlencoded"}
    for body in ("first_name=%ff", "first_name=%ED%A0%80", "first_name=a&first_name=b", "first_name%00=a"):
        assert as_ada.post("/claims/rivers", content=body, headers=urlencoded).status_code == 400, body
    assert as_ada.post("/claims/rivers", json=ADA).status_code == 415
    assert as_ada.post("/language", data={"language": "n\x00l", "next": "/"}).status_code == 400
    assert count(database, Claim) == 0


def test_a64_a_claim_from_another_site_is_refused(as_ada: TestClient, database: Database) -> None:
    answer = as_ada.post("/claims/rivers", data=ADA, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert count(database, Claim) == 0


# ---- asked too often


def rows(database: Database) -> dict[str, int]:
    return {table.__tablename__: count(database, table) for table in (Claim, Outbox, Token, Award)}


@pytest.mark.usefixtures("still_limits")
def test_a1_a_hundred_claims_from_twenty_networks_are_answered_alike_and_mail_three_times_at_most(
    as_ada: TestClient, database: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    networks = cycle(f"192.0.2.{n}" for n in range(20))
    monkeypatch.setattr("university.serving.gate._client", lambda *_: next(networks))
    for _try in range(100):
        claim(as_ada)
    assert len(post()) == 1
    assert count(database, Claim) == 1


@pytest.mark.usefixtures("still_limits")
def test_a2_variants_of_one_mailbox_get_three_mails_a_day_at_most(as_ada: TestClient, post: Post) -> None:
    for n in range(20):
        claim(as_ada, email=f"v+{n}@gmail.com")
        claim(as_ada, email=f"{'v.w'[: n % 3 + 1].strip('.')}@gmail.com")
    assert len(post()) <= 3


def test_an_address_over_its_limit_leaves_no_row_for_another_progress(
    as_ada: TestClient, database: Database, rivers: Course
) -> None:
    claim(as_ada)
    before = rows(database)
    as_ada.cookies.set("e", make_passed_enrolment(database, rivers))
    claim(as_ada)
    assert rows(database) == before


def test_a_corrected_name_counts_even_when_no_new_mail_is_due(as_ada: TestClient, database: Database) -> None:
    claim(as_ada, first_name="Adda")
    claim(as_ada, first_name="Ada")
    with database.reading() as session:
        assert session.scalars(select(Claim.first_name)).all() == ["Ada"]


def test_a61_a_class_of_thirty_five_behind_one_address_claims_at_once(
    as_ada: TestClient, database: Database, rivers: Course
) -> None:
    for n in range(35):
        as_ada.cookies.set("e", make_passed_enrolment(database, rivers))
        claim(as_ada, email=f"pupil{n}@example.org")
    assert count(database, Claim) == 35


def test_a_flood_from_one_network_is_told_to_wait(
    as_ada: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.BY_NETWORK, "claim", (limits.per(1, limits.HOUR),))
    claim(as_ada)
    answer = as_ada.post("/claims/rivers", data={**ADA, "email": "other@example.org"})
    assert answer.status_code == 429
    assert 3000 < int(answer.headers["retry-after"]) <= 3600
    assert count(database, Claim) == 1


def test_the_limiter_keeps_no_address_and_no_network(as_ada: TestClient, database: Database) -> None:
    claim(as_ada)
    with database.reading() as session:
        for key in session.scalars(select(RateLimit.key)):
            assert re.fullmatch("[0-9a-f]{64}", key)


def test_a3_more_mail_to_unconfirmed_addresses_than_the_limit_waits_in_the_queue(
    as_ada: TestClient,
    database: Database,
    rivers: Course,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(limits.FOR_EVERYBODY, "claim", (limits.per(2, limits.HOUR),))
    for n in range(4):
        as_ada.cookies.set("e", make_passed_enrolment(database, rivers))
        claim(as_ada, email=f"pupil{n}@example.org")
    assert len(post()) == 2
    with database.reading() as session:
        waiting = session.scalars(select(Outbox).where(Outbox.sent_at.is_(None))).all()
    assert [(row.parked_at, row.tries) for row in waiting] == [(None, 0)] * 2
    assert "alarm" in caplog.text
    assert "pupil" not in caplog.text


def test_the_database_knows_nothing_but_the_claim_while_it_waits(as_ada: TestClient, database: Database) -> None:
    claim(as_ada)
    with database.reading() as session:
        holders = [
            table.name
            for table in Table.metadata.sorted_tables
            if any("ada@example.org" in repr(row) for row in session.execute(select(table)))
        ]
    assert holders == ["claim"]
