"""A draft as learners would see it: the same values, drawn by the same templates, at an address of the staff."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from university.course_folders import Course, Lesson
from university.drafting.draft_saving import OpenDraft
from university.errors import NotFound
from university.language import gettext as _
from university.learning.progress import Progress, requirements_of
from university.revisions.freezing import certificate_facts, course_page, lesson_rows, papers
from university.revisions.press import Press
from university.revisions.published import Published, PublishedLesson

# No revision has this id: nothing a learner did can belong to a preview.
NO_REVISION = UUID(int=0)
PREVIEW = "preview"


@dataclass(frozen=True)
class Preview(Published):
    """A draft in the shape of a revision; its links stay inside the editor."""

    home: str = ""

    @property
    def address(self) -> str:
        return f"{self.home}/{PREVIEW}"

    def quiz_address(self, quiz_id: str) -> str:
        return f"{self.home}/{PREVIEW}"


def preview(opened: OpenDraft, lesson_id: str = "") -> Preview:
    """The whole course; with `lesson_id`, only that lesson's text is rendered, which is what a page of it needs."""
    course = opened.value
    if lesson_id:
        course = _with_one_text(course, lesson_id)
    press = Press(course, opened.folder.files, f"{opened.address}/{PREVIEW}")
    rows = lesson_rows(press)
    return Preview(
        revision_id=NO_REVISION,
        course_id=opened.course.id,
        number=0,
        title=course.title,
        summary=course.summary,
        language=course.language,
        page=course_page(press),
        facts=certificate_facts(course, 0, ""),
        lessons={row["lesson_id"]: PublishedLesson(id=row.pop("lesson_id"), **row) for row in rows},
        papers={paper.id: paper for paper in papers(press)},
        home=opened.address,
    )


def nobody_yet(course: Published) -> Progress:
    """The progress of somebody who opens the course for the first time."""
    return Progress(course, requirements_of(course))


def _with_one_text(course: Course, lesson_id: str) -> Course:
    """Shown as if it were no draft, and the other lessons without their texts."""
    if lesson_id not in {lesson.id for lesson in course.lessons}:
        raise NotFound(_("This course has no such lesson."))

    def kept(lesson: Lesson) -> Lesson:
        return replace(lesson, draft=False) if lesson.id == lesson_id else replace(lesson, text="", video=None)

    modules = tuple(replace(one, lessons=tuple(map(kept, one.lessons))) for one in course.modules)
    return replace(course, description=None, attribution=None, modules=modules)
