"""What is typed about oneself."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from university.addresses import clean_email
from university.names import clean_name
from university.serving.forms import Fields


class NameForm(Fields):
    name: Annotated[str, AfterValidator(clean_name)]


class AddressForm(Fields):
    email: Annotated[str, AfterValidator(clean_email)]
