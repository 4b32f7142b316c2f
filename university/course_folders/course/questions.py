"""Questions and quizzes as values, and their plain JSON form.

Everything here is frozen and complete: a quiz stored as JSON can be asked and graded without its course. Numbers are
exact: points and scores are fractions, keys are decimals as they were written.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from university.course_folders.course.plain_json import Json, as_plain, from_plain

QuestionKind = Literal["single", "multiple", "truefalse", "text", "number", "match", "order"]
QuizKind = Literal["lesson", "pre", "module", "exam", "pool"]
Scoring = Literal["partial", "exact"]
ExamUse = Literal["also", "only", "never"]
FeedbackMode = Literal["immediate", "after_attempt", "after_pass", "score_only"]

QUESTION_KINDS: tuple[QuestionKind, ...] = (
    "single",
    "multiple",
    "truefalse",
    "text",
    "number",
    "match",
    "order",
)
FEEDBACK_MODES: tuple[FeedbackMode, ...] = ("immediate", "after_attempt", "after_pass", "score_only")


def default_scoring(kind: QuestionKind) -> Scoring:
    return "partial" if kind in ("multiple", "match") else "exact"


@dataclass(frozen=True)
class Feedback:
    """Markdown shown after an answer: one by how right it was, and what always follows."""

    correct: str | None = None
    partial: str | None = None
    incorrect: str | None = None
    explanation: str | None = None


@dataclass(frozen=True)
class Choice:
    text: str
    correct: bool = False
    feedback: str | None = None
    feedback_if_not_chosen: str | None = None
    pin: bool = False
    id: str | None = None


@dataclass(frozen=True)
class Answer:
    """One accepted text. `*` in it stands for any run of characters, `\\*` for a star."""

    text: str
    score: Fraction = Fraction(1)
    feedback: str | None = None


@dataclass(frozen=True)
class NumberKey:
    """Either an answer with a tolerance, absolute or in per cent of the answer, or a range from low to high."""

    answer: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    is_percent: bool = False
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def interval(self) -> tuple[Fraction, Fraction]:
        """The closed interval of right numbers, exact."""
        if self.answer is None:
            return Fraction(self.low or 0), Fraction(self.high or 0)
        answer, margin = Fraction(self.answer), Fraction(self.tolerance)
        if self.is_percent:
            margin = abs(answer) * margin / 100
        return answer - margin, answer + margin


@dataclass(frozen=True)
class Pair:
    left: str
    right: str


@dataclass(frozen=True)
class Question:
    """A question of any kind; only the fields of its kind are filled.

    single and multiple: `choices` · truefalse: `answer` · text: `answers`, `case_sensitive` · number: `key`, `unit` ·
    match: `pairs`, `distractors` · order: `items`, in the right order. `shuffle` None means as the asking quiz says.
    `quiz_id`, `quiz_kind` and `lesson_id` tell where it was written.
    """

    id: str
    kind: QuestionKind
    text: str
    points: Fraction = Fraction(1)
    feedback: Feedback = Feedback()
    hint: str | None = None
    tags: tuple[str, ...] = ()
    objective: str | None = None
    shuffle: bool | None = None
    scoring: Scoring = "exact"
    exam: ExamUse = "also"
    void: bool = False
    choices: tuple[Choice, ...] = ()
    answer: bool | None = None
    answers: tuple[Answer, ...] = ()
    case_sensitive: bool = False
    key: NumberKey | None = None
    unit: str | None = None
    pairs: tuple[Pair, ...] = ()
    distractors: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    quiz_id: str = ""
    quiz_kind: QuizKind = "lesson"
    lesson_id: str | None = None

    @property
    def is_for_exams_only(self) -> bool:
        """Marked so, or written in the exam itself or in a pool: practice never shows it."""
        return self.exam == "only" or self.quiz_kind in ("exam", "pool")

    def as_json(self) -> Json:
        return as_plain(self)


@dataclass(frozen=True)
class Part:
    """One line of a blueprint: draw so many from what these pool entries name."""

    pool: tuple[str, ...]
    draw: int


@dataclass(frozen=True)
class Quiz:
    """A quiz or the exam, with the defaults of its kind filled in. `kind` tells its place in the course."""

    id: str
    kind: QuizKind
    title: str
    path: str
    intro: str | None = None
    pass_mark: int = 60
    attempts: int | None = None
    wait_hours: Decimal = Decimal(0)
    time_limit_minutes: int | None = None
    feedback: FeedbackMode = "immediate"
    shuffle: bool = False
    draw: int | None = None
    pool: tuple[str, ...] = ()
    blueprint: tuple[Part, ...] = ()
    questions: tuple[Question, ...] = ()
    lesson_id: str | None = None
    module_id: str | None = None

    @property
    def is_exam(self) -> bool:
        return self.kind == "exam"

    def as_json(self) -> Json:
        """Plain JSON with the questions and their keys; `quiz_from_json` gives the same quiz back."""
        return as_plain(self)


def usual(kind: QuizKind) -> Quiz:
    """A quiz without content that has the defaults of its kind."""
    if kind != "exam":
        return Quiz("", kind, "", "")
    return Quiz(
        "",
        kind,
        "",
        "",
        pass_mark=70,
        attempts=3,
        wait_hours=Decimal(24),
        feedback="after_attempt",
        shuffle=True,
    )


def question_from_json(stored: Json) -> Question:
    return from_plain(Question, stored)


def quiz_from_json(stored: Json) -> Quiz:
    return from_plain(Quiz, stored)
