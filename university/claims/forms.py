"""What is asked for a certificate: two names and an address, and nothing else."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from university.addresses import clean_email
from university.awarding.printed_names import NameForm


class ClaimForm(NameForm):
    email: Annotated[str, AfterValidator(clean_email)]
