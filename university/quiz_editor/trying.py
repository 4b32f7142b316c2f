"""A question tried out in the editor: asked, shown and marked by what learners meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from university.course_folders import Question
from university.questions.answers import read_answer, refuse_other_fields, what_is_missing
from university.questions.asking import ask
from university.questions.paper import Paper, Part
from university.questions.showing import Shown, show_question
from university.quiz_editor.questions import OpenQuestion, said_about
from university.revisions.freezing import question_as_shown
from university.revisions.press import Press
from university.serving.forms import TOKEN_FIELD, Form

STAFF_TOKEN = "csrf_token"


@dataclass(frozen=True)
class TryOut:
    """Stands for a practice quiz with this one question."""

    address: str
    questions: tuple[Shown, ...]
    counts: bool = True
    takes_retries: bool = True

    @property
    def one(self) -> Shown:
        return self.questions[0]


def try_out(question: OpenQuestion, form: Form | None = None) -> TryOut | None:
    """The question as learners meet it, answered where `form` brings an answer; None while it breaks a rule."""
    asked = asked_question(question)
    if asked is None:
        return None
    given: dict[str, Any] = {}
    problem = None
    if form:
        refuse_other_fields(form, [asked], "asked", TOKEN_FIELD, STAFF_TOKEN)
        given = read_answer(asked, form)
        problem = what_is_missing(asked, given)
    language = question.opened.value.language
    shown = show_question(asked, given, language, show="keys" if form else "nothing", problem=problem)
    return TryOut(f"{question.address}/try", (shown,))


def asked_question(question: OpenQuestion) -> Question | None:
    """As it would be published and asked in a first attempt; None while the checker has an error for it."""
    quiz = question.spot.quiz
    if quiz is None or any(one.is_error for said in said_about(question).values() for one in said):
        return None
    found = next((one for one in quiz.questions if one.id == question.fields.get("id")), None)
    if found is None:
        return None
    shown = question_as_shown(Press(question.opened.value, question.opened.folder.files), found, question.spot.path)
    paper = Paper(quiz, {shown.id: shown}, (Part(1, (shown.id,)),))
    return ask(paper, "a first attempt")[0]
