"""What a replay of the rights ledger does, per event."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from university.chains.ledger import CarryOut
from university.consents.replaying import MAIL_EVENTS
from university.rights.erasure import carry_out_record
from university.rights.replaying import correct_again, revoke_again
from university.rights.restricting import carry_out_object, carry_out_restrict, carry_out_unrestrict
from university.settings import Settings


def events(settings: Settings) -> Mapping[str, CarryOut]:
    """Every event of the ledger, and how this installation carries it out."""
    return {
        "erase": carry_out_record,
        **MAIL_EVENTS,
        "restrict": carry_out_restrict,
        "unrestrict": carry_out_unrestrict,
        "object": carry_out_object,
        "revoke": revoke_again,
        "rectify": partial(correct_again, settings=settings),
    }
