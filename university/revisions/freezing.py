"""A checked course as the values a revision holds: every text rendered once, links and pictures at fixed addresses."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlsplit

from university.course_folders import (
    Course,
    Lesson,
    Module,
    Question,
    Quiz,
    Video,
    parts,
    plain,
    pool,
)
from university.errors import Refused
from university.language import gettext as _
from university.questions.paper import Paper, Part
from university.revisions.press import Press
from university.revisions.requirements import requirements

# The course page


def course_page(press: Press) -> dict[str, Any]:
    """Everything the course page shows, as plain JSON."""
    course = press.course
    return {
        "slug": course.slug,
        "description": press.block(course.description, "course.yaml"),
        "audience": course.audience,
        "outcomes": list(course.outcomes),
        "prerequisites": list(course.prerequisites),
        "skills": [asdict(skill) for skill in course.skills],
        "authors": [asdict(author) for author in course.authors],
        "licence": {**asdict(course.licence), "file": press.file_address(course.licence.file or "")},
        "attribution": press.block(course.attribution, "ATTRIBUTION.md"),
        "hours": float(course.hours),
        "ects": None if course.ects is None else float(course.ects),
        "eqf": course.eqf,
        "level": course.level,
        "version": course.version,
        "cover": _cover(press),
        "minutes": sum(lesson.minutes for lesson in course.public_lessons),
        "modules": [_module(press, module) for module in course.modules],
        "exam": _exam(course),
        "certificate": asdict(course.certificate),
        "aliases": _aliases(course),
        "translation_of": course.translation_of,
        "requirements": requirements(course),
        "void_questions": sorted(question.id for question in course.questions if question.void),
    }


def certificate_facts(course: Course, number: int, sha256: str) -> dict[str, Any]:
    """`course`: field by field what `certificates.Course` takes; `certificate`: enabled, template, valid_months."""
    exam = course.exam if course.completion.exam else None
    return {
        "course": {
            "slug": course.slug,
            "title": course.title,
            "certificate_title": course.certificate.title or course.title,
            "revision": number,
            "revision_sha256": sha256,
            "language": course.language,
            "hours": float(course.hours),
            "ects": None if course.ects is None else float(course.ects),
            "level": course.level,
            "eqf": course.eqf,
            "summary": course.summary,
            "outcomes": list(course.outcomes),
            "skills": [asdict(skill) for skill in course.skills],
            "pass_mark": exam.pass_mark if exam else None,
        },
        "certificate": {
            "enabled": course.certificate.enabled,
            "template": course.certificate.template,
            "valid_months": course.certificate.valid_months,
        },
    }


def search_text(course: Course) -> str:
    """Words a visitor may look for: titles, summaries, outcomes, skills and authors."""
    words = [course.title, course.summary, *course.outcomes]
    words += [plain(course.description)] if course.description else []
    words += [module.title for module in course.modules] + [lesson.title for lesson in course.public_lessons]
    words += [skill.name for skill in course.skills] + [author.name for author in course.authors]
    return "\n".join(words)


def _cover(press: Press) -> dict[str, Any] | None:
    cover = press.course.cover
    return {"src": press.file_address(cover.file), "alt": cover.alt or ""} if cover else None


def _module(press: Press, module: Module) -> dict[str, Any]:
    return {
        "id": module.id,
        "title": module.title,
        "summary": press.block(module.summary, f"{module.path}/module.yaml"),
        "objectives": list(module.objectives),
        "lessons": [lesson.id for lesson in module.lessons if not lesson.draft],
        "quiz": module.quiz.id if module.quiz else None,
    }


def _exam(course: Course) -> dict[str, Any] | None:
    exam = course.exam
    if exam is None:
        return None
    return {
        "id": exam.id,
        "title": exam.title,
        "questions": sum(draw for draw, _questions in parts(course, exam)),
        "pass_mark": exam.pass_mark,
        "attempts": exam.attempts,
        "wait_hours": float(exam.wait_hours),
        "time_limit_minutes": exam.time_limit_minutes,
    }


def kept_aliases(earlier: dict[str, str], present: dict[str, str], lessons: Set[str]) -> dict[str, str]:
    """Old ids of lessons stay known for good, also when the authors no longer name them: whoever read a lesson under
    its old id has read it, and its old address still leads there. A lesson that has its old id again, as after a roll
    back, is known by the ids it had in between.

    Raises Refused when one of `lessons` takes an id that another of them had before, as its own or as an old one.
    """
    known = {**earlier, **present}
    for old in sorted(earlier.keys() & present.keys()):
        _refuse_another(old, present[old], known | {old: earlier[old]}, lessons)
    for lesson in sorted(lessons & known.keys()):
        between, now = [], known.pop(lesson)
        while now not in lessons and now not in between:
            between.append(now)
            now = known.get(now, now)
        if now in lessons and now != lesson:
            raise Refused(_("The id “%(id)s” is the old one of the lesson “%(other)s”.") % {"id": lesson, "other": now})
        known.update(dict.fromkeys(between, lesson))
    return known


def _refuse_another(old: str, lesson: str, known: Mapping[str, str], lessons: Set[str]) -> None:
    """Whoever read under an old id has read the lesson it stood for: it cannot stand for another one now."""
    passed, now = {old}, known[old]
    while now not in lessons and now not in passed:
        passed.add(now)
        now = known.get(now, now)
    if now in lessons and now != lesson:
        raise Refused(_("The id “%(id)s” is the old one of the lesson “%(other)s”.") % {"id": old, "other": now})


def _aliases(course: Course) -> dict[str, str]:
    return {alias: lesson.id for lesson in course.public_lessons for alias in lesson.aliases}


# Lessons


def lesson_rows(press: Press) -> list[dict[str, Any]]:
    """The columns of `models.Lesson` for every lesson learners see, in reading order."""
    course = press.course
    modules = {lesson.id: module for module in course.modules for lesson in module.lessons}
    return [
        _lesson(press, lesson, modules[lesson.id].id, position) for position, lesson in enumerate(course.public_lessons)
    ]


def _lesson(press: Press, lesson: Lesson, module_id: str, position: int) -> dict[str, Any]:
    text = press.rendered(lesson.text, lesson.path)
    return {
        "lesson_id": lesson.id,
        "module_id": module_id,
        "position": position,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "is_optional": lesson.optional,
        "html": text.html,
        "page": {
            "objectives": list(lesson.objectives),
            "headings": [list(heading) for heading in text.headings],
            "words": text.words,
            "video": _video(press, lesson.video, lesson.path) if lesson.video else None,
            "quiz": lesson.quiz.id if lesson.quiz else None,
            "pre_quiz": lesson.pre_quiz.id if lesson.pre_quiz else None,
        },
    }


def _video(press: Press, video: Video, path: str) -> dict[str, Any]:
    return {
        "title": video.title,
        "url": video.url,
        "site": (urlsplit(video.url).hostname or "").removeprefix("www.") if video.url else None,
        "src": press.file_address(video.file) if video.file else None,
        "poster": press.file_address(video.poster) if video.poster else None,
        "captions": [{"lang": one.lang, "src": press.file_address(one.file)} for one in video.captions],
        "transcript": press.block(video.transcript, path),
        "minutes": None if video.minutes is None else max(1, round(video.minutes)),
    }


# Quizzes


def papers(press: Press) -> list[Paper]:
    """Every quiz that learners meet, with all it may ask. Pools are part of what draws from them."""
    course = press.course
    paths = {quiz.id: quiz.path for quiz in course.quizzes}
    frozen = {question.id: question_as_shown(press, question, paths[question.quiz_id]) for question in course.questions}
    return [_paper(press, quiz, frozen) for quiz in course.quizzes if quiz.kind != "pool"]


def _paper(press: Press, quiz: Quiz, frozen: Mapping[str, Question]) -> Paper:
    rules = replace(quiz, intro=press.block(quiz.intro, quiz.path), questions=())
    return Paper(
        rules=rules,
        questions={question.id: frozen[question.id] for question in pool(press.course, quiz)},
        parts=tuple(
            Part(draw, tuple(question.id for question in questions)) for draw, questions in parts(press.course, quiz)
        ),
    )


def question_as_shown(press: Press, question: Question, path: str) -> Question:
    """The question with HTML in place of its Markdown."""

    def block(text: str | None) -> str | None:
        return press.block(text, path)

    feedback = question.feedback
    return replace(
        question,
        text=press.inline(question.text, path),
        hint=block(question.hint),
        feedback=replace(
            feedback,
            correct=block(feedback.correct),
            partial=block(feedback.partial),
            incorrect=block(feedback.incorrect),
            explanation=block(feedback.explanation),
        ),
        choices=tuple(
            replace(
                choice,
                text=press.inline(choice.text, path),
                feedback=block(choice.feedback),
                feedback_if_not_chosen=block(choice.feedback_if_not_chosen),
            )
            for choice in question.choices
        ),
        answers=tuple(replace(answer, feedback=block(answer.feedback)) for answer in question.answers),
    )
