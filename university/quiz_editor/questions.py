"""One question of a draft: its form, the buttons in it, and its place among the others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from university.course_folders.course.questions import QUESTION_KINDS
from university.course_folders.forms import question_form
from university.course_folders.forms.question_form import ROWS, Fields, kind_of, rows_typed, with_kind, with_typed
from university.course_folders.writing.aligning import aligned, moved, without
from university.drafting.draft_saving import Edit, OpenDraft
from university.drafting.finding_words import Said, beside
from university.drafting.form_views import FormView
from university.errors import NotFound, Unprocessable
from university.language import gettext as _
from university.quiz_editor.quizzes import Spot, find_spot, free_question_id, questions_in, rewritten
from university.serving.forms import Form

DO_ROW = re.compile(r"(up|down|remove|to):([0-9]{1,2})(?::([0-9]{1,2}))?", re.ASCII)
PLACE = re.compile(r"[0-9]{1,4}", re.ASCII)
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


def with_question(opened: OpenDraft, quiz: str, number: str, typed: Mapping[str, str], base: str) -> Edit:
    """With what was typed, and done what the button says: a row up, down, away or to a place, or another kind."""
    question = open_question(opened, find_spot(opened, quiz), number)
    do = typed.get("do", "")
    rows = _after(rows_typed(typed, question.kind), do, question.kind)
    wanted = with_typed(question.fields, typed, rows)
    if DO_KIND.fullmatch(do):
        wanted = _of_kind(wanted, typed.get("kind", ""))

    def change(text: str) -> str:
        return aligned(text, ("questions", question.at), wanted)

    return rewritten(opened, question.spot, change, "question", base)


def with_new_question(opened: OpenDraft, quiz: str, kind: str) -> Edit:
    """With a question of this kind at the end, everything still to be written."""
    if kind not in QUESTION_KINDS:
        raise Unprocessable(_("We could not read this form."))
    spot = find_spot(opened, quiz)
    fields = question_form.new_question(free_question_id(opened, f"{spot.quiz.id if spot.quiz else 'q'}-1"), kind)
    return with_more(opened, spot, [fields], "question_new")


def with_more(opened: OpenDraft, spot: Spot, new: list[Fields], kind: str) -> Edit:
    """Questions behind those that are there, as one step of this kind."""
    there = questions_in(opened, spot)

    def change(text: str) -> str:
        return aligned(text, ("questions",), [*there, *new]) if there else aligned(text, ("questions",), new)

    return rewritten(opened, spot, change, kind)


@dataclass(frozen=True)
class Move:
    """Where a question of a list goes: `do` is up, down, remove, or to with the place `to`, counted from 0."""

    number: str
    do: str
    to: str
    base: str

    def place(self, question: OpenQuestion) -> int:
        """The place it has afterwards, counted from 0. Raises Unprocessable for what no page asks."""
        places = {"up": question.at - 1, "down": question.at + 1, "remove": question.at, "to": _place(self.to)}
        place = places.get(self.do, -1)
        if not 0 <= place < question.count:
            raise Unprocessable(_("We could not read this form."))
        return place


def with_move(opened: OpenDraft, quiz: str, move: Move) -> Edit:
    """With a question in another place, or taken out."""
    question = open_question(opened, find_spot(opened, quiz), move.number)
    place = move.place(question)

    def change(text: str) -> str:
        if move.do == "remove":
            return without(text, "questions", question.at)
        return moved(text, "questions", question.at, place)

    kind = "question_gone" if move.do == "remove" else "question_order"
    return rewritten(opened, question.spot, change, kind, move.base)


def where_after(opened: OpenDraft, quiz: str, move: Move) -> int:
    """The number of the question to look at once it is done."""
    question = open_question(opened, find_spot(opened, quiz), move.number)
    return max(1, min(move.place(question) + 1, question.count - (move.do == "remove")))


def _place(typed: str) -> int:
    return int(typed) if PLACE.fullmatch(typed) else -1


def _after(rows: list[dict[str, str]], do: str, kind: str) -> list[dict[str, str]]:
    order = DO_ROW.fullmatch(do)
    if not order or kind not in ROWS:
        return rows
    what, at, place = order[1], int(order[2]), order[3]
    to = {"up": at - 1, "down": at + 1, "remove": at}.get(what, int(place or 0))
    if not (0 <= at < len(rows) and 0 <= to < len(rows)) or (what == "to") != bool(place):
        return rows
    row = rows.pop(at)
    if what != "remove":
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
