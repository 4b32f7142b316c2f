"""Topics beside a claim: four boxes of their own, none ticked, none needed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests import cast
from tests.claims.conftest import ADA, claim, count, link_in
from tests.post_office import send_all
from university import limits
from university.consents import wording
from university.database import Database
from university.models import TOPICS, Award, Consent, Course, LocalMail, Person
from university.rights.statements import digest, in_force
from university.settings import Settings

Post = Callable[[], list[LocalMail]]


def test_p11_nothing_is_ticked_in_advance_and_each_topic_has_its_own_box(as_ada: TestClient) -> None:
    page = as_ada.get("/claims/rivers").text
    boxes = re.findall(r'<input type="checkbox" name="topics" value="([^"]+)"([^>]*)>', page)
    assert [topic for topic, _rest in boxes] == list(TOPICS)
    assert not any("checked" in rest for _topic, rest in boxes)
    assert "16 or older" in page


def test_p11_the_certificate_comes_without_any_box(as_ada: TestClient, database: Database, post: Post) -> None:
    claim(as_ada)
    assert as_ada.post(link_in(post()[0])).status_code == 303
    assert count(database, Award) == 1
    assert count(database, Consent) == 0


def test_what_was_ticked_counts_once_the_address_is_confirmed_and_with_its_proof(
    as_ada: TestClient, database: Database, post: Post
) -> None:
    as_ada.post("/claims/rivers", data={**ADA, "topics": ["newsletter", "status_updates"]})
    assert count(database, Consent) == 0
    assert as_ada.post(link_in(post()[0])).status_code == 303
    with database.reading() as session:
        proofs = session.scalars(select(Consent).order_by(Consent.topic)).all()
        person = session.scalars(select(Person)).one()
    assert [proof.topic for proof in proofs] == ["newsletter", "status_updates"]
    for proof in proofs:
        words = wording.wording(proof.topic, "en")
        assert (proof.wording_version, proof.wording_sha256) == (words.version, words.sha256)
        assert (proof.person_id, proof.method, proof.language) == (person.id, "claim", "en")
        assert proof.statement_sha256 == digest(in_force(), "en")
        assert proof.given_at < proof.confirmed_at
        assert (proof.withdrawn_at, proof.withdrawn_through) == (None, None)


def test_the_last_form_sent_is_the_one_that_counts(as_ada: TestClient, database: Database, post: Post) -> None:
    as_ada.post("/claims/rivers", data={**ADA, "topics": "newsletter"})
    claim(as_ada)
    assert as_ada.post(link_in(post()[0])).status_code == 303
    assert count(database, Consent) == 0


def test_what_was_ticked_is_still_ticked_beside_an_error(as_ada: TestClient) -> None:
    answer = as_ada.post("/claims/rivers", data={**ADA, "email": "x", "topics": "newsletter"})
    assert answer.status_code == 422
    assert re.findall(r'value="(\w+)" checked', answer.text) == ["newsletter"]


def test_a_topic_of_no_form_of_ours_is_refused(as_ada: TestClient) -> None:
    assert as_ada.post("/claims/rivers", data={**ADA, "topics": "everything"}).status_code == 422


@pytest.mark.parametrize(
    ("language", "sentence", "label"),
    [
        ("en", "You are not subscribed to them", "Newsletter"),
        ("nl", "Je bent er niet op geabonneerd", "Nieuwsbrief"),
    ],
)
def test_topics_beside_a_certificate_that_was_there_already_are_not_lost_in_silence(
    as_ada: TestClient, database: Database, settings: Settings, post: Post, language: str, sentence: str, label: str
) -> None:
    claim(as_ada)
    assert as_ada.post(link_in(post()[0])).status_code == 303
    with database.writing() as session:
        cast.make_consent(session, session.scalars(select(Person)).one(), "status_updates")
        course = session.scalars(select(Course)).one()
        limits.forget_address(settings, session, ADA["email"])  # as it is ten minutes later
    as_ada.cookies.set("e", cast.make_passed_enrolment(database, course))
    as_ada.post("/language", data={"language": language, "next": "/"})
    as_ada.post("/claims/rivers", data={**ADA, "topics": ["newsletter", "status_updates"]})
    [known] = [mail for mail in send_all(database, settings) if sentence in " ".join(mail.split())]
    assert f"- {label}" in known
    assert settings.link("/subscriptions") in known
    assert "tatus" not in known  # wanted already
    assert count(database, Consent) == 1
