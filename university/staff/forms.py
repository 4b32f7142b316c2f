"""What is typed to sign in."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from university.addresses import clean_email
from university.forms import Fields
from university.language import gettext as _


def _filled_in(sentence: str) -> AfterValidator:
    def check(value: str) -> str:
        if not value:
            raise ValueError(_(sentence))
        return value

    return AfterValidator(check)


class SignInForm(Fields):
    email: Annotated[str, AfterValidator(clean_email)]
    password: Annotated[str, StringConstraints(max_length=1000)]
    code: Annotated[str, StringConstraints(max_length=40)]
