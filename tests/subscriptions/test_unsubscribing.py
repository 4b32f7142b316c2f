"""Every way out: one press, no login, the same answer for everybody, remembered outside of the database."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from tests import cast
from tests.learner import without_token
from tests.privacy.conftest import Open
from tests.subscriptions.conftest import live
from university.chains.ledger import open_ledger, own_file
from university.commands.rights import carry_out_ledger
from university.consents import never
from university.consents.wording import WORDINGS, wording
from university.database import Database
from university.keys.keyring import open_keyring
from university.mailing import links, mail
from university.models import TOPICS, Consent, LedgerApplied, LocalMail, Person, Suppression
from university.rights import erasure
from university.settings import Settings

TokenOf = Callable[..., str]
Post = Callable[[], list[LocalMail]]
# The beginning of the SHA-256 of each box, in the order of TOPICS. A version that was ever shown never changes.
AGREED_TO = {
    ("2026-11", "en"): ["13b84f68edf8cb93", "784a5feb6c028229", "1e5aae7d04220cd7", "a1a4b517fb964a57"],
    ("2026-11", "nl"): ["e27a3991c5b91010", "8c77fba890458e1a", "f9a0834a0e151a20", "7bd5bbefe8a4f984"],
}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def address(token: str) -> str:
    return f"/subscriptions/unsubscribe/{token}"


def as_mail_program(client: TestClient) -> TestClient:
    """Says nothing about where it comes from, and holds no cookie."""
    client.headers.pop("sec-fetch-site", None)
    client.cookies.clear()
    return client


def ways_out(database: Database) -> set[tuple[str, str | None]]:
    with database.reading() as session:
        return {(row.topic, row.withdrawn_through) for row in session.scalars(select(Consent))}


def records(settings: Settings) -> list[tuple[str, object]]:
    return [(record.event, record.body.get("topics")) for record in open_ledger(settings).records()]


# ---- one click (RFC 8058)


def test_a_mail_program_ends_the_topic_of_its_mail_and_no_other(
    client: TestClient, database: Database, settings: Settings, ada: UUID, token_of: TokenOf
) -> None:
    answer = as_mail_program(client).post(address(token_of(ada)), data=ONE_CLICK)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert ways_out(database) == {("newsletter", "one_click"), ("status_updates", None)}
    assert records(settings) == [("unsubscribe", ["newsletter"])]


@pytest.mark.parametrize("how", ["urlencoded", "multipart"])
def test_either_kind_of_form_will_do(
    how: str,
    client: TestClient,
    database: Database,
    ada: UUID,
    token_of: TokenOf,
) -> None:
    sent = {"data": ONE_CLICK} if how == "urlencoded" else {"files": {"List-Unsubscribe": (None, "One-Click")}}
    assert as_mail_program(client).post(address(token_of(ada)), **sent).status_code == 200  # type: ignore[arg-type]
    assert live(database) == ["status_updates"]


def test_once_more_is_answered_alike_and_writes_nothing(
    client: TestClient, settings: Settings, ada: UUID, token_of: TokenOf
) -> None:
    answers = [as_mail_program(client).post(address(token_of(ada)), data=ONE_CLICK) for _try in range(3)]
    assert len({without_token(answer.text) for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert len(records(settings)) == 1


def test_opening_the_link_or_sending_anything_else_changes_nothing(
    client: TestClient, database: Database, ada: UUID, token_of: TokenOf
) -> None:
    link = address(token_of(ada))
    program = as_mail_program(client)
    answers = [program.get(link), program.head(link), program.post(link), program.post(link, data={"a": "b"})]
    answers += [program.post(link, json={}), program.post(link, content=b"\xff", headers={"content-type": "a/b"})]
    assert {answer.status_code for answer in answers} == {200}
    assert live(database) == ["newsletter", "status_updates"]


def test_somebody_who_is_gone_gets_the_same_bytes(
    client: TestClient, database: Database, settings: Settings, ada: UUID, token_of: TokenOf
) -> None:
    link = address(token_of(ada))
    shown, stopped = client.get(link).text, as_mail_program(client).post(link, data=ONE_CLICK).text
    erasure.erase(database, open_ledger(settings), settings, cast.ADA[2], actor="holder")
    assert without_token(client.get(link).text) == without_token(shown)
    answer = client.post(link, data=ONE_CLICK)
    assert (answer.status_code, without_token(answer.text)) == (200, without_token(stopped))


def test_a_damaged_link_says_so_and_is_no_error(
    client: TestClient, database: Database, ada: UUID, token_of: TokenOf
) -> None:
    token = token_of(ada)
    other_topic = token.replace("newsletter", "status_updates")
    for wrong in (token[:-1], token + "0", other_topic, "v1.1.x", "é", token.replace("v1.1.", "v1.2.")):
        for answer in (client.get(address(wrong)), client.post(address(wrong), data=ONE_CLICK)):
            assert answer.status_code == 200
            assert "This link is damaged" in answer.text
    assert live(database) == ["newsletter", "status_updates"]


# ---- the page behind the link


def test_the_page_offers_this_topic_every_topic_and_never_again(
    client: TestClient,
    ada: UUID,
    token_of: TokenOf,
) -> None:
    page = client.get(address(token_of(ada)))
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    for words in ("Stop “Newsletter”", "Stop all topics", "Never mail me again", "a code made from your address"):
        assert words in page.text


@pytest.mark.parametrize(("scope", "left"), [("topic", ["status_updates"]), ("all", [])])
def test_the_buttons_do_what_they_say(
    scope: str, left: list[str], client: TestClient, database: Database, ada: UUID, token_of: TokenOf
) -> None:
    answer = client.post(address(token_of(ada)), data={**ONE_CLICK, "scope": scope})
    assert "It has stopped" in answer.text
    assert live(database) == left
    assert ("newsletter", "link") in ways_out(database)


def test_never_again_stops_every_mail_and_keeps_no_address(
    client: TestClient, database: Database, settings: Settings, ada: UUID, token_of: TokenOf, post: Post
) -> None:
    client.post(address(token_of(ada)), data={**ONE_CLICK, "scope": "never"})
    assert live(database) == []
    with database.writing() as session:
        kept = session.scalars(select(Suppression)).one()
        assert kept.address_hmac == links.address_hmac(open_keyring(settings), cast.ADA[2])
        mail.enqueue(session, "my_data", language="en", address=cast.ADA[2])
    client.post("/subscriptions", data={"email": cast.ADA[2], "topics": "newsletter"})
    assert post() == []
    assert [event for event, _topics in records(settings)] == ["unsubscribe", "never_mail"]
    assert cast.ADA[2] not in own_file(settings).path.read_text()


def test_the_link_in_any_earlier_mail_undoes_it(
    client: TestClient, database: Database, settings: Settings, never_link: Callable[[str], str], post: Post
) -> None:
    link = never_link("ben@example.org")
    assert "Never mail me again?" in client.get(link).text
    assert client.post(link, data={"then": "never"}).headers["location"] == link
    assert "No mail goes to this address" in client.get(link).text
    client.post("/privacy/my-data", data={"email": "ben@example.org"})
    assert post() == []
    client.post(link, data={"then": "again"})
    client.post("/privacy/my-data", data={"email": "ben@example.org"})
    assert len(post()) == 1
    assert [event for event, _topics in records(settings)] == ["never_mail", "mail_again"]


def test_never_again_by_its_own_link_ends_the_topics_too_and_undoing_it_starts_none(
    client: TestClient, database: Database, settings: Settings, ada: UUID, never_link: Callable[[str], str]
) -> None:
    with database.writing() as session:
        cast.make_consent(session, cast.make_person(session, "ben@example.org"), "newsletter")
    link = never_link(cast.ADA[2])
    client.post(link, data={"then": "never"})
    client.post(link, data={"then": "again"})
    assert live(database) == ["newsletter"]  # Ben's
    assert ("status_updates", "never_mail") in ways_out(database)
    assert [event for event, _topics in records(settings)] == ["unsubscribe", "never_mail", "mail_again"]
    with database.writing() as session:  # as it was before
        session.execute(delete(LedgerApplied))
        session.execute(delete(Consent))
        cast.make_consent(session, session.get_one(Person, ada), "status_updates")
    carry_out_ledger(database, settings)
    assert live(database) == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Suppression)) == 0


def test_a_link_that_stops_all_mail_needs_our_own_page_and_is_no_guess(
    client: TestClient, never_link: Callable[[str], str]
) -> None:
    link = never_link("ben@example.org")
    assert client.post(link, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404


# ---- “My data”


def test_my_data_shows_each_topic_with_its_proof_and_stops_it_with_one_click(
    client: TestClient, database: Database, settings: Settings, ada: UUID, open_portal: Open
) -> None:
    open_portal()
    page = client.get("/privacy/my-data").text
    for words in ("Newsletter", "You receive this since 14 November 2026", "What you agreed to", "version 2026-11"):
        assert words in page
    answer = client.post("/subscriptions/my-data", data={"then": "stop", "topic": "newsletter"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/privacy/my-data#mail")
    assert ways_out(database) == {("newsletter", "portal"), ("status_updates", None)}
    assert records(settings) == [("withdraw", ["newsletter"])]
    client.post("/subscriptions/my-data", data={"then": "start", "topic": "newsletter"})
    client.post("/subscriptions/my-data", data={"then": "stop_all"})
    assert live(database) == []
    client.post("/subscriptions/my-data", data={"then": "never"})
    assert "You asked never to be mailed again" in client.get("/privacy/my-data").text
    client.post("/subscriptions/my-data", data={"then": "again"})
    assert "You asked never to be mailed again" not in client.get("/privacy/my-data").text


@pytest.mark.parametrize("data", [{"then": "x"}, {"then": "start", "topic": "x"}, {}])
def test_what_no_button_sends_is_refused(
    data: dict[str, str], client: TestClient, ada: UUID, open_portal: Open
) -> None:
    open_portal()
    assert client.post("/subscriptions/my-data", data=data).status_code == 422


def test_strangers_choose_nothing(client: TestClient, ada: UUID) -> None:
    assert client.post("/subscriptions/my-data", data={"then": "stop_all"}).status_code == 403


# ---- the proof


def test_a_proof_is_never_changed_and_ends_once(database: Database, ada: UUID) -> None:
    for change in (
        {"given_at": cast.NOON.replace(year=2020)},
        {"wording_sha256": "0" * 64},
        {"statement_sha256": None},
        {"topic": "newsletter"},
    ):
        with pytest.raises(DBAPIError), database.writing() as session:
            session.execute(update(Consent).where(Consent.topic == "status_updates").values(**change))
    with database.writing() as session:
        session.execute(update(Consent).values(withdrawn_at=cast.NOON, withdrawn_through="link"))
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(update(Consent).values(withdrawn_at=None))


def test_p12_new_words_ask_nobody_again_and_subscribe_nobody(
    client: TestClient,
    database: Database,
    settings: Settings,
    ada: UUID,
    token_of: TokenOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.post(address(token_of(ada)), data=ONE_CLICK)
    before = ways_out(database)
    newer = {"en": ("New words.", {topic: (f"New {topic}", "More of it.") for topic in TOPICS})}
    monkeypatch.setitem(WORDINGS, "2030-01", newer)
    monkeypatch.setattr("university.consents.wording.PRESENT", "2030-01")
    carry_out_ledger(database, settings)
    assert ways_out(database) == before
    assert live(database) == ["status_updates"]
    with database.reading() as session:
        assert set(session.scalars(select(Consent.wording_version))) == {"2026-11"}


@pytest.mark.parametrize("version", WORDINGS)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_words_that_people_agreed_to_stay_as_they_were(version: str, language: str) -> None:
    shown = [wording(topic, language, version).sha256[:16] for topic in TOPICS]
    assert shown == AGREED_TO[version, language]


# ---- somebody who is gone says “never mail me again”


def test_somebody_erased_meanwhile_can_still_say_never_and_is_answered_alike_now_and_after_a_restore(
    client: TestClient, database: Database, settings: Settings, ada: UUID, token_of: TokenOf, post: Post
) -> None:
    link, never = address(token_of(ada)), {**ONE_CLICK, "scope": "never"}
    with database.reading() as session:
        before = session.get_one(Person, ada)
    erasure.erase(database, open_ledger(settings), settings, cast.ADA[2], actor="holder")
    answer = client.post(link, data=never)
    assert "You receive no more mail from us, whatever it is about." in answer.text
    assert cast.ADA[2] not in own_file(settings).path.read_text()
    client.post("/subscriptions", data={"email": cast.ADA[2], "topics": "newsletter"})
    assert post() == []
    with database.writing() as session:  # a backup of yesterday knows Ada, and nothing of what she asked
        session.execute(delete(LedgerApplied))
        session.execute(delete(Suppression))
        again = Person(id=ada, email=before.email, language="en", mail_ref=before.mail_ref, created_at=cast.NOON)
        session.add(again)
        session.flush()
        cast.make_consent(session, again)
    carry_out_ledger(database, settings)
    with database.reading() as session:
        kept = session.scalars(select(Suppression)).one()
        assert kept.address_hmac == links.address_hmac(open_keyring(settings), cast.ADA[2])
        assert session.scalar(select(func.count()).select_from(Person)) == 0
    assert without_token(client.post(link, data=never).text) == without_token(answer.text)


def test_never_by_a_link_of_somebody_erased_ends_what_the_address_wanted_since(
    client: TestClient, database: Database, settings: Settings, ada: UUID, token_of: TokenOf
) -> None:
    link = address(token_of(ada))
    erasure.erase(database, open_ledger(settings), settings, cast.ADA[2], actor="holder")
    with database.writing() as session:  # the same address, another person to us
        cast.make_consent(session, cast.make_person(session), "newsletter")
    client.post(link, data={**ONE_CLICK, "scope": "topic"})
    assert live(database) == ["newsletter"]
    client.post(link, data={**ONE_CLICK, "scope": "never"})
    assert live(database) == []


def test_saying_never_again_and_again_looks_at_every_subscriber_once(
    client: TestClient, ada: UUID, never_link: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(never, "_subscriber", lambda _session, _keyring, digest: looked.append(digest))
    for _time in range(3):
        assert client.post(never_link(cast.ADA[2]), data={"then": "never"}).status_code == 303
    assert len(looked) == 1


def test_an_older_link_without_the_address_ends_topics_and_promises_no_more_than_it_can_keep(
    client: TestClient, database: Database, settings: Settings, ada: UUID, token_of: TokenOf
) -> None:
    keyring = open_keyring(settings)
    with database.reading() as session:
        said = f"v1.1.{session.get_one(Person, ada).mail_ref.hex}.newsletter"
    link = address(f"{said}.{hmac.digest(keyring.secret('unsubscribe-1'), said.encode(), 'sha256')[:16].hex()}")
    assert 'value="never"' not in client.get(link).text
    here = client.post(link, data={**ONE_CLICK, "scope": "never"})
    assert live(database) == []
    assert "use “never mail me again” at the end of the mail" in here.text
    erasure.erase(database, open_ledger(settings), settings, cast.ADA[2], actor="holder")
    assert without_token(client.post(link, data={**ONE_CLICK, "scope": "never"}).text) == without_token(here.text)


# ---- after a restore


def test_a_database_of_yesterday_learns_again_who_unsubscribed(
    client: TestClient, database: Database, settings: Settings, ada: UUID, token_of: TokenOf
) -> None:
    with database.reading() as session:
        person = session.get_one(Person, ada)
        mail_ref = person.mail_ref
    client.post(address(token_of(ada)), data={**ONE_CLICK, "scope": "never"})
    with database.writing() as session:  # as it was before
        session.execute(delete(LedgerApplied))
        session.execute(delete(Suppression))
        session.execute(delete(Consent))
        again = session.get_one(Person, ada)
        cast.make_consent(session, again, "newsletter")
        cast.make_consent(session, again, "status_updates")
    carry_out_ledger(database, settings)
    assert live(database) == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Suppression)) == 1
        assert session.get_one(Person, ada).mail_ref == mail_ref


def test_an_objection_to_mail_ends_every_topic_now_and_after_a_restore_but_not_what_was_wanted_since(
    client: TestClient, database: Database, settings: Settings, ada: UUID, open_portal: Open
) -> None:
    open_portal()
    answer = client.post("/privacy/my-data/object", data={"purpose": "mail"})
    assert "You get no more news from us, on any topic." in answer.text
    assert live(database) == []
    assert ways_out(database) == {("newsletter", "objection"), ("status_updates", "objection")}
    [record] = list(open_ledger(settings).records())
    assert (record.event, record.body["person"], record.body["purpose"]) == ("object", ada.hex, "mail")
    with database.writing() as session:  # as it was before; and Ada began a topic anew since
        session.execute(delete(LedgerApplied))
        session.execute(delete(Consent))
        again = session.get_one(Person, ada)
        cast.make_consent(session, again, "newsletter")
        cast.make_consent(session, again, "status_updates", confirmed_at=record.at + timedelta(seconds=1))
    carry_out_ledger(database, settings)
    assert live(database) == ["status_updates"]
    with database.reading() as session:
        ended = session.scalars(select(Consent).where(Consent.withdrawn_at.is_not(None))).one()
        assert (ended.withdrawn_at, ended.withdrawn_through) == (record.at, "objection")


def test_without_the_ledger_nothing_is_done_and_nobody_is_told_it_was(
    client: TestClient,
    database: Database,
    settings: Settings,
    ada: UUID,
    token_of: TokenOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("university.chains.ledger.Ledger.append", full)
    assert client.post(address(token_of(ada)), data=ONE_CLICK).status_code == 503
    assert live(database) == ["newsletter", "status_updates"]
