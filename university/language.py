"""The language of the page being made: catalogues, choice, and dates and numbers the way people write them.

Source strings are English. A catalogue is one file, ``translations/<code>/LC_MESSAGES/messages.po``, found at the
start; adding a language is adding that file.
"""

from __future__ import annotations

import gettext as gnu_gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale, dates, numbers
from babel.core import get_global
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DEFAULT = "en"
# Keeps what a visitor chose.
COOKIE = "l"
TRANSLATIONS = Path(__file__).with_name("translations")


@lru_cache
def language_name(tag: str) -> str:
    """The language's own name, such as Nederlands; the tag itself where nobody knows the name."""
    try:
        name = Locale.parse(tag.replace("_", "-"), sep="-").get_display_name() or tag
    except (ValueError, LookupError):
        return tag
    return name[:1].upper() + name[1:]


def find_languages(folder: Path = TRANSLATIONS) -> dict[str, str]:
    """English and every language with a catalogue below `folder`, by code, each with its own name."""
    found = {path.parts[-3] for path in folder.glob("*/LC_MESSAGES/messages.po")}
    return {code: language_name(code) for code in (DEFAULT, *sorted(found - {DEFAULT}))}


# Which languages the pages speak.
LANGUAGES = find_languages()

_current: ContextVar[str] = ContextVar("language", default=DEFAULT)


def current_language() -> str:
    return _current.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything translated or formatted inside the block is in `language`, or English if we do not speak it."""
    token = _current.set(language if language in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _current.reset(token)


def use(language: str) -> None:
    """From here on in this request, everything speaks `language`."""
    _current.set(language if language in LANGUAGES else DEFAULT)


def choose_language(chosen: str | None, accept_language: str, course_language: str | None = None) -> str:
    """The visitor's own choice, else the course's language if we speak it, else what the browser prefers."""
    for wanted in (chosen, primary(course_language or "")):
        if wanted in LANGUAGES:
            return wanted
    return next((code for code in _preferred(accept_language) if code in LANGUAGES), DEFAULT)


def primary(tag: str) -> str:
    """The first part of a BCP 47 tag, in lower case: ``nl`` of ``nl-BE``."""
    return tag.replace("_", "-").partition("-")[0].lower()


def _preferred(header: str) -> list[str]:
    weighted: list[tuple[float, str]] = []
    for part in header[:200].split(","):
        tag, _, parameters = part.partition(";")
        try:
            weight = float(parameters.partition("=")[2] or 1)
        except ValueError:
            continue
        weighted.append((-weight, primary(tag.strip())))
    return [code for weight, code in sorted(weighted, key=lambda pair: pair[0]) if weight < 0]


@lru_cache
def catalogue(language: str) -> gnu_gettext.NullTranslations:
    """The catalogue of `language`; English, and any language without a file, gives the source strings back."""
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if language not in LANGUAGES or not path.is_file():
        return gnu_gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gnu_gettext.GNUTranslations(compiled)


def gettext(message: str) -> str:
    return catalogue(current_language()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    return catalogue(current_language()).ngettext(one, many, number)


def marked(message: str) -> str:
    """Marks a source string for the catalogue where it must not be translated yet."""
    return message


@lru_cache
def _locale(language: str) -> Locale:
    # Day before month and 24 hours, as readers of both languages here expect; en-US would surprise them.
    return Locale.parse("en_GB" if language == "en" else language)


@lru_cache
def locale_name(language: str) -> str:
    """Language and country as link previews want them: en_GB, nl_NL; the country where most speakers live."""
    locale = Locale.parse(get_global("likely_subtags").get(language, language)) if language != "en" else _locale("en")
    return f"{locale.language}_{locale.territory}" if locale.territory else locale.language


def direction(language: str) -> str:
    """``ltr`` or ``rtl`` for the `dir` attribute; languages without locale data read from left to right."""
    try:
        return Locale.parse(primary(language)).text_direction
    except (ValueError, LookupError):
        return "ltr"


def format_date(value: date) -> str:
    """A day in words: 14 November 2026. Datetimes count in UTC."""
    return _long_date(value.date() if isinstance(value, datetime) else value, current_language())


@lru_cache(maxsize=4096)
def _long_date(day: date, language: str) -> str:
    return dates.format_date(day, format="long", locale=_locale(language))


def format_datetime(value: datetime) -> str:
    """A moment in words with its zone: 14 November 2026 at 09:30 UTC."""
    day = format_date(value.date())
    return gettext("%(day)s at %(time)s UTC") % {"day": day, "time": value.strftime("%H:%M")}


def format_moment(text: str) -> str:
    """A day or moment of a JSON document, 2026-11-14 or 2026-11-14T09:30:00Z, in words."""
    return format_datetime(datetime.fromisoformat(text)) if "T" in text else format_date(date.fromisoformat(text))


def format_number(value: float | int) -> str:
    return numbers.format_decimal(value, locale=_locale(current_language()))


def format_digits(value: Decimal) -> str:
    """Digit by digit as it stands, in no groups, as somebody would type it: 1234.50, or 1234,50 in Dutch."""
    return f"{value:f}".replace(".", numbers.get_decimal_symbol(_locale(current_language())))


def format_duration(minutes: int) -> str:
    """``1 h 40 min``; whole hours and mere minutes leave the other part out."""
    hours, rest = divmod(int(minutes), 60)
    parts = [gettext("%(n)s h") % {"n": hours}] if hours else []
    if rest or not hours:
        parts.append(gettext("%(n)s min") % {"n": rest})
    return " ".join(parts)
