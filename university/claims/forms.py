"""What is asked for a certificate: two names and an address, and nothing else."""

from __future__ import annotations

from typing import Annotated

from markupsafe import Markup
from pydantic import AfterValidator

from certificates import make_holder, name_fits, name_picture, unprintable
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
            _("The certificate cannot be printed with %(letters)s: no font of ours has that.") % {"letters": letters}
        )
    return name


class ClaimForm(Fields):
    first_name: Annotated[str, AfterValidator(printable_name)]
    last_name: Annotated[str, AfterValidator(printable_name)]
    email: Annotated[str, AfterValidator(clean_email)]


def read_claim(form: Form, language: str) -> tuple[ClaimForm | None, dict[str, str]]:
    """The fields and no errors, or None and a sentence for each wrong one."""
    asked, errors = read_fields(ClaimForm, form)
    if asked and not name_fits(make_holder(asked.first_name, asked.last_name, language), language):
        return None, {"last_name": _("Together these names are too long for the certificate. Please shorten one.")}
    return asked, errors


def preview(form: Form, language: str) -> tuple[Markup | None, dict[str, str]]:
    """The name as it will be printed, and a sentence for each field that says something wrong so far."""
    typed = form.values(ClaimForm)
    _asked, errors = read_claim(form, language)
    wrong = {name: sentence for name, sentence in errors.items() if typed[name].strip() and name != "email"}
    names = [clean_name(typed[name]) for name in ("first_name", "last_name") if typed[name].strip() and not wrong]
    if not names:
        return None, wrong
    holder = make_holder(names[0], names[1] if len(names) > 1 else "", language)
    return Markup(name_picture(holder, language)), wrong  # noqa: S704 - outlines, and the name as an escaped attribute
