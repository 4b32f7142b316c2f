"""A claim: names and an address that wait for the address to be confirmed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from university import clock
from university.models import Claim
from university.retention import CLAIM_LIFETIME


def make_claim(
    session: Session,
    *,
    enrolment_id: UUID,
    attempt_id: UUID | None,
    revision_id: UUID,
    first_name: str,
    last_name: str,
    email: str,
    language: str,
) -> Claim:
    """Keeps a claim for a day. Names and address are clean; `language` is the mail's."""
    now = clock.now()
    claim = Claim(
        enrolment_id=enrolment_id,
        attempt_id=attempt_id,
        revision_id=revision_id,
        first_name=first_name,
        last_name=last_name,
        email=email,
        language=language,
        created_at=now,
        expires_at=now + CLAIM_LIFETIME,
    )
    session.add(claim)
    session.flush()
    return claim
