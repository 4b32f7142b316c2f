"""Where a browser can go on: how far it is in the courses it used last."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from university.learning.enrolments import progress_of
from university.learning.progress import Progress
from university.models import Course, Enrolment
from university.revisions.published import as_now


def under_way(session: Session, enrolments: Sequence[Enrolment], most: int = 20) -> list[Progress]:
    return [
        progress_of(session, enrolment, as_now(session, course))
        for enrolment in enrolments[:most]
        if (course := session.get_one(Course, enrolment.course_id)).revision_id
    ]
