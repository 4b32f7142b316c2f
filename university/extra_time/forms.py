"""Who gets how much more time."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from university.language import format_duration, gettext as _
from university.learning.short_codes import read_code
from university.learning.sitting_time import EXTRAS
from university.serving.forms import Fields

# Takes back what was given.
NONE = "none"


def _code(text: str) -> str:
    code = read_code(text)
    if code is None:
        raise ValueError(_("A code has eight signs: digits and the letters A to F."))
    return code


def _extra(text: str) -> str:
    if text not in (*EXTRAS, NONE):
        raise ValueError(_("Choose how much time to add."))
    return text


class ExtraTimeForm(Fields):
    course: str
    code: Annotated[str, AfterValidator(_code)]
    extra: Annotated[str, AfterValidator(_extra)]


def extras() -> list[tuple[str, str]]:
    """Everything that can be chosen, with its words."""
    return [*((extra, say(extra)) for extra in EXTRAS), (NONE, _("no extra time (take it back)"))]


def say(extra: str) -> str:
    share = extra.removesuffix("%")
    return f"+ {share} %" if share != extra else f"+ {format_duration(int(extra))}"
