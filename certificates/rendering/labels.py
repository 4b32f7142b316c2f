"""The words that every certificate shares, in the language that the caller's catalogue gives them, and its figures."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from certificates.certificate import Certificate

Translate = Callable[[str], str]


def N_(text: str) -> str:
    """Marks a string for the catalogue; it is translated where it is drawn."""
    return text


# Translators: the code of the language you translate into, as in "language:nl"; it becomes the document's language.
LANGUAGE = N_("language:en")
KIND = N_("Certificate of completion")
CERTIFIES = N_("This certifies that")
COMPLETED = N_("has completed")
MORE = N_("and {count} more on the public page")
ISSUED = N_("Issued")
EFFORT = N_("Effort")
EXAM = N_("Exam")
LEVEL = N_("Level")
VALID_UNTIL = N_("Valid until")
VERSION = N_("Version")
ONE_HOUR = N_("1 hour")
HOURS = N_("{count} hours")
MINUTES = N_("{count} minutes")
ECTS = N_("{count} ECTS")
PASSED = N_("Passed, pass mark {percent} %")
LEVELS = {
    "introductory": N_("Introductory"),
    "intermediate": N_("Intermediate"),
    "advanced": N_("Advanced"),
}
EQF = N_("EQF {level}")
SKILLS = N_("Skills")
SIGNED = N_("Digitally signed")
CHECK = N_("Open it in a PDF reader to check the seal")
VERIFY = N_("Verify this certificate")
ASSURANCE = N_("Name as entered by the holder, e-mail address confirmed, identity not checked.")
QR_CODE = N_("QR code with the address {address}")
PUBLIC_PAGE = N_("Public page of this certificate: {address}")
SEAL = N_("Digital signature of {issuer}")
SIGNATURE_OF = N_("Signature of {name}")
SPECIMEN = N_("Specimen")
EXPIRED = N_("Expired")
REVOKED = N_("Taken back by the issuer")
WITHDRAWN = N_("Withdrawn")
BADGE_TITLE = N_("Certificate: {course}, {issuer}")
CREDENTIAL = N_("The same certificate for wallets and machines (Open Badges 3.0)")

_UNAMBIGUOUS = {"en": "en_GB"}  # day before month, with the month in words


class Labels:
    """Words and figures in one language. Strings missing from the catalogue stay English, and so does the document."""

    def __init__(self, translate: Translate) -> None:
        self._translate = translate
        prefix, _, code = translate(LANGUAGE).partition(":")
        self.language = code if prefix == "language" and code else "en"

    @property
    def run_from_the_right(self) -> bool:
        return runs_from_the_right(self.language)

    def say(self, text: str, **values: object) -> str:
        return self._translate(text).format(**values) if values else self._translate(text)

    def day(self, day: date) -> str:
        return format_date(day, format="long", locale=_locale(self.language))

    def figure(self, value: float) -> str:
        return format_decimal(value, locale=_locale(self.language))

    def length(self, hours: float | None) -> str:
        """In hours, below one in minutes; nothing if there is none."""
        if not hours:
            return ""
        if hours < 1:
            return self.say(MINUTES, count=self.figure(round(hours * 60)))
        return self.say(ONE_HOUR) if hours == 1 else self.say(HOURS, count=self.figure(hours))

    def facts(self, certificate: Certificate) -> list[tuple[str, str]]:
        """Label and value of what is printed in the row of facts."""
        course = certificate.course
        level = [self.say(LEVELS[course.level]) if course.level in LEVELS else course.level or ""]
        level += [self.say(EQF, level=course.eqf)] if course.eqf else []
        exam = self.say(PASSED, percent=course.pass_mark) if course.pass_mark is not None else ""
        rows = [
            (ISSUED, self.day(certificate.issued_on)),
            (EFFORT, " · ".join(self._effort(certificate))),
            (EXAM, exam),
            (LEVEL, " · ".join(part for part in level if part)),
            (VALID_UNTIL, self.day(certificate.expires_on) if certificate.expires_on else ""),
            (VERSION, str(certificate.version) if certificate.version > 1 else ""),
        ]
        return [(self.say(label), value) for label, value in rows if value]

    def _effort(self, certificate: Certificate) -> list[str]:
        ects = certificate.course.ects
        parts = [self.length(certificate.course.hours), self.say(ECTS, count=self.figure(ects)) if ects else ""]
        return [part for part in parts if part]


def runs_from_the_right(language: str) -> bool:
    return _locale(language).character_order == "right-to-left"


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    return Locale.parse(_UNAMBIGUOUS.get(language, language).replace("-", "_"))
