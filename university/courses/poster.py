"""The picture that goes with a link to a course, in the language of the course."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from certificates import Poster, Unprintable, poster_image
from university.awarding.issuing import issued_by
from university.language import current_language, direction, format_duration, gettext as _, ngettext, primary, speaking
from university.revisions.published import Published
from university.settings import Settings

# A picture takes some three hundred kilobytes; it follows from its poster alone, and that from the revision.
_drawn = lru_cache(maxsize=32)(poster_image)


def picture(course: Published, settings: Settings) -> bytes:
    """PNG, 1200 × 630."""
    poster = _poster(course, settings)
    try:
        return _drawn(poster)
    except Unprintable:  # a title in a script that our typefaces do not have
        return _drawn(replace(poster, title=settings.site_name))


def _poster(course: Published, settings: Settings) -> Poster:
    place = urlsplit(settings.link(course.address))
    with speaking(primary(course.language)):
        lessons = len(course.lessons)
        parts = [
            ngettext("%(num)s lesson", "%(num)s lessons", lessons) % {"num": lessons},
            format_duration(course.minutes),
            _("certificate") if course.page["certificate"]["enabled"] else "",
        ]
        return Poster(
            kind=_("Free online course"),
            title=course.title,
            line=" · ".join(part for part in parts if part),
            address=f"{place.netloc}{place.path}",
            language=course.language,
            from_the_right=direction(current_language()) == "rtl",
            issuer=issued_by(settings),
        )
