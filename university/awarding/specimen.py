"""A certificate of nobody, to see what certificates look like: the course on it, and the sheet as a picture."""

from __future__ import annotations

from certificates import Certificate, Course, Skill, make_holder, make_specimen, misfits, page_image, render
from university import clock
from university.awarding.issuing import issued_by
from university.language import catalogue, current_language
from university.settings import Settings

COURSE = Course(
    slug="specimen",
    title="Personal data in plain words",
    certificate_title="Personal data in plain words",
    revision=1,
    revision_sha256="0" * 64,
    language="en",
    hours=2.0,
    outcomes=(
        "Recognise personal data in everyday work",
        "Say on which ground data may be used, and for how long",
        "Answer a person who asks what is held about them",
        "Act within a day when something leaks",
    ),
    skills=(Skill("Data protection"), Skill("Privacy by design")),
    pass_mark=70,
)
HOLDER = make_holder("Noor", "van den Berg", COURSE.language)
# Of the sheet's points: wide enough for a dense screen.
SCALE = 1.6


def specimen(settings: Settings) -> Certificate:
    """As this organisation would issue it now."""
    return make_specimen(HOLDER, COURSE, issued_by(settings), clock.now().replace(microsecond=0))


def specimen_image(settings: Settings) -> bytes:
    """PNG of the very sheet that a holder would get, marked as specimen."""
    sheet = render(specimen(settings), None, catalogue(current_language()).gettext, specimen=True)
    return page_image(sheet, SCALE)


def parts_without_room(settings: Settings) -> set[str]:
    """Parts of every certificate that cannot be set as they are: the issuer's name, or the signatory."""
    found = misfits(specimen(settings), catalogue(current_language()).gettext)
    return {one.part for one in found}
