"""How a case may be decided."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from university.language import gettext as _
from university.serving.forms import Fields

# "erased" is not among them: a person who is erased ends a case without anybody's decision.
DECISIONS = ("granted", "refused", "not_needed")


def _a_decision(text: str) -> str:
    if text not in DECISIONS:
        raise ValueError(_("Choose how the case ends."))
    return text


class DecisionForm(Fields):
    outcome: Annotated[str, AfterValidator(_a_decision)]
