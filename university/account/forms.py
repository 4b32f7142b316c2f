"""What is typed about oneself."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from university.addresses import clean_email
from university.forms import Fields
from university.names import clean_name


class NameForm(Fields):
    name: Annotated[str, AfterValidator(clean_name)]


class AddressForm(Fields):
    email: Annotated[str, AfterValidator(clean_email)]
