"""The quizzes of a draft: where there is one, where there could be one, and the changes that make, rule and remove one.

Everything is done in the file as it is written, so that comments, order and quotes stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from university.course_folders import Question, Quiz, parts
from university.course_folders.course.questions import QuizKind
from university.course_folders.forms import quiz_form
from university.course_folders.forms.question_form import Fields, Typed
from university.course_folders.reading.fields import as_id
from university.course_folders.writing.aligning import aligned, plain_at
from university.course_folders.writing.restructuring import free_id
from university.course_folders.yaml.writing import as_yaml
from university.drafting.draft_saving import Edit, OpenDraft
from university.drafting.draft_steps import Step
from university.errors import NotFound, Refused, Unprocessable
from university.language import gettext as _

ENDINGS = {"lesson": ".quiz.yaml", "pre": ".pre.yaml"}
RULES = (*quiz_form.WORDS, "pool")


@dataclass(frozen=True)
class Spot:
    """Where a quiz is or could be. `key` names it in forms; `quiz` is None where there is none, or none that can be
    read."""

    key: str
    kind: QuizKind
    title: str
    path: str
    quiz: Quiz | None
    address: str
    errors: int = 0
    exists: bool = False

    @property
    def asks(self) -> int:
        return len(self.quiz.questions) if self.quiz else 0


@dataclass(frozen=True)
class Shelf:
    """The spots of one module, of the exam, or of the pools."""

    title: str
    spots: tuple[Spot, ...]


def shelves(opened: OpenDraft) -> list[Shelf]:
    """Every spot of the course in reading order; exam and pools come last."""
    found = {spot.path: spot for spot in _spots(opened)}
    taken: list[Shelf] = []
    for module in opened.value.modules:
        inside = [spot for path, spot in found.items() if path.startswith(f"{module.path}/")]
        taken.append(Shelf(module.title, tuple(inside)))
    taken.append(Shelf(_("Exam"), (found["exam.yaml"],)))
    taken.append(Shelf(_("Pools for the exam"), tuple(one for one in found.values() if one.kind == "pool")))
    return taken


def _spots(opened: OpenDraft) -> Iterator[Spot]:
    course = opened.value
    for module in course.modules:
        for lesson in module.lessons:
            stem = lesson.path.removesuffix(".md")
            yield _spot(opened, f"pre:{lesson.id}", "pre", lesson.title, f"{stem}.pre.yaml", lesson.pre_quiz)
            yield _spot(opened, f"lesson:{lesson.id}", "lesson", lesson.title, f"{stem}.quiz.yaml", lesson.quiz)
        yield _spot(opened, f"module:{module.id}", "module", module.title, f"{module.path}/quiz.yaml", module.quiz)
    yield _spot(opened, "exam", "exam", _("Exam"), "exam.yaml", course.exam)
    for name, pool in course.pools:
        yield _spot(opened, f"pool:{name}", "pool", pool.title or name, f"pools/{name}.yaml", pool)


def _spot(opened: OpenDraft, key: str, kind: QuizKind, title: str, path: str, quiz: Quiz | None) -> Spot:
    errors = Counter(finding.path for finding in opened.findings if finding.is_error)[path]
    address = f"{opened.address}/questions/{quiz.id}" if quiz and quiz.id else ""
    return Spot(key, kind, title, path, quiz, address, errors, path in opened.folder.files)


def find_spot(opened: OpenDraft, quiz_id: str) -> Spot:
    """The spot of this quiz; drafts of lessons have theirs too."""
    for spot in _spots(opened):
        if spot.quiz and spot.quiz.id == quiz_id:
            return spot
    raise NotFound(_("This course has no such quiz."))


def fields_of(opened: OpenDraft, spot: Spot) -> Fields:
    """The file of the quiz as plain values."""
    found = plain_at(opened.text(spot.path), ())
    return found if isinstance(found, dict) else {}


def questions_in(opened: OpenDraft, spot: Spot) -> list[Fields]:
    """Every question of the file, those that no rule holds for too."""
    listed = fields_of(opened, spot).get("questions")
    return [one if isinstance(one, dict) else {} for one in listed] if isinstance(listed, list) else []


# Changes


def with_quiz(opened: OpenDraft, key: str, title: str) -> Edit:
    """With a quiz where there is none; a new pool is called `title`."""
    spot = _free_spot(opened, key, title)
    id_ = free_id(_wanted_id(spot), (one.id for one in _all_quizzes(opened)))
    fields: Fields = {"id": id_, "title": _first_title(spot)}
    if spot.kind == "exam":
        fields["pool"] = ["*"]
    return Edit({spot.path: as_yaml(fields).encode()}, Step("quiz_new", spot.title))


def new_quiz(before: OpenDraft, after: OpenDraft) -> str:
    """The id of the quiz that was made between the two."""
    there = {quiz.id for quiz in _all_quizzes(before)}
    return next(quiz.id for quiz in _all_quizzes(after) if quiz.id not in there)


def _free_spot(opened: OpenDraft, key: str, title: str) -> Spot:
    if key == "pool":
        return _new_pool(opened, title)
    known = {spot.key: spot for spot in _spots(opened)}
    if key not in known or known[key].exists:
        raise Unprocessable(_("We could not read this form."))
    return known[key]


def with_rules(opened: OpenDraft, quiz: str, typed: Typed, base: str) -> Edit:
    spot = find_spot(opened, quiz)

    def change(text: str) -> str:
        return aligned(text, (), quiz_form.with_typed(fields_of(opened, spot), typed))

    return rewritten(opened, spot, change, "quiz", base)


def without_quiz(opened: OpenDraft, quiz: str) -> Edit:
    spot = find_spot(opened, quiz)
    return Edit({spot.path: None}, Step("quiz_gone", spot.title))


def rewritten(opened: OpenDraft, spot: Spot, change: Callable[[str], str], kind: str, base: str | None = None) -> Edit:
    """The changed file of a quiz, as a step of this kind. `base` is the content its author saw."""
    content = opened.folder.files[spot.path]
    try:
        text = change(content.decode("utf-8-sig"))
    except ValueError as fault:
        raise Refused(_("This file cannot be read. Go back to an earlier version in the history.")) from fault
    bases = {spot.path: base} if base is not None else {}
    return Edit({spot.path: text.encode()}, Step(kind, spot.title), bases)


def free_question_id(opened: OpenDraft, wanted: str) -> str:
    return free_id(wanted, (question.id for quiz in _all_quizzes(opened) for question in quiz.questions))


def pool_size(opened: OpenDraft, quiz: Quiz) -> tuple[int, int]:
    """How many questions an attempt asks, and of how many."""
    drawn: list[tuple[int, list[Question]]] = parts(opened.value, quiz)
    return sum(draw for draw, _questions in drawn), len({one.id for _, questions in drawn for one in questions})


def _all_quizzes(opened: OpenDraft) -> list[Quiz]:
    return [spot.quiz for spot in _spots(opened) if spot.quiz]


def _new_pool(opened: OpenDraft, title: str) -> Spot:
    title = " ".join(title.split())[:120] or _("Pool")
    name = free_id(as_id(title) or "pool", (name for name, _ in opened.value.pools))
    return replace(_spot(opened, f"pool:{name}", "pool", title, f"pools/{name}.yaml", None), title=title)


def _wanted_id(spot: Spot) -> str:
    name = spot.key.partition(":")[2]
    return {"exam": "final-exam", "pre": f"{name}-before", "pool": f"{name}-pool"}.get(spot.kind, f"{name}-quiz")


def _first_title(spot: Spot) -> str:
    return {
        "exam": _("Final exam"),
        "pre": _("Before you read"),
        "pool": spot.title,
    }.get(spot.kind, _("Try it yourself"))
