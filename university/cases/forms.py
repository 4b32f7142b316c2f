"""What we ask of somebody who cannot use the mailbox their certificate belongs to."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from certificates import read_number
from university.addresses import clean_email
from university.language import gettext as _
from university.models import CASE_KINDS
from university.serving.forms import Fields


def _is_a_kind(text: str) -> str:
    if text not in CASE_KINDS:
        raise ValueError(_("Please choose what we should do."))
    return text


def _is_a_number(text: str) -> str:
    if read_number(text) is None:
        raise ValueError(_("This is not a certificate number. It has 16 characters and stands on the certificate."))
    return text


class CaseForm(Fields):
    kind: Annotated[str, AfterValidator(_is_a_kind)]
    certificate: Annotated[str, AfterValidator(_is_a_number)]
    email: Annotated[str, AfterValidator(clean_email)]
