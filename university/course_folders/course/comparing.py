"""Two states of a course, compared by id: what changed, in the classes text, structure and key.

Files may be renamed and renumbered freely: whatever keeps its id is the same thing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from university.course_folders.course.keys import same_key
from university.course_folders.course.model import Course, Lesson, Module
from university.course_folders.course.questions import Question, Quiz
from university.course_folders.files.folder import FILE_FOLDERS, Folder

ChangeClass = Literal["text", "structure", "key"]
Sort = Literal["course", "module", "lesson", "quiz", "exam", "question", "file"]
CLASSES: tuple[ChangeClass, ...] = ("key", "structure", "text")


@dataclass(frozen=True)
class Change:
    """One thing that changed. `what` is a word that never changes meaning: sentences go by it. `before` and `after`
    are what to show, None where there is nothing."""

    kind: ChangeClass
    what: str
    sort: Sort
    id: str
    title: str
    before: str | None = None
    after: str | None = None


Thing = TypeVar("Thing", Lesson, Module, Quiz, Question)

COURSE_FIELDS = {
    **dict.fromkeys(("title", "summary", "description", "audience", "language", "version"), "course_text"),
    **dict.fromkeys(("attribution", "prerequisites"), "course_text"),
    **dict.fromkeys(("hours", "ects", "eqf", "level", "skills", "outcomes"), "certificate_text"),
    **{"authors": "credits", "licence": "credits", "cover": "picture", "aliases": "addresses"},
}
LESSON_TEXT = ("title", "text", "objectives", "video")
QUIZ_TEXT = ("title", "intro")
# How a quiz is taken, and what it draws.
QUIZ_WAYS = ("feedback", "shuffle", "draw", "pool", "blueprint")
QUIZ_LIMITS = ("attempts", "wait_hours", "time_limit_minutes")
QUESTION_KEY_FIELDS = ("points", "exam")


def compare(before: Course, after: Course, old_files: Folder, new_files: Folder) -> list[Change]:
    """Everything that differs, in reading order within each class; files of learners too."""
    found = [
        *_course(before, after),
        *_modules(before, after),
        *_lessons(before, after),
        *_quizzes(before, after),
        *_questions(before, after),
        *_files(old_files, new_files),
    ]
    return sorted(found, key=lambda change: CLASSES.index(change.kind))


def _course(before: Course, after: Course) -> Iterator[Change]:
    def change(kind: ChangeClass, what: str, was: Any, now: Any) -> Change:
        return Change(kind, what, "course", after.slug, after.title, _words(was), _words(now))

    for name in ("completion", "certificate"):
        if getattr(before, name) != getattr(after, name):
            yield change("key", name, getattr(before, name), getattr(after, name))
    for name, what in COURSE_FIELDS.items():
        if getattr(before, name) != getattr(after, name):
            yield change("text", what, getattr(before, name), getattr(after, name))
    if before.translation_of != after.translation_of:
        yield change("structure", "translation", before.translation_of, after.translation_of)


# Modules and lessons


def _modules(before: Course, after: Course) -> Iterator[Change]:
    both, added, removed = _matched(before.modules, after.modules)
    yield from (Change("structure", "module_added", "module", one.id, one.title) for one in added)
    yield from (Change("structure", "module_removed", "module", one.id, one.title) for one in removed)
    for old, new in both:
        for name in ("title", "summary", "objectives"):
            if getattr(old, name) != getattr(new, name):
                was, now = _words(getattr(old, name)), _words(getattr(new, name))
                yield Change("text", "module_text", "module", new.id, new.title, was, now)


def _lessons(before: Course, after: Course) -> Iterator[Change]:
    renamed = {alias: lesson.id for lesson in after.public_lessons for alias in lesson.aliases}
    both, added, removed = _matched(before.public_lessons, after.public_lessons, renamed)
    for one in added:
        yield Change(
            "structure", "lesson_added" if one.is_required else "optional_lesson_added", "lesson", one.id, one.title
        )
    yield from (Change("structure", "lesson_removed", "lesson", one.id, one.title) for one in removed)
    for old, new in both:
        yield from _lesson(old, new)
    yield from _moved(before, after, [(old.id, new.id) for old, new in both])


def _lesson(old: Lesson, new: Lesson) -> Iterator[Change]:
    if old.is_required != new.is_required:
        what = "lesson_required" if new.is_required else "lesson_optional"
        yield Change("structure", what, "lesson", new.id, new.title)
    if old.minutes != new.minutes:
        yield Change("text", "minutes", "lesson", new.id, new.title, str(old.minutes), str(new.minutes))
    for name in LESSON_TEXT:
        if getattr(old, name) != getattr(new, name):
            was, now = _words(getattr(old, name)), _words(getattr(new, name))
            yield Change("text", "lesson_text", "lesson", new.id, new.title, was, now)


def _moved(before: Course, after: Course, pairs: Sequence[tuple[str, str]]) -> Iterator[Change]:
    """Lessons that stand elsewhere among those that stayed, or in another module."""
    now_called = dict(pairs)
    old = [
        (module.id, now_called[one.id]) for module in before.modules for one in module.lessons if one.id in now_called
    ]
    stays = set(now_called.values())
    new = [(module.id, one.id) for module in after.modules for one in module.lessons if one.id in stays]
    titles = {lesson.id: lesson.title for lesson in after.lessons}
    for id_ in _out_of_order([one for _, one in old], [one for _, one in new]) | (
        {id_ for _, id_ in set(new) - set(old)}
    ):
        yield Change("structure", "lesson_moved", "lesson", id_, titles[id_])


def _out_of_order(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest whose moving gives the new order: all but a longest run that kept its order."""
    places = {id_: place for place, id_ in enumerate(old)}
    runs: list[list[str]] = []
    for id_ in new:
        runs.append([*_longest(run for run in runs if places[run[-1]] < places[id_]), id_])
    return set(new) - set(_longest(runs))


def _longest(runs: Iterable[list[str]]) -> list[str]:
    return max(runs, key=lambda run: len(run), default=[])


# Quizzes and questions


def _quizzes(before: Course, after: Course) -> Iterator[Change]:
    both, added, removed = _matched(before.quizzes, after.quizzes)
    for one in added:
        yield Change("structure", _what(one, "added"), _sort(one), one.id, one.title)
    for one in removed:
        yield Change("structure", _what(one, "removed"), _sort(one), one.id, one.title)
    for old, new in both:
        yield from _quiz(old, new)


def _what(quiz: Quiz, happened: str) -> str:
    name = {"exam": "exam", "pool": "pool", "pre": "pre_quiz"}.get(quiz.kind, "quiz")
    return f"{name}_{happened}"


def _sort(quiz: Quiz) -> Sort:
    return "exam" if quiz.is_exam else "quiz"


def _quiz(old: Quiz, new: Quiz) -> Iterator[Change]:
    def change(kind: ChangeClass, what: str, name: str) -> Change:
        was, now = _words(getattr(old, name)), _words(getattr(new, name))
        return Change(kind, what, _sort(new), new.id, new.title, was, now)

    if old.pass_mark != new.pass_mark and new.kind not in ("pool", "pre"):
        yield change("key", "pass_mark_lower" if new.pass_mark < old.pass_mark else "pass_mark_higher", "pass_mark")
    for names, kind, what in (
        (QUIZ_LIMITS, "key", "limits"),
        (QUIZ_WAYS, "structure", "quiz_ways"),
        (QUIZ_TEXT, "text", "quiz_text"),
    ):
        for name in names:
            if getattr(old, name) != getattr(new, name):
                yield change(kind, what, name)  # type: ignore[arg-type]


def _questions(before: Course, after: Course) -> Iterator[Change]:
    both, added, removed = _matched(before.questions, after.questions)
    yield from (Change("structure", "question_added", "question", one.id, one.text) for one in added)
    yield from (Change("structure", "question_removed", "question", one.id, one.text) for one in removed)
    for old, new in both:
        yield from _question(old, new)


def _question(old: Question, new: Question) -> Iterator[Change]:
    def change(kind: ChangeClass, what: str, was: Any = None, now: Any = None) -> Change:
        return Change(kind, what, "question", new.id, new.text, _words(was), _words(now))

    if old.void != new.void:
        yield change("key", "void" if new.void else "no_longer_void")
    if not same_key(old, new):
        yield change("key", "answer", right_answer(old), right_answer(new))
    for name in QUESTION_KEY_FIELDS:
        if getattr(old, name) != getattr(new, name):
            yield change("key", name, getattr(old, name), getattr(new, name))
    if old.quiz_id != new.quiz_id:
        yield change("structure", "question_moved", old.quiz_id, new.quiz_id)
    if _wording(old) != _wording(new):
        yield change("text", "question_text", _shown(old), _shown(new))


def right_answer(question: Question) -> str:
    """The key in a line, for people."""
    if question.choices:
        return " · ".join(choice.text for choice in question.choices if choice.correct)
    if question.key:
        key = question.key
        margin = f" ± {key.tolerance}{'%' if key.is_percent else ''}" if key.tolerance else ""
        return f"{key.low} – {key.high}" if key.answer is None else f"{key.answer}{margin}"
    if question.pairs:
        return " · ".join(f"{pair.left} → {pair.right}" for pair in question.pairs)
    if question.answers:
        return " · ".join(answer.text for answer in question.answers)
    return " → ".join(question.items) if question.items else _words(question.answer) or ""


def _wording(question: Question) -> Any:
    """All that is read and decides nothing."""
    choices = [(one.text, one.feedback, one.feedback_if_not_chosen, one.pin) for one in question.choices]
    feedback = [answer.feedback for answer in question.answers]
    return (
        *(question.text, question.hint, question.feedback, question.unit, question.tags, question.objective),
        *(choices, feedback, question.distractors, question.shuffle),
    )


def _shown(question: Question) -> str:
    told = question.feedback
    lines = [question.text, *(choice.text for choice in question.choices), question.hint, told.correct, told.partial]
    return "\n".join(line for line in [*lines, told.incorrect, told.explanation] if line)


# Files


def _files(before: Folder, after: Folder) -> Iterator[Change]:
    old, new = ({path: one.files[path] for path in one.under(*FILE_FOLDERS)} for one in (before, after))
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            what = "file_changed" if path in old and path in new else "file_added" if path in new else "file_removed"
            yield Change("text", what, "file", path, path)


# What both have, and what only one has


def _matched(
    before: Iterable[Thing], after: Iterable[Thing], renamed: Mapping[str, str] | None = None
) -> tuple[list[tuple[Thing, Thing]], list[Thing], list[Thing]]:
    new = {one.id: one for one in after}
    old = {one.id if one.id in new else (renamed or {}).get(one.id, one.id): one for one in before}
    both = [(old[id_], one) for id_, one in new.items() if id_ in old]
    return (
        both,
        [one for id_, one in new.items() if id_ not in old],
        [one for id_, one in old.items() if id_ not in new],
    )


def _words(value: Any) -> str | None:
    """A value as people read it."""
    if value is None or value in ((), ""):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "\n".join(filter(None, map(_words, value)))
    if hasattr(value, "__dataclass_fields__"):
        return "\n".join(f"{name}: {_words(one)}" for name, one in vars(value).items() if one not in (None, (), ""))
    return str(value)
