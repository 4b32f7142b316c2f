"""Questions from elsewhere put into a quiz or pool of a course: what is new, changed, the same, or skipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from university.course_folders.course.model import Course
from university.course_folders.course.questions import Question, Quiz
from university.course_folders.imports.making import signature
from university.course_folders.imports.results import Import, Item, Remark, marked
from university.course_folders.writing.canonical import question_fields, quiz_text
from university.course_folders.writing.editing import with_items

Outcome = Literal["new", "changed", "same", "skipped"]

ELSEWHERE = marked("the same question stands in %(place)s already")
RENAMED = marked("the id %(id)s belongs to another question of the course; this one becomes %(new)s")
REPLACES = marked("it takes the place of what this question says now")


@dataclass(frozen=True)
class Line:
    """What becomes of one thing of the file. `at` is the place of the question it replaces."""

    item: Item
    outcome: Outcome
    question: Question | None = None
    at: int | None = None


@dataclass(frozen=True)
class Plan:
    lines: tuple[Line, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def is_empty(self) -> bool:
        return not (self.count("new") or self.count("changed"))

    @property
    def added(self) -> list[Question]:
        return [line.question for line in self.lines if line.outcome == "new" and line.question]

    @property
    def replaced(self) -> dict[int, Question]:
        return {
            line.at: line.question
            for line in self.lines
            if line.outcome == "changed" and line.question and line.at is not None
        }


def plan(found: Import, quiz: Quiz | None, course: Course) -> Plan:
    """What bringing the questions into this quiz of the course would do; into a new one where it is None.

    A question is the same by its id, else by kind and text; the second of its kind and text is the second there.
    """
    planning = _Planning(quiz, course, {question.id for question in found.questions})
    return Plan(tuple(planning.line(item) for item in found.items))


def every_quiz(course: Course) -> list[Quiz]:
    """All quizzes of a course, those of draft lessons too, in the order of its content."""
    found: list[Quiz | None] = []
    for module in course.modules:
        for lesson in module.lessons:
            found += [lesson.pre_quiz, lesson.quiz]
        found.append(module.quiz)
    return [quiz for quiz in (*found, *(pool for _, pool in course.pools), course.exam) if quiz]


class _Planning:
    def __init__(self, quiz: Quiz | None, course: Course, ids: set[str]) -> None:
        self.ids = ids
        self.here = list(quiz.questions) if quiz else []
        quizzes = [each for each in every_quiz(course) if quiz is None or each.path != quiz.path]
        others = [one for each in quizzes for one in each.questions]
        self.elsewhere = {one.id: one for one in others}
        self.signatures = {signature(one): one for one in others}
        self.open = dict(enumerate(self.here))
        self.taken = {one.id for one in (*self.here, *others)}

    def line(self, item: Item) -> Line:
        question = item.question
        if question is None:
            return Line(item, "skipped")
        at = self._match(question)
        if at is None:
            return self._new(item, question)
        before = self.open.pop(at)
        question = replace(question, id=before.id)
        if content(question) == content(before):
            return Line(item, "same", question, at)
        return Line(_with(item, Remark(REPLACES, {}, item.line)), "changed", question, at)

    def _match(self, question: Question) -> int | None:
        by_id = next((at for at, one in self.open.items() if one.id == question.id), None)
        if by_id is not None:
            return by_id
        wanted = signature(question)
        # One that the file names by its id waits for that line.
        return next((at for at, one in self.open.items() if one.id not in self.ids and signature(one) == wanted), None)

    def _new(self, item: Item, question: Question) -> Line:
        known = self.elsewhere.get(question.id) or self.signatures.get(signature(question))
        if known and content(known) == content(question):
            return Line(_with(item, Remark(ELSEWHERE, {"place": known.quiz_id}, item.line)), "skipped")
        new = _free(question.id, self.taken)
        if new != question.id:
            item = _with(item, Remark(RENAMED, {"id": question.id, "new": new}, item.line))
        self.taken.add(new)
        return Line(item, "new", replace(question, id=new))


def content(question: Question) -> Question:
    """What a question says, wherever it stands and however its number is written."""
    key = question.key
    if key is not None:
        low, high = key.interval
        return replace(question, id=f"{low}..{high}", key=None, quiz_id="", quiz_kind="lesson", lesson_id=None)
    return replace(question, id="", quiz_id="", quiz_kind="lesson", lesson_id=None)


def merged(text: str, planned: Plan) -> str:
    """The file of the quiz with the plan done; comments and every other question stay as they are."""
    replaced = {at: question_fields(question) for at, question in planned.replaced.items()}
    return with_items(text, "questions", replaced, [question_fields(question) for question in planned.added])


def new_pool(name: str, title: str, planned: Plan) -> str:
    """The file of a new pool."""
    quiz = Quiz(name, "pool", title, f"pools/{name}.yaml", questions=tuple(planned.added))
    return quiz_text(quiz)


def new_files(found: Import, planned: Plan, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The pictures that the planned questions show and the course does not hold yet."""
    written = "".join(repr(question) for question in (*planned.added, *planned.replaced.values()))
    return {path: data for path, data in found.files.items() if path in written and files.get(path) != data}


def _with(item: Item, remark: Remark) -> Item:
    return replace(item, remarks=(*item.remarks, remark))


def _free(wanted: str, taken: Iterable[str]) -> str:
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted[:75]}-{count}"
    return name
