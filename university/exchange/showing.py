"""The dry run and the ways out, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from university.course_folders import Quiz
from university.course_folders.imports import Item, Plan, Remark, every_quiz
from university.drafting.draft_saving import OpenDraft
from university.exchange.weighing import NEW_POOL, Proposal
from university.language import gettext as _, marked

KINDS = {
    "single": marked("one choice"),
    "multiple": marked("several choices"),
    "truefalse": marked("true or false"),
    "text": marked("typed text"),
    "number": marked("typed number"),
    "match": marked("pairs"),
    "order": marked("order"),
}
MAKES = {
    "course": marked("course"),
    "module": marked("module"),
    "lesson": marked("lesson"),
    "draft lesson": marked("draft lesson"),
    "quiz": marked("quiz"),
    "pool": marked("pool"),
    "picture": marked("picture"),
    "file": marked("file"),
}
OUTCOMES = {
    "new": marked("new"),
    "changed": marked("changed"),
    "same": marked("no change"),
    "skipped": marked("left out"),
}


@dataclass(frozen=True)
class Shown:
    """One thing of the file: where it stands, what it is, what becomes of it, and what is lost on the way."""

    place: str
    sort: str
    title: str
    outcome: str
    word: str
    becomes: str
    remarks: list[str]


def lines(proposal: Proposal) -> list[Shown]:
    """What is left out or loses something first; what goes without a word last."""
    shown = (
        list(_planned(proposal.questions.plan))
        if proposal.questions
        else [_item(item, "") for item in proposal.found.items]
    )
    order = {"skipped": 0, "changed": 1, "new": 2, "same": 3}
    return sorted(shown, key=lambda line: (not line.remarks, order[line.outcome]))


def _planned(planned: Plan) -> Iterator[Shown]:
    for line in planned.lines:
        outcome = "new" if line.outcome == "skipped" and not line.item.is_skipped and line.item.makes else line.outcome
        yield _item(line.item, outcome)


def _item(item: Item, outcome: str) -> Shown:
    outcome = outcome or ("skipped" if item.is_skipped else "new")
    becomes = KINDS[item.question.kind] if item.question else MAKES.get(item.makes or "", "")
    made = _(becomes) if becomes else (item.makes or "")
    remarks = [said(remark) for remark in item.remarks]
    return Shown(item.place, item.sort, item.title, outcome, _(OUTCOMES[outcome]), made, remarks)


def said(remark: Remark) -> str:
    sentence = _(remark.sentence) % remark.values
    return sentence[:1].upper() + sentence[1:] + ("" if sentence.endswith((".", "…")) else ".")


def targets(opened: OpenDraft) -> list[tuple[str, str]]:
    """Where questions can go: a new pool, or any quiz of the course."""
    return [(NEW_POOL, _("A new pool for exams")), *((quiz.id, name_of(quiz)) for quiz in every_quiz(opened.value))]


def name_of(quiz: Quiz) -> str:
    sort = {"exam": _("Exam"), "pool": _("Pool"), "pre": _("Before a lesson"), "module": _("Module")}.get(quiz.kind)
    return f"{sort or _('Quiz')}: {quiz.title or quiz.id} ({len(quiz.questions)})"
