"""What “My data” and its download say about mail: consents and their proof, sign-ups that wait, mail that came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.consents.giving import Given
from university.consents.wording import wording
from university.models import Bounce, Claim, Consent, SignUp

Document = dict[str, Any]


def consents_of(session: Session, person_ids: Sequence[UUID]) -> list[Document]:
    """Every consent, live or ended, oldest first, with the very words that were agreed to."""
    asked = select(Consent).where(Consent.person_id.in_(person_ids)).order_by(Consent.given_at, Consent.id)
    return [
        {
            "topic": row.topic,
            "given_at": _moment(row.given_at),
            "method": row.method,
            "confirmed_at": _moment(row.confirmed_at),
            "withdrawn_at": _moment(row.withdrawn_at),
            "withdrawn_through": row.withdrawn_through,
            "language": row.language,
            "wording_version": row.wording_version,
            "wording_sha256": row.wording_sha256,
            "statement_sha256": row.statement_sha256,
            "wording": wording(row.topic, row.language, row.wording_version).text,
        }
        for row in session.scalars(asked)
    ]


def sign_ups(rows: Sequence[SignUp]) -> list[Document]:
    return [
        {
            "email": row.email,
            "language": row.language,
            "created_at": _moment(row.created_at),
            "expires_at": _moment(row.expires_at),
            **wishes(row),
        }
        for row in rows
    ]


def wishes(row: SignUp | Claim) -> Document:
    """What was ticked and waits for its address to be confirmed."""
    if row.wishes is None:
        return {"wishes": None}
    given = Given.from_json(row.wishes)
    return {"wishes": {**given.to_json(), "given_at": _moment(given.given_at)}}


def bounces_of(session: Session, person_ids: Sequence[UUID]) -> list[Document]:
    asked = select(Bounce).where(Bounce.person_id.in_(person_ids)).order_by(Bounce.received_at)
    return [
        {"kind": row.kind, "code": row.code, "received_at": _moment(row.received_at)} for row in session.scalars(asked)
    ]


def _moment(value: Any) -> Any:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z") if value else None
