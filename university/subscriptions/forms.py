"""Who wants mail about a topic: an address, and the boxes beside it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from university.addresses import clean_email
from university.serving.forms import Fields


class SignUpForm(Fields):
    email: Annotated[str, AfterValidator(clean_email)]
