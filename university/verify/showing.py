"""The page of a certificate that holds, from its facts."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment

from certificates import Certificate, Course, Holder, IssuedBy, Labels, make_specimen, show_number
from university import clock
from university.awarding.awards import Standing, Word
from university.language import current_language, format_date, format_datetime, gettext
from university.serving.moulds import hole, mould
from university.verify.sharing import embed_snippet, linked_data, profile_days, profile_link

# From here on a name is set smaller in the picture.
LONG_NAME = 22


def certificate_page(environment: Environment, found: Standing, certificate: Certificate, path: str) -> str:
    """The whole page, in the language of this visit. `path` is the address that was asked for."""
    name = gettext("Name hidden by the holder") if found.is_hidden else certificate.holder.full_name
    name_hole = "name" if len(name) <= LONG_NAME else "a_name_that_is_set_smaller"
    last_day, is_later_version = certificate.expires_on, certificate.version > 1
    page = f"{environment.globals['base_url']}/verify/{hole('number')}"
    drawn = mould(
        environment,
        "verify/certificate.html",
        current_language(),
        path="/verify/" + hole("asked"),
        word=found.word.value,
        is_hidden=found.is_hidden,
        course=certificate.course,
        issuer=certificate.issuer,
        present_revision=found.course_revision,
        rows=_rows(certificate.course, certificate.issuer, current_language()),
        name=hole(name_hole),
        number=hole("number"),
        page=page,
        issued=hole("issued"),
        checked=hole("checked"),
        last_day=last_day and hole("last_day"),
        version=is_later_version and hole("version"),
        since=is_later_version and hole("since"),
        share_image=f"{environment.globals['base_url']}/verify/{hole('number')}.png?v={hole('version')}",
        profile=_profile(certificate, environment),
        snippet=embed_snippet(page, certificate.course.certificate_title, certificate.issuer.name),
        linked_data=_linked_data(found, certificate, page),
    )
    return drawn.filled(
        **{name_hole: name},
        asked=path.removeprefix("/verify/"),
        number=show_number(certificate.number),
        issued=format_date(certificate.issued_on),
        checked=format_datetime(clock.now()),
        last_day=format_date(last_day) if last_day else "",
        version=str(certificate.version),
        since=format_date(certificate.present_since.date()) if is_later_version else "",
        issued_iso=certificate.issued_on.isoformat(),
        last_day_iso=last_day.isoformat() if last_day else "",
        **profile_days(certificate),
    )


def _profile(certificate: Certificate, environment: Environment) -> str:
    base_url = str(environment.globals["base_url"])
    ends = certificate.expires_on is not None
    return profile_link(certificate.course.certificate_title, certificate.issuer.name, base_url, ends)


def _linked_data(found: Standing, certificate: Certificate, page: str) -> str | None:
    """For search engines and assistants, of valid certificates only."""
    if found.word is not Word.VALID or found.is_hidden:
        return None
    return linked_data(certificate, page, hole("issued_iso"), hole("last_day_iso") if certificate.expires_on else None)


@lru_cache(maxsize=1024)
def _rows(course: Course, issuer: IssuedBy, _language: str) -> tuple[tuple[str, str], ...]:
    """Labels and values as the PDF prints them, but for the day of issue: what follows from the course alone."""
    _issued, *rows = Labels(gettext).facts(make_specimen(Holder("", ""), course, issuer, clock.now()))
    return tuple(rows)
