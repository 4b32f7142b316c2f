"""What is asked for a certificate: two names and an address, and nothing else."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from certificates import Holder, name_fits, unprintable
from university.addresses import clean_email
from university.forms import Fields, Form, read_fields
from university.language import gettext as _
from university.names import clean_name


def printable_name(text: str) -> str:
    """A clean name of which every letter can be set on the certificate; never a box or a lost accent."""
    name = clean_name(text)
    missing = unprintable(name)
    if missing:
        letters = " ".join(missing[:8])
        raise ValueError(
            _(
                "We cannot set %(letters)s on the certificate yet: for now it is printed "
                "in Latin, Greek and Cyrillic letters only."
            )
            % {"letters": letters}
        )
    return name


class ClaimForm(Fields):
    first_name: Annotated[str, AfterValidator(printable_name)]
    last_name: Annotated[str, AfterValidator(printable_name)]
    email: Annotated[str, AfterValidator(clean_email)]


def read_claim(form: Form) -> tuple[ClaimForm | None, dict[str, str]]:
    """The fields and no errors, or None and a sentence for each wrong one."""
    asked, errors = read_fields(ClaimForm, form)
    if asked and not name_fits(Holder(asked.first_name, asked.last_name)):
        return None, {"last_name": _("Together these names are too long for the certificate. Please shorten one.")}
    return asked, errors
