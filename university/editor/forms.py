"""What staff type to make a course, or a copy of one."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from university.course_folders.reading.fields import ID, as_id
from university.course_folders.reading.lessons import LANGUAGE
from university.language import gettext as _
from university.serving.forms import Fields

LICENCES = ("proprietary", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC0-1.0")


def _one_line(typed: str) -> str:
    return " ".join(typed.split())


def _filled(text: str) -> str:
    if not text:
        raise ValueError(_("Fill this in."))
    if not text.isprintable():
        raise ValueError(_("There is a character in it that cannot be shown."))
    return text


def _at_most(most: int) -> AfterValidator:
    def check(text: str) -> str:
        if len(text) > most:
            raise ValueError(_("At most %(n)s characters; these are %(count)s.") % {"n": most, "count": len(text)})
        return text

    return AfterValidator(check)


def _slug(text: str) -> str:
    if not ID.fullmatch(text):
        near = as_id(text)
        told = _("Small letters, digits and hyphens only, at most 80.")
        raise ValueError(f"{told} {_('For example: %(slug)s') % {'slug': near}}" if near else told)
    return text


def _language(text: str) -> str:
    if not LANGUAGE.fullmatch(text):
        raise ValueError(_("A language tag such as en, nl or nl-BE."))
    return text


def _licence(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+-]*", text):
        raise ValueError(_("Choose a licence."))
    return text


Line = Annotated[str, BeforeValidator(_one_line), AfterValidator(_filled)]
Slug = Annotated[str, BeforeValidator(_one_line), AfterValidator(_filled), AfterValidator(_slug)]


class TitleForm(Fields):
    title: Annotated[Line, _at_most(120)]


class LessonTitleForm(Fields):
    title: Annotated[Line, _at_most(160)]


class NewCourseForm(Fields):
    title: Annotated[Line, _at_most(120)]
    summary: Annotated[Line, _at_most(300)]
    slug: Slug
    language: Annotated[Line, AfterValidator(_language)]
    licence: Annotated[Line, AfterValidator(_licence)]
    attribution: Annotated[str, BeforeValidator(_one_line)]
    module: Annotated[Line, _at_most(120)]


class AddressForm(Fields):
    slug: Slug


class CopyForm(Fields):
    title: Annotated[Line, _at_most(120)]
    slug: Slug
    language: Annotated[Line, AfterValidator(_language)]
    translation: str

    @property
    def as_translation(self) -> bool:
        return bool(self.translation)
