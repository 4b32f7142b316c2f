"""Questions pasted as GIFT or Aiken: what they would become, said before anything is made."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from university.course_folders import Question
from university.course_folders.imports import Import, Item, read_questions
from university.course_folders.reading.questions import same
from university.course_folders.writing.canonical import question_fields
from university.drafting.draft_saving import OpenDraft
from university.drafting.draft_steps import Step
from university.quiz_editor.questions import append
from university.quiz_editor.quizzes import Spot, free_question_id

NAME = "pasted.txt"


@dataclass(frozen=True)
class Pasted:
    """One thing of the text. `is_there` says that the course has this question already: it is not made twice."""

    item: Item
    is_there: bool

    @property
    def question(self) -> Question | None:
        return None if self.is_there else self.item.question


@dataclass(frozen=True)
class Preview:
    found: Import
    items: tuple[Pasted, ...]

    @property
    def new(self) -> list[Question]:
        return [one.question for one in self.items if one.question]


def read(text: str) -> Import:
    """What this text would become anywhere."""
    return read_questions(NAME, text)


def look_at(opened: OpenDraft, found: Import) -> Preview:
    """What it would become in this course. Changes nothing."""
    there = opened.value.questions
    known = {question.id for question in there} | {_words(question) for question in there}
    items = [
        Pasted(item, bool(item.question and ({item.question.id, _words(item.question)} & known)))
        for item in found.items
    ]
    return Preview(found, tuple(items))


def take(session: Session, opened: OpenDraft, spot: Spot, preview: Preview, by: UUID) -> int:
    """Puts the new ones behind the questions of this quiz, as one step; answers how many."""
    new = [{**question_fields(one), "id": free_question_id(opened, one.id)} for one in preview.new]
    if new:
        append(session, opened, spot, new, Step("question_import", spot.title, by))
    return len(new)


def _words(question: Question) -> str:
    """The same question under another id: its kind and its words."""
    return f"{question.kind} {same(question.text)}"
