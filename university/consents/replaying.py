"""What a replay of the rights ledger does about mail, per event."""

from __future__ import annotations

from collections.abc import Mapping

from university.chains.ledger import CarryOut
from university.consents.never import MAIL_AGAIN, NEVER_MAIL, carry_out_again, carry_out_never
from university.consents.withdrawing import UNSUBSCRIBE, WITHDRAW, carry_out_end

MAIL_EVENTS: Mapping[str, CarryOut] = {
    UNSUBSCRIBE: carry_out_end,
    WITHDRAW: carry_out_end,
    NEVER_MAIL: carry_out_never,
    MAIL_AGAIN: carry_out_again,
}
