"""What is typed to sign in and to begin an account."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from university.addresses import clean_email
from university.names import clean_name
from university.serving.forms import Fields


class SignInForm(Fields):
    email: Annotated[str, AfterValidator(clean_email)]
    password: Annotated[str, StringConstraints(max_length=1000)]
    code: Annotated[str, StringConstraints(max_length=40)]


class JoinForm(Fields):
    name: Annotated[str, AfterValidator(clean_name)]


class FirstOwnerForm(JoinForm):
    email: Annotated[str, AfterValidator(clean_email)]
