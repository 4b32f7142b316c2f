"""Questions pasted as GIFT or Aiken: what they would become, said before anything is made."""

from __future__ import annotations

from dataclasses import dataclass

from university.course_folders import Question
from university.course_folders.imports import Import, Item, read_questions
from university.course_folders.reading.questions import same
from university.course_folders.writing.canonical import question_fields
from university.drafting.draft_saving import Edit, OpenDraft
from university.quiz_editor.questions import with_more
from university.quiz_editor.quizzes import find_spot, free_question_id

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


def with_pasted(opened: OpenDraft, quiz: str, found: Import) -> Edit:
    """With the new ones behind the questions of this quiz, as one step."""
    new = [{**question_fields(one), "id": free_question_id(opened, one.id)} for one in look_at(opened, found).new]
    return with_more(opened, find_spot(opened, quiz), new, "question_import")


def _words(question: Question) -> str:
    """The same question under another id: its kind and its words."""
    return f"{question.kind} {same(question.text)}"
