"""What a credential says in words, in the language that the caller's catalogue gives."""

from certificates.certificate import Certificate, Course
from certificates.rendering.labels import ASSURANCE, N_, Labels

BADGE = N_("Badge: {title}, {issuer}")
PUBLIC_PAGE = N_("Public page of this certificate")
LESSONS_AND_EXAM = N_("{length} of lessons and an exam, passed with at least {percent} %.")
LESSONS = N_("{length} of lessons.")
EXAM = N_("An exam, passed with at least {percent} %.")
ALL_LESSONS = N_("All lessons of the course.")


def narrative(certificate: Certificate, labels: Labels) -> str:
    """What the holder did for it, as Markdown: effort and exam, the outcomes as a list, and what was not checked."""
    course = certificate.course
    outcomes = "\n".join(f"* {outcome}" for outcome in course.outcomes)
    parts = [_effort(course, labels), outcomes, labels.say(ASSURANCE)]
    return "\n\n".join(part for part in parts if part)


def _effort(course: Course, labels: Labels) -> str:
    length = labels.length(course.hours)
    if length and course.pass_mark is not None:
        return labels.say(LESSONS_AND_EXAM, length=length, percent=course.pass_mark)
    if length:
        return labels.say(LESSONS, length=length)
    if course.pass_mark is not None:
        return labels.say(EXAM, percent=course.pass_mark)
    return labels.say(ALL_LESSONS)
