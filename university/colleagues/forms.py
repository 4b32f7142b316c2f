"""Who is invited, and the roles an account has."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from university.accounts import members
from university.addresses import clean_email
from university.language import gettext as _
from university.serving.forms import Fields, Form


class InvitationForm(Fields):
    email: Annotated[str, AfterValidator(clean_email)]


def roles_in(form: Form) -> tuple[list[str], dict[str, str]]:
    """The ticked roles, and a sentence when there are none."""
    roles = members.in_order(form.many("roles"))
    return roles, {} if roles else {"roles": _("Tick at least one role.")}
