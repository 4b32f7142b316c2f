"""What staff type in the registry."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from university.addresses import clean_email
from university.awarding.printed_names import NameForm
from university.language import gettext as _
from university.models import REASONS
from university.serving.forms import Fields


def _a_reason(text: str) -> str:
    if text not in REASONS:
        raise ValueError(_("Choose what the public page will say."))
    return text


def _said_yes(text: str) -> bool:
    return text == "yes"


class AddressForm(Fields):
    email: Annotated[str, AfterValidator(clean_email)]


class RevokeForm(Fields):
    """`mail`: "yes" where the holder is to be told."""

    reason: Annotated[str, AfterValidator(_a_reason)]
    mail: Annotated[str, AfterValidator(_said_yes)]


class CorrectForm(NameForm):
    pass
