"""What somebody objects to: one of a short list."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from university.language import gettext as _
from university.rights.restricting import OBJECTIONS
from university.serving.forms import Fields

# Nothing personal is held for statistics, and something else is for a person to read.
ANSWERED = ("statistics", "else")


def _is_a_purpose(text: str) -> str:
    if text not in {*OBJECTIONS, *ANSWERED}:
        raise ValueError(_("Please choose what you object to."))
    return text


class ObjectionForm(Fields):
    purpose: Annotated[str, AfterValidator(_is_a_purpose)]
