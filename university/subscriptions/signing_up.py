"""Topics without a certificate: an address is typed, confirmed by the link in a mail, and only then counts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from university import clock, limits, tokens
from university.consents.giving import Given, count_from_now
from university.mailing.mail import enqueue
from university.models import SignUp
from university.retention import SIGN_UP_LIFETIME
from university.rights.persons import confirmed_person
from university.settings import Settings
from university.turns import take_turn

MAIL = "confirm_topics"


def request_topics(session: Session, settings: Settings, email: str, given: Given, language: str) -> None:
    """Keeps the wish and asks its address for confirmation. Whether the address is known, or was asked too often,
    changes nothing that a visitor could see."""
    may_be_mailed = limits.by_address(settings, session, "subscribe", email)
    take_turn(session, f"address {email}")
    waiting = session.scalar(select(SignUp).where(SignUp.email == email).with_for_update())
    if waiting is None and may_be_mailed:
        waiting = _new_sign_up(session, email, given, language)
    if waiting is None:
        return
    waiting.wishes = given.to_json()
    if may_be_mailed:
        waiting.expires_at = clock.now() + SIGN_UP_LIFETIME
        enqueue(session, MAIL, language=language, sign_up_id=waiting.id)


def topics_behind(session: Session, token: str) -> tuple[str, ...]:
    """What the link would confirm. Changes nothing; refuses like the link itself."""
    waiting = _waiting(session, tokens.look(session, tokens.SIGN_UP, token).sign_up_id)
    return Given.from_json(waiting.wishes).topics


def confirm_topics(session: Session, token: str) -> None:
    """Uses the link up: the address is confirmed, and every topic counts from now on."""
    waiting = _waiting(session, tokens.look(session, tokens.SIGN_UP, token).sign_up_id)
    # Erasing an address takes the same turn: whoever comes second sees what the first has left.
    take_turn(session, f"address {waiting.email}")
    waiting = _waiting(session, tokens.use(session, tokens.SIGN_UP, token).sign_up_id)
    person = confirmed_person(session, waiting.email, waiting.language)
    count_from_now(session, person, Given.from_json(waiting.wishes), "sign_up")
    session.delete(waiting)


def _new_sign_up(session: Session, email: str, given: Given, language: str) -> SignUp:
    now = clock.now()
    waiting = SignUp(
        email=email,
        language=language,
        wishes=given.to_json(),
        created_at=now,
        expires_at=now + SIGN_UP_LIFETIME,
    )
    session.add(waiting)
    session.flush()
    return waiting


def _waiting(session: Session, sign_up_id: UUID | None) -> SignUp:
    found = session.scalar(select(SignUp).where(SignUp.id == sign_up_id).execution_options(populate_existing=True))
    if found is None:
        raise tokens.already_used(tokens.SIGN_UP)
    return found
