"""A course as values: everything a folder of format 1 says, with defaults filled in."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from university.course_folders.course.questions import Question, Quiz

Status = Literal["draft", "published", "archived"]
Level = Literal["introductory", "intermediate", "advanced"]
QuizDemand = Literal["none", "attempted", "passed"]

STATUSES: tuple[Status, ...] = ("draft", "published", "archived")
LEVELS: tuple[Level, ...] = ("introductory", "intermediate", "advanced")
QUIZ_DEMANDS: tuple[QuizDemand, ...] = ("none", "attempted", "passed")


@dataclass(frozen=True)
class Author:
    name: str
    url: str | None = None
    orcid: str | None = None


@dataclass(frozen=True)
class Licence:
    """`id` is an SPDX id or `proprietary`. `source` may be an address or words."""

    id: str
    file: str | None = None
    attribution: str | None = None
    source: str | None = None
    changes: str | None = None


@dataclass(frozen=True)
class Skill:
    name: str
    uri: str | None = None


@dataclass(frozen=True)
class Cover:
    file: str
    alt: str | None = None


@dataclass(frozen=True)
class Completion:
    """What the certificate asks for. `lessons` is all, none or a share in per cent."""

    lessons: Literal["all", "none"] | int = "all"
    quizzes: QuizDemand = "attempted"
    exam: bool = False

    def lessons_needed(self, count: int) -> int:
        """How many of so many required lessons must be done; a share is rounded up."""
        if isinstance(self.lessons, int):
            return -(-count * self.lessons // 100)
        return count if self.lessons == "all" else 0


@dataclass(frozen=True)
class CertificateRules:
    enabled: bool = False
    template: str | None = None
    title: str | None = None
    valid_months: int | None = None


@dataclass(frozen=True)
class Captions:
    lang: str
    file: str


@dataclass(frozen=True)
class Video:
    """A film: either `url`, on another site, or `file`, in the course folder. Files are paths from the course's top."""

    title: str
    url: str | None = None
    file: str | None = None
    poster: str | None = None
    captions: tuple[Captions, ...] = ()
    transcript: str | None = None
    minutes: Decimal | None = None


@dataclass(frozen=True)
class Lesson:
    """`path` is the file in the folder; links and pictures in `text` are relative to it."""

    id: str
    path: str
    title: str
    minutes: int
    text: str
    objectives: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    optional: bool = False
    draft: bool = False
    video: Video | None = None
    quiz: Quiz | None = None
    pre_quiz: Quiz | None = None

    @property
    def is_required(self) -> bool:
        return not self.optional and not self.draft


@dataclass(frozen=True)
class Module:
    id: str
    path: str
    title: str
    summary: str | None = None
    objectives: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    quiz: Quiz | None = None


@dataclass(frozen=True)
class Course:
    """`modules` in their order; `attribution` is the text of ATTRIBUTION.md; `pools` goes by file name."""

    slug: str
    title: str
    summary: str
    language: str
    licence: Licence
    hours: Decimal
    format: int = 1
    description: str | None = None
    audience: str | None = None
    translation_of: str | None = None
    version: str | None = None
    status: Status = "draft"
    authors: tuple[Author, ...] = ()
    ects: Decimal | None = None
    eqf: int | None = None
    level: Level | None = None
    skills: tuple[Skill, ...] = ()
    outcomes: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    cover: Cover | None = None
    completion: Completion = Completion()
    certificate: CertificateRules = CertificateRules()
    aliases: tuple[str, ...] = ()
    modules: tuple[Module, ...] = ()
    exam: Quiz | None = None
    pools: tuple[tuple[str, Quiz], ...] = ()
    attribution: str | None = None

    @property
    def lessons(self) -> list[Lesson]:
        """All lessons in the order they are read, drafts too."""
        return [lesson for module in self.modules for lesson in module.lessons]

    @property
    def public_lessons(self) -> list[Lesson]:
        return [lesson for lesson in self.lessons if not lesson.draft]

    @property
    def required_lessons(self) -> list[Lesson]:
        return [lesson for lesson in self.lessons if lesson.is_required]

    @property
    def quizzes(self) -> list[Quiz]:
        """Every quiz of the course in reading order, pre-quizzes, pools and exam too; none of a draft lesson."""
        return list(self._quizzes())

    @property
    def counting_quizzes(self) -> list[Quiz]:
        """Those that `completion.quizzes` asks for: after required lessons, and of modules."""
        required = {lesson.id for lesson in self.required_lessons}
        return [
            quiz
            for quiz in self._quizzes()
            if quiz.kind == "module" or (quiz.kind == "lesson" and quiz.lesson_id in required)
        ]

    @property
    def questions(self) -> list[Question]:
        return [question for quiz in self._quizzes() for question in quiz.questions]

    def lesson_at(self, path: str) -> Lesson | None:
        """The lesson in this file of the folder."""
        return next((lesson for lesson in self.lessons if lesson.path == path), None)

    def _quizzes(self) -> Iterator[Quiz]:
        for module in self.modules:
            for lesson in module.lessons:
                if not lesson.draft:
                    yield from (quiz for quiz in (lesson.pre_quiz, lesson.quiz) if quiz)
            if module.quiz:
                yield module.quiz
        yield from (pool for _, pool in self.pools)
        if self.exam:
            yield self.exam
