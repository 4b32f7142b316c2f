"""Every kind of mail, in every language: what it must bring, and what it must not."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

import university
from tests import cast, crew
from tests.static import static_files
from university import clock
from university.accounts import invitations
from university.app import make_templates
from university.commands.working import WRITERS
from university.database import Database
from university.keys.keyring import open_keyring
from university.language import LANGUAGES, speaking
from university.mailing import mail
from university.mailing.mail import Letter, compose
from university.models import Campaign, CampaignText, Outbox, StaffAddressChange
from university.rights.cases import open_case
from university.settings import Settings

ABOUT_A_TOPIC = {"campaign", "campaign_test"}
# Mails that are written without the outbox: from memory, once.
FROM_MEMORY = {
    "receipt": (
        "deletion/mail_receipt",
        {
            "receipt": "a.b.c",
            "page": "http://127.0.0.1:8000/privacy/receipt/0",
            "reader": "http://127.0.0.1:8000/privacy/receipt",
        },
    )
}
# Whoever runs an installation, not the house's own settings.
SOMEBODY_ELSE = {"organisation_name": "Riverside School", "organisation_address": "1 Quay Street, Delta"}


def enqueued(session: Session, kind: str, settings: Settings) -> Outbox:
    """A row of this kind, with whatever its writer needs."""
    person = cast.make_person(session)
    award = cast.make_award(session, person)
    cast.make_consent(session, person)
    campaign = Campaign(topic="newsletter", created_at=clock.now())
    session.add(campaign)
    session.flush()
    body = "# News\n\n[Here](https://example.org) ![spy](https://evil.example/x.png)"
    for code in LANGUAGES:
        session.add(CampaignText(campaign_id=campaign.id, language=code, subject="News", body=body))
    if kind == "revoked":
        cast.make_revocation(session, award)
    if kind in ("case", "case_opened"):
        open_case(session, settings, "erasure", language="en", contact=person.email)
    if kind == "staff_invitation":
        invitations.make(session, "pia@example.org", ["editor"])
    if kind == "staff_address":
        later = clock.now() + timedelta(hours=1)
        grace = crew.make_member(session, "grace")
        session.add(StaffAddressChange(staff_id=grace.id, email="grace@example.net", expires_at=later))
    owner: dict[str, UUID | str | None] = {
        "confirm": {"claim_id": cast.make_claim(session, email="new@example.org").id},
        "confirm_topics": {"sign_up_id": cast.make_sign_up(session, "new@example.org").id},
        "my_data": {"address": person.email},
        "case": {"address": person.email},
        "case_opened": {"address": "priya@example.org"},
        "staff_invitation": {"address": "pia@example.org"},
        "staff_address": {"address": "grace@example.net"},
        "staff_address_changed": {"address": "grace@example.org"},
        "campaign": {"person_id": person.id, "campaign_id": campaign.id},
        "campaign_test": {"address": "pia@example.org", "campaign_id": campaign.id},
    }.get(kind, {"person_id": person.id, "award_id": award.id})  # type: ignore[assignment]
    row = mail.enqueue(session, kind, language="en", **owner)  # type: ignore[arg-type]
    session.flush()
    return row


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", [*WRITERS, *FROM_MEMORY])
def test_p9_p16_every_mail_says_who_sends_it_and_how_to_leave_and_shows_nothing_from_elsewhere(
    kind: str, code: str, database: Database, settings: Settings
) -> None:
    settings = settings.model_copy(update=SOMEBODY_ELSE)
    with database.writing() as session, speaking(code):
        if kind in FROM_MEMORY:
            letter: Letter | None = Letter("ada@example.org", "Your data is deleted", *FROM_MEMORY[kind])
        else:
            letter = WRITERS[kind](session, enqueued(session, kind, settings), settings)
        assert letter is not None
        templates = make_templates(settings, static_files(), open_keyring(settings))
        message = message_from_bytes(compose(letter, settings, templates, message_id=uuid4()), policy=policy.default)
    parts = {part.get_content_type(): part.get_content() for part in message.iter_parts()}
    assert list(parts) == ["text/plain", "text/html"]
    check_ways_out(kind, message, parts["text/plain"], settings)
    check_ways_out(kind, message, parts["text/html"], settings)
    html = parts["text/html"]
    assert f'<html lang="{code}"' in html
    assert not re.findall(r"<(?:img|script|link|iframe|object|form)\b|background=|url\(|@import", html)
    for said in SOMEBODY_ELSE.values():
        assert said in parts["text/plain"]
        assert said in html


def check_ways_out(kind: str, message: EmailMessage, body: str, settings: Settings) -> None:
    assert settings.link("/privacy/my-data") in body
    assert settings.link("/subscriptions/never/v1.") in body
    links = re.findall(rf"{re.escape(settings.link('/subscriptions/unsubscribe/'))}[a-z0-9_.]+", body)
    if kind not in ABOUT_A_TOPIC:
        assert not links
        assert message["List-Unsubscribe"] is message["List-Unsubscribe-Post"] is None
        return
    https, mailto = str(message["List-Unsubscribe"]).split(", ")
    assert https == f"<{links[0]}>"
    assert mailto == f"<mailto:{settings.bounce_address}?subject=unsubscribe%20{links[0].rpartition('/')[2]}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_every_template_of_a_mail_belongs_to_a_kind_that_is_looked_at() -> None:
    package = Path(university.__file__).parent
    written = {str(path.relative_to(package).with_suffix("")) for path in package.glob("*/mail_*.txt")}
    # The mail that tries a server is never in the outbox, and has tests of its own beside the set-up.
    sending = [*package.glob("*/mails.py"), package / "setup" / "trying_mail.py"]
    sources = "".join(path.read_text(encoding="utf-8") for path in sending)
    assert {name for name in written if f'"{name}"' not in sources} == set()
