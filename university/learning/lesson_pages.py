"""A lesson page put together: where it stands in the course, its questions, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from university.errors import NotFound
from university.language import gettext as _
from university.learning.progress import Progress
from university.questions.practice import Practice, practice
from university.revisions.published import Published, PublishedLesson


@dataclass(frozen=True)
class OutlineItem:
    """One line of an outline. `kind` is lesson, quiz or exam; `minutes` None where nobody knows."""

    kind: str
    id: str
    title: str
    address: str
    minutes: int | None
    is_done: bool
    is_optional: bool = False
    # Came into the course after this learner had begun.
    is_new: bool = False


@dataclass(frozen=True)
class OutlineModule:
    id: str
    title: str
    items: tuple[OutlineItem, ...]

    @property
    def is_done(self) -> bool:
        return all(item.is_done or item.is_optional for item in self.items)

    @property
    def minutes_left(self) -> int:
        return sum(item.minutes or 0 for item in self.items if not item.is_done and not item.is_optional)


@dataclass(frozen=True)
class LessonPage:
    lesson: PublishedLesson
    progress: Progress
    outline: tuple[OutlineModule, ...]
    exam: OutlineItem | None
    before: Practice | None
    after: Practice | None
    # A quiz that is taken in a sitting of its own; its address stands in the outline item.
    sitting: OutlineItem | None
    previous: PublishedLesson | None
    next: PublishedLesson | None

    @property
    def is_done(self) -> bool:
        return self.lesson.id in self.progress.lessons_done


def find_lesson(course: Published, lesson_id: str) -> PublishedLesson:
    """The lesson of this id or old id; NotFound when the course has none, drafts included."""
    present = course.present_id(lesson_id)
    if present is None:
        raise NotFound(_("This course has no such lesson. It may have been renamed: have a look at the outline."))
    return course.lessons[present]


def lesson_page(session: Session, lesson: PublishedLesson, progress: Progress) -> LessonPage:
    course, lessons = progress.course, progress.course.lesson_list
    quiz = course.papers.get(lesson.page["quiz"] or "")
    pre_quiz = course.papers.get(lesson.page["pre_quiz"] or "")
    return LessonPage(
        lesson=lesson,
        progress=progress,
        outline=outline(progress),
        exam=exam_item(progress),
        before=practice(session, course, pre_quiz, progress.attempts) if pre_quiz else None,
        after=practice(session, course, progress.paper(quiz), progress.attempts) if quiz and quiz.is_practice else None,
        sitting=_quiz_item(progress, quiz.id) if quiz and not quiz.is_practice else None,
        previous=lessons[lesson.position - 1] if lesson.position else None,
        next=lessons[lesson.position + 1] if lesson.position + 1 < len(lessons) else None,
    )


def outline(progress: Progress) -> tuple[OutlineModule, ...]:
    modules = progress.course.page["modules"]
    return tuple(OutlineModule(one["id"], one["title"], tuple(_items(progress, one))) for one in modules)


def outline_of(progress: Progress) -> dict[str, Any]:
    return {"outline": outline(progress), "exam": exam_item(progress)}


def exam_item(progress: Progress) -> OutlineItem | None:
    exam = progress.course.exam
    return _quiz_item(progress, exam.id) if exam else None


def description_of(lesson: PublishedLesson) -> str:
    """A sentence or two for search engines and link previews."""
    objectives: list[str] = lesson.page["objectives"]
    return " · ".join(objectives)[:300]


def _items(progress: Progress, module: dict[str, object]) -> Iterator[OutlineItem]:
    course, done = progress.course, progress.lessons_done
    for lesson in course.lesson_list:
        if lesson.module_id == module["id"]:
            yield OutlineItem(
                "lesson",
                lesson.id,
                lesson.title,
                course.lesson_address(lesson.id),
                course.minutes_of(lesson),
                lesson.id in done,
                progress.is_optional(lesson),
                lesson.id in progress.new_lessons,
            )
    if isinstance(module["quiz"], str):
        yield _quiz_item(progress, module["quiz"])


def _quiz_item(progress: Progress, quiz_id: str) -> OutlineItem:
    paper = progress.course.papers[quiz_id]
    is_exam = paper.rules.is_exam
    return OutlineItem(
        "exam" if is_exam else "quiz",
        quiz_id,
        paper.rules.title,
        progress.course.quiz_address(quiz_id),
        None,
        progress.is_passed(quiz_id) if is_exam else progress.is_attempted(quiz_id),
    )
