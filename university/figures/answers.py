"""What the answers say about the questions, and exams about their objectives."""

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
from university.language import gettext as _
from university.learning.small_numbers import ENOUGH, FEWEST, shown, shown_share
from university.questions.tokens import choice_token

TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class QuestionFigures:
    """`right` is the share of the points that answers earn, in per cent; None where fewer than five were right or
    fewer than five were not, and `is_easy` tells which. `discrimination` goes from -1 to 1: whether whoever knows the
    rest knows this too. `is_former` tells a key that was changed since."""

    id: str
    quiz: str
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
    objective: str
    answers: int
    right: int | None
    is_easy: bool


@dataclass(frozen=True)
class ExamFigures:
    sittings: int
    passed_share: int | None
    mean_percent: int
    objectives: list[ObjectiveFigures]


@dataclass
class _Tally:
    """One question under one key."""

    question: Question
    quiz: str
    shares: list[Fraction] = field(default_factory=list)
    rests: list[Fraction | None] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    def add(self, asked: Asked) -> None:
        self.shares.append(asked.share)
        self.rests.append(asked.rest)
        self.wrong.update(_wrong(asked))


def questions_of(taken: Iterable[Sitting], quizzes: Mapping[str, str]) -> list[QuestionFigures]:
    """Every question that at least five answered, the hardest first; apart for each key it had."""
    tallies: dict[tuple[str, str], _Tally] = {}
    for sitting in taken:
        for asked in sitting.asked:
            key = asked.question.id, asked.key
            if key not in tallies:
                tallies[key] = _Tally(asked.question, quizzes.get(sitting.quiz_id, sitting.quiz_id))
            tallies[key].add(asked)
    latest: set[str] = set()
    figures = []
    for (id_, _key), tally in tallies.items():  # the latest attempt came first, so the present key does
        if len(tally.shares) >= FEWEST:
            figures.append(_figures(tally, is_former=id_ in latest))
        latest.add(id_)
    return sorted(figures, key=_hardest_first)


def _hardest_first(one: QuestionFigures | ObjectiveFigures) -> int:
    """By what is said of them: a share that is not said comes first or last, whichever side it is on."""
    return one.right if one.right is not None else 101 if one.is_easy else -1


def _figures(tally: _Tally, is_former: bool) -> QuestionFigures:
    wrong, count = next(iter(tally.wrong.most_common(1)), ("", 0))
    return QuestionFigures(
        id=tally.question.id,
        quiz=tally.quiz,
        text=_words(tally.question.text),
        answers=shown(len(tally.shares)) or 0,
        right=_percent(tally.shares),
        is_easy=_is_easy(tally.shares),
        discrimination=_discrimination(tally.shares, tally.rests),
        wrong=wrong if count >= FEWEST else "",
        wrong_count=shown(count),
        is_former=is_former,
    )


def _percent(shares: Sequence[Fraction]) -> int | None:
    """In steps of five, and only where neither side of it is a few people."""
    right = sum(share == 1 for share in shares)
    return None if shown_share(right, len(shares)) is None else round(fmean(shares) * 20) * 5


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
        return [_("false") if question.answer else _("true")]
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
    sat = [one for one in taken if one.quiz_id == exam_id]
    if len(sat) < FEWEST:
        return None
    shares: dict[str, list[Fraction]] = defaultdict(list)
    people: Counter[str] = Counter()
    for one in sat:
        named = [_objective(asked.question, lessons) for asked in one.asked]
        people.update(set(named))
        for objective, asked in zip(named, one.asked, strict=True):
            shares[objective].append(asked.share)
    passed = sum(one.passed for one in sat)
    objectives = [
        ObjectiveFigures(name, shown(len(all_)) or 0, _percent(all_), _is_easy(all_))
        for name, all_ in shares.items()
        if people[name] >= FEWEST
    ]
    return ExamFigures(
        sittings=shown(len(sat)) or 0,
        passed_share=shown_share(passed, len(sat)),
        mean_percent=round(fmean(one.percent for one in sat)),
        objectives=sorted(objectives, key=_hardest_first),
    )


def _objective(question: Question, lessons: Mapping[str, str]) -> str:
    return question.objective or lessons.get(question.lesson_id or "") or _("Everything else")
