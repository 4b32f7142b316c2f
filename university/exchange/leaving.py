"""What goes out: the folder as a zip file, byte for byte, and questions as Moodle XML."""

from __future__ import annotations

from dataclasses import dataclass

from university.course_folders import Quiz, write_zip
from university.course_folders.imports import Remark, every_quiz, write_moodle
from university.drafting.draft_saving import OpenDraft
from university.errors import NotFound
from university.language import gettext as _


@dataclass(frozen=True)
class Way:
    """One file of questions that can be taken along, and what Moodle cannot hold of it."""

    quiz: str
    title: str
    questions: int
    remarks: list[Remark]


def folder_file(opened: OpenDraft) -> tuple[bytes, str]:
    return write_zip(opened.folder), f"{opened.slug}.zip"


def moodle_file(opened: OpenDraft, quiz_id: str) -> tuple[bytes, str]:
    """Questions of this quiz, or of all where no id is given."""
    quizzes = [quiz for quiz in _with_questions(opened) if quiz_id in ("", quiz.id)]
    if not quizzes:
        raise NotFound(_("This course has no such quiz."))
    name = f"{opened.slug}-{quiz_id}" if quiz_id else opened.slug
    return write_moodle(quizzes, opened.folder.files)[0], f"{name}.xml"


def ways(opened: OpenDraft) -> list[Way]:
    return [
        Way(quiz.id, quiz.title or quiz.id, len(quiz.questions), write_moodle([quiz], opened.folder.files)[1])
        for quiz in _with_questions(opened)
    ]


def _with_questions(opened: OpenDraft) -> list[Quiz]:
    return [quiz for quiz in every_quiz(opened.value) if quiz.questions]
