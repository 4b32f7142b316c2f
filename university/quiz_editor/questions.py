"""One question of a draft: its form, the buttons in it, and its place among the others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from university.course_folders.course.questions import QUESTION_KINDS
from university.course_folders.forms import question_form
from university.course_folders.forms.question_form import ROWS, Fields, kind_of, rows_typed, with_kind, with_typed
from university.course_folders.writing.aligning import aligned, moved, without
from university.drafting.draft_saving import OpenDraft
from university.drafting.draft_steps import Step
from university.drafting.finding_words import Said, beside
from university.drafting.form_views import FormView
from university.errors import NotFound, Unprocessable
from university.language import gettext as _
from university.quiz_editor.quizzes import Spot, free_question_id, questions_in, write
from university.serving.forms import Form

DO_ROW = re.compile(r"(up|down|remove):([0-9]{1,2})", re.ASCII)
NUMBER = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
DO_KIND = re.compile(r"kind:([a-z]+)", re.ASCII)


@dataclass(frozen=True)
class OpenQuestion:
    """A question of a file that may break every rule; `at` is its place, counted from 0."""

    opened: OpenDraft
    spot: Spot
    at: int
    fields: Fields
    count: int

    @property
    def kind(self) -> str:
        return kind_of(self.fields)

    @property
    def address(self) -> str:
        return f"{self.spot.address}/{self.at + 1}"

    @property
    def name(self) -> str:
        return f"questions.{self.at}"


def open_question(opened: OpenDraft, spot: Spot, number: str | int) -> OpenQuestion:
    """The question with this number, counted from 1, as an address or a form gives it."""
    found, asked = questions_in(opened, spot), str(number)
    at = int(asked) - 1 if NUMBER.fullmatch(asked) else -1
    if not 0 <= at < len(found):
        raise NotFound(_("This quiz has no such question."))
    return OpenQuestion(opened, spot, at, found[at], len(found))


def view(question: OpenQuestion, typed: Mapping[str, str] | None = None) -> FormView:
    """The form with what the checker says beside each field; `typed` takes the place of what the file says."""
    values = typed or _ready(question_form.shown(question.fields), question.kind)
    return FormView(values, said_about(question), question.opened.base(question.spot.path))


def said_about(question: OpenQuestion) -> dict[str, list[Said]]:
    """By field below the question; under an empty name what is about all of it."""
    found: dict[str, list[Said]] = {}
    for name, said in beside(question.opened, question.spot.path).items():
        if name == question.name or name.startswith(f"{question.name}."):
            found.setdefault(name.removeprefix(question.name).removeprefix("."), []).extend(said)
    return found


def typed_in(form: Form) -> dict[str, str]:
    return {name: form.one(name) for name in form.names()}


def save_question(session: Session, question: OpenQuestion, typed: Mapping[str, str], base: str, by: UUID) -> OpenDraft:
    """Saves what was typed and does what the button says: a row up, down or away, or another kind."""
    do = typed.get("do", "")
    rows = _after(rows_typed(typed, question.kind), do, question.kind)
    wanted = with_typed(question.fields, typed, rows)
    kind = DO_KIND.fullmatch(do)
    if kind:
        wanted = _of_kind(wanted, typed.get("kind", ""))

    def change(text: str) -> str:
        return aligned(text, ("questions", question.at), wanted)

    step = Step("question", question.spot.title, by)
    return write(session, question.opened, question.spot, change, step, base)


def add_question(session: Session, opened: OpenDraft, spot: Spot, kind: str, by: UUID) -> int:
    """A question of this kind at the end, with everything still to be written; answers its number."""
    if kind not in QUESTION_KINDS:
        raise Unprocessable(_("We could not read this form."))
    count = len(questions_in(opened, spot))
    fields = question_form.new_question(free_question_id(opened, f"{spot.quiz.id if spot.quiz else 'q'}-1"), kind)
    append(session, opened, spot, [fields], Step("question_new", spot.title, by))
    return count + 1


def append(session: Session, opened: OpenDraft, spot: Spot, new: list[Fields], step: Step) -> OpenDraft:
    """Questions behind those that are there, as one step."""
    there = questions_in(opened, spot)

    def change(text: str) -> str:
        return aligned(text, ("questions",), [*there, *new]) if there else aligned(text, ("questions",), new)

    return write(session, opened, spot, change, step)


def put_in_place(session: Session, opened: OpenDraft, spot: Spot, number: str, do: str, base: str, by: UUID) -> int:
    """Moves a question up or down, or takes it out; answers the number at which to look afterwards."""
    question = open_question(opened, spot, number)
    to = {"up": question.at - 1, "down": question.at + 1}.get(do, question.at)
    if do not in ("up", "down", "remove") or not 0 <= to < question.count:
        raise Unprocessable(_("We could not read this form."))

    def change(text: str) -> str:
        if do == "remove":
            return without(text, "questions", question.at)
        return moved(text, "questions", question.at, to)

    kind = "question_gone" if do == "remove" else "question_order"
    write(session, opened, spot, change, Step(kind, spot.title, by), base)
    return max(1, min(to + 1, question.count - (do == "remove")))


def _after(rows: list[dict[str, str]], do: str, kind: str) -> list[dict[str, str]]:
    order = DO_ROW.fullmatch(do)
    if not order or kind not in ROWS:
        return rows
    at = int(order[2])
    to = {"up": at - 1, "down": at + 1}.get(order[1])
    if not 0 <= at < len(rows) or (to is not None and not 0 <= to < len(rows)):
        return rows
    row = rows.pop(at)
    if to is not None:
        rows.insert(to, row)
    return rows


def _of_kind(fields: Fields, kind: str) -> Fields:
    if kind not in QUESTION_KINDS:
        raise Unprocessable(_("We could not read this form."))
    return with_kind(fields, kind)


def _ready(values: dict[str, str], kind: str) -> dict[str, str]:
    """A new question of a kind with rows shows as many empty ones as it needs."""
    name, columns = ROWS.get(kind, ("", ()))
    least = {"choices": 3, "pairs": 2, "items": 3, "answers": 0}.get(name, 0)
    blank = {f"{name}.{row}.{column}": "" for row in range(max(0, least - 2)) for column in columns}
    return {**blank, **values}
