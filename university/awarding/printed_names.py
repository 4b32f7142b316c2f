"""Names that will stand on a certificate: clean, of letters that can be printed, and not too long together."""

from __future__ import annotations

from typing import Annotated

from markupsafe import Markup
from pydantic import AfterValidator

from certificates import make_holder, name_fits, name_picture, unprintable
from university.language import gettext as _
from university.names import clean_name
from university.serving.forms import Fields, Form, Model, read_fields

PARTS = ("first_name", "last_name")


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


PrintedName = Annotated[str, AfterValidator(printable_name)]


class NameForm(Fields):
    first_name: PrintedName
    last_name: PrintedName


def read_names(model: type[Model], form: Form, language: str) -> tuple[Model | None, dict[str, str]]:
    """The fields of a form with a first and a last name, or None and a sentence for each wrong one.

    `language` is the course's.
    """
    asked, errors = read_fields(model, form)
    if asked:
        first_name, last_name = (getattr(asked, part) for part in PARTS)
        if not name_fits(make_holder(first_name, last_name, language), language):
            return None, {"last_name": _("Together these names are too long for the certificate. Please shorten one.")}
    return asked, errors


def preview(form: Form, language: str) -> tuple[Markup | None, dict[str, str]]:
    """The name as it will be printed, and a sentence for each field that says something wrong so far."""
    typed = form.values(NameForm)
    _asked, errors = read_names(NameForm, form, language)
    wrong = {part: sentence for part, sentence in errors.items() if typed[part].strip()}
    names = [clean_name(typed[part]) for part in PARTS if typed[part].strip() and not wrong]
    if not names:
        return None, wrong
    holder = make_holder(names[0], names[1] if len(names) > 1 else "", language)
    return Markup(name_picture(holder, language)), wrong  # noqa: S704 - outlines, and the name as an escaped attribute
