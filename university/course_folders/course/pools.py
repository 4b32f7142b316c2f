"""Which questions a quiz or the exam may draw from."""

from collections.abc import Iterator

from university.course_folders.course.model import Course
from university.course_folders.course.questions import Question, Quiz


def pool(course: Course, quiz: Quiz) -> list[Question]:
    """Every question that this quiz may ask, in the order of the course, none twice.

    Void questions are left out; an exam leaves out `exam: never`, any other quiz what is kept for exams.
    """
    if quiz.blueprint:
        return _once(question for _, part in parts(course, quiz) for question in part)
    named = (question for entry in quiz.pool for question in named_by(course, entry))
    return _once(one for one in [*quiz.questions, *named] if may_ask(quiz, one))


def parts(course: Course, quiz: Quiz) -> list[tuple[int, list[Question]]]:
    """How many to draw from which questions. Drawn in this order without repeating one, a checked course always
    has enough left for every part."""
    if not quiz.blueprint:
        questions = pool(course, quiz)
        return [(quiz.draw or len(questions), questions)]
    return [(part.draw, _named(course, quiz, part.pool)) for part in quiz.blueprint]


def may_ask(quiz: Quiz, question: Question) -> bool:
    """Never a void one; an exam none that is kept out of exams, a quiz that is no pool none that is kept for them."""
    if question.void:
        return False
    if quiz.is_exam:
        return question.exam != "never"
    return not question.is_for_exams_only or quiz.kind == "pool"


def named_by(course: Course, entry: str) -> list[Question]:
    """The questions of one pool entry: a quiz id, `tag:x`, `pool:NAME` or `*` for all."""
    if entry == "*":
        return course.questions
    kind, _, name = entry.partition(":")
    if kind == "tag" and name:
        return [question for question in course.questions if name in question.tags]
    if kind == "pool" and name:
        return [question for file, quiz in course.pools if file == name for question in quiz.questions]
    return [question for quiz in course.quizzes if quiz.id == entry for question in quiz.questions]


def _named(course: Course, quiz: Quiz, entries: tuple[str, ...]) -> list[Question]:
    named = (question for entry in entries for question in named_by(course, entry))
    return _once(question for question in named if may_ask(quiz, question))


def _once(questions: Iterator[Question]) -> list[Question]:
    return list({question.id: question for question in questions}.values())
