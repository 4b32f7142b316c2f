"""What “My data” asks before it opens: one address."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from university.addresses import clean_email
from university.serving.forms import Fields


class MyDataForm(Fields):
    email: Annotated[str, AfterValidator(clean_email)]
