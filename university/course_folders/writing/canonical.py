"""Course values to the files of a folder, in one canonical form: the same value always gives the same bytes.

Fields stand in a fixed order, and those that equal their default are left out.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from university.course_folders.course.model import Course, Lesson, Module, Video
from university.course_folders.course.questions import (
    Answer,
    Choice,
    NumberKey,
    Question,
    Quiz,
    default_scoring,
    usual,
)
from university.course_folders.files.folder import Folder
from university.course_folders.yaml.tree import LONGEST_NUMBER
from university.course_folders.yaml.writing import as_yaml

Fields = dict[str, Any]


def write_course(course: Course, files: Mapping[str, bytes] | None = None) -> Folder:
    """The folder of this course. `files` are the others: pictures, captions, the licence."""
    texts = {"course.yaml": course_text(course), **dict(_module_files(course))}
    if course.exam:
        texts["exam.yaml"] = quiz_text(course.exam)
    if course.attribution is not None:
        texts["ATTRIBUTION.md"] = course.attribution
    texts.update({f"pools/{name}.yaml": quiz_text(pool) for name, pool in course.pools})
    written = {path: text.encode() for path, text in texts.items()}
    return Folder({**(files or {}), **written}, course.slug)


def _module_files(course: Course) -> Iterator[tuple[str, str]]:
    for module in course.modules:
        yield f"{module.path}/module.yaml", module_text(module)
        if module.quiz:
            yield f"{module.path}/quiz.yaml", quiz_text(module.quiz)
        for lesson in module.lessons:
            stem = lesson.path.removesuffix(".md")
            yield lesson.path, lesson_text(lesson)
            if lesson.quiz:
                yield f"{stem}.quiz.yaml", quiz_text(lesson.quiz)
            if lesson.pre_quiz:
                yield f"{stem}.pre.yaml", quiz_text(lesson.pre_quiz)


def course_text(course: Course) -> str:
    """The content of course.yaml."""
    fields: Fields = {
        "format": course.format,
        "slug": course.slug,
        "title": course.title,
        "summary": course.summary,
        "description": course.description,
        "audience": course.audience,
        "language": course.language,
        "translation_of": course.translation_of,
        "version": course.version,
        "status": course.status,
        "authors": [_filled(vars(author)) for author in course.authors],
        "licence": _filled(vars(course.licence)),
        "hours": course.hours,
        "ects": course.ects,
        "eqf": course.eqf,
        "level": course.level,
        "skills": [_filled(vars(skill)) for skill in course.skills],
        "outcomes": course.outcomes,
        "prerequisites": course.prerequisites,
        "cover": _filled(vars(course.cover)) if course.cover else None,
        "completion": vars(course.completion),
        "certificate": _filled(vars(course.certificate)),
        "aliases": course.aliases,
    }
    return as_yaml(_filled(fields))


def module_text(module: Module) -> str:
    """The content of module.yaml."""
    fields = {name: getattr(module, name) for name in ("id", "title", "summary", "objectives", "aliases")}
    return as_yaml(_filled(fields))


def lesson_text(lesson: Lesson) -> str:
    """The content of a lesson file: front matter and text."""
    fields: Fields = {name: getattr(lesson, name) for name in ("id", "title", "minutes", "objectives", "aliases")}
    fields |= {"optional": lesson.optional or None, "draft": lesson.draft or None}
    fields["video"] = _video(lesson.video) if lesson.video else None
    return f"---\n{as_yaml(_filled(fields))}---\n{lesson.text}"


def _video(video: Video) -> Fields:
    return _filled({**vars(video), "captions": [vars(captions) for captions in video.captions]})


def quiz_text(quiz: Quiz) -> str:
    """The content of a quiz file; rules that are usual for its kind are left out."""
    start = usual(quiz.kind)
    rules = ("pass_mark", "attempts", "wait_hours", "time_limit_minutes", "feedback", "shuffle")
    changed = {name: getattr(quiz, name) for name in rules if getattr(quiz, name) != getattr(start, name)}
    fields = {
        "id": quiz.id,
        "title": quiz.title,
        "intro": quiz.intro,
        **changed,
        "draw": quiz.draw,
        "pool": quiz.pool,
        "blueprint": [{"pool": part.pool, "draw": part.draw} for part in quiz.blueprint],
        "questions": [question_fields(question) for question in quiz.questions],
    }
    return as_yaml(_filled(fields))


def question_fields(question: Question) -> Fields:
    """What stands in a file for this question, in the canonical order; what equals its default is left out."""
    is_usual = question.scoring == default_scoring(question.kind)
    return _filled(
        {
            "id": question.id,
            "kind": question.kind,
            "text": question.text,
            **_own(question),
            "points": None if question.points == 1 else exact_decimal(question.points),
            "scoring": None if is_usual else question.scoring,
            "shuffle": question.shuffle,
            "feedback": _filled(vars(question.feedback)),
            "hint": question.hint,
            "tags": question.tags,
            "objective": question.objective,
            "exam": None if question.exam == "also" else question.exam,
            "void": question.void or None,
        }
    )


def _own(question: Question) -> Fields:
    """The fields of its kind; those of other kinds are empty."""
    return {
        "choices": [_choice(choice) for choice in question.choices],
        "answer": question.answer,
        **(_number(question.key) if question.key else {}),
        "unit": question.unit,
        "answers": [_answer(answer) for answer in question.answers],
        "case_sensitive": question.case_sensitive or None,
        "pairs": [vars(pair) for pair in question.pairs],
        "distractors": question.distractors,
        "items": question.items,
    }


def _choice(choice: Choice) -> Fields:
    marks = {"correct": choice.correct or None, "pin": choice.pin or None}
    return _filled({"text": choice.text, **{**vars(choice), **marks}})


def _answer(answer: Answer) -> str | Fields:
    if answer.score == 1 and answer.feedback is None:
        return answer.text
    score = None if answer.score == 1 else exact_decimal(answer.score)
    return _filled({"text": answer.text, "score": score, "feedback": answer.feedback})


def _number(key: NumberKey) -> Fields:
    if key.answer is None:
        return {"range": [key.low, key.high]}
    tolerance = f"{key.tolerance}%" if key.is_percent else key.tolerance
    return {"answer": key.answer, "tolerance": tolerance if key.tolerance else None}


def exact_decimal(number: Fraction) -> Decimal:
    """The decimal that a fraction was read from. One that no decimal equals, a third, is rounded to ten places."""
    for places in range(LONGEST_NUMBER):
        scaled = number * 10**places
        if scaled.denominator == 1:
            return Decimal(f"{scaled.numerator}E-{places}")
    return Decimal(f"{round(number * 10**10)}E-10")


def _filled(fields: Mapping[str, Any]) -> Fields:
    """Without what is not there."""
    return {name: value for name, value in fields.items() if value not in (None, (), [], {})}
