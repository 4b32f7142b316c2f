"""What the answers say about the questions, and exams about their objectives: of five, ten, fifteen people."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import StatisticsError, correlation, fmean

from university.course_folders import Question
from university.figures.sittings import Asked, Sitting
from university.learning.small_numbers import ENOUGH, FEWEST, shown, shown_mean, shown_share, whole_fives
from university.questions.tokens import choice_token

TAG = re.compile(r"<[^>]*>")
TRUE, FALSE = "true", "false"


@dataclass(frozen=True)
class QuestionFigures:
    """`right` is the share of the points that answers earn, in per cent; None where fewer than five were right or
    fewer than five were not, and `is_easy` tells which. `discrimination` goes from -1 to 1: whether whoever knows the
    rest knows this too. `is_former` tells a key that was changed since. `quiz` is an id, `wrong` of a question of
    `kind` truefalse the word of its key."""

    id: str
    quiz: str
    kind: str
    text: str
    answers: int
    right: int | None
    is_easy: bool
    discrimination: float | None
    wrong: str
    wrong_count: int | None
    is_former: bool


@dataclass(frozen=True)
class ObjectiveFigures:
    """`objective` is empty for what belongs to none."""

    objective: str
    answers: int
    right: int | None
    is_easy: bool


@dataclass(frozen=True)
class ExamFigures:
    sittings: int
    passed_share: int | None
    mean_percent: int | None
    objectives: list[ObjectiveFigures]


@dataclass
class _Tally:
    """One question under one key, the latest answer first."""

    quiz: str
    all_asked: list[Asked] = field(default_factory=list)


def questions_of(taken: Iterable[Sitting]) -> list[QuestionFigures]:
    """Every question that at least five answered, the hardest first; apart for each key it had."""
    tallies: dict[tuple[str, str], _Tally] = {}
    for sitting in taken:
        for asked in sitting.asked:
            tallies.setdefault((asked.question.id, asked.key), _Tally(sitting.quiz_id)).all_asked.append(asked)
    latest: set[str] = set()
    figures = []
    for (id_, _key), tally in tallies.items():  # the latest attempt came first, so the present key does
        counted = whole_fives(tally.all_asked)
        if counted:
            figures.append(_figures(counted, tally.quiz, is_former=id_ in latest))
        latest.add(id_)
    return sorted(figures, key=_hardest_first)


def _hardest_first(one: QuestionFigures | ObjectiveFigures) -> int:
    """By what is said of them: a share that is not said comes first or last, whichever side it is on."""
    return one.right if one.right is not None else 101 if one.is_easy else -1


def _figures(counted: Sequence[Asked], quiz: str, is_former: bool) -> QuestionFigures:
    question, shares = counted[0].question, [one.share for one in counted]
    wrong, count = next(iter(Counter(said for one in counted for said in _wrong(one)).most_common(1)), ("", 0))
    return QuestionFigures(
        id=question.id,
        quiz=quiz,
        kind=question.kind,
        text=_words(question.text),
        answers=len(counted),
        right=_percent([[share] for share in shares]),
        is_easy=_is_easy(shares),
        discrimination=_discrimination(shares, [one.rest for one in counted]),
        wrong=wrong if count >= FEWEST else "",
        wrong_count=shown(count),
        is_former=is_former,
    )


def _percent(people: Sequence[Sequence[Fraction]]) -> int | None:
    """Of the shares that each of them earned; only where neither side of it is a few people."""
    right = sum(any(share == 1 for share in shares) for shares in people)
    wrong = sum(any(share < 1 for share in shares) for shares in people)
    percents = [float(share * 100) for shares in people for share in shares]
    return shown_mean(percents) if min(right, wrong) >= FEWEST else None


def _is_easy(shares: Sequence[Fraction]) -> bool:
    return fmean(shares) > 0.5


def _discrimination(shares: Sequence[Fraction], rests: Sequence[Fraction | None]) -> float | None:
    pairs = [(float(share), float(rest)) for share, rest in zip(shares, rests, strict=True) if rest is not None]
    if len(pairs) < ENOUGH:
        return None
    try:
        return round(correlation([one for one, _ in pairs], [other for _, other in pairs]), 1)
    except StatisticsError:  # everybody did the same
        return None


def _wrong(asked: Asked) -> list[str]:
    """The wrong answers in words; what was typed counts without its capitals."""
    question, given = asked.question, asked.given
    if asked.share == 1 or not given:
        return []
    if question.kind in ("single", "multiple"):
        chosen = set(given.get("chosen", ()))
        wrong = [one for one in question.choices if not one.correct and choice_token(question, one) in chosen]
        return [_words(one.text) for one in wrong]
    if question.kind == "truefalse":
        return [FALSE if question.answer else TRUE]
    if question.kind in ("text", "number"):
        return [" ".join(str(given.get("text", "")).casefold().split())]
    if question.kind == "match":
        right = {pair.left: pair.right for pair in question.pairs}
        return [f"{left} → {side}" for left, side in given.get("pairs", {}).items() if right.get(left) != side]
    return [" → ".join(given.get("order", ()))] if given.get("order") else []


def _words(rendered: str) -> str:
    """The words of a text as it was published."""
    return " ".join(html.unescape(TAG.sub(" ", rendered)).split())


def exam_of(taken: Iterable[Sitting], exam_id: str, lessons: Mapping[str, str]) -> ExamFigures | None:
    """None for fewer than five sittings. A question without an objective belongs to its lesson."""
    sat = whole_fives([one for one in taken if one.quiz_id == exam_id])
    if not sat:
        return None
    by_objective: dict[str, list[list[Fraction]]] = defaultdict(list)
    for one in sat:
        own: dict[str, list[Fraction]] = defaultdict(list)
        for asked in one.asked:
            own[_objective(asked.question, lessons)].append(asked.share)
        for objective, shares in own.items():
            by_objective[objective].append(shares)
    objectives = [_objective_figures(name, whole_fives(people)) for name, people in by_objective.items()]
    return ExamFigures(
        sittings=len(sat),
        passed_share=shown_share(sum(one.passed for one in sat), len(sat)),
        mean_percent=shown_mean([one.percent for one in sat]),
        objectives=sorted(filter(None, objectives), key=_hardest_first),
    )


def _objective_figures(name: str, people: Sequence[Sequence[Fraction]]) -> ObjectiveFigures | None:
    """`people` are the shares that each of them earned."""
    shares = [share for one in people for share in one]
    return ObjectiveFigures(name, shown(len(shares)) or 0, _percent(people), _is_easy(shares)) if people else None


def _objective(question: Question, lessons: Mapping[str, str]) -> str:
    return question.objective or lessons.get(question.lesson_id or "") or ""
