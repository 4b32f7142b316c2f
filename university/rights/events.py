"""What a replay of the rights ledger does, per event."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.chains.ledger import CarryOut, Ledger, Record, open_ledger
from university.consents.replaying import MAIL_EVENTS
from university.models import LedgerApplied
from university.rights.erasure import carry_out_record
from university.rights.replaying import correct_again, revoke_again
from university.rights.restricting import carry_out_object, carry_out_restrict, carry_out_unrestrict
from university.settings import Settings


def events(settings: Settings) -> Mapping[str, CarryOut]:
    """Every event of the ledger, and how this installation carries it out."""
    ledger = open_ledger(settings)
    latest = partial(_unless_overtaken, ledger)
    return {
        "erase": carry_out_record,
        **MAIL_EVENTS,
        "restrict": latest(carry_out_restrict, "restrict", "unrestrict"),
        "unrestrict": latest(carry_out_unrestrict, "restrict", "unrestrict"),
        "object": carry_out_object,
        "revoke": revoke_again,
        "rectify": latest(partial(correct_again, settings=settings), "rectify"),
    }


def _unless_overtaken(ledger: Ledger, carry_out: CarryOut, *alike: str) -> CarryOut:
    """Whoever was told to try again may have decided once more since: then only the later decision counts."""

    def unless_overtaken(session: Session, record: Record) -> None:
        carried_out = set(session.scalars(select(LedgerApplied.seq).where(LedgerApplied.seq > record.seq)))
        later = [other for other in ledger.records() if other.seq in carried_out and other.event in alike]
        if not any(_about(other) == _about(record) for other in later):
            carry_out(session, record)

    return unless_overtaken


def _about(record: Record) -> str | None:
    return record.body.get("person") or record.body.get("number")
