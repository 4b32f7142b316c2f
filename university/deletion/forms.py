"""One typed word stands between a person and the deletion of everything."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from university.language import LANGUAGES, catalogue, gettext as _, marked
from university.serving.forms import Fields

# Typed to confirm a deletion, in any language of the pages.
DELETE_WORD = marked("DELETE")


def _is_the_word(text: str) -> str:
    words = {catalogue(language).gettext(DELETE_WORD).casefold() for language in LANGUAGES}
    if text.strip().casefold() not in words:
        raise ValueError(_("Please type the word %(word)s, as it stands above the field.") % {"word": _(DELETE_WORD)})
    return text


class DeleteForm(Fields):
    word: Annotated[str, AfterValidator(_is_the_word)]
