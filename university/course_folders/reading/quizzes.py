"""Quizzes, pools and the exam out of YAML."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from university.course_folders.course.questions import FEEDBACK_MODES, Part, Question, Quiz, QuizKind, usual
from university.course_folders.reading.documents import Document
from university.course_folders.reading.fields import Fields
from university.course_folders.reading.questions import read_question
from university.course_folders.yaml.tree import Place, YamlList, YamlMapping

MOST_DRAWN = 500


@dataclass(frozen=True)
class PlacedQuiz:
    """A quiz with the places in its file that rules about the whole course point at."""

    quiz: Quiz
    document: Document
    id_place: Place
    question_places: tuple[Place, ...]
    draw_place: Place
    pool_places: tuple[tuple[str, Place], ...]
    part_places: tuple[Place, ...] = ()


def read_quiz(
    document: Document,
    mapping: YamlMapping,
    kind: QuizKind,
    lesson_id: str | None = None,
    module_id: str | None = None,
) -> PlacedQuiz:
    """The quiz in this file with the defaults of its kind."""
    fields = Fields(document, mapping)
    shell = _shell(fields, kind)
    shell = replace(shell, lesson_id=lesson_id, module_id=module_id)
    questions, places = _questions(fields, shell)
    pool = fields.placed_texts("pool")
    parts = list(_parts(fields))
    quiz = replace(
        shell,
        draw=fields.integer("draw", 1, MOST_DRAWN),
        questions=tuple(questions),
        pool=tuple(entry for entry, _ in pool),
        blueprint=tuple(part for part, _, _ in parts),
    )
    _check_sources(fields)
    fields.close()
    in_parts = [found for _, entries, _ in parts for found in entries]
    return PlacedQuiz(
        quiz=quiz,
        document=document,
        id_place=fields.place_of("id"),
        question_places=tuple(places),
        draw_place=fields.place_of("draw"),
        pool_places=tuple(pool + in_parts),
        part_places=tuple(place for _, _, place in parts),
    )


def _shell(fields: Fields, kind: QuizKind) -> Quiz:
    """The quiz without its questions."""
    start = usual(kind)
    attempts = fields.integer("attempts", 1, 100)
    wait = fields.number("wait_hours", "0", "720")
    quiz = replace(
        start,
        id=fields.id() or "",
        title=fields.text("title", required=True, most=120) or "",
        path=fields.document.path,
        intro=fields.markdown("intro"),
        pass_mark=fields.integer("pass_mark", 1, 100) or start.pass_mark,
        attempts=attempts if fields.has("attempts") else start.attempts,
        wait_hours=start.wait_hours if wait is None else wait,
        time_limit_minutes=fields.integer("time_limit_minutes", 1, 600),
        feedback=fields.word("feedback", FEEDBACK_MODES, start.feedback),
        shuffle=fields.boolean("shuffle", start.shuffle),
    )
    if quiz.is_exam and quiz.feedback == "immediate":
        fields.report("feedback", "E214", "an exam has immediate feedback", "after_attempt, after_pass or score_only")
    return quiz


def _questions(fields: Fields, quiz: Quiz) -> tuple[list[Question], list[Place]]:
    questions: list[Question] = []
    places: list[Place] = []
    for inner in fields.mappings("questions"):
        question = read_question(inner, quiz)
        if question:
            questions.append(question)
            places.append(inner.place_of("id"))
    return questions, places


def _parts(fields: Fields) -> Iterator[tuple[Part, list[tuple[str, Place]], Place]]:
    for inner in fields.mappings("blueprint"):
        node = inner.node("pool", required=True)
        if isinstance(node, YamlList) and not node.items:
            inner.against_rule("pool", "is empty", "a quiz id, tag:x, pool:NAME or *")
        entries = inner.placed_texts("pool", alone=True)
        draw = inner.integer("draw", 1, MOST_DRAWN, required=True)
        inner.close()
        if entries and draw:
            yield Part(tuple(entry for entry, _ in entries), draw), entries, inner.place_of("draw")


def _check_sources(fields: Fields) -> None:
    """Whether there is something to ask, and one way only to draw it."""
    if fields.has("blueprint") and (fields.has("pool") or fields.has("draw")):
        other = "pool" if fields.has("pool") else "draw"
        fields.report("blueprint", "E212", f"a blueprint stands together with {other}", "one of them")
    sources = [name for name in ("questions", "pool", "blueprint") if _holds_something(fields, name)]
    if not sources:
        fields.report("questions", "E210", "there are no questions", "questions, a pool or a blueprint")


def _holds_something(fields: Fields, name: str) -> bool:
    """A list with items; a value of a wrong type was reported already and counts as something."""
    if not fields.has(name):
        return False
    node = fields.node(name)
    return not isinstance(node, YamlList) or bool(node.items)
