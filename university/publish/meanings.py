"""What each change of a course is called, and what it means for learners under way."""

from __future__ import annotations

from dataclasses import dataclass

from university.course_folders import Change, plain
from university.drafting.text_differences import Line, text_difference
from university.language import gettext as _, marked

LONGEST_NAME = 90

AT_ONCE = marked("It reaches everybody at once. Nothing that was reached is lost.")
FROM_THE_NEXT = marked("It holds from the next attempt on. An attempt that is open ends as it began.")
KINDER = marked("Whoever has begun keeps the kinder of the two. An attempt that is open ends by its own rules.")
NOT_ASKED = marked("Whoever has begun is not asked for it.")
DROPS = marked("Nobody is asked for it any more, whoever has begun neither.")

NAMES = {
    "completion": marked("What the certificate asks for"),
    "certificate": marked("The certificate"),
    "pass_mark_lower": marked("Lower pass mark"),
    "pass_mark_higher": marked("Higher pass mark"),
    "limits": marked("Attempts, waiting time or time limit"),
    "void": marked("Question declared void"),
    "no_longer_void": marked("Question no longer void"),
    "answer": marked("Other right answer"),
    "points": marked("Points of a question"),
    "exam": marked("Whether the exam asks it"),
    "translation": marked("Translation of"),
    "module_added": marked("New module"),
    "module_removed": marked("Module taken out"),
    "lesson_added": marked("New lesson"),
    "optional_lesson_added": marked("New lesson, optional"),
    "lesson_removed": marked("Lesson taken out"),
    "lesson_required": marked("Lesson made required"),
    "lesson_optional": marked("Lesson made optional"),
    "lesson_moved": marked("Lesson in another place"),
    "quiz_added": marked("New quiz"),
    "quiz_removed": marked("Quiz taken out"),
    "pre_quiz_added": marked("New questions before a lesson"),
    "pre_quiz_removed": marked("Questions before a lesson taken out"),
    "pool_added": marked("New pool"),
    "pool_removed": marked("Pool taken out"),
    "exam_added": marked("New exam"),
    "exam_removed": marked("Exam taken out"),
    "quiz_ways": marked("What a quiz draws, and how it answers"),
    "question_added": marked("New question"),
    "question_removed": marked("Question taken out"),
    "question_moved": marked("Question in another quiz"),
    "course_text": marked("Words about the course"),
    "certificate_text": marked("What certificates say of the course"),
    "credits": marked("Authors and licence"),
    "picture": marked("Picture of the course"),
    "addresses": marked("Old addresses"),
    "module_text": marked("Words of a module"),
    "minutes": marked("Minutes of a lesson"),
    "lesson_text": marked("Words of a lesson"),
    "quiz_text": marked("Words of a quiz"),
    "question_text": marked("Words of a question"),
    "file_added": marked("New file"),
    "file_changed": marked("Another version of a file"),
    "file_removed": marked("File taken out"),
}

MEANINGS = {
    "completion": marked(
        "Newcomers do what it says now. Whoever has begun does what was asked at their start, or less."
    ),
    "certificate": marked("Certificates that were issued stay as they are; new ones follow this."),
    "pass_mark_lower": marked("It holds for everybody at once: attempts that reached it before pass now."),
    "pass_mark_higher": marked("Only whoever begins from now on needs it. Whoever has begun keeps the lower one."),
    "limits": KINDER,
    "void": marked(
        "It is asked no more. In attempts that were handed in it is left out where that helps; no result gets lower."
    ),
    "no_longer_void": FROM_THE_NEXT,
    "answer": marked(
        "Answers that were given are marked again, upwards only; whoever now passes can claim. Its figures begin anew. "
        "If this has become another question, give it a new id instead."
    ),
    "points": FROM_THE_NEXT,
    "exam": FROM_THE_NEXT,
    "translation": AT_ONCE,
    "module_added": AT_ONCE,
    "module_removed": AT_ONCE,
    "lesson_added": marked("Optional for whoever has begun, and shown to them as new since they started."),
    "optional_lesson_added": marked("Nobody has to read it."),
    "lesson_removed": DROPS,
    "lesson_required": marked("Optional for whoever has begun, and shown to them as new since they started."),
    "lesson_optional": DROPS,
    "lesson_moved": marked("What was read stays read."),
    "quiz_added": NOT_ASKED,
    "quiz_removed": DROPS,
    "pre_quiz_added": marked("It never counts."),
    "pre_quiz_removed": marked("It never counted."),
    "pool_added": FROM_THE_NEXT,
    "pool_removed": FROM_THE_NEXT,
    "exam_added": NOT_ASKED,
    "exam_removed": marked(
        "Whoever has begun needs no exam any more. If the exam only has another id, give it the old one back."
    ),
    "quiz_ways": FROM_THE_NEXT,
    "question_added": FROM_THE_NEXT,
    "question_removed": FROM_THE_NEXT,
    "question_moved": marked("Answers that were given stay where they are."),
    "certificate_text": marked("Certificates that were issued stay as they are; new ones say this."),
}


@dataclass(frozen=True)
class Told:
    """One change as people read it; `lines` is the difference word by word."""

    name: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Group:
    """Changes of one class that mean the same for learners under way."""

    meaning: str
    changes: tuple[Told, ...]


def groups(changes: list[Change], kind: str) -> list[Group]:
    """The changes of one class, gathered by what they mean."""
    found: dict[str, list[Told]] = {}
    for change in changes:
        if change.kind == kind:
            found.setdefault(MEANINGS.get(change.what, AT_ONCE), []).append(_told(change))
    return [Group(_(meaning), tuple(told)) for meaning, told in found.items()]


def _told(change: Change) -> Told:
    title = plain(change.title) if change.sort == "question" else change.title
    title = title if len(title) <= LONGEST_NAME else f"{title[: LONGEST_NAME - 1]}…"
    return Told(_(NAMES[change.what]), title, tuple(text_difference(change.before or "", change.after or "")))
